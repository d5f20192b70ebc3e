"""Shows what is said about one stack beside its findings."""

from pathlib import Path

import pytest

from ledgergate.engine.launcher import Evaluation, Level, Run
from ledgergate.engine.project import Project, StackConfig
from ledgergate.graph import Graph
from policies.gating.judging import Rules, judged_stack
from policies.settings import Settings

PROJECT = Project("shop", Path("shop"), Path("shop"), ".", Path("python"))


def evaluation(*, assumed: dict[str, int] | None = None, level: Level = Level.SYMBOLIC) -> Evaluation:
    """Return what a program without resources gave."""
    run = Run(PROJECT, StackConfig("dev", {}), level=level)
    return Evaluation(run, Graph("shop", "dev"), (), {}, assumed or {}, notes=("the engine's own note",))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (evaluation(), ()),
        (
            evaluation(assumed={"aws:x:y": 1, "aws:ec2/getAmi:getAmi": 2}),
            ("answers were made up for aws:ec2/getAmi:getAmi (2), aws:x:y (1); give real ones with --answers FILE",),
        ),
        (
            evaluation(level=Level.UNKNOWNS),
            ("the program cannot work with made-up values, so it was run again at level unknowns: more is undecided",),
        ),
    ],
)
def test_a_reader_is_told_what_the_verdicts_rest_on(found: Evaluation, expected: tuple[str, ...]) -> None:
    """Made-up answers and a lower level are said, after the engine's own notes."""
    report = judged_stack(found, Rules(PROJECT, (), frozenset(), {"dev": Settings()}), "", Path.cwd())
    assert report.notes == ("the engine's own note", *expected)
