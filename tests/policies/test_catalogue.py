"""Controls are found, of this repository and of a bank's own, and picked by name."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from ledgergate.errors import LedgergateError
from policies.catalogue import load_catalogue

ROOT: Final = Path(__file__).parents[2]
OWN: Final = '''
"""A bank's own control."""
from ledgergate.finding import Severity
from policies.facts.s3 import Bucket
from policies.model import UNKNOWN, control, example, require

@control(
    id="{id}", slug="{slug}", severity=Severity.LOW, requirements=(), families=("network",),
    source="the bank, read 2026-11-20", rationale="Strangers read it.",
    remediation="Block it.",
    passes=[example("on", Bucket(block_public_acls=True))],
    fails=[example("off", Bucket())],
    unknowns=[example("later", Bucket(block_public_acls=UNKNOWN))],
)
def blocked(bucket: Bucket):
    """A bucket blocks public ACLs."""
    return require(bucket.block_public_acls, "it does not")
'''

LOST: Final = """from dataclasses import dataclass

@dataclass(frozen=True, slots=True)
class Bucket:
    block_public_acls: bool = False
"""


def write(folder: Path, name: str, id_: str = "BANK-1", slug: str = "bank-bucket-blocked") -> None:
    """Write a file with one control."""
    (folder / name).write_text(OWN.format(id=id_, slug=slug), encoding="utf-8")


def test_controls_come_in_natural_order() -> None:
    """Ids are sorted the way people count."""
    ids = list(load_catalogue().controls)

    assert {"S3.8", "LG-ENC-02", "LG-IAM-01", "LG-NET-02", "LG-TAG-01", "LG-ENG-01", "LG-ENG-02"} <= set(ids)
    assert ids.index("LG-ENG-01") < ids.index("LG-ENG-02") < ids.index("S3.8")


def test_controls_are_picked_by_family_id_and_slug() -> None:
    """Selectors add up, each control comes once, and none means all."""
    catalogue = load_catalogue()
    picked = catalogue.select(["tagging", "S3.8", "s3-bucket-public-access-blocked"])

    assert {"S3.8", "LG-TAG-01"} <= {each.id for each in picked}
    assert len(set(picked)) == len(picked)
    assert len(catalogue.select()) == len(catalogue.controls)


def test_a_family_without_controls_is_no_selection() -> None:
    """Whoever asks for it wants something judged; a run that judges nothing must not pass."""
    catalogue = load_catalogue()
    one = {"S3.8": catalogue.controls["S3.8"]}
    with pytest.raises(LedgergateError, match="no control belongs to the family backup") as raised:
        replace(catalogue, controls=one).select(["backup"])
    assert "network" in raised.value.hint


@pytest.mark.parametrize(
    ("selector", "near"),
    [("s3.8", "S3.8"), ("taging", "tagging"), ("s3-bucket-public-acces", "s3-bucket-public-access")],
)
def test_unknown_selector_names_what_it_may_have_meant(selector: str, near: str) -> None:
    """A slip of the pen ends the run; it never selects nothing."""
    with pytest.raises(LedgergateError, match=f"there is no control or family {selector}") as raised:
        load_catalogue().select(["S3.8", selector])
    assert near in raised.value.hint


def test_selector_near_nothing_names_the_families() -> None:
    """Three hundred names would be no hint: the families are few, and a command lists the controls."""
    with pytest.raises(LedgergateError, match="there is no control or family nope") as raised:
        load_catalogue().select(["nope"])
    assert raised.value.hint == (
        "Families: backup, encryption, identity, logging, naming, network, pci, residency, resilience, retention, "
        "supply-chain, tagging; `python -m policies.gate --list` names every control."
    )


def test_own_folder_adds_controls(tmp_path: Path) -> None:
    """A bank's controls stand beside the others, and its files may share what they need."""
    write(tmp_path, "doors.py")
    (tmp_path / "shared.py").write_text('ID = "BANK-2"\n', encoding="utf-8")
    text = (tmp_path / "doors.py").read_text(encoding="utf-8")
    other = (
        text.replace('"BANK-1"', "ID")
        .replace("bank-bucket-blocked", "bank-bucket-shut")
        .replace("from ledgergate", "from .shared import ID\nfrom ledgergate", 1)
    )
    (tmp_path / "windows.py").write_text(other, encoding="utf-8")

    assert {"BANK-1", "BANK-2", "S3.8"} <= set(load_catalogue([tmp_path]).controls)
    assert "BANK-1" not in load_catalogue().controls
    assert not (tmp_path / "__pycache__").exists()


@pytest.mark.parametrize(
    ("id_", "slug"), [("S3.8", "bank-bucket-blocked"), ("BANK-9", "s3-bucket-public-access-blocked")]
)
def test_taken_name_is_refused(tmp_path: Path, id_: str, slug: str) -> None:
    """Two controls of one name would hide each other in every report."""
    write(tmp_path, "doors.py", id_, slug)

    with pytest.raises(LedgergateError, match=r"two controls are called .*access_block\.py, one in .*doors\.py"):
        load_catalogue([tmp_path])


def test_folder_without_controls_is_refused(tmp_path: Path) -> None:
    """A mistyped folder would silently leave a bank's controls out."""
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(LedgergateError, match="holds no controls"):
            load_catalogue([folder])


def test_broken_file_is_named(tmp_path: Path) -> None:
    """The message says which file, and what is wrong with it."""
    (tmp_path / "broken.py").write_text("import no_such_module\n", encoding="utf-8")

    with pytest.raises(LedgergateError, match=r"broken\.py cannot be loaded: ModuleNotFoundError"):
        load_catalogue([tmp_path])


def test_fact_without_an_adapter_is_refused(tmp_path: Path) -> None:
    """A control that can never find a subject would look like one that finds nothing wrong."""
    text = OWN.format(id="BANK-3", slug="bank-bucket-lost").replace("from policies.facts.s3 import Bucket", LOST)
    (tmp_path / "lost.py").write_text(text, encoding="utf-8")

    with pytest.raises(LedgergateError, match="judges Bucket, which no adapter builds"):
        load_catalogue([tmp_path])


def test_loading_needs_neither_pydantic_nor_aws_nor_pulumi() -> None:
    """Controls stay quick to load, and pure."""
    heavy = "{'pydantic', 'pulumi', 'pulumi_aws', 'boto3', 'grpc'}"
    code = f"import sys, policies.catalogue as c; c.load_catalogue(); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
