"""Shows what people read about a drill."""

from pathlib import Path

import pytest

from runbooks.events import Acted, Closed, Event, Intent, Measured, Opened, Passed, Stopping, UndoFailed, Undone
from runbooks.journal import read_journal
from runbooks.model import Outcome
from runbooks.report import report_text
from tests.runbooks.drills.rehearsal import Rehearsal

OPENED = Opened(
    at=1_000_000.0,
    wall=1_796_000_000.0,
    plan={
        "drill": "pretended",
        "mode": "graceful",
        "place": {"account": "111122223333", "region": "us-east-1", "program": "infra/payments", "stack": "prod"},
        "targets": {"rto_s": 60.0, "rpo_s": 0.0},
    },
    plan_hash="ab" * 32,
    rehearsal=False,
    approvals=(
        {"approver": "anna", "key": "0123456789abcdef", "at": 999_000.0, "signature": "00"},
        {"approver": "ben", "key": "fedcba9876543210", "at": 999_500.0, "signature": "11"},
    ),
)

EVENTS: list[Event] = [
    OPENED,
    Intent(at=1_000_000.5, wall=1_796_000_000.1, step="keep", before={"writer": "a"}, wanted={}, undo="move back"),
    Intent(
        at=1_000_001.5, wall=1_796_000_000.3, step="move", before={"writer": "a"}, wanted={"writer": "b"}, undo="back"
    ),
    Acted(at=1_000_002.0, wall=1_796_000_000.4, step="move", note="it took effect, although the call failed"),
    Passed(at=1_000_030.0, wall=1_796_000_006.0, step="move"),
    Stopping(
        at=1_000_031.0, wall=1_796_000_006.2, outcome=Outcome.ABORTED, reason="alarm errors is ALARM", step="hold"
    ),
    UndoFailed(at=1_000_091.0, wall=1_796_000_018.2, step="move", reason="a is failed"),
    Measured(
        at=1_000_092.0,
        rto_s=28.04,
        rpo_s=None,
        lost=0,
        resolution_s=1.04,
        fail_back_s=None,
        samples=90,
        samples_sha256="ab" * 32,
    ),
    Closed(
        at=1_000_093.0, wall=1_796_000_018.6, outcome=Outcome.ABORTED, reason="alarm errors is ALARM", left=("move",)
    ),
]


def test_a_report_says_who_approved_what_happened_and_how_it_ended() -> None:
    """Times count from the beginning, with the wall's beside them; what is left stands out; no line is too long."""
    lines = report_text(EVENTS).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines == [
        "pretended, graceful",
        "account 111122223333, us-east-1, infra/payments prod",
        "begun 2026-11-30 00:53:20Z",
        f"plan {'ab' * 32}",
        "approved by anna (key 0123456789abcdef, 1970-01-12 13:30:00Z), ben (key",
        "  fedcba9876543210, 1970-01-12 13:38:20Z), by what the journal says",
        "",
        "    0.5 s 00:53:20Z  keep             will be brought back, whoever changes it:",
        "                                      writer=a",
        "    1.5 s 00:53:20Z  move             acts: writer=b, from writer=a",
        "    2.0 s 00:53:20Z  move             took effect or was accepted (it took",
        "                                      effect, although the call failed)",
        "   30.0 s 00:53:26Z  move             holds",
        "   31.0 s 00:53:26Z  stop             aborted: alarm errors is ALARM",
        "   91.0 s 00:53:38Z  move             NOT TAKEN BACK: a is failed",
        "   93.0 s 00:53:38Z  end              aborted",
        "",
        "RTO 28.0 s ± 1.0 s (target 60.0 s)",
        "RPO not measured (target 0.0 s), 0 acknowledged writes lost of 90 samples",
        "fail-back took service away for: not measured (target 60.0 s)",
        "outcome aborted: alarm errors is ALARM",
        "NOT TAKEN BACK: move; `undo` tries again",
    ]


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_report_is_as_wide_as_the_terminal(width: int) -> None:
    """Nothing is lost by folding, and nothing but a hash is wider."""
    lines = report_text(EVENTS, width).splitlines()
    assert all(len(line) <= width for line in lines if "ab" * 32 not in line)
    assert " ".join(report_text(EVENTS, 500).split()) == " ".join(" ".join(lines).split())


def test_a_drill_without_an_end_is_said_to_be_interrupted() -> None:
    """A journal that just stops is no success, and the reader learns what to do."""
    assert report_text([OPENED, Undone(at=1_000_001.0, step="move")]).splitlines()[-1] == (
        "outcome interrupted: it has no end; `resume` or `undo` it"
    )


def test_every_figure_of_a_rehearsal_is_labelled(tmp_path: Path) -> None:
    """Nobody can take a rehearsal's times for those of an account."""
    rehearsal = Rehearsal(tmp_path)
    rehearsal.start()
    lines = report_text(read_journal(rehearsal.path)).splitlines()
    assert all("rehearsal)" in line for line in lines if line.startswith(("RTO", "RPO", "fail-back")))
    assert "rehearsal" in lines[0]
    assert "approved by nobody: a rehearsal needs no approval" in lines
