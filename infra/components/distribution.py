"""A CloudFront distribution: the one way in, over TLS, past a web ACL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.distribution_origins import (
    ORIGIN_TLS,
    OriginSecret,
    application_behavior,
    asset_behavior,
    asset_origin,
    balancer_origin,
)
from components.names import Names
from components.response_headers import removed_headers, security_headers

TLS_FLOOR: Final = "TLSv1.2_2021"

_HTTP: Final = 80
_HTTPS: Final = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancer:
    """The load balancer behind the distribution.

    Args:
        arn: Load balancer.
        host: Its host name.
        internal: Whether it has no public address, so that only a VPC origin reaches it.
        secret: What it demands of every request.
        accepting: What makes it accept that secret; the distribution waits for it.
    """

    arn: pulumi.Input[str]
    host: pulumi.Input[str]
    internal: bool
    secret: OriginSecret
    accepting: Sequence[pulumi.Resource] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionArgs:
    """What is served, to whom.

    Args:
        names: Names of the deployment.
        domains: Host names that visitors use.
        certificate_arn: Certificate for them, in us-east-1.
        web_acl_arn: Web ACL of scope CLOUDFRONT.
        balancer: Where requests go.
        asset_host: Regional host name of the bucket that holds `/static/*`.
        price_class: Which of CloudFront's locations answer.
        countries: Two-letter codes of the countries that are served; empty for all.
    """

    names: Names
    domains: Sequence[str]
    certificate_arn: pulumi.Input[str]
    web_acl_arn: pulumi.Input[str]
    balancer: Balancer
    asset_host: pulumi.Input[str]
    price_class: str
    countries: Sequence[str]


class Distribution(pulumi.ComponentResource):
    """The entry to a load balancer and to a bucket of assets.

    Args:
        name: Logical name.
        args: What is served, to whom.
        opts: Resource options.
    """

    arn: pulumi.Output[str]
    id: pulumi.Output[str]
    host: pulumi.Output[str]
    """Host name that CloudFront gave."""

    def __init__(self, name: str, args: DistributionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:Distribution", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        way_in = self._make_vpc_origin(name, args).id if args.balancer.internal else None
        origins = [
            balancer_origin(args.balancer.host, args.balancer.secret, way_in),
            asset_origin(args.asset_host, self._make_access_control(name, args).id),
        ]
        distribution = self._make_distribution(name, args, origins, self._make_headers(name, args))
        self.arn = distribution.arn
        self.id = distribution.id
        self.host = distribution.domain_name
        self.register_outputs({"arn": self.arn, "host": self.host})

    def _make_vpc_origin(self, name: str, args: DistributionArgs) -> aws.cloudfront.VpcOrigin:
        tls = aws.cloudfront.VpcOriginVpcOriginEndpointConfigOriginSslProtocolsArgs(items=[ORIGIN_TLS], quantity=1)
        endpoint = aws.cloudfront.VpcOriginVpcOriginEndpointConfigArgs(
            name=args.names.of("origin"),
            arn=args.balancer.arn,
            http_port=_HTTP,
            https_port=_HTTPS,
            origin_protocol_policy="https-only",
            origin_ssl_protocols=tls,
        )
        return aws.cloudfront.VpcOrigin(name, vpc_origin_endpoint_config=endpoint, opts=self._child)

    def _make_access_control(self, name: str, args: DistributionArgs) -> aws.cloudfront.OriginAccessControl:
        return aws.cloudfront.OriginAccessControl(
            name,
            name=args.names.of("assets"),
            description="Signs every request to the bucket of assets",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_headers(self, name: str, args: DistributionArgs) -> aws.cloudfront.ResponseHeadersPolicy:
        return aws.cloudfront.ResponseHeadersPolicy(
            name,
            name=args.names.of("headers"),
            comment="What browsers may do with an answer",
            security_headers_config=security_headers(),
            remove_headers_config=removed_headers(),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_distribution(
        self,
        name: str,
        args: DistributionArgs,
        origins: Sequence[aws.cloudfront.DistributionOriginArgs],
        headers: aws.cloudfront.ResponseHeadersPolicy,
    ) -> aws.cloudfront.Distribution:
        return aws.cloudfront.Distribution(
            name,
            comment=args.names.of("entry"),
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            aliases=list(args.domains),
            default_root_object="index.html",
            origins=list(origins),
            default_cache_behavior=application_behavior(headers.id),
            ordered_cache_behaviors=[asset_behavior(headers.id)],
            price_class=args.price_class,
            restrictions=_restrictions(args.countries),
            viewer_certificate=aws.cloudfront.DistributionViewerCertificateArgs(
                acm_certificate_arn=args.certificate_arn,
                minimum_protocol_version=TLS_FLOOR,
                ssl_support_method="sni-only",
            ),
            web_acl_id=args.web_acl_arn,
            tags=args.names.tag("entry"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.balancer.accepting)),
        )


def _restrictions(countries: Sequence[str]) -> aws.cloudfront.DistributionRestrictionsArgs:
    return aws.cloudfront.DistributionRestrictionsArgs(
        geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(
            restriction_type="whitelist" if countries else "none", locations=list(countries)
        )
    )
