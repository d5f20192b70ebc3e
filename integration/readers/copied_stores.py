"""Asks which stores that are copied to other Regions a key encrypts: tables, secrets, global databases and buckets."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Subject
from policies.facts.arns import parse_arn
from policies.facts.properties import UNKNOWN

_TABLES: Final = Paging("ExclusiveStartTableName", ("TableNames",), answered="LastEvaluatedTableName")
_SECRETS: Final = Paging("NextToken", ("SecretList",))
_GLOBALS: Final = Paging("Marker", ("GlobalClusters",))
_CLUSTERS: Final = Paging("Marker", ("DBClusters",))
_BUCKETS: Final = Paging("ContinuationToken", ("Buckets",))
_ALIASES: Final = Paging("Marker", ("Aliases",), answered="NextMarker")
_PAGE: Final = 10_000

Stores = Iterator[tuple[str, str]]


def copied_stores_of(subject: Subject, desk: Desk) -> tuple[Any, tuple[Failure, ...]]:
    """Return the names of the copied stores that name a key, and the calls that left one unknown.

    Args:
        subject: The key.
        desk: Where to ask.

    Returns:
        A tuple of names; one of them is `UNKNOWN` for each kind of store that nobody could ask for.
    """
    found: list[Any] = []
    failures: list[Failure] = []
    names = _names_of(subject, desk)
    for stores in _KINDS:
        try:
            found += [name for name, key in stores(subject, desk) if key in names]
        except CallFailedError as error:
            failures.append(error.failure)
            found.append(UNKNOWN)
    return tuple(found), tuple(failures)


def _names_of(subject: Subject, desk: Desk) -> frozenset[str]:
    """Return every name of a key: ARN, id, and the names and ARNs of its aliases."""
    pages = desk.every(_ALIASES, desk.aws.kms.list_aliases, KeyId=subject.arn)
    aliases = [each for page in pages for each in page["Aliases"]]
    parsed = parse_arn(subject.arn)
    names = (text for each in aliases for text in (each["AliasName"], each["AliasArn"]))
    return frozenset({subject.arn, parsed.name if parsed else "", *names})


def _tables(_subject: Subject, desk: Desk) -> Stores:
    for page in desk.every(_TABLES, desk.aws.dynamodb.list_tables):
        for name in page["TableNames"]:
            table = desk.one(desk.aws.dynamodb.describe_table, TableName=name)["Table"]
            told = table["TableName"]
            if table.get("Replicas"):
                yield told, table.get("SSEDescription", {}).get("KMSMasterKeyArn", "")


def _secrets(_subject: Subject, desk: Desk) -> Stores:
    for page in desk.every(_SECRETS, desk.aws.secretsmanager.list_secrets):
        for each in page["SecretList"]:
            secret: Any = desk.one(desk.aws.secretsmanager.describe_secret, SecretId=each["ARN"])
            told = secret["Name"]
            if secret.get("ReplicationStatus"):
                yield told, secret.get("KmsKeyId", "")


def _databases(_subject: Subject, desk: Desk) -> Stores:
    members = {
        member["DBClusterArn"]
        for page in desk.every(_GLOBALS, desk.aws.rds.describe_global_clusters)
        for each in page["GlobalClusters"]
        for member in each["GlobalClusterMembers"]
    }
    for page in desk.every(_CLUSTERS, desk.aws.rds.describe_db_clusters):
        for each in page["DBClusters"]:
            if each["DBClusterArn"] in members:
                yield each["DBClusterIdentifier"], each.get("KmsKeyId", "")


def _buckets(subject: Subject, desk: Desk) -> Stores:
    s3 = desk.aws.s3
    region = subject.place.region
    for page in desk.every(_BUCKETS, s3.list_buckets, MaxBuckets=_PAGE, BucketRegion=region):
        for name in (each["Name"] for each in page["Buckets"]):
            absent = "ReplicationConfigurationNotFoundError"
            replication = desk.one_or_none(absent, s3.get_bucket_replication, Bucket=name)
            if replication is None or not replication["ReplicationConfiguration"]["Rules"]:
                continue
            encryption = desk.one(s3.get_bucket_encryption, Bucket=name)["ServerSideEncryptionConfiguration"]
            for rule in encryption["Rules"]:
                yield name, rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID", "")


_KINDS: Final[tuple[Callable[[Subject, Desk], Stores], ...]] = (_tables, _secrets, _databases, _buckets)

STORE_CALLS: Final = (
    "dynamodb:DescribeTable",
    "dynamodb:ListTables",
    "kms:ListAliases",
    "rds:DescribeDBClusters",
    "rds:DescribeGlobalClusters",
    "s3:GetBucketEncryption",
    "s3:GetBucketReplication",
    "s3:ListBuckets",
    "secretsmanager:DescribeSecret",
    "secretsmanager:ListSecrets",
)
"""Every call that it may take for one key."""
