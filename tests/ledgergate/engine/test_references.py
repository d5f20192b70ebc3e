"""One output that nobody knows does not hide the others of a stack."""

from pathlib import Path

import pytest

from ledgergate.engine.estate import Estate, StackName
from ledgergate.engine.launcher import Run
from ledgergate.engine.program_errors import ProgramError
from ledgergate.engine.project import Project, load_project, load_stack
from ledgergate.values import UNKNOWN, Secret, Value, is_symbolic

SUPPLIER = """
import pulumi
import pulumi_random as random

dice = random.RandomInteger("dice", min=1, max=6)
pet = random.RandomPet("pet")
pulumi.export("number", dice.result)
pulumi.export("name", pet.id)
pulumi.export("hidden", pulumi.Output.secret("hush"))
pulumi.export("nested", {"number": dice.result, "name": pet.id})
"""

CONSUMER = """
import pulumi
import pulumi_random as random

net = pulumi.StackReference("supplier/dev")
for name in ("number", "name", "hidden", "nested", "absent"):
    random.RandomId(name, byte_length=4, keepers={"taken": net.get_output(name)})
random.RandomId("required", byte_length=4, keepers={"taken": net.require_output("name")})
"""


def made(folder: Path, name: str, text: str) -> Project:
    """Write a project with one stack."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    (folder / "__main__.py").write_text(text)
    return load_project(folder)


def taken_by(tmp_path: Path, consumer: str) -> dict[str, Value]:
    """Return what each resource of the consumer took from the supplier."""
    projects = [made(tmp_path / "supplier", "supplier", SUPPLIER), made(tmp_path / "consumer", "consumer", consumer)]
    estate = Estate(projects, lambda project, stack: Run(project, load_stack(project, stack)), {})
    graph = estate.evaluation(StackName("consumer", "dev")).graph
    found = graph.of_type("random:index/randomId:RandomId")
    return {resource.name: resource.inputs["keepers"] for resource in found}


def test_each_output_is_known_or_unknown_by_itself(tmp_path: Path) -> None:
    """A name is known beside a number that is not; a secret stays one; what is absent is no unknown."""
    taken = taken_by(tmp_path, CONSUMER)
    assert taken["number"] == {"taken": UNKNOWN}
    assert is_symbolic(taken["name"]["taken"])
    assert taken["required"] == taken["name"]
    assert taken["hidden"] == {"taken": Secret("hush")}
    assert taken["nested"] == {"taken": UNKNOWN}
    assert "taken" not in taken["absent"] or taken["absent"]["taken"] is None


def test_a_required_output_that_is_absent_ends_the_program(tmp_path: Path) -> None:
    """The error says which stack it is, what it has, and how to give what is missing."""
    said = (
        r"stack supplier/dev has no output `nobody-exports-it`, which is required; "
        r"it has hidden, name, nested, number\n"
        r"  Export it there, .*--stack-output supplier/dev:nobody-exports-it=VALUE"
    )
    with pytest.raises(ProgramError, match=said):
        taken_by(tmp_path, CONSUMER + 'net.require_output("nobody-exports-it")\n')


GIVEN = """
import pulumi
import pulumi_random as random

net = pulumi.StackReference("acme/network/prod")
random.RandomId("given", byte_length=4, keepers={"taken": net.get_output("vpc")})
random.RandomId("optional", byte_length=4, keepers={"taken": net.get_output("allowed")})
random.RandomId("required", byte_length=4, keepers={"taken": net.require_output("subnet")})
random.RandomId("by-key", byte_length=4, keepers={"taken": net.outputs["zone"]})
random.RandomId("by-default", byte_length=4, keepers={"taken": net.outputs.apply(lambda all: all.get("key", "none"))})
"""


def test_outputs_given_by_hand_may_not_be_all(tmp_path: Path) -> None:
    """What was not given is unknown, not absent, however the program asks, and a note says how to give it."""
    project = made(tmp_path / "consumer", "consumer", GIVEN)
    given = {"acme/network/prod": {"vpc": "vpc-1"}}
    estate = Estate([project], lambda project, stack: Run(project, load_stack(project, stack)), given)
    found = estate.evaluation(StackName("consumer", "dev"))
    taken = {
        each.name: each.inputs["keepers"]["taken"] for each in found.graph.of_type("random:index/randomId:RandomId")
    }
    assert taken.pop("given") == "vpc-1"
    assert set(taken) == {"optional", "required", "by-key", "by-default"}
    assert set(taken.values()) == {UNKNOWN}
    assert sorted(found.notes) == [
        f"output `{key}` of stack acme/network/prod is not given and so unknown; "
        f"give it with --stack-output acme/network/prod:{key}=VALUE"
        for key in ("allowed", "key", "subnet", "zone")
    ]


def test_whether_an_output_was_exported_is_not_guessed(tmp_path: Path) -> None:
    """A program that decides on it gets an error that a real answer takes away."""
    text = GIVEN.partition("random.RandomId")[0] + "net.outputs.apply(lambda all: 'vpn' in all)\n"
    project = made(tmp_path / "consumer", "consumer", text)
    given = {"acme/network/prod": {"vpc": "vpc-1"}}
    estate = Estate([project], lambda project, stack: Run(project, load_stack(project, stack)), given)
    with pytest.raises(ProgramError, match="--stack-output acme/network/prod:vpn=VALUE"):
        estate.evaluation(StackName("consumer", "dev"))


DETAILS = """
import pulumi
import pulumi_random as random

net = pulumi.StackReference("supplier/dev")


async def taken():
    for name in ("number", "name", "hidden", "absent"):
        found = await net.get_output_details(name)
        random.RandomId(name, byte_length=4, keepers={"value": str(found.value), "secret": str(found.secret_value)})


pulumi.export("taken", taken())
"""


def test_details_of_an_output_that_is_not_known(tmp_path: Path) -> None:
    """The SDK says that there is none; that the program went on with that is told."""
    projects = [made(tmp_path / "supplier", "supplier", SUPPLIER), made(tmp_path / "consumer", "consumer", DETAILS)]
    estate = Estate(projects, lambda project, stack: Run(project, load_stack(project, stack)), {})
    found = estate.evaluation(StackName("consumer", "dev"))
    taken = {each.name: each.inputs["keepers"] for each in found.graph.of_type("random:index/randomId:RandomId")}
    assert is_symbolic(taken.pop("name")["value"])
    assert taken == {
        "number": {"value": "None", "secret": "None"},
        "hidden": {"value": "None", "secret": "hush"},
        "absent": {"value": "None", "secret": "None"},
    }
    (said,) = found.refused
    assert "output `number` of stack supplier/dev is not known here" in said


@pytest.mark.parametrize("use", ["if all.get('vpn') else 2", "if all['vpn'] == 'x' else 2"])
def test_a_decision_on_an_output_that_was_not_given(tmp_path: Path, use: str) -> None:
    """The error says how to give that output, not an answer to a function call."""
    text = GIVEN.partition("random.RandomId")[0] + f"net.outputs.apply(lambda all: 1 {use})\n"
    project = made(tmp_path / "consumer", "consumer", text)
    given = {"acme/network/prod": {"vpc": "vpc-1"}}
    estate = Estate([project], lambda project, stack: Run(project, load_stack(project, stack)), given)
    with pytest.raises(ProgramError, match="--stack-output acme/network/prod:vpn=VALUE"):
        estate.evaluation(StackName("consumer", "dev"))
