"""Reads who is told of what happens to the database instances of a Region."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.rds_events import EventSubscription, InstanceEvents

_SUBSCRIPTIONS: Final = Paging("Marker", ("EventSubscriptionsList",))
_INSTANCES: Final = Paging("Marker", ("DBInstances",))
_OTHERS: Final = frozenset({"docdb", "neptune"})
"""Engines of services that use RDS's calls for instances of their own."""

EVENT_OPERATIONS: Final = ("rds:DescribeDBInstances", "rds:DescribeEventSubscriptions")
"""Every call that `event_task` makes."""


def event_task(place: Place) -> Task:
    """Return the work of reading the subscriptions of a Region."""
    subject = Subject(place.arn("rds", "es:*"), "aws:rds/eventSubscription:EventSubscription", place)
    return Task(subject, (InstanceEvents,), lambda desk: _read(subject, desk))


def _read(subject: Subject, desk: Desk) -> Iterator[Observed]:
    region = subject.place.region
    pages = desk.every(_INSTANCES, desk.aws.rds.describe_db_instances)
    has_instances = any(each["Engine"] not in _OTHERS for page in pages for each in page["DBInstances"])
    found = desk.every(_SUBSCRIPTIONS, desk.aws.rds.describe_event_subscriptions)
    subscriptions = (_subscription(region, each) for page in found for each in page["EventSubscriptionsList"])
    yield Observed(
        subject,
        InstanceEvents(
            regions=(region,) if has_instances else (), subscriptions=tuple(subscriptions), whole_account=True
        ),
    )


def _subscription(region: str, item: Mapping[str, Any]) -> EventSubscription:
    return EventSubscription(
        region=region,
        source_type=item.get("SourceType", ""),
        categories=tuple(item.get("EventCategoriesList", ())),
        enabled=item["Enabled"],
    )
