"""Controls of the buckets behind CloudFront distributions."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from ledgergate.finding import Severity
from policies.controls.cloudfront.distribution import SECURITY_HUB, SYSTEMS
from policies.controls.settled import gravest, settled
from policies.facts.cloudfront_origins import AccessControl, BucketOrigin, BucketOrigins
from policies.facts.policy_documents import PolicyDocument
from policies.facts.s3.policy import BucketPolicy
from policies.iam_document import Condition, Principal, PrincipalKind, Statement, binds, label, service_principals
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, undecided

_CLOUDFRONT: Final = "cloudfront.amazonaws.com"
_SOURCE: Final = frozenset({"aws:sourcearn"})
_NO_BUCKET: Final = "none of its origins is a bucket"

_ARN: Final = "arn:aws:cloudfront::111122223333:distribution/E1"
_READ: Final = Statement(
    principals=(Principal(kind=PrincipalKind.SERVICE, name=_CLOUDFRONT),),
    actions=("s3:GetObject",),
    resources=("arn:aws:s3:::static/*",),
    conditions=(Condition(key="aws:sourcearn", values=(_ARN,)),),
)
_DENY: Final = Statement(effect="Deny", principals=(Principal(name="*"),), actions=("s3:*",), resources=("*",))
_POLICY: Final = BucketPolicy(arn="arn:aws:s3:::static", certain=(PolicyDocument(statements=(_DENY, _READ)),))
_ORIGIN: Final = BucketOrigin(policy=_POLICY, readers=(_ARN,), access_control=AccessControl())
SERVED: Final = BucketOrigins(origins=(_ORIGIN,))


def _with(**changes: Any) -> BucketOrigins:
    return BucketOrigins(origins=(_ORIGIN, replace(_ORIGIN, **changes)))


def _from(*arns: str) -> Statement:
    return replace(_READ, conditions=(Condition(operator="StringLike", key="aws:sourcearn", values=arns),))


def _with_statement(statement: Statement) -> BucketOrigins:
    return _with(policy=replace(_POLICY, certain=(PolicyDocument(statements=(_READ, statement)),)))


@control(
    id="CloudFront.12",
    slug="cloudfront-origin-bucket-existing",
    severity=Severity.HIGH,
    requirements=("2.2.6",),
    families=("pci", "network"),
    source=SECURITY_HUB,
    rationale="A stranger creates the missing bucket under its old name in another account, and from then on your "
    "domain serves that stranger's pages, with your certificate.",
    remediation="Set domain_name of the entry in origins of the aws.cloudfront.Distribution to "
    "bucket_regional_domain_name of an aws.s3.Bucket that the stack creates.",
    passes=[example("a bucket of the stack", SERVED)],
    fails=[example("a host that is no bucket, without a custom origin", _with(is_bucket=False, policy=None))],
    unknowns=[
        example("a bucket of another stack", _with(policy=None)),
        example("the host comes later", _with(is_bucket=UNKNOWN, policy=UNKNOWN)),
        example("the origins come later", BucketOrigins(origins=UNKNOWN)),
    ],
    not_applicable=[example("no bucket", BucketOrigins())],
)
def bucket_exists(distribution: BucketOrigins) -> Verdict:
    """Every bucket that a distribution reads exists, so that nobody else can make one of its name.

    domainName of every origin without customOriginConfig and vpcOriginConfig is the host of a bucket that the stack
    creates. A bucket of another stack shows in the account alone and is undecided. A host that is no bucket's fails,
    and in an account one whose bucket is gone. Without such an origin it is not applicable.
    """
    open_ = False
    for origin in distribution.origins:
        if not origin.is_bucket:
            message = "an origin is neither a custom origin nor a bucket that exists"
            return fail(message, found="another host", wanted="a bucket")
        open_ = open_ or origin.policy is None
    if open_:
        return undecided("a bucket behind it is not created here")
    return PASS if distribution.origins else not_applicable(_NO_BUCKET)


@control(
    id="LG-NET-14",
    slug="cloudfront-origin-s3-access-controlled",
    severity=Severity.MEDIUM,
    requirements=("10.3.4",),
    families=("pci", "network", "identity"),
    source=SYSTEMS,
    rationale="Files can be fetched from the bucket directly or through a stranger's distribution, so signed URLs, "
    "geographic limits and access logs of yours mean nothing.",
    remediation="Give the entry in origins of the aws.cloudfront.Distribution origin_access_control_id of an "
    "aws.cloudfront.OriginAccessControl with signing_behavior='always', and the bucket an aws.s3.BucketPolicy that "
    "allows cloudfront.amazonaws.com alone, under aws:SourceArn of the distribution.",
    passes=[
        example("signed requests, and a policy for them alone", SERVED),
        example(
            "a policy of an unknown bucket that says the same",
            _with(policy=replace(_POLICY, possible=_POLICY.certain)),
        ),
        example(
            "two distributions that both read it",
            replace(_with_statement(_from(_ARN, f"{_ARN}2")), origins=(replace(_ORIGIN, readers=(_ARN, f"{_ARN}2")),)),
        ),
    ],
    fails=[
        example("no access control", _with(access_control=None)),
        example("requests that may stay unsigned", _with(access_control=AccessControl(signing="no-override"))),
        example("an access control for functions", _with(access_control=AccessControl(origin_type="lambda"))),
        example("an identity of the former kind", _with(legacy_identity=True)),
        example("no policy", _with(policy=replace(_POLICY, certain=()))),
        example("any distribution", _with_statement(replace(_READ, conditions=()))),
        example("any distribution of the account", _with_statement(_from(_ARN.replace("E1", "*")))),
        example("another distribution", _with_statement(_from(f"{_ARN}2"))),
        example("another distribution too", _with_statement(_from(_ARN, f"{_ARN}2"))),
        example(
            "an account instead of a distribution",
            _with_statement(replace(_READ, conditions=(Condition(key="aws:sourceaccount", values=("111122223333",)),))),
        ),
        example("everyone", _with_statement(replace(_READ, principals=(Principal(name="*"),)))),
        example(
            "everyone but somebody",
            _with_statement(replace(_READ, principals=None, not_principals=(Principal(name="1"),))),
        ),
        example(
            "a policy that lets nobody in",
            _with(policy=replace(_POLICY, certain=(PolicyDocument(statements=(_DENY,)),))),
        ),
        example(
            "a policy that S3 does not take", _with(policy=replace(_POLICY, certain=(PolicyDocument(malformed="no"),)))
        ),
    ],
    unknowns=[
        example("the origins come later", BucketOrigins(origins=UNKNOWN)),
        example("the access control comes later", _with(access_control=UNKNOWN)),
        example("an access control of another stack", _with(access_control=replace(AccessControl(), in_stack=False))),
        example("a bucket of another stack", _with(policy=None)),
        example(
            "the policy comes later", _with(policy=replace(_POLICY, certain=(PolicyDocument(statements=UNKNOWN),)))
        ),
        example("an ARN that comes later", _with(readers=(UNKNOWN,))),
        example("a policy that is looked up", _with(policy=replace(_POLICY, certain=(), looked_up=True))),
        example(
            "a policy whose bucket is not known", _with(policy=replace(_POLICY, certain=(), possible=_POLICY.certain))
        ),
    ],
    not_applicable=[example("no bucket", BucketOrigins())],
)
def bucket_access_controlled(distribution: BucketOrigins) -> Verdict:
    """Only its distribution reads a bucket behind CloudFront.

    Every origin without customOriginConfig and vpcOriginConfig names an origin access control of type s3 with
    signingBehavior always, and no origin access identity. Every Allow in the policies of its bucket is for
    cloudfront.amazonaws.com alone, and a condition on aws:SourceArn names nothing but distributions that have the
    bucket among their origins; there is one, and Deny statements are not weighed. What the stack does not create is
    undecided. Without such an origin it is not applicable.
    """
    if not distribution.origins:
        return not_applicable(_NO_BUCKET)
    return gravest(*(_of_origin(each) for each in distribution.origins))


def _of_origin(origin: BucketOrigin) -> Verdict:
    if origin.legacy_identity:
        return fail("an origin uses an origin access identity", found="originAccessIdentity", wanted=_WANTED)
    return gravest(_of_control(origin.access_control), _of_bucket(origin))


_WANTED: Final = "an origin access control"


def _of_control(found: AccessControl | None) -> Verdict:
    if found is None:
        return fail("CloudFront reads a bucket unsigned", found="no originAccessControlId", wanted=_WANTED)
    if not found.in_stack:
        return undecided("an origin access control is not created here")
    if (found.signing, found.origin_type) != ("always", "s3"):
        shown = f"signingBehavior {found.signing}, type {found.origin_type}"
        return fail("its access control does not sign every request to a bucket", found=shown, wanted="always, s3")
    return PASS


def _of_bucket(origin: BucketOrigin) -> Verdict:
    if origin.policy is None:
        return undecided("a bucket behind it is not created here")
    missing = fail(
        "its bucket lets CloudFront in by no policy", found="no policy", wanted=f"an Allow for {_CLOUDFRONT}"
    )
    return settled(origin.policy, "policy", partial(_policy_fault, origin), missing)


def _policy_fault(origin: BucketOrigin, document: PolicyDocument) -> Verdict | None:
    wanted = f"{_CLOUDFRONT} alone, under aws:SourceArn of the distribution"
    if document.malformed:
        return fail(f"{document.property} is no policy that S3 takes: {document.malformed}")
    lets_in = False
    for number, statement in enumerate(document.statements, start=1):
        if statement.effect != "Allow":
            continue
        if not (_is_for_cloudfront(statement) and _is_for_readers(statement, origin)):
            found = f"{document.property}, {label(statement, number)}"
            return fail("its bucket lets in others than its distribution", found=found, wanted=wanted)
        lets_in = True
    return None if lets_in else fail("its bucket lets CloudFront in by no policy", found="no Allow", wanted=wanted)


def _is_for_cloudfront(statement: Statement) -> bool:
    if statement.not_principals is not None:
        return False
    named = tuple(statement.principals or ())
    return len(named) == 1 and service_principals(statement) == (_CLOUDFRONT,)


def _is_for_readers(statement: Statement, origin: BucketOrigin) -> bool:
    """Tell whether some condition lets in nothing but distributions that read the bucket."""
    bound = (each for each in statement.conditions if binds(each, _SOURCE))
    return any(all(any(value == reader for reader in origin.readers) for value in each.values) for each in bound)
