"""Any Pulumi program for AWS runs as it is, and all it registers is in the graph."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine.launcher import Level, Run, launch
from ledgergate.engine.program_errors import ProgramError
from ledgergate.engine.project import load_stack
from ledgergate.engine.wire import UNKNOWN as UNKNOWN_WIRE
from ledgergate.engine.wire import secret
from ledgergate.graph import Frame, Kind
from ledgergate.values import UNKNOWN, Secret, is_symbolic, reveal
from tests.ledgergate.engine.running import lay_out, named, run_program, run_text

pytestmark = pytest.mark.usefixtures("programs_in_copies")


class OtherStacks:
    """A gate that knows the outputs of some stacks."""

    def __init__(self, outputs: Mapping[str, Mapping[str, Any]]) -> None:
        self.outputs = outputs

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Host`."""
        return {"outputs": self.outputs.get(question["name"])}


def test_several_providers(tmp_path: Path) -> None:
    """Packages beside aws register as any other; nobody looks into a remote component, its methods return unknowns."""
    found = run_program(tmp_path, "several_providers")
    kinds = {resource.name: resource.kind for resource in found.graph if resource.kind is not Kind.PROVIDER}
    assert kinds.pop("program-dev") is Kind.STACK
    assert kinds.pop("cluster") is Kind.OPAQUE
    assert set(kinds.values()) == {Kind.CUSTOM}
    assert isinstance(named(found, "database").inputs["password"], Secret)
    assert is_symbolic(named(found, "bucket").inputs["bucket"])
    packages = {resource.type for resource in found.graph if resource.kind is Kind.PROVIDER}
    assert packages == {f"pulumi:providers:{name}" for name in ("aws", "docker", "random", "tls")}
    assert found.assumed == {"eks:index:Cluster/getKubeconfig": 1}
    assert found.outputs == {"kubeconfig": UNKNOWN_WIRE}


def test_explicit_providers(tmp_path: Path) -> None:
    """A resource is served by the provider that it names, or that its component's map or list names."""
    found = run_program(tmp_path, "explicit_providers")
    served = {
        resource.name: found.graph[resource.provider].name for resource in found.graph if resource.kind is Kind.CUSTOM
    }
    assert {name: provider for name, provider in served.items() if name != "default"} == {
        "mapped-bucket": "ireland",
        "mapped-certificate": "virginia",
        "mapped-nested-queue": "ireland",
        "listed-bucket": "virginia",
        "listed-certificate": "virginia",
        "listed-nested-queue": "virginia",
        "direct": "ireland",
    }
    assert served["default"].startswith("default_")
    assert named(found, "mapped-nested-queue").inputs["tagsAll"] == {"Owner": "platform"}
    assert named(found, "mapped-nested-queue").inputs["region"] == "eu-west-1"


def test_stack_reference(tmp_path: Path) -> None:
    """The outputs of another stack come from the gate, secrets still marked; an absent one is None."""
    outputs = {"subnet": "subnet-0abc", "token": secret("hush-hush")}
    found = run_program(tmp_path, "stack_reference", host=OtherStacks({"acme/network/prod": outputs}))
    assert named(found, "host").inputs["subnetId"] == "subnet-0abc"
    assert named(found, "host").inputs["userData"] == Secret("hush-hush")
    assert found.outputs == {"absent": True}
    assert named(found, "acme/network/prod").kind is Kind.READ


def test_unknown_stack_reference(tmp_path: Path) -> None:
    """A stack that nobody knows is named, and so is the way to give its outputs."""
    with pytest.raises(ProgramError, match=r'unknown stack "acme/network/prod".*\n.*--stack-output'):
        run_program(tmp_path, "stack_reference")


def test_dynamic_provider_code_is_not_run(tmp_path: Path) -> None:
    """A dynamic provider's resource is opaque, and not one line of the provider is executed."""
    mark = tmp_path / "mark"
    found = run_program(tmp_path, "dynamic_provider", config=[f"mark={mark}"])
    assert not mark.exists()
    assert named(found, "migration").kind is Kind.OPAQUE
    assert named(found, "migration").inputs == {"version": "7"}
    assert named(found, "migration").outputs == {"version": UNKNOWN}
    assert reveal(named(found, "applied").inputs["value"]) == UNKNOWN


