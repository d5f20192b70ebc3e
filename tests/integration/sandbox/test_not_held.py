"""What the sandbox cannot hold is left out, said, and passed on as unknown."""

from pathlib import Path
from typing import Final

import pytest
from moto.backends import list_of_moto_modules

from integration.sandbox import Action, Sandbox
from integration.sandbox.types import HANDLERS, NO_BACKEND, reason_against
from ledgergate.engine.program_errors import ProgramError
from ledgergate.engine.project import load_stack
from ledgergate.engine.provider import Handling
from ledgergate.graph import Resource
from ledgergate.values import UNKNOWN
from policies.facts.tagging import tag_forms
from tests.integration.sandbox.stacks import Wanted, lay_out, run

PROGRAM: Final = """
import pulumi
import pulumi_aws as aws

held = aws.kms.Key("held", description="held", opts=pulumi.ResourceOptions())
unheld = aws.globalaccelerator.Accelerator("unheld", name="orders")
bound = aws.kms.Key("bound", description=unheld.arn)
after = aws.kms.Key("after", opts=pulumi.ResourceOptions(depends_on=[unheld]))
apart = aws.kms.Key("apart", description=held.arn)
pulumi.export("queue", unheld.arn)
pulumi.export("key", held.arn)
"""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Deploy a program with a type that nobody here holds."""
    project = lay_out(tmp_path_factory.mktemp("unheld"), PROGRAM)
    with Sandbox.in_process() as sandbox:
        found = sandbox.deploy(project, load_stack(project, "dev"))
    by_name = {resource.name: resource for resource in found.graph}
    return {"report": found.report, "outputs": found.outputs, **by_name}


def test_what_depends_on_it_is_left_out_too(deployed: dict[str, object]) -> None:
    """A property or an explicit dependency is enough, and each has its reason."""
    report = deployed["report"]
    reasons = {urn.rpartition("::")[2]: reason for urn, reason in report.not_deployed.items()}  # type: ignore[attr-defined]  # a fixture of several kinds
    follows = "it depends on unheld, which is not deployed"
    assert reasons == {"unheld": "moto has no backend for globalaccelerator", "bound": follows, "after": follows}


def test_everything_else_is_there(deployed: dict[str, object]) -> None:
    """Resources that have nothing to do with it are created once, though the program ran twice."""
    report = deployed["report"]
    created = [urn.rpartition("::")[2] for urn in report.of(Action.CREATED)]  # type: ignore[attr-defined]  # as above
    assert created == ["held", "apart"]
    assert report.calls.count("kms:CreateKey") == 2  # type: ignore[attr-defined]  # as above


def test_nothing_is_known_of_it(deployed: dict[str, object]) -> None:
    """The graph holds it without an id and with unknown outputs; an export of it is unknown."""
    unheld, held = deployed["unheld"], deployed["held"]
    assert isinstance(unheld, Resource)
    assert isinstance(held, Resource)
    assert (unheld.id, set(unheld.outputs.values())) == ("", {UNKNOWN})
    assert deployed["outputs"] == {"queue": UNKNOWN, "key": held.outputs["arn"]}


def test_a_form_that_moto_lacks_is_left_out(sandbox: Sandbox) -> None:
    """A type that is held may have inputs with which it is not."""
    regional = Wanted("aws:ec2/natGateway:NatGateway", {"availabilityMode": "regional"})
    assert run(sandbox, regional).report.not_deployed == {regional.urn: "moto has no regional NAT gateways"}


def test_what_cannot_be_held_any_more_goes(sandbox: Sandbox) -> None:
    """A resource that now depends on something that is not there does not stay as it was."""
    key = Wanted("aws:kms/key:Key", {}, "key")
    lost = Wanted("aws:globalaccelerator/accelerator:Accelerator", {}, "lost")
    run(sandbox, key)
    report = run(sandbox, lost, Wanted(key.type, {}, "key", Handling(dependencies=(lost.urn,)))).report
    assert "kms:ScheduleKeyDeletion" in report.changes
    assert set(report.of(Action.NOT_DEPLOYED)) == {key.urn, lost.urn}


def test_an_unknown_property_is_reported(sandbox: Sandbox) -> None:
    """A property that no row of the table names is neither applied nor passed over in silence."""
    vpc = Wanted("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16", "ipv4NetmaskLength": 16})
    assert run(sandbox, vpc).report.not_applied == {vpc.urn: ("ipv4NetmaskLength",)}


def test_an_ignored_property_has_its_reason(sandbox: Sandbox) -> None:
    """A property without use in a sandbox is listed with the reason."""
    key = Wanted("aws:kms/key:Key", {"deletionWindowInDays": 7})
    assert run(sandbox, key).report.ignored == {(key.type, "deletionWindowInDays"): "used when the key is deleted"}


def test_a_broken_program_keeps_what_it_made(tmp_path: Path, sandbox: Sandbox) -> None:
    """What was created before the failure stays known: the repaired program goes on from there."""
    source = "import pulumi_aws as aws\nkey = aws.kms.Key('key')\nkey.arn.apply(lambda arn: 1 / 0)\n"
    project = lay_out(tmp_path / "broken", source)
    with pytest.raises(ProgramError, match="ZeroDivisionError"):
        sandbox.deploy(project, load_stack(project, "dev"))
    repaired = lay_out(tmp_path / "repaired", source.replace("1 / 0", "arn"))
    report = sandbox.deploy(repaired, load_stack(repaired, "dev")).report
    assert len(report.of(Action.UNCHANGED)) == 1


def test_another_stack_is_asked_for_its_outputs(tmp_path: Path, sandbox: Sandbox) -> None:
    """A stack reference gets the real outputs of a stack that is in the sandbox."""
    first = "import pulumi, pulumi_aws as aws\npulumi.export('arn', aws.kms.Key('key').arn)\n"
    second = "import pulumi\npulumi.export('seen', pulumi.StackReference('organization/first/dev').get_output('arn'))\n"
    one, two = lay_out(tmp_path / "one", first, name="first"), lay_out(tmp_path / "two", second, name="second")
    outputs = sandbox.deploy(one, load_stack(one, "dev")).outputs
    assert sandbox.deploy(two, load_stack(two, "dev")).outputs == {"seen": outputs["arn"]}


def test_an_answer_that_is_partly_unknown(tmp_path: Path, sandbox: Sandbox) -> None:
    """What a look-up leaves open stops no program: what is made of it is left out, and the rest is there."""
    source = """
