"""The repository itself: what is promised of its files beside what they do."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
LOCKS: Final = sorted((ROOT / "requirements").glob("*.txt"))


def test_the_table_of_contents_stays_one() -> None:
    """Who opens `noxfile.py` sees in three screens what can be run here; what is longer belongs to a module."""
    assert len((ROOT / "noxfile.py").read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_pins_with_hashes_and_names_no_host(lock: Path) -> None:
    """Every requirement is one version with a digest, from wherever the reader's own index is."""
    text = lock.read_text(encoding="utf-8")
    assert lock.with_suffix(".in").is_file()
    assert "://" not in re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    assert not re.search(r"^--(extra-)?index-url|^--find-links", text, re.MULTILINE)
    requirements = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip())
    bare = [each.splitlines()[0] for each in requirements if "--hash=sha256:" not in each or "==" not in each]
    assert requirements
    assert not bare
