"""What stands behind a distribution, and which requests go where."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

BALANCER: Final = "balancer"
ASSETS: Final = "assets"

ASSET_PATHS: Final = "/static/*"

ORIGIN_TLS: Final = "TLSv1.2"
"""CloudFront speaks no newer one by name; it uses TLS 1.3 where the origin offers it."""

CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED: Final = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER: Final = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""Policies that AWS manages, the same in every account; the host name of the visitor is passed on.

Source: public CloudFront programs that name these ids, read 2026-11-30.
"""

_EVERY_METHOD: Final = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
_READ_METHODS: Final = ["GET", "HEAD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginSecret:
    """The header by which the load balancer knows the distribution.

    Args:
        header: Name.
        value: Secret value.
    """

    header: str
    value: pulumi.Input[str]


def balancer_origin(
    host: pulumi.Input[str], secret: OriginSecret, vpc_origin_id: pulumi.Input[str] | None
) -> aws.cloudfront.DistributionOriginArgs:
    """Return the origin of everything that is no asset.

    Args:
        host: Host name of the load balancer.
        secret: What it demands of every request.
        vpc_origin_id: The way to an internal one; None for one that faces the internet.
    """
    header = aws.cloudfront.DistributionOriginCustomHeaderArgs(name=secret.header, value=secret.value)
    inside = (
        aws.cloudfront.DistributionOriginVpcOriginConfigArgs(vpc_origin_id=vpc_origin_id)
        if vpc_origin_id is not None
        else None
    )
    outside = aws.cloudfront.DistributionOriginCustomOriginConfigArgs(
        http_port=80, https_port=443, origin_protocol_policy="https-only", origin_ssl_protocols=[ORIGIN_TLS]
    )
    return aws.cloudfront.DistributionOriginArgs(
        origin_id=BALANCER,
        domain_name=host,
        custom_headers=[header],
        vpc_origin_config=inside,
        custom_origin_config=None if inside else outside,
    )


def asset_origin(host: pulumi.Input[str], access_id: pulumi.Input[str]) -> aws.cloudfront.DistributionOriginArgs:
    """Return the origin of static assets.

    Args:
        host: Regional host name of the bucket.
        access_id: Origin access control.
    """
    return aws.cloudfront.DistributionOriginArgs(origin_id=ASSETS, domain_name=host, origin_access_control_id=access_id)


def application_behavior(headers_id: pulumi.Input[str]) -> aws.cloudfront.DistributionDefaultCacheBehaviorArgs:
    """Return what happens to a request by default: it goes to the load balancer as it came, and nothing is kept.

    Args:
        headers_id: Response headers policy.
    """
    return aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
        target_origin_id=BALANCER,
        viewer_protocol_policy="redirect-to-https",
        allowed_methods=_EVERY_METHOD,
        cached_methods=_READ_METHODS,
        cache_policy_id=CACHING_DISABLED,
        origin_request_policy_id=ALL_VIEWER,
        response_headers_policy_id=headers_id,
        compress=True,
    )


def asset_behavior(headers_id: pulumi.Input[str]) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgs:
    """Return what happens to a request for an asset: it is read from the bucket and kept.

    Args:
        headers_id: Response headers policy.
    """
    return aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
        path_pattern=ASSET_PATHS,
        target_origin_id=ASSETS,
        viewer_protocol_policy="redirect-to-https",
        allowed_methods=_READ_METHODS,
        cached_methods=_READ_METHODS,
        cache_policy_id=CACHING_OPTIMIZED,
        response_headers_policy_id=headers_id,
        compress=True,
    )
