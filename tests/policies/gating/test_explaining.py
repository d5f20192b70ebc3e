"""Shows what the gate tells about its controls without judging anything."""

from pathlib import Path

import pytest

from policies.catalogue import load_catalogue
from policies.gating.explaining import run_explaining
from tests.policies.gating.workspace import BUCKET, program

Captured = pytest.CaptureFixture[str]

OWN = '''
from ledgergate.finding import Severity
from policies.facts.s3 import Bucket
from policies.model import PASS, UNKNOWN, control, example, fail

@control(id="BANK-1", slug="bank-bucket-kept", severity=Severity.LOW, requirements=(), families=("residency",),
         source="The bank, read 2026-11-30", rationale="The bank asks where it went.",
         remediation="Ask the bank.",
         passes=[example("all blocked", Bucket(block_public_acls=True))],
         fails=[example("open", Bucket())],
         unknowns=[example("later", Bucket(block_public_acls=UNKNOWN))])
def kept(bucket: Bucket):
    """A bucket is kept.

    It is when its lists are blocked.
    """
    return PASS if bucket.block_public_acls else fail("it is not kept", found="false", wanted="true")
'''


def test_every_control_can_be_explained_in_80_columns(capsys: Captured) -> None:
    """Whatever a control is called by, all that is known of it comes, and no line is too long."""
    for control in load_catalogue().controls.values():
        assert run_explaining((), (), (control.slug,)) == 0
        said = capsys.readouterr().out
        assert said.startswith(f"{control.id}  {control.slug}\n")
        assert max(len(line) for line in said.splitlines() if " " in line.strip()) <= 80
        flat = " ".join(said.split())
        assert " ".join(f"Why it matters: {control.rationale}".split()) in flat
        assert " ".join(f"What to do: {control.remediation}".split()) in flat
        assert sum(line.startswith("  fails: ") for line in said.splitlines()) == len(control.fails)


def test_the_list_is_what_would_be_applied(capsys: Captured) -> None:
    """A family lists its controls, and nothing else."""
    assert run_explaining((), ("tagging", "S3.8"), ()) == 0
    lines = capsys.readouterr().out.splitlines()
    ids = [line.split()[0] for line in lines[:-2] if not line.startswith(" ")]
    assert ids == [each.id for each in load_catalogue().select(("tagging", "S3.8"))]
    assert lines[-1] == f"{len(ids)} controls. --explain ID tells everything about one."


@pytest.mark.parametrize(
    ("select", "explain", "said"),
    [
        ((), ("S3.88",), "--explain S3.88: there is no such control\n  Did you mean S3.8"),
        ((), ("no-such-9",), "no such control\n  `python -m policies.gate --list` names every control.\n"),
        (("encription",), (), "there is no control or family encription\n  Did you mean encryption"),
    ],
)
def test_a_mistyped_name(capsys: Captured, select: tuple[str, ...], explain: tuple[str, ...], said: str) -> None:
    """One message, a near name, exit code 2 and nothing on standard output."""
    assert run_explaining((), select, explain) == 2
    captured = capsys.readouterr()
    assert (captured.out, said in captured.err) == ("", True)


@pytest.mark.parametrize("stacks", [None, {}, {"dev": "config: {}", "prod": "config: {}"}])
def test_the_controls_of_a_bank_are_there_with_its_program(
    tmp_path: Path, capsys: Captured, stacks: dict[str, str] | None
) -> None:
    """A control that a profile names can be listed and explained; without the program nobody knows it."""
    shop = program(tmp_path / "shop", BUCKET, stacks, profile='controls = ["own"]\n')
    (shop / "own").mkdir()
    (shop / "own" / "kept.py").write_text(OWN)
    assert run_explaining((shop,), (), ("BANK-1",)) == 0
    assert "A bucket is kept." in capsys.readouterr().out
    assert run_explaining((), (), ("BANK-1",)) == 2
