"""Facts about the performance data that databases record."""

from dataclasses import dataclass

from ledgergate.graph import Graph, Resource
from policies.facts.kms import KeyUse, key_use
from policies.facts.properties import flag, settings_of
from policies.facts.rds_servers import CLUSTER, INSTANCE, MEMBER
from policies.facts.registry import adapter


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightsUse:
    """Whether a cluster, or an instance in one or outside, records performance data, and under which key.

    Args:
        enabled: `performanceInsightsEnabled`; false when unset. An instance of a cluster that leaves it out records
            what its cluster says, which is a fact of the cluster.
        kms_key_id: `performanceInsightsKmsKeyId`; None when unset, for which RDS takes a key that AWS manages.

    Source of the defaults: `aws.rds.Cluster`, `aws.rds.ClusterInstance` and `aws.rds.Instance`, pulumi-aws 7.51.1,
    read 2026-11-30.
    """

    enabled: bool = False
    kms_key_id: KeyUse | None = None


@adapter(types=(*CLUSTER, *INSTANCE, *MEMBER), joined=True)
def insights_from_graph(graph: Graph, resource: Resource) -> InsightsUse:
    """Build what a cluster or an instance records, with the keys of its stack."""
    return InsightsUse(
        enabled=flag(settings_of(resource), "performanceInsightsEnabled", default=False),
        kms_key_id=key_use(graph, resource, "performanceInsightsKmsKeyId"),
    )
