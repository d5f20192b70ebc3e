"""Shows what follows from what was found: the counts, and the exit code."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.finding import Finding, Severity, Status
from ledgergate.report import ExitCode, StackReport
from ledgergate.report.closing import closing_line
from ledgergate.report.summary import merged
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import judged, report

ALL = (
    samples.PASSED,
    samples.FAILED,
    samples.UNDECIDED,
    samples.WAIVED,
    samples.DEFERRED,
    samples.NOT_APPLICABLE,
)


@pytest.mark.parametrize(
    ("stacks", "errors", "expected"),
    [
        ([judged(samples.PASSED, samples.WAIVED, samples.DEFERRED, samples.NOT_APPLICABLE)], (), ExitCode.PASSED),
        ([judged()], (), ExitCode.PASSED),
        ([judged(samples.UNDECIDED, samples.PASSED)], (), ExitCode.UNDECIDED),
        ([judged(samples.UNDECIDED), judged(samples.FAILED)], (), ExitCode.FAILED),
        ([judged(samples.FAILED), samples.BROKEN], (), ExitCode.ERROR),
        ([judged(samples.PASSED)], ("a waiver has expired",), ExitCode.ERROR),
        ([judged(samples.FAILED), samples.BROKEN, samples.STOPPED], ("x",), ExitCode.INTERRUPTED),
    ],
)
def test_the_first_reason_decides(stacks: list[StackReport], errors: tuple[str, ...], expected: ExitCode) -> None:
    """Interrupted goes before error, error before failed, failed before undecided, undecided before passed."""
    assert report(*stacks, errors=errors).exit_code is expected


@given(st.lists(st.sampled_from(ALL)))
def test_every_finding_is_counted_once(findings: list[Finding]) -> None:
    """The counts of a stack add up to its judgements, and only what did not apply is left out."""
    stack = judged(*findings)
    applied = sum(count for word, count in stack.counts.items() if word != Status.NOT_APPLICABLE.value)
    assert (sum(stack.counts.values()), stack.judgements) == (len(findings), applied)


@given(st.lists(st.sampled_from(ALL)))
def test_passed_means_that_nothing_blocks(findings: list[Finding]) -> None:
    """Exit code 0 and a finding that blocks never go together."""
    assert (report(judged(*findings)).exit_code is ExitCode.PASSED) is not any(each.blocks for each in findings)


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [("low", ExitCode.FAILED), ("high", ExitCode.FAILED), ("critical", ExitCode.PASSED)],
)
def test_what_is_less_grave_decides_nothing(fail_on: str, expected: ExitCode) -> None:
    """A high failure fails the run up to `--fail-on high`, and is counted and told above it."""
    found = replace(report(judged(samples.FAILED, samples.UNDECIDED)), fail_on=Severity(fail_on))
    assert (found.exit_code, found.counts["fail"]) == (expected, 1)
    said = closing_line(found)[0]
    assert said.endswith(" Of these 1 failed, 1 undecided below --fail-on critical.") is (expected is ExitCode.PASSED)


def test_a_stack_that_could_not_be_judged_is_never_less_grave() -> None:
    """An error stays one whatever the severity that was asked for."""
    assert replace(report(samples.BROKEN), fail_on=Severity.CRITICAL).exit_code is ExitCode.ERROR


def test_an_unjudged_stack_is_undecided() -> None:
    """A stack without judgement stands in the stream as one undecided finding, never as silence."""
    found = list(report(judged(samples.PASSED), samples.BROKEN, samples.STOPPED).complete())
    assert [(each.status, each.message, each.evidence) for each in found[1:]] == [
        (Status.UNKNOWN, samples.BROKEN.error, {"incomplete": "error"}),
        (Status.UNKNOWN, "interrupted before this stack was judged", {"incomplete": "interrupted"}),
    ]


def test_the_same_in_two_stacks_is_one() -> None:
    """A failure that differs by its stack alone is shown once, one that differs in its value twice."""
    dev, prod = (samples.in_stack(samples.FAILED, name) for name in ("dev", "prod"))
    other = replace(prod, found="absent")
    assert merged([dev, prod, other]) == [(dev, ("shop/dev", "shop/prod")), (other, ("shop/prod",))]
