"""What is said of facts that come from an account."""

from dataclasses import dataclass, replace

from integration.readers import READINGS
from integration.scanning.calls import Call, Cause, Failure
from integration.scanning.judging import Audit
from integration.scanning.observed import Observed, Place, Subject, Unread
from ledgergate.finding import Finding, Severity, Stage, Status
from policies.catalogue import load_catalogue
from policies.facts.properties import UNKNOWN
from policies.facts.rds import Database
from policies.facts.s3 import Bucket
from policies.model import PASS, Verdict, control, example
from policies.settings import Settings

PLACE = Place("111122223333", "eu-west-1")
BUCKET = Subject("arn:aws:s3:::logs", "aws:s3/bucket:Bucket", PLACE)
DATABASE = Subject(PLACE.arn("rds", "cluster:books"), "aws:rds/cluster:Cluster", PLACE)
CALL = Call("s3", "GetPublicAccessBlock", "eu-west-1", '{"Bucket":"logs"}')
FAILURE = Failure(CALL, Cause.DENIED, "AccessDenied")
BLOCKED = Bucket(
    block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
)


def judged(*found: Observed | Unread, select: str = "S3.8") -> list[Finding]:
    """Return what a control says of what was found."""
    audit = Audit(load_catalogue().select([select]), Settings(), Place("111122223333", ""), "2026-11-21T00:00:00Z")
    return audit.findings(found, READINGS)


def test_a_finding_says_where_and_from_what() -> None:
    """ARN, account, Region, type and the calls behind it are in every finding, and it is of stage run."""
    (found,) = judged(Observed(BUCKET, BLOCKED, (CALL,)))
    assert (found.status, found.stage, found.arn, found.type) == (Status.PASS, Stage.RUN, BUCKET.arn, BUCKET.type)
    assert (found.account, found.region, found.evidence) == ("111122223333", "eu-west-1", {"calls": [str(CALL)]})


def test_what_could_not_be_read_is_undecided() -> None:
    """The message names call, reason and permission; the evidence too."""
    (found,) = judged(Unread(BUCKET, (Bucket,), FAILURE, (CALL,)))
    assert (found.status, found.message) == (Status.UNKNOWN, str(FAILURE))
    assert found.evidence["failed"] == [FAILURE.to_json()]


def test_a_field_that_could_not_be_read_counts_where_it_matters() -> None:
    """An unknown key leaves an encrypted database undecided, with the call; one that is not encrypted fails anyhow."""
    undecided = Observed(
        DATABASE, Database(region="eu-west-1", storage_encrypted=True, kms_key_id=UNKNOWN), (), (FAILURE,)
    )
    (found,) = judged(undecided, select="LG-ENC-02")
    assert (found.status, str(FAILURE) in found.message) == (Status.UNKNOWN, True)
    plain = replace(undecided, fact=Database(region="eu-west-1", kms_key_id=UNKNOWN))
    (found,) = judged(plain, select="LG-ENC-02")
    assert (found.status, found.evidence) == (Status.FAIL, {"calls": []})


def test_nothing_is_deferred() -> None:
    """What the gate leaves to the audit has nobody to be left to."""
    (found,) = judged(Observed(BUCKET, Bucket(access_block_read=True)))
    assert found.status is Status.UNKNOWN


def test_the_order_of_reading_does_not_show() -> None:
    """Findings come in the order of what they are about, and several words on one resource are one, the gravest."""
    other = replace(BUCKET, arn="arn:aws:s3:::archive")
    found = [Observed(BUCKET, BLOCKED), Observed(other, BLOCKED), Observed(BUCKET, Bucket())]
    assert judged(*found) == judged(*reversed(found))
    assert [(each.arn, each.status.value) for each in judged(*found)] == [
        ("arn:aws:s3:::archive", "pass"),
        ("arn:aws:s3:::logs", "fail"),
    ]


def test_a_control_without_a_subject_says_so() -> None:
    """Each selected control is in the findings, with the account as its subject."""
    (nothing,) = judged()
    assert (nothing.status, nothing.arn) == (Status.NOT_APPLICABLE, "arn:aws:iam::111122223333:root")
    (programs,) = judged(select="LG-ENG-01")
    assert programs.message == "it speaks about programs, not about what is deployed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A fact that no reader gives."""

    loud: bool = False


@control(
    id="X-1",
    slug="x-thing-quiet",
    severity=Severity.LOW,
    requirements=(),
    families=("naming",),
    source="a test",
    rationale="Neighbours complain.",
    remediation="-",
    passes=[example("quiet", Unheard())],
    fails=[example("loud", Unheard(loud=True))],
    unknowns=[example("nobody knows", Unheard(loud=UNKNOWN))],
)
def quiet(thing: Unheard) -> Verdict:
    """A thing is quiet."""
    return PASS if not thing.loud else Verdict(Status.FAIL)


def test_a_fact_that_nobody_reads_is_undecided() -> None:
    """A control of a bank's own that no reader serves is not silently passed over."""
    (found,) = Audit((quiet,), Settings(), Place("1" * 12, ""), "").findings([], READINGS)
    assert (found.status, found.message) == (Status.UNKNOWN, "nothing here reads Unheard from an account")


def test_a_fingerprint_is_the_resources() -> None:
    """The same control on the same resource has the same fingerprint whatever is found, and nobody else has it."""
    first, again = judged(Observed(BUCKET, BLOCKED)), judged(Observed(BUCKET, Bucket()))
    elsewhere = judged(Unread(replace(BUCKET, arn="arn:aws:s3:::*"), (Bucket,), FAILURE))
    assert first[0].fingerprint == again[0].fingerprint != elsewhere[0].fingerprint


def test_a_fact_that_says_why_nobody_reads_it_is_no_pass() -> None:
    """Its control does not apply, gives the reason, and is counted."""
    audit = Audit((replace(quiet, not_read="things are silent"),), Settings(), Place("1" * 12, ""), "")
    (found,) = audit.findings([], READINGS)
    assert (found.status, found.message) == (Status.NOT_APPLICABLE, "no audit reads it: things are silent")
    assert audit.not_read(READINGS) == ("X-1",)


def test_what_a_reader_leaves_out_is_told() -> None:
    """A type that controls speak about and nobody reads is named with its reason, to those who ask for them."""
    reading = replace(READINGS[0], leaves_out={(Unheard, "aws:x/drum:Drum"): "drums are not listed"})
    audit = Audit((quiet,), Settings(), Place("1" * 12, ""), "")
    assert audit.left_out([reading]) == ("X-1 on aws:x/drum:Drum: drums are not listed",)
    assert replace(audit, controls=()).left_out([reading]) == ()
