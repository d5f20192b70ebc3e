"""Reads which security groups guard Redshift clusters."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.ingress import GROUP_OPERATIONS, attached
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.guarded_stores import GuardedWarehouse
from policies.facts.properties import UNKNOWN

_CLUSTER: Final = "aws:redshift/cluster:Cluster"
_CLUSTERS: Final = Paging("Marker", ("Clusters",))


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(place.arn("redshift", "cluster:*"), _CLUSTER, place)
    yield Task(subject, (GuardedWarehouse,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_CLUSTERS, desk.aws.redshift.describe_clusters):
        for each in page["Clusters"]:
            subject = Subject(place.arn("redshift", f"cluster:{each['ClusterIdentifier']}"), _CLUSTER, place)
            yield Task(subject, (GuardedWarehouse,), partial(_read, subject, {**each}))


def _read(subject: Subject, cluster: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    ids = [each["VpcSecurityGroupId"] for each in cluster["VpcSecurityGroups"]]
    # It tells no port before it can be reached.
    port = cluster.get("Endpoint", {}).get("Port", UNKNOWN)
    fact = GuardedWarehouse(port=port, groups=attached(ids, desk, failures))
    yield Observed(subject, fact, failures=tuple(failures))


READING: Final = Reading(
    service="redshift",
    regional=True,
    gives={GuardedWarehouse: (*GROUP_OPERATIONS, "redshift:DescribeClusters")},
    begin=_begin,
)
