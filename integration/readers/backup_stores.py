"""Reads tables, databases and file systems for AWS Backup: whether some plan backs them up."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from integration.readers.backup_choices import Store, chosen
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.backup.choices import any_of, kind_of_cluster
from policies.facts.backup.selections import STORES
from policies.facts.backup.stores import BackedUpStore

_TABLE: Final = "aws:dynamodb/table:Table"
_FILES: Final = "aws:efs/fileSystem:FileSystem"
_CLUSTER: Final = "aws:rds/cluster:Cluster"
_INSTANCE: Final = "aws:rds/instance:Instance"
_OTHERS: Final = frozenset({"docdb", "neptune"})
"""Engines of services that use RDS's calls for databases of their own."""

_TABLES: Final = Paging("ExclusiveStartTableName", ("TableNames",), answered="LastEvaluatedTableName")
_TAGS: Final = Paging("NextToken", ("Tags",))
_SYSTEMS: Final = Paging("Marker", ("FileSystems",), answered="NextMarker")
_CLUSTERS: Final = Paging("Marker", ("DBClusters",))
_INSTANCES: Final = Paging("Marker", ("DBInstances",))

STORE_OPERATIONS: Final = (
    "dynamodb:ListTables",
    "dynamodb:ListTagsOfResource",
    "efs:DescribeFileSystems",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
)
"""Every call that it takes to know the stores of a Region and their tags."""

_Make = Callable[[Desk], Store]


def store_tasks(place: Place) -> Iterator[Task]:
    """Yield the work of reading whether the stores of a Region are backed up: one list for each kind."""
    for type_, (service, path, listed) in _LISTS.items():
        subject = Subject(place.arn(service, f"{path}*"), type_, place)
        yield Task(subject, (BackedUpStore,), partial(_list, place, type_, listed))


def stores_of(place: Place, desk: Desk) -> Iterator[Store]:
    """Yield all stores of a Region.

    Raises:
        CallFailedError: A list has no answer, or the tags of a store have none.
    """
    for _, _, listed in _LISTS.values():
        for _, make in listed(place, desk):
            yield make(desk)


def _list(
    place: Place, type_: str, listed: Callable[[Place, Desk], Iterator[tuple[str, _Make]]], desk: Desk
) -> Iterator[Task]:
    for arn, make in listed(place, desk):
        subject = Subject(arn, type_, place)
        yield Task(subject, (BackedUpStore,), partial(_read, subject, make))


def _read(subject: Subject, make: _Make, desk: Desk) -> Iterator[Observed]:
    found = chosen(make(desk), desk)
    if subject.type == _FILES and found is not True:
        found = any_of((found, _is_automatic(subject.arn.rpartition("/")[2], desk)))
    yield Observed(subject, BackedUpStore(chosen=found))


def _is_automatic(file_system: str, desk: Desk) -> bool:
    found = desk.one_or_none("PolicyNotFound", desk.aws.efs.describe_backup_policy, FileSystemId=file_system)
    return found is not None and found["BackupPolicy"]["Status"] == "ENABLED"


def _tables(place: Place, desk: Desk) -> Iterator[tuple[str, _Make]]:
    for page in desk.every(_TABLES, desk.aws.dynamodb.list_tables):
        for name in page["TableNames"]:
            arn = place.arn("dynamodb", f"table/{name}")
            yield arn, partial(_table, arn)


def _table(arn: str, desk: Desk) -> Store:
    pages = desk.every(_TAGS, desk.aws.dynamodb.list_tags_of_resource, ResourceArn=arn)
    return Store(arn, STORES[_TABLE], _tags([each for page in pages for each in page["Tags"]]))


def _file_systems(_place: Place, desk: Desk) -> Iterator[tuple[str, _Make]]:
    for page in desk.every(_SYSTEMS, desk.aws.efs.describe_file_systems):
        for each in page["FileSystems"]:
            yield each["FileSystemArn"], _made(Store(each["FileSystemArn"], STORES[_FILES], _tags(each["Tags"])))


def _clusters(_place: Place, desk: Desk) -> Iterator[tuple[str, _Make]]:
    for page in desk.every(_CLUSTERS, desk.aws.rds.describe_db_clusters):
        for each in page["DBClusters"]:
            if each["Engine"] not in _OTHERS:
                arn, kind = each["DBClusterArn"], kind_of_cluster(each["Engine"])
                yield arn, _made(Store(arn, kind, _tags(each.get("TagList", ()))))


def _instances(_place: Place, desk: Desk) -> Iterator[tuple[str, _Make]]:
    for page in desk.every(_INSTANCES, desk.aws.rds.describe_db_instances):
        for each in page["DBInstances"]:
            if each["Engine"] not in _OTHERS and not each.get("DBClusterIdentifier"):
                arn = each["DBInstanceArn"]
                yield arn, _made(Store(arn, STORES[_INSTANCE], _tags(each.get("TagList", ()))))


def _made(store: Store) -> _Make:
    return lambda _: store


def _tags(listed: Any) -> dict[str, str]:
    return {each["Key"]: each.get("Value", "") for each in listed}


_LISTS: Final = {
    _TABLE: ("dynamodb", "table/", _tables),
    _FILES: ("elasticfilesystem", "file-system/", _file_systems),
    _CLUSTER: ("rds", "cluster:", _clusters),
    _INSTANCE: ("rds", "db:", _instances),
}
"""Type of a store → service and path of its ARNs, and what lists it."""