def test_lookups(tmp_path: Path) -> None:
    """Reads join, computed calls give their real answer, all others an assumed one that is counted."""
    found = run_program(tmp_path, "lookups", region="eu-central-1")
    assert named(found, "shared").kind is Kind.READ
    assert named(found, "versioning").inputs["bucket"] == "acme-shared"
    assert named(found, "group").inputs["description"] == "123456789012 eu-central-1"
    assert named(found, "host").inputs["availabilityZone"] == "eu-central-1a"
    assert is_symbolic(named(found, "host").inputs["ami"])
    assert "arn:aws:s3:::acme-shared/*" in named(found, "reader").inputs["policy"]
    assert found.assumed == {"aws:ec2/getAmi:getAmi": 1, "aws:ec2/getVpc:getVpc": 1}
    assert found.outputs == {"dry": True}


def test_transforms(tmp_path: Path) -> None:
    """Transforms of a resource, of the stack and of calls apply, and so do the older transformations."""
    found = run_program(tmp_path, "transforms")
    assert named(found, "bucket").inputs["tags"] == {"stack": "dev"}
    assert named(found, "kept").options.protect
    assert named(found, "queue").inputs["name"] == "by-transformation"
    assert named(found, "queue").inputs["tags"] == {"a": "b", "stack": "dev"}
    assert named(found, "topic").inputs["displayName"] == "old style"
    assert found.outputs == {"zone": "by-transform"}


def test_options_aliases_hooks_and_secrets(tmp_path: Path) -> None:
    """Options reach the graph, aliases and hooks change nothing at design time, secrets stay marked."""
    found = run_program(tmp_path, "options")
    options = named(found, "bucket").options
    assert (options.protect, options.retain_on_delete, options.delete_before_replace) == (True, True, True)
    assert options.ignore_changes == ("tags",)
    assert options.custom_timeouts == {"create": 5400.0}
    assert named(found, "bucket").urn == "urn:pulumi:dev::program::aws:s3/bucket:Bucket::bucket"
    assert named(found, "queue").dependencies == (named(found, "bucket").urn,)
    assert named(found, "parameter").inputs["value"] == Secret("v:correct horse")
    assert found.graph["urn:pulumi:dev::program::pulumi:pulumi:Stack::program-dev"].outputs == {
        "secret": Secret("correct horse")
    }


@pytest.mark.parametrize("level", Level)
def test_imported_resources(tmp_path: Path, level: Level) -> None:
    """What exists already has the id that the program gives, and the names that the id tells, at every level."""
    text = (
        "import pulumi, pulumi_aws as aws\n"
        "bucket = aws.s3.Bucket('logs', opts=pulumi.ResourceOptions(import_='acme-logs'))\n"
        "aws.sqs.Queue('jobs', tags={'of': bucket.id, 'called': bucket.bucket})\n"
    )
    project = lay_out(tmp_path / "program", {"__main__.py": text})
    found = launch(Run(project, load_stack(project, "dev"), level=level))
    assert named(found, "logs").id == "acme-logs"
    assert named(found, "logs").inputs["bucket"] == "acme-logs"
    assert named(found, "logs").auto_named == ()
    assert named(found, "jobs").inputs["tags"] == {"of": "acme-logs", "called": "acme-logs"}
    if level is not Level.UNKNOWNS:
        assert named(found, "logs").outputs["arn"] == "arn:aws:s3:::acme-logs"


