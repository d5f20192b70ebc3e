"""Reads DynamoDB tables: under which keys they and their replicas are, and where, and whether they are protected."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.keys import key_use
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.copies import RESIDENCY, Copies
from policies.facts.deletion import DeletionProtection
from policies.facts.dynamodb import TableEncryption, TableKey

_TABLE: Final = "aws:dynamodb/table:Table"
_TAGS: Final = Paging("NextToken", ("Tags",))
_TABLES: Final = Paging("ExclusiveStartTableName", ("TableNames",), answered="LastEvaluatedTableName")
_ENCRYPTED: Final = frozenset({"ENABLED", "UPDATING"})
"""States of encryption under a key of KMS. Source: SSEDescription, DynamoDB API reference, read 2026-11-30."""

Described = Mapping[str, Any]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(wanted & _READS.keys())
    subject = Subject(place.arn("dynamodb", "table/*"), _TABLE, place)
    yield Task(subject, facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_TABLES, desk.aws.dynamodb.list_tables):
        for name in page["TableNames"]:
            subject = Subject(place.arn("dynamodb", f"table/{name}"), _TABLE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_read, subject, name, _READS[fact]))


def _read(subject: Subject, name: str, build: "Build", desk: Desk) -> list[Observed]:
    return [build(subject, desk.one(desk.aws.dynamodb.describe_table, TableName=name)["Table"], desk)]


def _protection(subject: Subject, table: Described, _desk: Desk) -> Observed:
    on = table["DeletionProtectionEnabled"]
    return Observed(subject, DeletionProtection(property="deletionProtectionEnabled", on=on))


def _copies(subject: Subject, table: Described, desk: Desk) -> Observed:
    here = subject.place.region
    fact = Copies(
        name=table["TableName"],
        residency=_residency(subject.arn, desk),
        home=here,
        regions=tuple(each["RegionName"] for each in table.get("Replicas", ()) if each["RegionName"] != here),
    )
    return Observed(subject, fact)


def _residency(arn: str, desk: Desk) -> str:
    pages = desk.every(_TAGS, desk.aws.dynamodb.list_tags_of_resource, ResourceArn=arn)
    return next((each["Value"] for page in pages for each in page["Tags"] if each["Key"] == RESIDENCY), "")


def _encryption(subject: Subject, table: Described, desk: Desk) -> Observed:
    failures: list[Failure] = []
    # Under a key that AWS owns there is no description; a table tells its replicas, and may tell itself among them.
    own: Described = table.get("SSEDescription", {})
    here = subject.place.region
    others = [each for each in table.get("Replicas", ()) if each["RegionName"] != here]
    fact = TableEncryption(
        enabled=own.get("Status") in _ENCRYPTED,
        keys=(
            _key(desk, here, own.get("KMSMasterKeyArn"), failures),
            *(_key(desk, each["RegionName"], each.get("KMSMasterKeyId"), failures) for each in others),
        ),
    )
    return Observed(subject, fact, failures=tuple(failures))


def _key(desk: Desk, region: str, named: str | None, failures: list[Failure]) -> TableKey:
    there = desk.elsewhere(region)
    return TableKey(region=region, kms_key=key_use(there, named, failures))


Build = Callable[[Subject, Described, Desk], Observed]

_READS: Final[Mapping[type, Build]] = {
    Copies: _copies,
    DeletionProtection: _protection,
    TableEncryption: _encryption,
}
"""Fact → what builds it of a table."""

_CALLS: Final = ("dynamodb:DescribeTable", "dynamodb:ListTables")

READING: Final = Reading(
    service="dynamodb",
    regional=True,
    gives={
        Copies: ("dynamodb:ListTagsOfResource", *_CALLS),
        DeletionProtection: _CALLS,
        TableEncryption: ("kms:DescribeKey", *_CALLS),
    },
    begin=_begin,
    parts={(Copies, "aws:dynamodb/tableReplica:TableReplica"): ("globalTableArn",)},
)
