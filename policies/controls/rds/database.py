"""Controls of RDS clusters and instances."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity, Stage, Status
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.rds import Database, GlobalDatabase
from policies.model import PASS, UNKNOWN, Verdict, control, deferred, example, fail, not_applicable

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
ENCRYPTED: Final = Database(region="eu-west-1", storage_encrypted=True, kms_key_id=KEY)
MEMBER: Final = replace(ENCRYPTED, global_database=GlobalDatabase(storage_encrypted=True))
UNREADABLE: Final = replace(KEY, manager=KeyManager.UNREADABLE)
MISPLACED: Final = replace(KEY, manager=KeyManager.MISPLACED)


@control(
    id="LG-ENC-02",
    slug="rds-database-encrypted-with-customer-key",
    severity=Severity.HIGH,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Without encryption a copied disk or snapshot is the whole database in clear; under a key of AWS's own, "
    "you cannot refuse decryption or disable the key in a breach.",
    remediation="Set storage_encrypted=True and kms_key_id to a customer managed key of the database's own Region; for "
    "an Aurora global database set storage_encrypted=True on the aws.rds.GlobalCluster too. Both replace the database.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a key or a global database that is only looked up",
    passes=[
        example("encrypted with a customer's key", ENCRYPTED),
        example("member of an encrypted global database with a key of its own Region", MEMBER),
    ],
    fails=[
        example("not encrypted", Database(region="eu-west-1", kms_key_id=KEY)),
        example("no key named", Database(region="eu-west-1", storage_encrypted=True)),
        example("the key that AWS manages", replace(ENCRYPTED, kms_key_id=replace(KEY, manager=KeyManager.AWS))),
        example("member whose key is of another Region", replace(MEMBER, region="us-east-1")),
        example("member of a global database that is not encrypted", replace(MEMBER, global_database=GlobalDatabase())),
        example("replica of another Region without a key", replace(ENCRYPTED, kms_key_id=None)),
    ],
    unknowns=[
        example("nobody knows whether it is encrypted", replace(ENCRYPTED, storage_encrypted=UNKNOWN)),
        example("nobody knows which key it names", replace(ENCRYPTED, kms_key_id=UNKNOWN)),
        example("what it names as its key is no name of a key", replace(ENCRYPTED, kms_key_id=UNREADABLE)),
        example("its own key's id under another account", replace(ENCRYPTED, kms_key_id=MISPLACED)),
    ],
    not_applicable=[
        example("replica within a Region", Database(region="eu-west-1", same_region_replica=True)),
    ],
)
def encrypted_with_customer_key(database: Database) -> Verdict:
    """A database is encrypted at rest with a key that the customer manages.

    storageEncrypted is true and kmsKeyId is set, on clusters and on instances; an alias under alias/aws/ names a key
    that AWS manages and does not count, and neither does what a function call answers that asks for one, or whose
    answer has keyManager AWS. A member of a global database names a key of its own Region, and its GlobalCluster has
    storageEncrypted true. A replica inherits both from its source in the same Region and is not applicable. A
    kmsKeyId that is no key id, alias name or ARN of either, one that is not known yet and comes from several keys, or
    the id of a key of the stack under another Region or account, is undecided. A key or a global database of which
    only the account can tell more is left to the audit.
    """
    if database.same_region_replica:
        return not_applicable("a replica inherits the encryption of its source in the same Region")
    problem = _own_problem(database) or _membership_problem(database)
    return problem or _left_open(database) or PASS


def _own_problem(database: Database) -> Verdict | None:
    if not database.storage_encrypted:
        return fail("its storage is not encrypted", found="storageEncrypted false", wanted="true")
    return without_customer_key(database.kms_key_id, "kmsKeyId")


def _membership_problem(database: Database) -> Verdict | None:
    member, key = database.global_database, database.kms_key_id
    if member is None or key is None:
        return None
    if member.in_stack and not member.storage_encrypted:
        return fail("its global database is not encrypted", found="storageEncrypted false", wanted="true")
    if key.manager in (KeyManager.CUSTOMER, KeyManager.AWS) and key.region != database.region:
        message = "a member of a global database must name a key of its own Region"
        return fail(message, found=key.region, wanted=database.region)
    return None


def _left_open(database: Database) -> Verdict | None:
    """Return why nobody can decide yet; what blocks goes before what is left to the audit."""
    member, about_key = database.global_database, open_about_key(database.kms_key_id, "kmsKeyId")
    if member is not None and not member.in_stack and (about_key is None or about_key.status is Status.DEFERRED):
        return deferred(Stage.RUN, "the global database that it belongs to is not created here")
    return about_key
