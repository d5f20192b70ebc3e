"""The waiver file, and what waivers do to findings."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.errors import LedgergateError
from ledgergate.finding import Finding, Severity, Stage, Status
from policies.waivers import Waiver, WaiverOutcome, apply_waivers, load_waivers

TODAY: Final = dt.date(2026, 11, 21)
URN: Final = "urn:pulumi:dev::bank::bank:store:Store$aws:s3/bucket:Bucket::logs"
ENTRY: Final = {
    "control": "S3.8",
    "resource": "urn:pulumi:*::bank::*::logs",
    "reason": "A public website.",
    "requirement": "1.4.4",
    "owner": "web team",
    "approver": "security officer",
    "expires": "2026-12-31",
}
FAILED: Final = Finding(
    "S3.8", "s3-bucket-public-access-blocked", Status.FAIL, Severity.HIGH, resource=URN, stack="dev", message="open"
)
PASSED: Final = replace(FAILED, status=Status.PASS, message="")


def text(**changes: str) -> str:
    """Return a waiver file with one entry; an empty change leaves its key out."""
    lines = (f'{key} = "{value}"' for key, value in {**ENTRY, **changes}.items() if value)
    return "[[waiver]]\n" + "\n".join(lines).replace(f'"{ENTRY["expires"]}"', ENTRY["expires"])


def write(folder: Path, content: str) -> Path:
    """Write a waiver file and return its path."""
    path = folder / "waivers.toml"
    path.write_text(content, encoding="utf-8")
    return path


def waiver(**changes: Any) -> Waiver:
    """Return a waiver with some of its fields changed."""
    fields: dict[str, Any] = {**ENTRY, "id": "w1", "expires": dt.date(2026, 12, 31)}
    return Waiver(**(fields | changes))


def applied(*findings: Finding, stack: Any = "dev", stage: Stage = Stage.DESIGN, **changes: Any) -> WaiverOutcome:
    """Apply one waiver to findings."""
    return apply_waivers(findings, [waiver(**changes)], TODAY, stack, stage)


def test_file_is_read(tmp_path: Path) -> None:
    """An entry gets an id from its place unless it has one; lists and dates are TOML's own."""
    extra = 'stacks = ["dev"]\nstages = ["design", "run"]\nid = "public-site"\n'
    first, second = load_waivers(write(tmp_path, f"{text()}\n{text()}\n{extra}"))

    assert (first.id, first.owner, first.expires) == ("waivers.toml#1", "web team", dt.date(2026, 12, 31))
    assert (second.id, second.stacks, second.stages) == ("public-site", ("dev",), (Stage.DESIGN, Stage.RUN))
    assert load_waivers(write(tmp_path, "")) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (text(owner=""), "waiver 1 has no `owner`"),
        (text(approver=""), "waiver 1 has no `approver`"),
        (text(reason=" "), "waiver 1 has a blank `reason`"),
        (text(found=" "), "waiver 1 has a blank `found`"),
        (text(expires="soon"), "waiver 1 has a wrong `expires`"),
        (text(until="2026-12-31"), "waiver 1 has an unknown key `until`"),
        (text(resource="*"), "has a wrong `resource`: it must be a URN or an ARN that names something"),
        (text(resource="urn:pulumi:*"), "has a wrong `resource`"),
        (text(resource="urn:pulumi:*::*::*::*"), "has a wrong `resource`"),
        (text(resource="urn:pulumi:*::*::*::*s*"), "has a wrong `resource`: `.s.` may name anything"),
        (text(resource="urn:pulumi:*::*::*::lo*"), "has a wrong `resource`: `lo.` may name anything"),
        (text(resource="urn:pulumi:*::*::*::*logs*"), "has a wrong `resource`: `.logs.` may name anything"),
        (text(resource="arn:aws:s3:::*o*"), "has a wrong `resource`: `.o.` may name anything"),
        (text(approver=" Web team"), "has a wrong `approver`: whoever answers for a deviation cannot approve it"),
        (text(requirement="a public website"), "has a wrong `requirement`: it must begin with the id"),
        (text(requirement="3"), "has a wrong `requirement`"),
        (text() + '\nstages = ["always"]', "waiver 1 has a wrong `stages`"),
        (text() + '\nid = "a"\n' + text() + '\nid = "a"', "two waivers have the id a"),
        ("[waiver]\ncontrol = 'S3.8'", r"only \[\[waiver\]\] entries belong here"),
        ("[[waivers]]\ncontrol = 'S3.8'", r"only \[\[waiver\]\] entries belong here"),
        ("waiver = [3]", "waiver 1 is no table"),
        ("waiver = ", "is not TOML"),
    ],
)
def test_malformed_file_is_refused(tmp_path: Path, content: str, complaint: str) -> None:
    """Nothing is waived by a file that nobody can read, and the entry is named."""
    with pytest.raises(LedgergateError, match=complaint) as raised:
        load_waivers(write(tmp_path, content))
    assert "waivers.toml" in raised.value.message


@pytest.mark.parametrize("resource", ["urn:pulumi:*::bank::*::s3", "urn:pulumi:*::*::*::log*", "arn:aws:s3:::*logs"])
@pytest.mark.parametrize("requirement", ["3.5.1", "PCI DSS 3.5.1", "B-53", "LG-ENC-01, which leaves it out", "S3.17"])
def test_what_names_something_is_taken(tmp_path: Path, resource: str, requirement: str) -> None:
    """A short name stands for itself, a beginning or an end for what has it; a requirement is named by its id."""
    (waiver,) = load_waivers(write(tmp_path, text(resource=resource, requirement=requirement)))
    assert (waiver.resource, waiver.requirement) == (resource, requirement)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that was asked for and is not there is an error."""
    with pytest.raises(LedgergateError, match=r"waivers\.toml cannot be read: No such file"):
        load_waivers(tmp_path / "waivers.toml")


def test_control_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A slip in the id would leave the waiver without effect and without complaint."""
    path = write(tmp_path, text(control="S3.08"))

    with pytest.raises(LedgergateError, match=r"there is no control S3\.08") as raised:
        load_waivers(path, {"S3.8", "S3.15"})
    assert "S3.8" in raised.value.hint


