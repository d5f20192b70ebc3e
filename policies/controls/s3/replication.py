"""Controls of the copies of S3 buckets in other Regions."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.controls.settled import settled
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.labels import Labels
from policies.facts.s3.replication import BucketReplication, Replication, ReplicationRule
from policies.model import UNKNOWN, Verdict, control, example, fail, not_applicable

if TYPE_CHECKING:
    from policies.settings import Settings

_COPIED: Final = frozenset({"cardholder", "confidential"})
_BANKING: Final = {"system": "banking"}

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="us-east-1")
RULE: Final = ReplicationRule(
    destination_region="us-east-1",
    replica_key=KEY,
    copies_encrypted=True,
    copies_delete_markers=True,
    time_controlled=True,
)
ALONE: Final = BucketReplication(region="eu-west-1", labels=Labels(data_classification="confidential"))


def _with(*rules: ReplicationRule) -> BucketReplication:
    return replace(ALONE, certain=(Replication(rules=rules),))


@control(
    id="LG-DR-12",
    slug="s3-bucket-replicated",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("resilience",),
    source="Demand of the banking system, after Security Hub S3.7, read 2026-11-20",
    rationale="Documents that lie in one Region only cannot be reached while it is down; if they are lost there, "
    "customers and regulators cannot be answered.",
    remediation="Add an aws.s3.BucketReplicationConfig with an enabled rule whose destination is a bucket of another "
    "Region: destination.encryption_configuration.replica_kms_key_id, destination.replication_time.status='Enabled', "
    "source_selection_criteria.sse_kms_encrypted_objects.status='Enabled', and delete_marker_replication.",
    parameters=("system", "replicated_bucket_systems", "replicated_delete_markers"),
    passes=[
        example("one rule that does it all", _with(RULE), params=_BANKING),
        example("beside one that does less", _with(replace(RULE, enabled=False), RULE), params=_BANKING),
        example(
            "deletions stay behind where that is asked",
            _with(replace(RULE, copies_delete_markers=False)),
            params={**_BANKING, "replicated_delete_markers": False},
        ),
        example("another system", _with(RULE), params={"system": "fraud", "replicated_bucket_systems": ("fraud",)}),
    ],
    fails=[
        example("no replication", ALONE, params=_BANKING),
        example("the only rule is off", _with(replace(RULE, enabled=False)), params=_BANKING),
        example("a copy in the same Region", _with(replace(RULE, destination_region="eu-west-1")), params=_BANKING),
        example("no key for the copies", _with(replace(RULE, replica_key=None)), params=_BANKING),
        example("encrypted objects are left out", _with(replace(RULE, copies_encrypted=False)), params=_BANKING),
        example("deletions stay behind", _with(replace(RULE, copies_delete_markers=False)), params=_BANKING),
        example("no promise of time", _with(replace(RULE, time_controlled=False)), params=_BANKING),
        example("a configuration without rules", _with(), params=_BANKING),
    ],
    unknowns=[
        example("a destination of another stack", _with(replace(RULE, destination_region=UNKNOWN)), params=_BANKING),
        example(
            "a configuration whose bucket is not known", replace(ALONE, possible=_with(RULE).certain), params=_BANKING
        ),
        example("a configuration that is only looked up", replace(ALONE, looked_up=True), params=_BANKING),
        example(
            "nobody knows what it holds", replace(ALONE, labels=Labels(data_classification=UNKNOWN)), params=_BANKING
        ),
    ],
    not_applicable=[
        example("another system", ALONE, params={"system": "payments"}),
        example("public data", replace(ALONE, labels=Labels(data_classification="public")), params=_BANKING),
        example("the copy itself", replace(ALONE, is_copy=True), params=_BANKING),
    ],
)
def replicated(bucket: BucketReplication, settings: "Settings") -> Verdict:
    """A bucket whose data must outlive its Region is copied to another one within a promised time.

    Each replication configuration for the bucket has an enabled rule whose destination is a bucket of another Region,
    which names a customer managed key for the copies, copies objects under KMS keys, copies deletions exactly if
    replicated_delete_markers is true, and has replicationTime Enabled. It speaks about buckets whose tag
    DataClassification is confidential or cardholder in the systems of replicated_bucket_systems; one that others of the
    stack are copied to is not applicable. A destination outside the stack, and a configuration or key that is only
    looked up, are undecided; in an account only one of another account is. A rule without a filter is of the first
    version, in which S3 copies deletions unasked; that counts in an account.
    """
    delete_markers = settings.replicated_delete_markers
    if settings.system not in settings.replicated_bucket_systems:
        return not_applicable("the system does not copy its buckets to other Regions")
    if bucket.labels.data_classification.lower() not in _COPIED:
        return not_applicable("its tag DataClassification is neither confidential nor cardholder")
    if not bucket.certain and bucket.is_copy:
        return not_applicable("it is the copy of another bucket")
    absent = fail("it is not copied to another Region", found="no replication", wanted="a copy in another Region")

    def fault(configuration: Any) -> Verdict | None:
        return _none_does(configuration, bucket.region, delete_markers)

    return settled(bucket, "replication configuration", fault, absent)


def _none_does(configuration: Any, region: str, delete_markers: bool) -> Verdict | None:  # noqa: FBT001 - a setting passed on
    problem: Verdict | None = fail("it is not copied to another Region", found="no rule", wanted="a rule")
    for rule in configuration.rules:
        problem = _problem(rule, region, delete_markers)
        if problem is None:
            return None
    return problem


def _problem(rule: Any, region: str, delete_markers: bool) -> Verdict | None:  # noqa: FBT001 - a setting passed on
    name = "replicaKmsKeyId"
    demands = (
        (not rule.enabled, "its replication is off", "status Disabled", "Enabled"),
        (not rule.time_controlled, "its copies have no promised time", "no replicationTime", "Enabled"),
        (not rule.copies_encrypted, "encrypted objects are not copied", "no sseKmsEncryptedObjects", "Enabled"),
        (
            rule.copies_delete_markers is not delete_markers,
            "its copies treat deletions otherwise than asked",
            "deleteMarkerReplication on" if rule.copies_delete_markers else "deleteMarkerReplication off",
            "on" if delete_markers else "off",
        ),
    )
    for wrong, message, found, wanted in demands:
        if wrong:
            return fail(message, found=found, wanted=wanted)
    if rule.destination_region == region:
        return fail("its copy is in the same Region", found=region, wanted="another Region")
    return without_customer_key(rule.replica_key, name) or open_about_key(rule.replica_key, name)