def test_components(tmp_path: Path) -> None:
    """Components nest, with the outputs that they registered if any; frames are the program's, innermost first."""
    found = run_program(tmp_path, "components")
    prefix = "urn:pulumi:dev::program::acme:app:Service"
    assert named(found, "loud-store-queue").urn == f"{prefix}$acme:app:Store$aws:sqs/queue:Queue::loud-store-queue"
    assert named(found, "loud-store-queue").parent == f"{prefix}$acme:app:Store::loud-store"
    assert named(found, "loud").outputs == {"queue": named(found, "loud-store-queue").outputs["arn"]}
    assert named(found, "quiet").outputs == {}
    assert named(found, "quiet").kind is Kind.COMPONENT
    main = str(tmp_path / "program" / "__main__.py")
    assert named(found, "loud-store-queue").source == (Frame(main, 16), Frame(main, 8), Frame(main, 20))


@pytest.mark.parametrize("fast", [True, False])
def test_asynchronous_program(tmp_path: Path, *, fast: bool) -> None:
    """An async entry point may start tasks, use threads, await outputs and return exports."""
    found = run_program(tmp_path, "asynchronous", fast=fast)
    assert found.outputs == {"slow": "from a thread", "topic": named(found, "topic").outputs["arn"]}
    assert named(found, "queue").inputs["tags"] == {"bucket": named(found, "later").outputs["bucket"]}


def test_awaited_output(tmp_path: Path) -> None:
    """A coroutine that awaits an output and then makes a resource is an input as any other."""
    found = run_program(tmp_path, "awaited_output")
    assert named(found, "queue").inputs["tags"] == {"bucket": named(found, "bucket").outputs["arn"]}


def test_logging_and_print(tmp_path: Path) -> None:
    """Logged lines and printed text come with the result; an error line alone does not fail a run."""
    found = run_program(tmp_path, "logging_and_print")
    assert sorted((line["severity"], line["text"]) for line in found.messages) == [
        ("error", "an error line that stops nothing"),
        ("info", "an info line"),
        ("info", "short form"),
        ("warning", "a warning line"),
    ]
    assert found.output == "on stdout\non stderr\n"


def test_parameterized_package(tmp_path: Path) -> None:
    """A resource of a package that was registered with a parameter is a resource like any other."""
    found = run_program(tmp_path, "parameterized_package")
    assert named(found, "widget").inputs == {"size": 3.0}
    assert found.outputs == {"serial": UNKNOWN_WIRE}


@pytest.mark.parametrize(
    ("program", "level"),
    [
        ("parses_tag", Level.IDENTITIES),
        ("parses_host", Level.UNKNOWNS),
        ("parses_secret", Level.SYMBOLIC),
        ("parses_cidr", Level.SYMBOLIC),
        ("parses_certificate", Level.SYMBOLIC),
    ],
)
def test_level_that_a_parsing_program_reaches(tmp_path: Path, program: str, level: Level) -> None:
    """A program that cannot stand a made-up value is told less, and the result says how much."""
    assert run_program(tmp_path, program).run.level is level


def test_a_resource_that_only_made_up_values_show_is_judged_all_the_same(tmp_path: Path) -> None:
    """Told less, the program no longer makes it; an update would, so it stays in the graph, and a note says so."""
    found = run_program(tmp_path, "registers_in_apply")
    assert found.run.level is Level.UNKNOWNS
    assert named(found, "late").type == "aws:s3/bucket:Bucket"
    raised, registered = found.notes
    assert raised.startswith("raised on a made-up value, and run again with less known: ")
    assert registered == "registered only with made-up values, and judged with them: late"


def test_failure_at_every_level(tmp_path: Path) -> None:
    """A program that would fail in a real preview as well fails here, with its own line."""
    with pytest.raises(ProgramError, match=r"invalid literal for int\(\).*12 apples(.|\n)*line 7, in <lambda>"):
        run_program(tmp_path, "always_parses")


def test_processes_of_the_program(tmp_path: Path) -> None:
    """A program may share work with processes of its own."""
    found = run_program(tmp_path, "processes")
    assert found.outputs == {"found": [1.0, 2.0, 3.0]}
    assert found.refused == ()


def test_program_without_resources(tmp_path: Path) -> None:
    """A program may register nothing but its stack."""
    found = run_text(tmp_path, "import pulumi\npulumi.export('one', 1)\n")
    assert [resource.kind for resource in found.graph] == [Kind.STACK]
    assert found.outputs == {"one": 1.0}
