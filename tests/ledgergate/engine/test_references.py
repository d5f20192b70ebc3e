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
    """The exception is the SDK's own."""
    with pytest.raises(ProgramError, match="nobody-exports-it"):
        taken_by(tmp_path, CONSUMER + 'net.require_output("nobody-exports-it")\n')
