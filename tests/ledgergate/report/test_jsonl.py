"""Shows the lines that other programs read."""

import json
from dataclasses import replace

from ledgergate.report import jsonl
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import judged, report


def test_one_line_for_each_judgement() -> None:
    """Every finding is a line, what did not apply included, in the order of the stacks."""
    found = [json.loads(line) for line in jsonl.lines(report(judged(samples.FAILED, samples.NOT_APPLICABLE)))]
    assert [each["verdict"] for each in found] == ["fail", "not_applicable"]


def test_the_keys_of_schema_1() -> None:
    """A line holds every key of the schema under the name that readers rely on."""
    [line] = jsonl.lines(report(judged(samples.FAILED)))
    assert json.loads(line) == {
        "schema": 1,
        "fingerprint": samples.FAILED.fingerprint,
        "control": "S3.8",
        "slug": "s3-bucket-public-access-blocked",
        "verdict": "fail",
        "severity": "high",
        "requirements": ["1.4.4"],
        "resource": "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::logs",
        "arn": "",
        "type": "aws:s3/bucket:Bucket",
        "account": "",
        "region": "",
        "program": "shop",
        "stack": "prod",
        "stage": "design",
        "message": "public access is not blocked",
        "found": "ignorePublicAcls is false",
        "wanted": "all four flags true",
        "source": {"file": "components/bucket.py", "line": 41, "caller_file": "__main__.py", "caller_line": 7},
        "evidence": {},
        "waiver": "",
        "observed_at": "2026-11-21T00:00:00Z",
    }


def test_no_key_is_left_out() -> None:
    """A finding without resource or place has the same keys as any other."""
    lines = jsonl.lines(report(judged(samples.FAILED, samples.NOT_APPLICABLE), samples.BROKEN))
    assert len({tuple(json.loads(line)) for line in lines}) == 1


def test_a_line_stays_one_line() -> None:
    """A value with line ends inside does not break the stream."""
    [line] = jsonl.lines(report(judged(replace(samples.FAILED, found="a\nb\u2028c"))))
    assert (line.count("\n"), json.loads(line)["found"]) == (0, "a\nb\u2028c")
