"""A load balancer that answers strangers with 403: only what its rules let in gets further."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.balancer_log_bucket import PREFIX, BalancerLogBucket
from components.names import Names

HTTPS: Final = 443

TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
"""TLS 1.3, and 1.2 with forward secrecy and authenticated encryption only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancerArgs:
    """Where the load balancer stands.

    Args:
        names: Names of the deployment.
        region: Where it is.
        internal: Whether it has private addresses only.
        subnet_ids: One subnet a zone: private ones when internal, else public ones.
        security_group_id: Who may connect, and whom it may reach.
        certificate_arn: ACM certificate in its Region.
        log_bucket: Bucket that records every request.
        deletion_protected: Whether the service refuses to delete it.
    """

    names: Names
    region: str
    internal: bool
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]
    log_bucket: BalancerLogBucket
    deletion_protected: bool = True


class LoadBalancer(pulumi.ComponentResource):
    """An application load balancer with one HTTPS listener.

    Args:
        name: Logical name.
        args: Where it stands.
        opts: Resource options.
    """

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    listener_arn: pulumi.Output[str]

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:LoadBalancer", name, None, opts)
        balancer = self._make_balancer(name, args)
        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.listener_arn = self._make_listener(name, args).arn
        self.register_outputs({"arn": self.arn, "dnsName": self.dns_name})

    def _make_balancer(self, name: str, args: LoadBalancerArgs) -> aws.lb.LoadBalancer:
        return aws.lb.LoadBalancer(
            name,
            region=args.region,
            name=args.names.of("balancer"),
            load_balancer_type="application",
            internal=args.internal,
            subnets=args.subnet_ids,
            security_groups=[args.security_group_id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            enable_deletion_protection=args.deletion_protected,
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(enabled=True, bucket=args.log_bucket.bucket, prefix=PREFIX),
            # The service tries to write as soon as the log is switched on, so the bucket's policy comes first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.log_bucket], delete_before_replace=True),
        )

    def _make_listener(self, name: str, args: LoadBalancerArgs) -> aws.lb.Listener:
        refusal = aws.lb.ListenerDefaultActionFixedResponseArgs(
            content_type="text/plain", message_body="Forbidden", status_code="403"
        )
        return aws.lb.Listener(
            name,
            region=args.region,
            load_balancer_arn=self.arn,
            port=HTTPS,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificate_arn=args.certificate_arn,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="fixed-response", fixed_response=refusal)],
            opts=pulumi.ResourceOptions(parent=self),
        )
