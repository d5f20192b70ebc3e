"""Reads where classic load balancers record requests."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.lb import CLASSIC, BalancerLog, RecordedBalancer

_TYPE: Final = "aws:elb/loadBalancer:LoadBalancer"
_BALANCERS: Final = Paging("Marker", ("LoadBalancerDescriptions",), answered="NextMarker")


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    yield Task(_subject(place, "*"), (RecordedBalancer,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_BALANCERS, desk.aws.elb.describe_load_balancers):
        for each in page["LoadBalancerDescriptions"]:
            name = each["LoadBalancerName"]
            yield Task(_subject(place, name), (RecordedBalancer,), partial(_read, _subject(place, name), name))


def _read(subject: Subject, name: str, desk: Desk) -> Iterator[Observed]:
    found = desk.one(desk.aws.elb.describe_load_balancer_attributes, LoadBalancerName=name)
    kept = found["LoadBalancerAttributes"]["AccessLog"]
    # A log that is off has no bucket.
    log = BalancerLog(enabled=kept["Enabled"], has_bucket=bool(kept.get("S3BucketName")))
    yield Observed(subject, RecordedBalancer(type=CLASSIC, log=log))


def _subject(place: Place, name: str) -> Subject:
    return Subject(place.arn("elasticloadbalancing", f"loadbalancer/{name}"), _TYPE, place)


READING: Final = Reading(
    service="elb",
    regional=True,
    gives={RecordedBalancer: ("elb:DescribeLoadBalancerAttributes", "elb:DescribeLoadBalancers")},
    begin=_begin,
)
