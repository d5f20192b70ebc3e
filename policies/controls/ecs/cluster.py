"""Controls of what encrypts the data of ECS clusters."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.controls.ecs.containers import SYSTEMS
from policies.facts.ecs_clusters import ClusterEncryption, ExecLog
from policies.facts.kms import KeyManager, KeyUse
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
_AWS: Final = replace(KEY, manager=KeyManager.AWS)
_STORAGE: Final = ClusterEncryption(storage_key=KEY)
_LOG: Final = ExecLog(logging="OVERRIDE", log_group="/bank/sessions", log_group_encrypted=True)
ENCRYPTED: Final = ClusterEncryption(storage_key=KEY, exec_enabled=True, exec_key=KEY, exec_log=_LOG)


@control(
    id="LG-ENC-18",
    slug="ecs-cluster-storage-and-exec-encrypted",
    severity=Severity.MEDIUM,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption", "logging"),
    source=SYSTEMS,
    rationale="Scratch files with card numbers lie on task disks, and shell sessions in production run outside your "
    "keys and logs, so a curious engineer leaves nothing to review.",
    remediation="In configuration of the aws.ecs.Cluster set managed_storage_configuration."
    "fargate_ephemeral_storage_kms_key_id and, where services let people in, execute_command_configuration with "
    "kms_key_id, logging='OVERRIDE' and log_configuration with cloud_watch_encryption_enabled=True.",
    passes=[
        example("a customer's key for the storage, and nobody gets in", _STORAGE),
        example("sessions and their record encrypted", ENCRYPTED),
        example(
            "a record in a bucket",
            replace(ENCRYPTED, exec_log=ExecLog(logging="OVERRIDE", bucket="sessions", bucket_encrypted=True)),
        ),
    ],
    fails=[
        example("no key for the storage", ClusterEncryption()),
        example("a key that AWS manages", replace(_STORAGE, storage_key=_AWS)),
        example("sessions without a key", replace(ENCRYPTED, exec_key=None)),
        example("a record wherever the task logs", replace(ENCRYPTED, exec_log=ExecLog())),
        example("no record", replace(ENCRYPTED, exec_log=ExecLog(logging="NONE"))),
        example(
            "a record that nobody says is encrypted",
            replace(ENCRYPTED, exec_log=replace(_LOG, log_group_encrypted=False)),
        ),
        example("one record of two encrypted", replace(ENCRYPTED, exec_log=replace(_LOG, bucket="sessions"))),
        example("a record that goes nowhere", replace(ENCRYPTED, exec_log=ExecLog(logging="OVERRIDE"))),
    ],
    unknowns=[
        example("the key of the storage comes later", replace(_STORAGE, storage_key=UNKNOWN)),
        example("nobody knows whether a service lets people in", replace(_STORAGE, exec_enabled=UNKNOWN)),
        example("the record comes later", replace(ENCRYPTED, exec_log=UNKNOWN)),
        example("no name of a key", replace(_STORAGE, storage_key=replace(KEY, manager=KeyManager.UNREADABLE))),
        example("a key that is looked up", replace(_STORAGE, storage_key=replace(KEY, manager=KeyManager.UNSEEN))),
    ],
)
def storage_and_exec_encrypted(cluster: ClusterEncryption) -> Verdict:
    """A key of the customer encrypts what tasks store in a cluster, and what people do inside them.

    managedStorageConfiguration.fargateEphemeralStorageKmsKeyId names a key that AWS does not manage; unset means one
    that AWS owns. When a service of the cluster has enableExecuteCommand, executeCommandConfiguration has such a
    kmsKeyId, logging OVERRIDE, and a log group with cloudWatchEncryptionEnabled or a bucket with
    s3BucketEncryptionEnabled, and where it has both, both. A key of which only the account can tell more is undecided.
    """
    storage = _fault(cluster.storage_key, "fargateEphemeralStorageKmsKeyId")
    if storage is not None:
        return storage
    if not cluster.exec_enabled:
        return PASS
    return _fault(cluster.exec_key, "executeCommandConfiguration.kmsKeyId") or _bare_record(cluster.exec_log) or PASS


def _fault(key: KeyUse | None, property_: str) -> Verdict | None:
    return without_customer_key(key, property_) or open_about_key(key, property_)


def _bare_record(log: ExecLog) -> Verdict | None:
    """Return the failure of a record of sessions that is not encrypted everywhere it goes; None when it is."""
    wanted = "logging OVERRIDE and an encrypted log group or bucket"
    if log.logging != "OVERRIDE":
        return fail("nothing encrypts the record of sessions", found=f"logging {log.logging}", wanted=wanted)
    if not log.log_group and not log.bucket:
        return fail("the record of sessions goes nowhere", found="no logConfiguration", wanted=wanted)
    if log.log_group and not log.log_group_encrypted:
        return fail("nothing encrypts the record of sessions", found="cloudWatchEncryptionEnabled false", wanted=wanted)
    if log.bucket and not log.bucket_encrypted:
        return fail("nothing encrypts the record of sessions", found="s3BucketEncryptionEnabled false", wanted=wanted)
    return None
