"""Facts about CloudWatch log groups."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from policies.facts.kms import KeyUse, key_use
from policies.facts.labels import Labels, labels_of
from policies.facts.properties import lift, literal, settings_of, whole
from policies.facts.registry import adapter

_LOG_GROUP: Final = ("aws:cloudwatch/logGroup:LogGroup",)
_DELIVERY: Final = "DELIVERY"
_DELIVERY_DAYS: Final = 2
"""Days that a group of class DELIVERY keeps its records, whatever is asked for.

Source: `aws.cloudwatch.LogGroup`, pulumi-aws 7.51.1, read 2026-11-30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroupKey:
    """What encrypts a log group.

    Args:
        kms_key_id: Key that it names; None without one, and then CloudWatch Logs encrypts with a key of its own.
    """

    kms_key_id: KeyUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRetention:
    """How long a log group keeps its records.

    Args:
        retention_in_days: `retentionInDays`; 0 for ever, which it is when unset. `skipDestroy` says nothing about it.
        labels: What the group calls itself.

    Source of the default: `aws.cloudwatch.LogGroup`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    retention_in_days: int = 0
    labels: Labels


@adapter(types=_LOG_GROUP, joined=True)
def log_group_key_from_graph(graph: Graph, resource: Resource) -> LogGroupKey:
    """Build what encrypts a log group."""
    return LogGroupKey(kms_key_id=key_use(graph, resource, "kmsKeyId"))


@adapter(types=_LOG_GROUP)
def log_retention_from_graph(_graph: Graph, resource: Resource) -> LogRetention:
    """Build how long a log group keeps its records."""
    return LogRetention(retention_in_days=_days(resource), labels=labels_of(resource, "name", "namePrefix"))


def _days(resource: Resource) -> Any:
    settings = settings_of(resource)
    asked = whole(settings, "retentionInDays", default=0)
    kind = literal(settings, "logGroupClass", default="")
    return lift(kind, lambda text: days_kept(asked, text))


def days_kept(asked: int, kind: str) -> int:
    """Return for how many days a group keeps its records, by what is asked for and its class; 0 for ever."""
    return _DELIVERY_DAYS if kind == _DELIVERY else asked
