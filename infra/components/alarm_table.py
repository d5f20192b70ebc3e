"""Which metrics are watched, and from where on somebody is told: tables, one for each part of a system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pulumi

FIVE_MINUTES_S: Final = 300
MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One metric and its limit.

    Args:
        kind: Part of its name, unique within the deployment.
        meaning: What is wrong when it rings, for whom it wakes.
        namespace: `AWS/RDS`.
        metric: Name of the metric.
        dimensions: Dimension → value.
        limit: It rings above this.
        statistic: What of the values of a period counts.
        period_s: Length of a period.
        periods: How many in a row must be above the limit.
        silence_is_bad: Whether missing values ring as well; without it they count as good.
    """

    kind: str
    meaning: str
    namespace: str
    metric: str
    limit: float
    dimensions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    statistic: str = "Sum"
    period_s: int = FIVE_MINUTES_S
    periods: int = 1
    silence_is_bad: bool = False


def balancer_alarms(balancer: pulumi.Input[str], target_groups: Mapping[str, pulumi.Input[str]]) -> tuple[Alarm, ...]:
    """Return the alarms of a load balancer.

    Args:
        balancer: What CloudWatch calls it, the suffix of its ARN.
        target_groups: Service → the same of its target group.
    """
    namespace, dimension = "AWS/ApplicationELB", {"LoadBalancer": balancer}
    unhealthy = (
        Alarm(
            kind=f"unhealthy-{service}",
            meaning=f"A task of {service} fails its health check",
            namespace=namespace,
            metric="UnHealthyHostCount",
            dimensions={**dimension, "TargetGroup": group},
            statistic="Maximum",
            period_s=MINUTE_S,
            periods=3,
            limit=0,
        )
        for service, group in target_groups.items()
    )
    errors = (
        Alarm(
            kind=kind,
            meaning=meaning,
            namespace=namespace,
            metric=metric,
            dimensions=dimension,
            limit=10,
        )
        for kind, meaning, metric in (
            ("balancer-5xx", "The load balancer itself answers with errors", "HTTPCode_ELB_5XX_Count"),
            ("tasks-5xx", "Tasks answer with errors", "HTTPCode_Target_5XX_Count"),
        )
    )
    return (*errors, *unhealthy)


def service_alarms(cluster: pulumi.Input[str], services: Mapping[str, pulumi.Input[str]]) -> tuple[Alarm, ...]:
    """Return the alarms of ECS services: what scaling could not prevent.

    Args:
        cluster: Cluster name.
        services: Short name → service name.
    """
    return tuple(
        Alarm(
            kind=f"{service}-{kind}",
            meaning=f"Tasks of {service} run out of {kind}",
            namespace="AWS/ECS",
            metric=metric,
            dimensions={"ClusterName": cluster, "ServiceName": name},
            statistic="Average",
            periods=3,
            limit=85,
        )
        for service, name in services.items()
        for kind, metric in (("cpu", "CPUUtilization"), ("memory", "MemoryUtilization"))
    )


def database_alarms(cluster: str, *, serverless: bool) -> tuple[Alarm, ...]:
    """Return the alarms of an Aurora cluster.

    Args:
        cluster: Cluster identifier.
        serverless: Whether its capacity follows the load.
    """
    namespace, dimension = "AWS/RDS", {"DBClusterIdentifier": cluster}
    capacity = Alarm(
        kind="database-capacity",
        meaning="The database has reached the capacity that it may use",
        namespace=namespace,
        metric="ACUUtilization",
        dimensions=dimension,
        statistic="Maximum",
        periods=3,
        limit=90,
    )
    load = Alarm(
        kind="database-cpu",
        meaning="The database runs out of CPU",
        namespace=namespace,
        metric="CPUUtilization",
        dimensions=dimension,
        statistic="Maximum",
        periods=3,
        limit=85,
    )
    lag = Alarm(
        kind="database-lag",
        meaning="Readers are behind the writer, in milliseconds",
        namespace=namespace,
        metric="AuroraReplicaLagMaximum",
        dimensions=dimension,
        statistic="Maximum",
        period_s=MINUTE_S,
        periods=5,
        limit=1000,
    )
    return (load, lag, capacity) if serverless else (load, lag)


def distribution_alarms(distribution_id: pulumi.Input[str]) -> tuple[Alarm, ...]:
    """Return the alarms of a distribution; its metrics are in us-east-1.

    Args:
        distribution_id: Distribution.
    """
    return (
        Alarm(
            kind="cloudfront-5xx",
            meaning="More than one in a hundred visitors is answered with an error",
            namespace="AWS/CloudFront",
            metric="5xxErrorRate",
            dimensions={"DistributionId": distribution_id, "Region": "Global"},
            statistic="Average",
            periods=2,
            limit=1,
        ),
    )


def web_acl_alarms(web_acl: str, refused_in_five_minutes: int) -> tuple[Alarm, ...]:
    """Return the alarms of a web ACL of scope CLOUDFRONT; its metrics are in us-east-1.

    Args:
        web_acl: Name of its metric.
        refused_in_five_minutes: How many refusals are usual.
    """
    return (
        Alarm(
            kind="waf-refusals",
            meaning="The web ACL refuses far more than usual: somebody tries",
            namespace="AWS/WAFV2",
            metric="BlockedRequests",
            dimensions={"WebACL": web_acl, "Rule": "ALL"},
            limit=refused_in_five_minutes,
        ),
    )
