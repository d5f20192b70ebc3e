"""Controls of how S3 buckets encrypt."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from ledgergate.finding import Severity, Stage
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.controls.holdings import is_tagged_for_logs
from policies.controls.s3.deliveries import ACCESS_LOGS, BALANCER_LOGS, takes_deliveries
from policies.controls.settled import Fault, gravest, settled
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.labels import Labels
from policies.facts.policy_documents import PolicyDocument
from policies.facts.s3.encryption import (
    SERVICE_KEY,
    Algorithms,
    BucketAlgorithms,
    BucketEncryption,
    Encryption,
    EncryptionRule,
)
from policies.facts.s3.policy import BucketPolicy
from policies.iam_document import Principal, PrincipalKind, Statement
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail

_KMS: Final = frozenset({"aws:kms", "aws:kms:dsse"})
_WHAT: Final = "encryption configuration"

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
RULE: Final = EncryptionRule(algorithm="aws:kms", kms_master_key_id=KEY, bucket_key_enabled=True)
SERVICE_RULE: Final = EncryptionRule()
POLICY: Final = BucketPolicy(arn="arn:aws:s3:::ledger")
PLAIN: Final = BucketEncryption(labels=Labels(name="ledger"), policy=POLICY)


def _deliverer(service: str) -> BucketPolicy:
    statement = Statement(
        principals=(Principal(kind=PrincipalKind.SERVICE, name=service),),
        actions=("s3:PutObject",),
        resources=("arn:aws:s3:::ledger/*",),
    )
    return replace(POLICY, certain=(PolicyDocument(statements=(statement,)),))


def _with(*rules: EncryptionRule) -> BucketEncryption:
    return replace(PLAIN, certain=(Encryption(rules=rules),))


LOG_TARGET: Final = replace(_with(SERVICE_RULE), labels=Labels(purpose="access-logs"), policy=_deliverer(ACCESS_LOGS))


def _by(*algorithms: str) -> BucketAlgorithms:
    return BucketAlgorithms(certain=(Algorithms(algorithms=algorithms),))


@control(
    id="S3.17",
    slug="s3-bucket-encrypted-with-kms",
    severity=Severity.MEDIUM,
    requirements=("3.5.1",),
    families=("pci", "encryption"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="Objects under S3's own key are decrypted for everyone who may read the bucket, so one wide bucket "
    "policy exposes card data that a key policy would have withheld.",
    remediation="Add an aws.s3.BucketServerSideEncryptionConfiguration for the bucket, every rule of which has "
    "apply_server_side_encryption_by_default.sse_algorithm='aws:kms' or 'aws:kms:dsse'.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="an encryption configuration that is only looked up",
    passes=[
        example("a KMS key, whoever's it is", _by("aws:kms")),
        example("two layers of encryption", _by("aws:kms:dsse", "aws:kms")),
        example(
            "a configuration of an unknown bucket that says the same",
            replace(_by("aws:kms"), possible=_by("aws:kms").certain),
        ),
    ],
    fails=[
        example("no encryption configuration", BucketAlgorithms()),
        example("the service's own key", _by(SERVICE_KEY)),
        example("one rule of two", _by("aws:kms", SERVICE_KEY)),
        example("a configuration without rules", _by()),
        example("two configurations that differ", BucketAlgorithms(certain=(*_by("aws:kms").certain, *_by().certain))),
        example("one that is looked up beside a created one that is wrong", replace(_by(), looked_up=True)),
    ],
    unknowns=[
        example("the algorithm comes later", BucketAlgorithms(certain=(Algorithms(algorithms=(UNKNOWN,)),))),
        example("a configuration whose bucket is not known", BucketAlgorithms(possible=_by("aws:kms").certain)),
        example("another configuration, whose bucket is not known", replace(_by("aws:kms"), possible=_by().certain)),
    ],
)
def encrypted_with_kms(bucket: BucketAlgorithms) -> Verdict:
    """A bucket encrypts every object under a KMS key.

    Every rule of every encryption configuration for the bucket has sseAlgorithm aws:kms or aws:kms:dsse. Without a
    configuration, or without an algorithm in a rule, S3 takes AES256, which does not count, log targets included. One
    that is only looked up is left to the audit.
    """
    return settled(bucket, _WHAT, lambda found: _without_kms(found.algorithms), _unencrypted())


def _unencrypted() -> Verdict:
    return fail("no KMS key encrypts it", found=f"no {_WHAT}, so {SERVICE_KEY}", wanted="aws:kms")


def _without_kms(algorithms: Sequence[str]) -> Verdict | None:
    if not algorithms:
        return fail("no KMS key encrypts it", found=f"an {_WHAT} without rules", wanted="aws:kms")
    for algorithm in algorithms:
        if algorithm not in _KMS:
            return fail("no KMS key encrypts it", found=f"sseAlgorithm {algorithm}", wanted="aws:kms")
    return None


@control(
    id="LG-ENC-01",
    slug="s3-bucket-encrypted-with-customer-key",
    severity=Severity.HIGH,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="With AES256 whoever has s3:GetObject reads card data and no key policy stands in the way; in a breach "
    "there is no key to disable and no record of decryption.",
    remediation="Add an aws.s3.BucketServerSideEncryptionConfiguration with sse_algorithm='aws:kms', kms_master_key_id "
    "of a customer managed key and bucket_key_enabled=True; tag the targets of access logs Purpose=access-logs.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="an encryption configuration or a key that is only looked up",
    passes=[
        example("a customer's key, and a bucket key", _with(RULE)),
        example("a tagged target of S3's access logs under the service's key", LOG_TARGET),
        example("a tagged target of a load balancer's logs", replace(LOG_TARGET, policy=_deliverer(BALANCER_LOGS))),
        example("a tagged target without a configuration", replace(LOG_TARGET, certain=())),
    ],
    fails=[
        example("no encryption configuration", PLAIN),
        example("the service's own key", _with(SERVICE_RULE)),
        example("no key named", _with(replace(RULE, kms_master_key_id=None))),
        example(
            "the key that AWS manages", _with(replace(RULE, kms_master_key_id=replace(KEY, manager=KeyManager.AWS)))
        ),
        example("no bucket key", _with(replace(RULE, bucket_key_enabled=False))),
        example("a tag alone makes no log target", replace(LOG_TARGET, policy=POLICY)),
        example("a log target without the tag", replace(LOG_TARGET, labels=Labels())),
        example("a target of other logs", replace(LOG_TARGET, policy=_deliverer("delivery.logs.amazonaws.com"))),
    ],
    unknowns=[
        example("the key comes later", _with(replace(RULE, kms_master_key_id=UNKNOWN))),
        example(
            "what it names as its key is no name of a key",
            _with(replace(RULE, kms_master_key_id=replace(KEY, manager=KeyManager.UNREADABLE))),
        ),
        example(
            "a tagged bucket whose policy comes later", replace(LOG_TARGET, policy=replace(POLICY, certain=UNKNOWN))
        ),
    ],
)
def encrypted_with_customer_key(bucket: BucketEncryption) -> Verdict:
    """A bucket encrypts every object under a key that the customer manages.

    Every rule of every encryption configuration for the bucket has sseAlgorithm aws:kms or aws:kms:dsse, a
    kmsMasterKeyId that is not under alias/aws/, and bucketKeyEnabled true. A bucket to which S3 or a load balancer
    delivers access logs may have AES256, since they are delivered under no other key: its tag Purpose has the word
    log or logs, and its policy lets logging.s3.amazonaws.com or logdelivery.elasticloadbalancing.amazonaws.com put
    objects. A configuration or key of which only the account can tell more is left to the audit.
    """
    strict = settled(bucket, _WHAT, _without_customer_key, _unencrypted())
    if strict is PASS or not is_tagged_for_logs(bucket.labels):
        return strict
    if not takes_deliveries(bucket.policy, ACCESS_LOGS, BALANCER_LOGS):
        return strict
    return settled(bucket, _WHAT, _unless_service_key(_without_customer_key), PASS)


def _without_customer_key(configuration: Any) -> Verdict | None:
    wrong = _without_kms([rule.algorithm for rule in configuration.rules])
    if wrong is not None:
        return wrong
    found = [verdict for rule in configuration.rules if (verdict := _rule_fault(rule)) is not None]
    return gravest(*found) if found else None


def _rule_fault(rule: Any) -> Verdict | None:
    name = "kmsMasterKeyId"
    if not rule.bucket_key_enabled:
        return fail("it has no bucket key", found="bucketKeyEnabled false", wanted="true")
    return without_customer_key(rule.kms_master_key_id, name) or open_about_key(rule.kms_master_key_id, name)


def _unless_service_key(fault: Callable[[Any], Verdict | None]) -> Fault:
    def judged(configuration: Any) -> Verdict | None:
        if all(rule.algorithm == SERVICE_KEY for rule in configuration.rules):
            return None
        return fault(configuration)

    return judged
