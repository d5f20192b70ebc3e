"""The table of controls is what the controls say."""

import tomllib
from pathlib import Path

import pytest

from policies import docs
from policies.catalogue import load_catalogue
from policies.frameworks import REQUIREMENTS
from policies.profile_reference import profile_page
from policies.settings import Settings


def test_table_in_the_repository_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    """A control that changes without its documentation is found here and in CI."""
    assert docs.main(["--check"]) == 0
    assert capsys.readouterr().out == "controls.md is fresh\nprofile.md is fresh\n"


def test_stale_table_is_found_and_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--check` writes nothing; the plain command does."""
    monkeypatch.setattr(docs, "FOLDER", tmp_path)

    assert docs.main(["--check"]) == 1
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0


def test_every_control_has_a_section_under_its_slug() -> None:
    """The URL that a policy carries leads to its section, with its examples and settings."""
    controls = load_catalogue().controls
    text = docs.render(controls.values())

    assert all(f"\n## {each.slug}\n" in text for each in controls.values())
    assert all(f": {each.title}" in text for each in controls["LG-NET-02"].fails)
    assert "`authorized_tcp_ports` (default: 443, 80)" in text


def test_each_requirement_is_covered_or_named_as_not() -> None:
    """Whoever reads the table sees what no control shows."""
    controls = load_catalogue().controls.values()
    _, _, rest = docs.render(controls).partition(" requirements\n\n")
    served, _, left = rest.partition("By no control: ")
    unserved = left.partition(".\n")[0].split(", ")

    rows = [line.split(" | ")[0][2:] for line in served.splitlines() if line[:2] == "| " and line[2].isdigit()]
    assert sorted([*rows, *unserved]) == sorted(REQUIREMENTS)
    assert set(rows) == {number for each in controls for number in each.requirements}


def test_every_key_of_the_profile_has_a_row() -> None:
    """What a profile may say is looked up in one place, with its default as TOML writes it."""
    page = profile_page()
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert rows == ["controls", *Settings.model_fields]
    assert '| `environment_class` | `"prod"` |' in page
    assert "One of dev, staging, prod." in page
    example = tomllib.loads(page.partition("```toml\n")[2].partition("```")[0])
    assert {*example} - {"controls", "stack"} <= {*Settings.model_fields}
