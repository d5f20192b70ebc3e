"""Facts about whether tags reach what a resource makes by itself: tasks, snapshots, machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.declared import known_first
from policies.facts.properties import flag, lift, literal, record, records, settings_of
from policies.facts.registry import adapter

_SERVICE: Final = ("aws:ecs/service:Service",)
_DATABASES: Final = ("aws:rds/cluster:Cluster", "aws:rds/instance:Instance")
_GROUP: Final = ("aws:autoscaling/group:Group",)
_GROUP_TAG: Final = ("aws:autoscaling/tag:Tag",)

TAG_SOURCES: Final = frozenset({"SERVICE", "TASK_DEFINITION"})
"""Values of `propagateTags` with which tasks get tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPropagation:
    """Whether tags are handed on.

    Args:
        property: camelCase property that says so: `propagateTags`, `copyTagsToSnapshot` or `propagateAtLaunch`.
        handed_on: Whether each of them is: one for a service or a database, one for each tag of an Auto Scaling group.
            `propagateTags` is `SERVICE` or `TASK_DEFINITION`, which it is not when unset; `copyTagsToSnapshot` is false
            when unset; `propagateAtLaunch` is required.

    Source of the defaults: `aws.ecs.Service`, `aws.rds.Cluster`, `aws.rds.Instance` and `aws.autoscaling.Group`,
    pulumi-aws 7.51.1, read 2026-11-30.
    """

    property: str = "copyTagsToSnapshot"
    handed_on: tuple[bool, ...] = ()


@adapter(types=_SERVICE)
def service_tags_from_graph(_graph: Graph, resource: Resource) -> TagPropagation:
    """Build whether the tasks of a service get tags."""
    name = "propagateTags"
    source = literal(settings_of(resource), name, default="NONE")
    return TagPropagation(property=name, handed_on=(lift(source, lambda text: text in TAG_SOURCES),))


@adapter(types=_DATABASES)
def snapshot_tags_from_graph(_graph: Graph, resource: Resource) -> TagPropagation:
    """Build whether the snapshots of a database get its tags."""
    name = "copyTagsToSnapshot"
    return TagPropagation(property=name, handed_on=(flag(settings_of(resource), name, default=False),))


@adapter(types=_GROUP)
def machine_tags_from_graph(_graph: Graph, resource: Resource) -> TagPropagation:
    """Build whether the machines of an Auto Scaling group get each of its tags."""
    each = records(settings_of(resource), "tags", _at_launch)
    return TagPropagation(property="propagateAtLaunch", handed_on=lift(each, known_first))


@adapter(types=_GROUP_TAG)
def single_machine_tag_from_graph(_graph: Graph, resource: Resource) -> TagPropagation:
    """Build whether machines get a tag of an Auto Scaling group that is a resource of its own."""
    given = record(settings_of(resource), "tag", _at_launch)
    return TagPropagation(property="propagateAtLaunch", handed_on=() if given is None else (given,))


def _at_launch(tag: Mapping[str, Value]) -> Any:
    return flag(tag, "propagateAtLaunch", default=False)
