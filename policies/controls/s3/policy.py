"""Controls of the policies of S3 buckets."""

from dataclasses import replace
from typing import Any, Final

from ledgergate.finding import Severity, Stage
from policies.controls.s3.public import public_grants
from policies.controls.settled import settled
from policies.facts.policy_documents import PolicyDocument
from policies.facts.s3.grants import AccessList, BucketGrants
from policies.facts.s3.policy import BucketPolicy
from policies.iam_document import Condition, Principal, Statement, denied_without_tls
from policies.model import UNKNOWN, Verdict, control, example, fail

_ARN: Final = "arn:aws:s3:::ledger"
_EVERYONE: Final = (Principal(name="*"),)

PLAIN_TEXT: Final = Statement(
    effect="Deny",
    principals=_EVERYONE,
    actions=("s3:*",),
    resources=(_ARN, f"{_ARN}/*"),
    conditions=(Condition(operator="Bool", key="aws:securetransport", values=("false",)),),
)
READ: Final = Statement(principals=_EVERYONE, actions=("s3:GetObject",), resources=(f"{_ARN}/*",))
OWN_ORGANISATION: Final = Condition(key="aws:principalorgid", values=("o-ledger",))


def _with(*statements: Statement) -> BucketPolicy:
    return BucketPolicy(arn=_ARN, certain=(PolicyDocument(statements=statements),))


@control(
    id="S3.5",
    slug="s3-bucket-tls-required",
    severity=Severity.MEDIUM,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="A script with an http:// endpoint sends statements and its signed request in clear, and someone on the "
    "way reads the file or replays the request.",
    remediation="Add an aws.s3.BucketPolicy whose statement denies s3:* on the bucket and its objects to Principal * "
    "under Bool aws:SecureTransport false.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a policy that is only looked up",
    passes=[
        example("plain text is denied", _with(READ, PLAIN_TEXT)),
        example(
            "in two statements", _with(*(replace(PLAIN_TEXT, resources=(each,)) for each in PLAIN_TEXT.resources or ()))
        ),
        example("every action of every service", _with(replace(PLAIN_TEXT, actions=("*",), resources=("*",)))),
        example("whatever the transport", _with(replace(PLAIN_TEXT, conditions=()))),
    ],
    fails=[
        example("no policy", BucketPolicy(arn=_ARN)),
        example("nothing is denied", _with(READ)),
        example("objects alone", _with(replace(PLAIN_TEXT, resources=(f"{_ARN}/*",)))),
        example("another bucket", _with(replace(PLAIN_TEXT, resources=("arn:aws:s3:::other", "arn:aws:s3:::other/*")))),
        example("one action", _with(replace(PLAIN_TEXT, actions=("s3:GetObject",)))),
        example("one principal", _with(replace(PLAIN_TEXT, principals=(Principal(name="111122223333"),)))),
        example(
            "under a further condition",
            _with(replace(PLAIN_TEXT, conditions=(*PLAIN_TEXT.conditions, OWN_ORGANISATION))),
        ),
        example(
            "a policy that IAM would refuse",
            BucketPolicy(arn=_ARN, certain=(PolicyDocument(malformed="it is not JSON"),)),
        ),
        example(
            "two policies that overwrite each other",
            replace(_with(PLAIN_TEXT), certain=(*_with(PLAIN_TEXT).certain, *_with(READ).certain)),
        ),
    ],
    unknowns=[
        example("the policy comes later", BucketPolicy(arn=_ARN, certain=(PolicyDocument(statements=UNKNOWN),))),
        example("a policy whose bucket is not known", BucketPolicy(arn=_ARN, possible=_with(PLAIN_TEXT).certain)),
        example("a resource comes later", _with(replace(PLAIN_TEXT, resources=(UNKNOWN,)))),
    ],
)
def tls_required(bucket: BucketPolicy) -> Verdict:
    """A bucket refuses every request that comes without TLS.

    Deny statements of its policy hold for Principal *, for s3:* and for both the bucket and its objects, with no
    condition but such as hold for every request without TLS: Bool aws:SecureTransport false, or NumericLessThanIfExists
    s3:TlsVersion. A wider statement counts too. A policy that IAM would refuse fails, and so does a bucket without one;
    of several policies for one bucket each has to. A policy that is only looked up is left to the audit.
    """

    def fault(document: Any) -> Verdict | None:
        if document.malformed:
            return fail(f"its policy is none that IAM takes: {document.malformed}")
        if denied_without_tls(document.statements, "s3:*", (bucket.arn, f"{bucket.arn}/*")):
            return None
        return fail("requests without TLS are let through", found="no such statement", wanted="s3:* denied without TLS")

    return settled(bucket, "policy", fault, fail("requests without TLS are let through", found="no policy"))


