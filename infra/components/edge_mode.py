"""The two ways from CloudFront to a load balancer."""

from enum import StrEnum


class EdgeMode(StrEnum):
    """How CloudFront reaches the load balancer; either way it demands the origin header.

    `vpcOrigin` reaches an internal balancer over the service's own interfaces in the VPC. `publicAlb` reaches one
    that faces the internet and admits CloudFront's addresses only.
    """

    VPC_ORIGIN = "vpcOrigin"
    PUBLIC_ALB = "publicAlb"
