"""Shows the report that people read."""

import io
from dataclasses import replace

import pytest

from ledgergate.finding import Severity, Source
from ledgergate.report import Report, StackReport, text
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import judged, report


def written(made: Report, monkeypatch: pytest.MonkeyPatch, *, columns: int = 80, brief: bool = False) -> str:
    """Return a report as it goes into a pipe of this width."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    shown = text.rendered(made, io.StringIO(), brief=brief)
    return "\n".join(line.rstrip() for line in shown.splitlines())


def test_the_whole_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """One table, then what failed with all that is needed to repair it, then the rest, then the outcome."""
    findings = (samples.FAILED, samples.UNDECIDED, samples.WAIVED, samples.DEFERRED, samples.PASSED)
    noted = replace(judged(*findings), notes=("2 answers were made up",))
    assert (
        written(report(judged(samples.FAILED, stack="dev"), noted), monkeypatch)
        == """\
              re- judge-            un-    de-          as-
stack     sources  ments failed decided ferred waived sumed level     time
──────────────────────────────────────────────────────────────────────────
shop/dev       12      1      1       0      0      0     2 symbolic 1.2 s
shop/prod      12      5      1       1      1      1     2 symbolic 1.2 s

FAILED  S3.8 s3-bucket-public-access-blocked
  high, PCI DSS 1.4.4
  fix: Add a public access block.

  public access is not blocked
  found:  ignorePublicAcls is false
  wanted: all four flags true
  - logs (aws:s3/bucket:Bucket), shop/dev, shop/prod
    at:   components/bucket.py:41
    from: __main__.py:7

UNDECIDED  S3.8 s3-bucket-public-access-blocked
  high, PCI DSS 1.4.4
  fix: Add a public access block.

  `acl` is not known before deployment
  found:  ignorePublicAcls is false
  wanted: all four flags true
  - logs (aws:s3/bucket:Bucket), shop/prod
    at:   components/bucket.py:41
    from: __main__.py:7

waived: S3.8 logs (shop/prod), waiver W-1

deferred: S3.8 logs (shop/prod): the bucket is outside the stack

note: 2 answers were made up (shop/prod)

FAILED: 6 judgements in 2 stacks: 2 failed, 1 undecided, 1 waived, 1 deferred, 1
passed."""
    )


def test_what_is_left_open_is_no_bare_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads only the last line knows that the audit still has to decide something."""
    lines = written(report(judged(samples.PASSED, samples.DEFERRED)), monkeypatch).splitlines()
    assert lines[-1] == "PASSED, 1 left to the audit: 2 judgements in 1 stack: 1 deferred, 1 passed."


