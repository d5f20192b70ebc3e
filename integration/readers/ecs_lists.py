"""Asks ECS for clusters, services and task definitions; every list is read to its end."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from integration.readers.batches import batches
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from policies.facts.ecs_services import family_in
from policies.facts.properties import UNKNOWN

Item = Mapping[str, Any]

CLUSTERS: Final = Paging("nextToken", ("clusterArns",))
SERVICES: Final = Paging("nextToken", ("serviceArns",))
FAMILIES: Final = Paging("nextToken", ("families",))
PAGE: Final = 100
_CHUNK: Final = 10
"""Services that one call describes. Source of both: ListServices and DescribeServices, Amazon ECS API reference, read
2026-11-30."""

INACTIVE: Final = "INACTIVE"
"""Status of what was deleted and is still told of."""


SERVICE_CALLS: Final = ("ecs:ListClusters", "ecs:DescribeServices", "ecs:ListServices")
DEFINITION_CALLS: Final = (
    *SERVICE_CALLS,
    "ecs:DescribeTaskDefinition",
    "ecs:ListTaskDefinitionFamilies",
    "ecs:ListTaskDefinitions",
)


def clusters_of(desk: Desk) -> list[str]:
    """Return the ARNs of the clusters of the Region.

    Raises:
        CallFailedError: ECS does not tell them.
    """
    pages = desk.every(CLUSTERS, desk.aws.ecs.list_clusters, maxResults=PAGE)
    return [arn for page in pages for arn in page["clusterArns"]]


def cluster_answer(desk: Desk, arn: str) -> list[Item]:
    """Return a cluster as ECS describes it, or nothing where it is gone.

    Raises:
        CallFailedError: ECS does not describe it.
        ValueError: The answer is about another one.
    """
    include = ["CONFIGURATIONS", "TAGS"]
    found: list[Item] = desk.one(desk.aws.ecs.describe_clusters, clusters=[arn], include=include)["clusters"]
    if any(each["clusterArn"] != arn for each in found):
        raise ValueError("the answer is about another cluster")
    return found


def services_of(desk: Desk, cluster: str) -> list[Item]:
    """Return the services of a cluster.

    Raises:
        CallFailedError: ECS does not tell them.
    """
    pages = desk.every(SERVICES, desk.aws.ecs.list_services, cluster=cluster, maxResults=PAGE)
    listed = [arn for page in pages for arn in page["serviceArns"]]
    return [each for chunk in chunks(listed) for each in described_services(desk, cluster, chunk)]


def seen_services_of(desk: Desk, cluster: str, failures: list[Failure]) -> list[Any]:
    """Return the services of a cluster; `UNKNOWN` in their place where nobody tells of them.

    Args:
        desk: Where to ask.
        cluster: ARN.
        failures: Takes the call that failed.
    """
    try:
        return [*services_of(desk, cluster)]
    except CallFailedError as error:
        failures.append(error.failure)
        return [UNKNOWN]


def seen_services(desk: Desk, failures: list[Failure]) -> list[Any]:
    """Return every service of the Region, as `seen_services_of` does for each cluster."""
    try:
        clusters = clusters_of(desk)
    except CallFailedError as error:
        failures.append(error.failure)
        return [UNKNOWN]
    return [each for cluster in clusters for each in seen_services_of(desk, cluster, failures)]


def chunks(arns: Sequence[str]) -> Iterator[list[str]]:
    """Yield as many ARNs of services at once as one call describes."""
    return batches(arns, _CHUNK)


def described_services(desk: Desk, cluster: str, arns: Sequence[str]) -> list[Item]:
    """Return services by their ARNs, without those that are gone by now.

    Raises:
        CallFailedError: ECS does not describe them.
        ValueError: The answer leaves one out.
    """
    answer = desk.one(desk.aws.ecs.describe_services, cluster=cluster, services=[*arns], include=["TAGS"])
    missing = {each["arn"] for each in answer.get("failures", ()) if each["reason"] == "MISSING"}
    if {*arns} - {each["serviceArn"] for each in answer["services"]} - missing:
        raise ValueError("the answer leaves services out")
    return [each for each in answer["services"] if each["status"] != INACTIVE]


def families_of(desk: Desk) -> list[str]:
    """Return the families that have an active revision.

    Raises:
        CallFailedError: ECS does not tell them.
    """
    pages = desk.every(FAMILIES, desk.aws.ecs.list_task_definition_families, status="ACTIVE", maxResults=PAGE)
    return [family for page in pages for family in page["families"]]


def newest(desk: Desk, family: str) -> str:
    """Return the ARN of the newest active revision of a family; empty when every one is deregistered.

    Raises:
        CallFailedError: ECS does not tell it.
        ValueError: The answer is about another family.
    """
    asked: dict[str, Any] = {"familyPrefix": family, "maxResults": 1, "sort": "DESC", "status": "ACTIVE"}
    found: list[str] = desk.one(desk.aws.ecs.list_task_definitions, **asked)["taskDefinitionArns"]
    if any(family_in(arn) != family for arn in found):
        raise ValueError("the answer is about another family")
    return found[0] if found else ""


def described_definition(desk: Desk, arn: str) -> Item:
    """Return a revision of a task definition.

    Raises:
        CallFailedError: ECS does not describe it.
        ValueError: The answer is about another one.
    """
    found: Item = definition_answer(desk, arn)["taskDefinition"]
    return found


def definition_answer(desk: Desk, arn: str) -> Item:
    """Return what ECS says of a revision of a task definition, its tags among it.

    Raises:
        CallFailedError: ECS does not describe it.
        ValueError: The answer is about another one.
    """
    found: Item = desk.one(desk.aws.ecs.describe_task_definition, taskDefinition=arn, include=["TAGS"])
    if found["taskDefinition"]["taskDefinitionArn"] != arn:
        raise ValueError("the answer is about another revision")
    return found


def units_of(service: Item) -> tuple[Item, ...]:
    """Return what a service runs by: its task sets, where another deployment controller makes some, or itself."""
    return tuple(service.get("taskSets") or (service,))


def definitions_used(service: Item) -> list[str]:
    """Return the ARNs of the revisions that a service runs, those of a deployment under way among them."""
    holders = (*units_of(service), *service.get("deployments", ()))
    return list(dict.fromkeys(each["taskDefinition"] for each in holders if each.get("taskDefinition")))
