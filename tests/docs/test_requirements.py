"""Every demand of a system is carried by something that exists."""

from pathlib import Path
from typing import Final

import pytest

from docs.requirements import (
    Carriers,
    Demand,
    carriers_here,
    load_demands,
    main,
    marked_tests,
    problems,
    render,
    systems,
)

DEMAND: Final = Demand(id="X-1", area="network", demand="It is quiet.")
TEST: Final = "tests/test_it.py::test_quiet"


def complaints(*demands: Demand, tests: dict[str, tuple[str, ...]] | None = None, root: Path = Path()) -> list[str]:
    """Return what is wrong with some demands, in a world with one control and the given tests."""
    return list(problems(demands, Carriers(tests or {}, frozenset({"LG-NET-02"}), root)))


def test_every_demand_is_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No demand of a system in this repository is carried by nothing, or by what does not exist; the table is fresh."""
    demands = [each for found in systems().values() for each in found]
    assert list(problems(demands, carriers_here())) == []
    monkeypatch.setattr("sys.argv", ["requirements", "--check"])
    main()


def test_four_demands_wait_for_a_deployed_stack() -> None:
    """What only a live check can show is listed as due, and nothing else hides behind that word."""
    due = [each.id for each in systems()["payments"] if each.due]
    assert due == ["B-85", "B-87", "B-88", "B-94"]


def test_what_carries_a_demand_must_exist(tmp_path: Path) -> None:
    """A control, document or stage that is not there, and a mark that no demand asks for, are named."""
    (tmp_path / "guide.md").write_text("# Guide\n\n## How it is done, once\n")
    wrong = Demand(
        id="X-1",
        area="network",
        demand="It is quiet.",
        controls=("LG-NET-99",),
        documents=("none.md", "guide.md#nothing", "guide.md#how-it-is-done-once"),
        due="one day",
    )
    assert complaints(wrong, tests={"X-2": (TEST,)}, root=tmp_path) == [
        "X-1: there is no control LG-NET-99",
        "X-1: there is no document none.md",
        "X-1: there is no document guide.md#nothing",
        "X-1: there is no stage one day",
        f"{TEST} is marked with X-2, which no system demands",
    ]


def test_a_demand_that_nothing_carries_is_named() -> None:
    """It takes one test, control, document or a stage to come."""
    assert complaints(DEMAND) == ["X-1: nothing carries it"]
    assert complaints(DEMAND, tests={"X-1": (TEST,)}) == []


def test_marks_are_found_where_they_stand(tmp_path: Path) -> None:
    """On functions and classes, several on one, and only those of requirements."""
    (tmp_path / "test_it.py").write_text(
        "import pytest\n@pytest.mark.requirement('X-1')\n@pytest.mark.requirement('X-2')\ndef test_quiet(): ...\n"
        "@pytest.mark.requirement('X-1')\nclass TestAll: ...\n@pytest.mark.slow('X-3')\ndef test_other(): ...\n"
        "@pytest.mark.parametrize('port', [pytest.param(1, marks=pytest.mark.requirement('X-4'))])\n"
        "def test_ports(port): ...\n"
    )
    assert marked_tests(tmp_path, tmp_path) == {
        "X-2": ("test_it.py::test_quiet",),
        "X-1": ("test_it.py::test_quiet", "test_it.py::TestAll"),
        "X-4": ("test_it.py::test_ports",),
    }


def test_a_row_shows_how_it_is_settled_and_who_carries_it(tmp_path: Path) -> None:
    """The table reads as the file says."""
    (tmp_path / "requirements.toml").write_text(
        '[X-1]\narea = "network"\ndemand = "It is quiet."\nsettled = "At night."\ncontrols = ["LG-NET-02"]\n'
    )
    (demand,) = load_demands(tmp_path / "requirements.toml")
    lines = list(render("inn", [demand], Carriers({"X-1": (TEST,)}, frozenset())))
    assert lines[-2] == "| X-1 | It is quiet. *At night.* | control LG-NET-02<br>`test_it.py::test_quiet` |"
