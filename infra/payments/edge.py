"""The only way in: CloudFront behind a web ACL, in front of the load balancer and the static assets."""

from dataclasses import dataclass, replace

import pulumi
from compute import ComputeParts
from edge_settings import EDGE_REGION, REQUESTS_PER_MINUTE
from security import KeyArns, make_key
from settings import LOG_RETENTION_DAYS, Settings
from storage import BucketNames

from components.distribution import Balancer, Distribution, DistributionArgs
from components.distribution_log import DistributionLog, DistributionLogArgs
from components.distribution_origins import OriginSecret
from components.edge_mode import EdgeMode
from components.key_policy import used_by_logs
from components.origin_header import HEADER, OriginHeader
from components.place import Place
from components.served_bucket_policy import ServedBucketPolicy, ServedBucketPolicyArgs
from components.web_acl import Scope, WebAcl, WebAclArgs, acl_groups


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeParts:
    """What other parts of the system need of the way in.

    Args:
        distribution_id: Distribution.
        host: Host name that CloudFront gave it.
        web_acl: Name of the web ACL, and of its metric.
    """

    distribution_id: pulumi.Output[str]
    host: pulumi.Output[str]
    web_acl: str


def make_edge(
    settings: Settings,
    place: Place,
    keys: KeyArns,
    buckets: BucketNames,
    compute: ComputeParts,
    origin_header: OriginHeader,
) -> EdgeParts:
    """Make the distribution, what protects it, and the record of both."""
    there = replace(place, region=EDGE_REGION)
    names = settings.names
    groups = (names.log_group("cloudfront"), *acl_groups(names))
    key_arn = make_key(settings, there, "edge", used_by_logs(there, *groups))
    acl = _acl_args(settings, there, key_arn)
    distribution = _make_distribution(settings, WebAcl("edge", acl), buckets, compute, origin_header)
    DistributionLog(
        "edge-log",
        DistributionLogArgs(
            names=names,
            place=there,
            distribution_arn=distribution.arn,
            key_arn=key_arn,
            retention_days=LOG_RETENTION_DAYS,
        ),
    )
    ServedBucketPolicy(
        "static", ServedBucketPolicyArgs(place=place, bucket=buckets.assets, distribution_arn=distribution.arn)
    )
    if settings.edge.balancer_web_acl:
        _make_balancer_acl(settings, place, keys, compute)
    return EdgeParts(distribution_id=distribution.id, host=distribution.host, web_acl=acl.label)


def _make_distribution(
    settings: Settings, web_acl: WebAcl, buckets: BucketNames, compute: ComputeParts, origin_header: OriginHeader
) -> Distribution:
    balancer = Balancer(
        arn=compute.balancer_arn,
        host=compute.balancer_dns_name,
        internal=settings.edge.mode is EdgeMode.VPC_ORIGIN,
        secret=OriginSecret(header=HEADER, value=origin_header.value),
        accepting=compute.entry_rules,
    )
    args = DistributionArgs(
        names=settings.names,
        domains=settings.edge.domains,
        certificate_arn=settings.edge.certificate_arn,
        web_acl_arn=web_acl.arn,
        balancer=balancer,
        asset_host=buckets.assets.host,
        price_class=settings.edge.price_class.value,
        countries=settings.edge.countries,
    )
    return Distribution("edge", args)


def _acl_args(settings: Settings, place: Place, key_arn: pulumi.Input[str]) -> WebAclArgs:
    return WebAclArgs(
        names=settings.names,
        place=place,
        scope=Scope.CLOUDFRONT,
        kind="edge",
        requests_per_minute=REQUESTS_PER_MINUTE,
        key_arn=key_arn,
        retention_days=LOG_RETENTION_DAYS,
    )


def _make_balancer_acl(settings: Settings, place: Place, keys: KeyArns, compute: ComputeParts) -> None:
    args = replace(
        _acl_args(settings, place, keys.logs),
        scope=Scope.REGIONAL,
        kind="balancer",
        protected_arn=compute.balancer_arn,
    )
    WebAcl("balancer", args)
