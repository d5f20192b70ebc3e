"""JUnit XML, for whatever shows tests: a suite for each stack, a case for each judgement.

What failed is a failure, what could not be decided an error, what is waived or left to a later stage is skipped.
"""

import io

from junitparser import Attr, Error, Failure, IntAttr, JUnitXml, Skipped, TestCase, TestSuite

from ledgergate.finding import Finding, Status
from ledgergate.report.printable import printable_lines
from ledgergate.report.summary import WAIVED, Report, StackReport, outcome, short_name


class _Case(TestCase):
    """A case with the place in the program, as pytest writes it and many readers know it."""

    file = Attr("file")
    line = IntAttr("line")


def rendered(report: Report) -> str:
    """Return a report as one JUnit document."""
    document = JUnitXml("ledgergate")
    suites = [_suite(stack, report) for stack in report.stacks]
    for suite in suites:
        document.add_testsuite(suite)
    if report.errors:
        document.add_testsuite(_mistakes(report))
    document.update_statistics()  # type: ignore[no-untyped-call]  # its author left the annotation out
    # At last: the statistics add up what the cases took, and it is the program that takes the time.
    for stack, suite in zip(report.stacks, suites, strict=True):
        suite.time = round(stack.seconds, 3)
    written = io.BytesIO()
    document.write(written)
    return written.getvalue().decode("utf-8") + "\n"


def _suite(stack: StackReport, report: Report) -> TestSuite:
    suite = TestSuite(stack.name)
    if report.observed_at:
        suite.timestamp = report.observed_at.removesuffix("Z")
    if stack.judged:
        suite.add_testcases([_case(each, report) for each in stack.findings if _applies(each)])
    else:
        reason = "interrupted before it was judged" if stack.stopped else stack.error
        suite.add_testcase(_erring("it is judged", stack.name, reason))
    return suite


def _applies(finding: Finding) -> bool:
    return finding.status is not Status.NOT_APPLICABLE


def _case(finding: Finding, report: Report) -> TestCase:
    name = short_name(finding) or "no resource"
    place = f"{finding.program}/{finding.stack}" if finding.program else finding.account
    case = _Case(_clean(f"{finding.control} {finding.slug}: {name}"), _clean(f"{place}.{finding.type or 'account'}"))
    if finding.source:
        case.file = _clean(finding.source.file)
        case.line = finding.source.line
    rule = report.rules.get(finding.control)
    text = _clean(_details(finding, rule.remediation if rule else ""))
    how = outcome(finding)
    if how == WAIVED:
        case.result = [Skipped(_clean(f"waived by {finding.waiver}: {finding.message}"))]
    elif finding.status is Status.DEFERRED:
        case.result = [Skipped(_clean(f"left to a later stage: {finding.message}"))]
    elif finding.status is not Status.PASS:
        kind = Failure if finding.status is Status.FAIL else Error
        result = kind(_clean(finding.message), finding.severity.value)
        result.text = text
        case.result = [result]
    return case


def _details(finding: Finding, remediation: str) -> str:
    source = finding.source
    lines = {
        "found": finding.found,
        "wanted": finding.wanted,
        "fix": remediation,
        "at": f"{source.file}:{source.line}" if source else "",
        "from": f"{source.caller_file}:{source.caller_line}" if source and source.caller_file else "",
        "requirements": ", ".join(f"PCI DSS {each}" for each in finding.requirements),
        "resource": finding.resource or finding.arn,
    }
    return "\n".join(f"{label}: {value}" for label, value in lines.items() if value)


def _mistakes(report: Report) -> TestSuite:
    suite = TestSuite("files and options")
    suite.add_testcases([_erring("they are sound", "ledgergate", error) for error in report.errors])
    return suite


def _erring(name: str, place: str, reason: str) -> TestCase:
    case = TestCase(_clean(name), _clean(place))
    case.result = [Error(_clean(reason), "error")]
    return case


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return printable_lines(text)