import pulumi_aws as aws

found = aws.guardduty.get_detector_output()
aws.kms.Key("apart")
aws.kms.Key("bound", description=found.status)
"""
    project = lay_out(tmp_path / "looked", source)
    report = sandbox.deploy(project, load_stack(project, "dev")).report
    assert [urn.rpartition("::")[2] for urn in report.of(Action.CREATED)] == ["apart"]
    assert {urn.rpartition("::")[2]: why for urn, why in report.not_deployed.items()} == {
        "bound": "description cannot be known"
    }
    assert report.assumed == {"aws:guardduty/getDetector:getDetector": 1}


def test_no_type_is_held_whose_service_moto_lacks() -> None:
    """What is said to be missing in moto is missing, is a module of the provider, and nobody claims to hold it."""
    modules = {token.split(":")[1].split("/")[0] for token in tag_forms()}
    assert modules >= NO_BACKEND
    assert NO_BACKEND.isdisjoint(list_of_moto_modules())
    assert NO_BACKEND.isdisjoint(token.split(":")[1].split("/")[0] for token in HANDLERS)


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("aws:accessanalyzer/analyzer:Analyzer", "moto has no backend for accessanalyzer"),
        ("aws:brandnew/thing:Thing", "the sandbox knows no such type"),
        ("random:index/randomId:RandomId", "the sandbox knows no such type"),
    ],
)
def test_why_a_type_is_not_held(token: str, reason: str) -> None:
    """Whether moto lacks the service or the sandbox the type is told apart."""
    assert reason_against(token) == reason


def test_no_row_names_a_property_twice() -> None:
    """Of each property there is one thing to be done."""
    for handler in HANDLERS.values():
        names = [*handler.fixed, *handler.updates, *handler.settings, *handler.ignored]
        assert sorted(names) == sorted(set(names)), handler.type
