"""Shows what whatever shows tests is given."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped

from ledgergate.report import Report, junit
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import judged, report


def read(found: Report) -> JUnitXml:
    """Return the document as a reader gets it."""
    return JUnitXml.fromstring(junit.rendered(found).encode())


def test_every_judgement_is_a_case() -> None:
    """A pass is plain, a failure is one, undecided is an error, waived and deferred are skipped, the rest is absent."""
    found = (
        samples.PASSED,
        samples.FAILED,
        samples.UNDECIDED,
        samples.WAIVED,
        samples.DEFERRED,
        samples.NOT_APPLICABLE,
    )
    document = read(report(judged(*found)))
    (suite,) = document
    assert (suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) == ("shop/prod", 5, 1, 1, 2)
    assert (suite.time, suite.timestamp) == (1.25, "2026-11-21T00:00:00")
    kinds = [[type(each) for each in case.result] for case in suite]
    assert kinds == [[], [Failure], [Error], [Skipped], [Skipped]]
    failed = list(suite)[1]
    text = failed.result[0].text
    assert "fix: Add a public access block." in text
    assert "at: components/bucket.py:41" in text
    assert (failed._elem.get("file"), failed._elem.get("line")) == ("components/bucket.py", "41")


def test_what_was_not_judged_is_an_error() -> None:
    """A stack that failed or was stopped, and a mistake in a file, are errors: silence is no pass."""
    stopped = replace(samples.STOPPED, stack="test")
    document = read(report(samples.BROKEN, stopped, errors=("W-1 has expired",)))
    assert (document.tests, document.errors, document.failures) == (3, 3, 0)
    assert [suite.name for suite in document] == ["shop/dev", "shop/test", "files and options"]


@given(st.text(), st.text())
def test_any_text_can_be_read_back(message: str, value: str) -> None:
    """What a program put into its names cannot break the document."""
    odd = replace(samples.FAILED, message=message, found=value, resource=f"urn:pulumi:prod::shop::a::{value}")
    (suite,) = read(report(judged(odd)))
    assert suite.failures == 1