PRIVATE: Final = BucketGrants(policy=BucketPolicy(arn=_ARN))


def _listed(*lists: AccessList) -> BucketGrants:
    return replace(PRIVATE, certain=lists)


def _granted(*statements: Statement) -> BucketGrants:
    return replace(PRIVATE, policy=_with(*statements))


@control(
    id="LG-NET-15",
    slug="s3-bucket-public-grants-absent",
    severity=Severity.CRITICAL,
    requirements=("1.4.4", "7.2.1", "10.3.2"),
    families=("pci", "network", "identity"),
    source="Demand of the banking, payments and fraud systems, after Security Hub S3.2 and S3.3, read 2026-11-20",
    rationale="Search engines for open buckets list it within days; statements and exports are downloaded, or a "
    "script on your site is replaced by a skimmer.",
    remediation="Leave the aws.s3.BucketAcl out or set acl='private', and in the aws.s3.BucketPolicy name "
    "principals, or bind Principal * with aws:PrincipalOrgID, aws:SourceAccount or the like.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="an access list or a policy that is only looked up",
    passes=[
        example("a private access list", _listed(AccessList(canned="private"))),
        example("neither access list nor policy", PRIVATE),
        example(
            "grants to accounts and to the log delivery group",
            _listed(AccessList(group_uris=("", "http://acs.amazonaws.com/groups/s3/LogDelivery"))),
        ),
        example("everybody of one organisation", _granted(replace(READ, conditions=(OWN_ORGANISATION,)))),
        example("everybody is denied", _granted(PLAIN_TEXT)),
    ],
    fails=[
        example("public-read", _listed(AccessList(canned="public-read"))),
        example("every AWS account", _listed(AccessList(canned="authenticated-read"))),
        example(
            "a grant to everybody", _listed(AccessList(group_uris=("http://acs.amazonaws.com/groups/global/AllUsers",)))
        ),
        example("a policy for everybody", _granted(READ)),
        example(
            "everybody but a few",
            _granted(replace(READ, principals=None, not_principals=(Principal(name="111122223333"),))),
        ),
        example(
            "a condition that anybody can meet",
            _granted(replace(READ, conditions=(Condition(operator="StringLike", key="aws:referer", values=("*",)),))),
        ),
        example(
            "a private list beside a public one",
            _listed(AccessList(canned="private"), AccessList(canned="public-read")),
        ),
    ],
    unknowns=[
        example("the access list comes later", _listed(AccessList(canned=UNKNOWN))),
        example("the policy comes later", replace(PRIVATE, policy=BucketPolicy(arn=_ARN, certain=(UNKNOWN,)))),
        example(
            "a public list whose bucket is not known", replace(PRIVATE, possible=(AccessList(canned="public-read"),))
        ),
    ],
)
def public_grants_absent(bucket: BucketGrants) -> Verdict:
    """Neither access list nor policy of a bucket lets everybody in.

    No access list for the bucket is public-read, public-read-write or authenticated-read, or grants something to the
    groups AllUsers or AuthenticatedUsers; unset means private. No Allow statement of its policy has Principal * or a
    NotPrincipal, unless a condition binds it to an account, an organisation, a source or a network that is named; a
    policy that IAM would refuse fails. The public access block is no excuse. An access list or policy that is only
    looked up is left to the audit.
    """
    return public_grants(bucket)
