"""What does not block, said once."""

from dataclasses import replace

from ledgergate.finding import Finding
from ledgergate.report.aside import deferred_lines, waived_lines
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import BUCKET, judged, report


def _numbered(finding: Finding, number: int) -> Finding:
    return replace(finding, resource=f"urn:pulumi:prod::shop::{BUCKET}::logs-{number}", waiver=f"W-{number}")


def test_few_waived_findings_are_named() -> None:
    """Up to eight of a control stand there one by one, each with its waiver."""
    lines = list(waived_lines(report(judged(*(_numbered(samples.WAIVED, each) for each in range(8))))))
    assert len(lines) == 8
    assert lines[7] == "S3.8 logs-7 (shop/prod), waiver W-7"


def test_many_waived_findings_are_counted() -> None:
    """More of them are one line, which says how many resources, where, and by how many waivers."""
    many = [_numbered(samples.WAIVED, each) for each in range(9)]
    lines = list(waived_lines(report(judged(*many), judged(*many, stack="dev"))))
    assert lines == ["S3.8 on 9 resources (shop/prod, shop/dev), waivers W-0 and 8 more"]
    by_one = [replace(each, waiver="W") for each in many]
    assert list(waived_lines(report(judged(*by_one)))) == ["S3.8 on 9 resources (shop/prod), waiver W"]


def test_one_reason_to_defer_is_said_once() -> None:
    """Controls and resources that a reason has in common share a line; another reason has its own."""
    other = replace(samples.DEFERRED, control="S3.9")
    apart = replace(samples.DEFERRED, control="ACM.1", message="only the account shows it")
    assert list(
        deferred_lines(report(judged(samples.DEFERRED, apart, other), judged(samples.DEFERRED, other, stack="dev")))
    ) == [
        "S3.8, S3.9 logs (shop/prod, shop/dev): the bucket is outside the stack",
        "ACM.1 logs (shop/prod): only the account shows it",
    ]


def test_many_deferred_resources_are_counted() -> None:
    """More than eight resources with one reason are not listed to the end."""
    many = [replace(_numbered(samples.DEFERRED, each), waiver="") for each in range(10)]
    (line,) = deferred_lines(report(judged(*many)))
    assert line.endswith("logs-7 (shop/prod) and 2 more: the bucket is outside the stack")
