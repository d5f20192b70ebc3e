"""Reads what runs containers: clusters, their services, and task definitions.

Of the revisions of a task definition the newest active one of each family is read, which is what a new task gets, and
every other one that a service runs. A revision that is neither, and that somebody starts by its number, is not seen.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.ecs_definitions import read_definition, read_roles
from integration.readers.ecs_lists import (
    CLUSTERS,
    DEFINITION_CALLS,
    FAMILIES,
    INACTIVE,
    PAGE,
    SERVICE_CALLS,
    SERVICES,
    Item,
    chunks,
    cluster_answer,
    definitions_used,
    described_services,
    newest,
    seen_services_of,
)
from integration.readers.ecs_services import read_groups, read_images, read_network, read_propagation, read_service
from integration.readers.keys import key_use
from integration.readers.subnets import SUBNET_CALLS
from integration.scanning.asker import Desk
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.ecs_clusters import ClusterEncryption, ExecLog
from policies.facts.ecs_services import Service, ServiceGroups, ServiceImages, ServiceNetwork, family_in
from policies.facts.ecs_tasks import TaskDefinition, TaskRoles
from policies.facts.properties import UNKNOWN
from policies.facts.tag_propagation import TagPropagation

_CLUSTER: Final = "aws:ecs/cluster:Cluster"
_SERVICE: Final = "aws:ecs/service:Service"
_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"

Facts = tuple[type, ...]
Read = Callable[[Desk, Any, list[Failure]], Any]

_OF_SERVICES: Final[Mapping[type, Read]] = {
    Service: read_service,
    ServiceGroups: read_groups,
    ServiceImages: read_images,
    ServiceNetwork: read_network,
    TagPropagation: read_propagation,
}
"""Fact → what builds it of a service."""

_OF_DEFINITIONS: Final[Mapping[type, Read]] = {TaskDefinition: read_definition, TaskRoles: read_roles}
"""Fact → what builds it of the ARN of a task definition."""


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    if ClusterEncryption in wanted:
        clusters = _subject(place, _CLUSTER, "cluster/*")
        yield Task(clusters, (ClusterEncryption,), partial(_list_clusters, place))
    if services := tuple(each for each in _OF_SERVICES if each in wanted):
        here = _subject(place, _SERVICE, "service/*")
        yield Task(here, services, partial(_each_cluster, here, services, partial(_service_tasks, services)))
    if definitions := tuple(each for each in _OF_DEFINITIONS if each in wanted):
        here = _subject(place, _DEFINITION, "task-definition/*")
        yield Task(here, definitions, partial(_list_families, here, definitions))
        yield Task(here, definitions, partial(_each_cluster, here, definitions, partial(_used_tasks, definitions)))


def _subject(place: Place, type_: str, path: str) -> Subject:
    return Subject(place.arn("ecs", path), type_, place)


def _observed(subject: Subject, read: Read, item: Any, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    yield Observed(subject, read(desk, item, failures), failures=tuple(failures))


def _list_clusters(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(CLUSTERS, desk.aws.ecs.list_clusters, maxResults=PAGE):
        for arn in page["clusterArns"]:
            subject = Subject(arn, _CLUSTER, place)
            yield Task(subject, (ClusterEncryption,), partial(_read_cluster, subject))


def _read_cluster(subject: Subject, desk: Desk) -> Iterator[Observed]:
    for each in cluster_answer(desk, subject.arn):
        if each["status"] != INACTIVE:
            yield from _observed(subject, _encryption, each, desk)


def _encryption(desk: Desk, cluster: Item, failures: list[Failure]) -> ClusterEncryption:
    """Return what encrypts the data of a cluster; ECS leaves out what nobody configured."""
    configuration: Item = cluster.get("configuration", {})
    sessions: Item = configuration.get("executeCommandConfiguration", {})
    storage: Item = configuration.get("managedStorageConfiguration", {})
    return ClusterEncryption(
        storage_key=key_use(desk, storage.get("fargateEphemeralStorageKmsKeyId"), failures),
        exec_enabled=_lets_people_in(desk, cluster["clusterArn"], failures),
        exec_key=key_use(desk, sessions.get("kmsKeyId"), failures),
        exec_log=_exec_log(sessions),
    )


def _lets_people_in(desk: Desk, cluster: str, failures: list[Failure]) -> Any:
    services = seen_services_of(desk, cluster, failures)
    if services == [UNKNOWN]:
        return UNKNOWN
    return any(each["enableExecuteCommand"] for each in services)


def _exec_log(sessions: Item) -> ExecLog:
    target: Item = sessions.get("logConfiguration", {})
    return ExecLog(
        logging=sessions.get("logging", "DEFAULT"),
        log_group=target.get("cloudWatchLogGroupName", ""),
        log_group_encrypted=target.get("cloudWatchEncryptionEnabled") is True,
        bucket=target.get("s3BucketName", ""),
        bucket_encrypted=target.get("s3EncryptionEnabled") is True,
    )


def _each_cluster(
    here: Subject, facts: Facts, tasks_of: Callable[[Subject, Item], Iterator[Task]], desk: Desk
) -> Iterator[Task]:
    """Yield a task that lists the services of each cluster, and leads to the tasks of each."""
    for page in desk.pages(CLUSTERS, desk.aws.ecs.list_clusters, maxResults=PAGE):
        for arn in page["clusterArns"]:
            yield Task(here, facts, partial(_list_services, here, facts, tasks_of, arn))


def _list_services(
    here: Subject, facts: Facts, tasks_of: Callable[[Subject, Item], Iterator[Task]], cluster: str, desk: Desk
) -> Iterator[Task]:
    for page in desk.pages(SERVICES, desk.aws.ecs.list_services, cluster=cluster, maxResults=PAGE):
        for chunk in chunks(page["serviceArns"]):
            yield Task(here, facts, partial(_describe_services, here, tasks_of, cluster, chunk))


def _describe_services(
    here: Subject, tasks_of: Callable[[Subject, Item], Iterator[Task]], cluster: str, chunk: list[str], desk: Desk
) -> Iterator[Task]:
    for service in described_services(desk, cluster, chunk):
        yield from tasks_of(here, service)


def _service_tasks(facts: Facts, here: Subject, service: Item) -> Iterator[Task]:
    subject = Subject(service["serviceArn"], _SERVICE, here.place)
    for fact in facts:
        yield Task(subject, (fact,), partial(_observed, subject, _OF_SERVICES[fact], service))


def _used_tasks(facts: Facts, here: Subject, service: Item) -> Iterator[Task]:
    for arn in definitions_used(service):
        subject = Subject(arn, _DEFINITION, here.place)
        yield Task(subject, facts, partial(_unless_newest, subject, facts))


def _unless_newest(subject: Subject, facts: Facts, desk: Desk) -> Iterator[Task]:
    """Yield the tasks of a revision that a service runs; the newest one is read with its family."""
    if newest(desk, family_in(subject.arn)) != subject.arn:
        yield from _definition_tasks(subject, facts)


def _list_families(here: Subject, facts: Facts, desk: Desk) -> Iterator[Task]:
    listed = desk.aws.ecs.list_task_definition_families
    for page in desk.pages(FAMILIES, listed, status="ACTIVE", maxResults=PAGE):
        for family in page["families"]:
            subject = _subject(here.place, _DEFINITION, f"task-definition/{family}:*")
            yield Task(subject, facts, partial(_newest_tasks, subject, facts, family))


def _newest_tasks(here: Subject, facts: Facts, family: str, desk: Desk) -> Iterator[Task]:
    if arn := newest(desk, family):
        yield from _definition_tasks(Subject(arn, _DEFINITION, here.place), facts)


def _definition_tasks(subject: Subject, facts: Facts) -> Iterator[Task]:
    for fact in facts:
        yield Task(subject, (fact,), partial(_observed, subject, _OF_DEFINITIONS[fact], subject.arn))


READING: Final = Reading(
    service="ecs",
    regional=True,
    gives={
        ClusterEncryption: (*SERVICE_CALLS, "ecs:DescribeClusters", "kms:DescribeKey"),
        Service: SERVICE_CALLS,
        ServiceGroups: SERVICE_CALLS,
        ServiceImages: (*SERVICE_CALLS, "ecs:DescribeTaskDefinition"),
        ServiceNetwork: (*SERVICE_CALLS, *SUBNET_CALLS),
        TagPropagation: SERVICE_CALLS,
        TaskDefinition: DEFINITION_CALLS,
        TaskRoles: DEFINITION_CALLS,
    },
    begin=_begin,
)