@pytest.mark.parametrize("columns", [40, 72, 80, 200])
def test_no_line_of_the_table_is_cut(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Every stack's name can be read in full at any width from 80, and nothing is wider than the terminal."""
    made = report(replace(judged(), program="a-system-with-a-name", stack="production"))
    lines = written(made, monkeypatch, columns=columns).splitlines()
    names = "".join(line.split(" ")[0] for line in lines[3:7])
    if columns >= 80:
        assert "a-system-with-a-name/production" in names
        assert max(map(len, lines)) <= columns


def test_brief_keeps_what_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The brief form leaves out the table and what needs nobody's attention, never a failure or the outcome."""
    lines = written(report(judged(samples.FAILED, samples.WAIVED)), monkeypatch, brief=True).splitlines()
    assert (lines[0], lines[-1]) == (
        "FAILED  S3.8 s3-bucket-public-access-blocked",
        "FAILED: 2 judgements in 1 stack: 1 failed, 1 waived.",
    )


def test_brief_leaves_out_what_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is less grave than `--fail-on` blocks nothing, so only the last line counts it; in full it is shown."""
    low = replace(samples.FAILED, severity=Severity.LOW, control="S3.9")
    made = replace(report(judged(samples.FAILED, low)), fail_on=Severity.HIGH)
    brief = written(made, monkeypatch, brief=True)
    assert ("S3.8" in brief, "S3.9" in brief) == (True, False)
    assert brief.endswith("2 failed. Of these 1 failed below --fail-on\nhigh.")
    assert "S3.9" in written(made, monkeypatch)


@pytest.mark.parametrize(
    ("stacks", "expected"),
    [
        ((judged(samples.PASSED),), "PASSED: 1 judgement in 1 stack: 1 passed."),
        ((judged(samples.UNDECIDED),), "UNDECIDED: 1 judgement in 1 stack: 1 undecided."),
        ((judged(samples.PASSED), samples.BROKEN), "ERROR: 1 judgement in 1 stack: 1 passed. Not judged: 1 stack."),
        ((samples.BROKEN,), "ERROR: nothing was judged."),
        (
            (judged(samples.FAILED), samples.STOPPED),
            "INTERRUPTED, incomplete: 1 judgement in 1 stack: 1 failed. Not judged: 1 stack.",
        ),
    ],
)
def test_the_last_line_says_the_outcome(
    monkeypatch: pytest.MonkeyPatch, stacks: tuple[StackReport, ...], expected: str
) -> None:
    """Whoever reads only the last line knows how it ended, and whether something is missing."""
    assert written(report(*stacks), monkeypatch).splitlines()[-1] == expected


def test_nothing_judged_needs_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no stack was judged, there is nothing to count."""
    assert written(report(samples.BROKEN), monkeypatch) == "ERROR: nothing was judged."


def test_the_gravest_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are ordered by severity, then by control."""
    low = replace(samples.FAILED, severity=Severity.LOW, control="A.1")
    critical = replace(samples.FAILED, severity=Severity.CRITICAL, control="Z.1")
    lines = written(report(judged(low, samples.FAILED, critical)), monkeypatch).splitlines()
    assert [line.split()[1] for line in lines if line.startswith("FAILED  ")] == ["Z.1", "S3.8", "A.1"]


def test_what_is_alike_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resources that fail a control in the same way stand under one complaint; with one stack, none is named."""
    other = replace(samples.FAILED, resource=samples.FAILED.resource.replace("logs", "data"), source=None)
    lines = written(report(judged(samples.FAILED, other)), monkeypatch).splitlines()
    assert lines[5:15] == [
        "FAILED  S3.8 s3-bucket-public-access-blocked",
        "  high, PCI DSS 1.4.4",
        "  fix: Add a public access block.",
        "",
        "  public access is not blocked",
        "  found:  ignorePublicAcls is false",
        "  wanted: all four flags true",
        "  - logs (aws:s3/bucket:Bucket)",
        "    at:   components/bucket.py:41",
        "    from: __main__.py:7",
    ]
    assert lines[15] == "  - data (aws:s3/bucket:Bucket)"


def test_places_stay_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file name longer than the line is not broken: a reader can click it or copy it."""
    place = "components/" + "very-long-" * 12 + "name.py"
    made = report(judged(replace(samples.FAILED, source=Source(place, 41))))
    assert f"    at:   {place}:41" in written(made, monkeypatch).splitlines()


def test_a_program_cannot_write_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control characters and text direction marks in names and values are shown, not obeyed."""
    evil = replace(samples.FAILED, found="\x1b[2Jall good\u202e\r\npassed", message="[bold]x[/bold] :smile:")
    shown = written(report(judged(evil)), monkeypatch)
    assert "found:  \\x1b[2Jall good\\u202e  passed" in shown
    assert "[bold]x[/bold] :smile:" in shown


def test_a_long_value_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy document does not flood the report; the JSON has it whole."""
    shown = written(report(judged(replace(samples.FAILED, found="word " * 1000))), monkeypatch)
    assert (shown.count("word") <= 80, "[...]" in shown) == (True, True)


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes into a pipe or file holds no escape sequence."""
    assert "\x1b" not in written(report(judged(samples.FAILED)), monkeypatch)


def test_an_ascii_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The frame of the report needs nothing that a terminal without Unicode lacks."""
    monkeypatch.setenv("COLUMNS", "80")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert text.rendered(report(judged(samples.FAILED), samples.BROKEN), stream).isascii()
