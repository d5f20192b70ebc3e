"""VPC endpoints: calls to AWS services stay on the VPC's own addresses."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names
from components.place import Place

MANDATORY_SERVICES: Final = ("ecr.api", "ecr.dkr", "logs")
"""Interface endpoints that no VPC goes without; the S3 gateway comes on top."""

_HTTPS: Final = 443


def s3_endpoint_policy(place: Place) -> str:
    """Return the policy of the S3 endpoint, JSON: the account's own buckets, and image layers.

    Without it the endpoint would carry data to anybody's bucket. The registry hands out layers from a
    bucket of AWS under addresses that it signed, so they are not requests of this account.
    Source: public Terraform and CDK modules that quote the Amazon ECR user guide, read 2026-11-21.
    """
    own = {
        "Sid": "OwnBuckets",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {
            "StringEquals": {"aws:PrincipalAccount": place.account_id, "aws:ResourceAccount": place.account_id}
        },
    }
    layers = {
        "Sid": "ImageLayers",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"{place.bucket_arn(f'prod-{place.region}-starport-layer-bucket')}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [own, layers]})


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpointsArgs:
    """Which services are reached, from where.

    Args:
        names: Names of the deployment.
        place: Where the VPC is.
        vpc_id: VPC.
        vpc_cidr: Block of the VPC; who may call the interface endpoints.
        subnet_ids: Subnets of the interface endpoints, one a zone.
        route_table_ids: Route tables that lead to the S3 gateway.
        services: Interface endpoints beside `MANDATORY_SERVICES`, `kms`.
    """

    names: Names
    place: Place
    vpc_id: pulumi.Input[str]
    vpc_cidr: str
    subnet_ids: Sequence[pulumi.Input[str]]
    route_table_ids: Sequence[pulumi.Input[str]]
    services: Sequence[str]


class VpcEndpoints(pulumi.ComponentResource):
    """The endpoints of one VPC: S3 by route, all others by address.

    Args:
        name: Logical name.
        args: Which services, from where.
        opts: Resource options.
    """

    security_group_id: pulumi.Output[str]
    s3_prefix_list_id: pulumi.Output[str]

    def __init__(self, name: str, args: VpcEndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:VpcEndpoints", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.s3_prefix_list_id = self._make_s3_gateway(name, args).prefix_list_id
        self.security_group_id = self._make_security_group(name, args).id
        self._make_ingress(name, args)
        for service in dict.fromkeys((*MANDATORY_SERVICES, *args.services)):
            self._make_interface(name, args, service)
        self.register_outputs({"securityGroupId": self.security_group_id})

    def _make_s3_gateway(self, name: str, args: VpcEndpointsArgs) -> aws.ec2.VpcEndpoint:
        return aws.ec2.VpcEndpoint(
            f"{name}-s3",
            region=args.place.region,
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{args.place.region}.s3",
            route_table_ids=args.route_table_ids,
            policy=s3_endpoint_policy(args.place),
            tags=args.names.tag("s3"),
            opts=self._child,
        )

    def _make_security_group(self, name: str, args: VpcEndpointsArgs) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            name,
            region=args.place.region,
            vpc_id=args.vpc_id,
            name=args.names.of("endpoints"),
            description="Interface endpoints of AWS services",
            tags=args.names.tag("endpoints"),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_ingress(self, name: str, args: VpcEndpointsArgs) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-from-vpc",
            region=args.place.region,
            security_group_id=self.security_group_id,
            description="HTTPS from inside the VPC",
            cidr_ipv4=args.vpc_cidr,
            ip_protocol="tcp",
            from_port=_HTTPS,
            to_port=_HTTPS,
            opts=self._child,
        )

    def _make_interface(self, name: str, args: VpcEndpointsArgs, service: str) -> None:
        kind = service.replace(".", "-")
        aws.ec2.VpcEndpoint(
            f"{name}-{kind}",
            region=args.place.region,
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=f"com.amazonaws.{args.place.region}.{service}",
            private_dns_enabled=True,
            subnet_ids=args.subnet_ids,
            security_group_ids=[self.security_group_id],
            tags=args.names.tag(kind),
            opts=self._child,
        )