def test_waiver_of_what_is_found_covers_nothing_else() -> None:
    """A new failure of the same control on the same resource blocks, and the waiver is of no use."""
    short = replace(FAILED, found="mode GOVERNANCE")
    worse = replace(FAILED, found="1 day")
    doubtful = replace(FAILED, status=Status.UNKNOWN, message="nobody knows yet")

    assert applied(short, found="mode GOVERNANCE").findings[0].waiver == "w1"
    assert applied(FAILED, found="open").findings[0].waiver == "w1"
    for each in (worse, doubtful):
        outcome = applied(each, found="mode GOVERNANCE")
        assert outcome.findings[0].blocks
        assert len(outcome.problems) == 1
        assert f"what is found now is “{each.found or each.message}”" in outcome.problems[0]
    assert "passes now" in applied(PASSED, found="mode GOVERNANCE").problems[0]


@pytest.mark.parametrize("status", [Status.FAIL, Status.UNKNOWN])
def test_covered_finding_keeps_its_status(status: Status) -> None:
    """A waived finding is shown with its waiver, and no longer blocks."""
    (marked,) = applied(replace(FAILED, status=status)).findings

    assert (marked.status, marked.waiver, marked.blocks) == (status, "w1", False)


@pytest.mark.parametrize("resource", [URN, "urn:pulumi:dev::bank::*::logs", "arn:aws:s3:::logs", "arn:aws:s3:::log*"])
@pytest.mark.parametrize("control", ["S3.8", "s3-bucket-public-access-blocked"])
def test_resource_is_named_by_urn_or_arn(resource: str, control: str) -> None:
    """A star stands for any characters; control ids and slugs are as good as each other."""
    outcome = applied(replace(FAILED, arn="arn:aws:s3:::logs"), resource=resource, control=control)

    assert (outcome.findings[0].waiver, outcome.problems) == ("w1", ())


@pytest.mark.parametrize(
    "changes",
    [
        {"resource": "urn:pulumi:*::bank::*::log"},
        {"resource": "urn:pulumi:dev::bank::aws:s3.bucket:Bucket::logs"},
        {"control": "S3.9"},
        {"stacks": ("prod",)},
        {"stages": (Stage.RUN,)},
    ],
)
def test_other_findings_are_left_alone(changes: dict[str, Any]) -> None:
    """A waiver for another resource, control, stack or stage covers nothing here."""
    assert applied(FAILED, **changes).findings == (FAILED,)


@given(st.text("ab:*.$[", max_size=12), st.text("ab:.$[", max_size=12))
def test_only_the_star_is_special(pattern: str, name: str) -> None:
    """Dots, dollars and brackets of URNs stand for themselves."""
    covers = waiver().model_copy(update={"resource": pattern}).covers(replace(FAILED, resource=name))

    if "*" not in pattern:
        assert covers is (pattern == name != "")
    elif covers:
        assert all(piece in name for piece in pattern.split("*"))


def test_last_day_counts() -> None:
    """A waiver holds through the day it names and is an error from the next on."""
    assert applied(FAILED, expires=TODAY).problems == ()
    outcome = applied(FAILED, expires=TODAY - dt.timedelta(days=1))

    assert outcome.findings == (FAILED,)
    assert outcome.problems == ("waiver w1 for S3.8 (web team) expired on 2026-11-20",)


def test_expired_waiver_is_a_problem_whatever_is_judged() -> None:
    """Expiry is a fact of the file."""
    assert len(applied(FAILED, expires=dt.date(2020, 1, 1), stacks=("prod",), control="S3.9").problems) == 1


def test_waiver_that_matches_nothing_is_a_problem() -> None:
    """A waiver of no use hides that somebody mistyped, or that the deviation is gone."""
    (lost,) = applied(FAILED, resource="urn:pulumi:*::bank::*::log").problems
    (mended,) = applied(PASSED).problems

    assert lost.endswith("it matches no finding, so correct or remove it")
    assert mended.endswith("what it covers passes now, so remove it")


@pytest.mark.parametrize("changes", [{"control": "S3.9"}, {"stacks": ("prod",)}, {"stages": (Stage.RUN,)}])
def test_waiver_for_what_was_not_judged_is_no_problem(changes: dict[str, Any]) -> None:
    """A run of one control or one stack says nothing about the others."""
    assert applied(PASSED, **changes).problems == ()


def test_waiver_needs_to_match_in_one_of_its_stacks() -> None:
    """Over several stacks of a program a waiver is of use when any of them needs it."""
    there = replace(FAILED, stack="prod")

    assert applied(PASSED, there, stack=("dev", "prod")).problems == ()
    assert applied(PASSED, stack="dev", stacks=("dev", "prod")).problems == ()
    assert (
        len(applied(PASSED, replace(PASSED, stack="prod"), stack=("dev", "prod"), stacks=("dev", "prod")).problems) == 1
    )


def test_deferred_finding_needs_its_waiver_later() -> None:
    """What only the audit can decide is not waived now, and its waiver is not called useless."""
    finding = replace(FAILED, status=Status.DEFERRED)

    assert applied(finding) == WaiverOutcome((finding,))
