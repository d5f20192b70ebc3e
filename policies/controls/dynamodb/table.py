"""Controls of DynamoDB tables."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.controls.settled import gravest
from policies.facts.dynamodb import TableEncryption, TableKey
from policies.facts.kms import KeyManager, KeyUse
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail

_PROPERTY: Final = "kmsKeyArn"

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="us-east-1")
HERE: Final = TableKey(region="us-east-1", kms_key=KEY)
THERE: Final = TableKey(region="eu-west-1", kms_key=replace(KEY, region="eu-west-1"))


def _under(*keys: TableKey) -> TableEncryption:
    return TableEncryption(enabled=True, keys=keys)


@control(
    id="LG-ENC-03",
    slug="dynamodb-table-encrypted-with-customer-key",
    severity=Severity.HIGH,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption"),
    source="Demand of the banking and fraud systems, read 2026-11-20",
    rationale="One replica under a key that AWS owns is a copy of the card table whose use you can neither log nor "
    "revoke, although the main table looks right.",
    remediation="Set server_side_encryption of the aws.dynamodb.Table to enabled=True with the kms_key_arn of a "
    "customer managed key, and kms_key_arn in each of its replicas, or on the aws.dynamodb.TableReplica, to a key of "
    "the replica's Region.",
    passes=[
        example("a customer's key", _under(HERE)),
        example("one for each replica, of its Region", _under(HERE, THERE)),
        example("a replica of its own", _under(THERE)),
    ],
    fails=[
        example("the key that AWS owns, as by default", TableEncryption(keys=(replace(HERE, kms_key=None),))),
        example("a key, but not switched on", replace(_under(HERE), enabled=False)),
        example("switched on without a key", _under(replace(HERE, kms_key=None))),
        example("the key that AWS manages", _under(replace(HERE, kms_key=replace(KEY, manager=KeyManager.AWS)))),
        example("a replica without a key", _under(HERE, replace(THERE, kms_key=None))),
        example("a replica under a key of the table's Region", _under(HERE, replace(THERE, kms_key=KEY))),
    ],
    unknowns=[
        example("switched on, or not, later", replace(_under(HERE), enabled=UNKNOWN)),
        example("the key comes later", _under(replace(HERE, kms_key=UNKNOWN))),
        example("the replicas come later", TableEncryption(enabled=True, keys=UNKNOWN)),
        example("a key that is only looked up", _under(replace(HERE, kms_key=replace(KEY, manager=KeyManager.UNSEEN)))),
        example("what it names is no key", _under(replace(HERE, kms_key=replace(KEY, manager=KeyManager.UNREADABLE)))),
    ],
)
def table_under_customer_key(table: TableEncryption) -> Verdict:
    """A table is encrypted with a key that the customer manages, wherever there is a replica of it.

    serverSideEncryption.enabled is true, which it is not when unset, and its kmsKeyArn names a key of the table's
    Region that is not AWS's own; so does kmsKeyArn of each entry of replicas and of each TableReplica, with a key of
    the replica's Region. A key of which only the account can tell more is undecided. An account tells of a replica both
    with its table and as the table that it is in its own Region.
    """
    if not table.enabled:
        return fail("a key that AWS owns encrypts it", found="serverSideEncryption off", wanted="on, with kmsKeyArn")
    return gravest(*(_problem(each) or PASS for each in table.keys), PASS)


def _problem(place: TableKey) -> Verdict | None:
    key = place.kms_key
    problem = without_customer_key(key, _PROPERTY)
    if problem is not None or key is None:
        return problem
    if key.region != place.region:
        return fail("its key is not of the Region where it is used", found=key.region, wanted=place.region)
    return open_about_key(key, _PROPERTY)
