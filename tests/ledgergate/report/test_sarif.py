"""Shows what code scanning is given: a valid log in which nothing that blocks is missing."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from ledgergate.finding import Finding, Source, Status
from ledgergate.report import Report, sarif
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import judged, report

SCHEMA: Final = Draft4Validator(json.loads(Path(__file__).with_name("sarif-2.1.0.schema.json").read_text()))
"""The standard's schema without its descriptions. Source: SARIF 2.1.0 rtm.5, OASIS, read 2026-11-30."""


def run_of(found: Report) -> dict[str, Any]:
    """Return the run of a log that the schema accepts."""
    log = json.loads(sarif.rendered(found))
    SCHEMA.validate(log)
    (run,) = log["runs"]
    return dict(run)


def test_a_failure_points_into_the_program() -> None:
    """File and line, the place where the component was made, the fingerprint and the rule are all there."""
    run = run_of(report(judged(samples.FAILED)))
    (found,) = run["results"]
    assert (found["kind"], found["level"], found["ruleId"], found["ruleIndex"]) == ("fail", "error", "S3.8", 0)
    place = found["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("components/bucket.py", {"startLine": 41})
    (from_,) = found["relatedLocations"]
    assert from_["physicalLocation"]["artifactLocation"]["uri"] == "__main__.py"
    assert found["partialFingerprints"] == {"ledgergate/v1": samples.FAILED.fingerprint}
    rule = run["tool"]["driver"]["rules"][0]
    assert (rule["id"], rule["properties"]["security-severity"]) == ("S3.8", "8.0")
    assert samples.RULE.rationale in rule["help"]["markdown"]
    assert samples.RULE.remediation in rule["help"]["markdown"]


def test_undecided_is_open_and_waived_is_suppressed() -> None:
    """What could not be decided is shown, and what is waived names its waiver."""
    run = run_of(report(judged(samples.UNDECIDED, samples.WAIVED)))
    undecided, waived = run["results"]
    assert (undecided["kind"], undecided["level"]) == ("open", "none")
    assert undecided["message"]["text"].startswith("Undecided: ")
    assert [each["justification"] for each in waived["suppressions"]] == ["waiver W-1"]


def test_what_was_not_judged_is_an_error_of_the_run() -> None:
    """A stack that failed or was stopped, and a mistake in a file, are told; the run is no success."""
    run = run_of(report(judged(samples.PASSED), samples.BROKEN, samples.STOPPED, errors=("W-1 has expired",)))
    (said,) = run["invocations"]
    assert (said["executionSuccessful"], said["exitCode"]) == (False, 130)
    told = [each["message"]["text"] for each in said["toolExecutionNotifications"] if each["level"] == "error"]
    assert told == ["W-1 has expired", samples.BROKEN.error, "interrupted before this stack was judged"]


def test_places_outside_the_folder() -> None:
    """A name with blanks is quoted, an absolute path is a file URI, and what has no place has its name."""
    blank = replace(samples.FAILED, source=Source("my programs/naïve.py", 3))
    outside = replace(samples.FAILED, source=Source("/srv/shared/bucket.py", 3))
    live = replace(samples.FAILED, source=None, resource="", arn="arn:aws:s3:::logs")
    found = run_of(report(judged(blank, outside, live)))["results"]
    uris = [each["locations"][0].get("physicalLocation", {}).get("artifactLocation", {}).get("uri") for each in found]
    assert uris == ["my%20programs/na%C3%AFve.py", "file:///srv/shared/bucket.py", None]
    assert found[2]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "arn:aws:s3:::logs"


@given(
    st.lists(
        st.builds(
            replace,
            st.sampled_from([samples.FAILED, samples.UNDECIDED, samples.WAIVED, samples.PASSED, samples.DEFERRED]),
            message=st.text(),
            found=st.text(),
            control=st.sampled_from(["S3.8", "X-1"]),
        )
    )
)
def test_whatever_is_found_the_log_is_valid(findings: list[Finding]) -> None:
    """Each failed or undecided judgement is one result, whatever its texts hold and whether its rule is known."""
    results = run_of(report(judged(*findings)))["results"]
    assert len(results) == sum(each.status in (Status.FAIL, Status.UNKNOWN) for each in findings)
