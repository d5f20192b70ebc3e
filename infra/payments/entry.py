"""The way in behind CloudFront: a load balancer that demands the origin header, and a route to each service."""

from collections.abc import Mapping
from typing import Final

import pulumi
from network import BACKEND_PORT, FRONTEND_PORT, NetworkParts
from settings import LOG_RETENTION_DAYS, Settings
from storage import UNDO_DAYS, BucketNames, balancer_logs

from components.balancer_log_bucket import BalancerLogBucket, BalancerLogBucketArgs
from components.blue_green_route import BlueGreenRoute, BlueGreenRouteArgs
from components.cidr import Tier
from components.edge_mode import EdgeMode
from components.lifecycle import Lifecycle
from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.origin_header import HEADER, OriginHeader
from components.place import Place
from components.placeholder_certificate import PlaceholderCertificate, PlaceholderCertificateArgs

PORTS: Final[Mapping[str, int]] = {"frontend": FRONTEND_PORT, "backend": BACKEND_PORT}

_PATHS: Final = {"backend": ("/api/*",), "frontend": ("/*",)}
"""Service → paths, in the order in which the listener tries them."""

_HEALTH: Final = {"backend": "/api/health", "frontend": "/"}


def make_balancer(settings: Settings, place: Place, network: NetworkParts, buckets: BucketNames) -> LoadBalancer:
    """Make the load balancer, internal where CloudFront comes through a VPC origin."""
    internal = settings.edge.mode is EdgeMode.VPC_ORIGIN
    args = LoadBalancerArgs(
        names=settings.names,
        region=place.region,
        internal=internal,
        subnet_ids=network.subnet_ids[Tier.PRIVATE if internal else Tier.PUBLIC],
        security_group_id=network.group_ids["balancer"],
        certificate_arn=settings.compute.certificate_arn or _make_placeholder_certificate(settings, place),
        log_bucket=_make_log_bucket(settings, place, buckets),
        deletion_protected=settings.database.deletion_protected,
    )
    return LoadBalancer("balancer", args)


def _make_placeholder_certificate(settings: Settings, place: Place) -> pulumi.Output[str]:
    domain = f"{settings.names.of('balancer')}.invalid"
    args = PlaceholderCertificateArgs(region=place.region, domain=domain)
    return PlaceholderCertificate("placeholder-certificate", args).arn


def _make_log_bucket(settings: Settings, place: Place, buckets: BucketNames) -> BalancerLogBucket:
    args = BalancerLogBucketArgs(
        bucket=balancer_logs(settings.names),
        place=place,
        access_log_bucket=buckets.access_logs,
        lifecycle=Lifecycle(noncurrent_days=UNDO_DAYS, expire_days=LOG_RETENTION_DAYS),
        destroyable=settings.destroyable,
    )
    return BalancerLogBucket("balancer-logs", args)


def make_routes(
    settings: Settings, network: NetworkParts, balancer: LoadBalancer, origin_header: OriginHeader
) -> Mapping[str, BlueGreenRoute]:
    """Make the way to each service; the back end's paths are tried first."""
    routes = {}
    for priority, service in enumerate(_PATHS, start=1):
        args = BlueGreenRouteArgs(
            names=settings.names,
            region=settings.region,
            service=service,
            vpc_id=network.vpc_id,
            listener_arn=balancer.listener_arn,
            priority=10 * priority,
            paths=_PATHS[service],
            header=HEADER,
            accepted=origin_header.accepted,
            port=PORTS[service],
            health_path=_HEALTH[service],
            tls=settings.compute.task_tls,
        )
        routes[service] = BlueGreenRoute(service, args)
    return routes
