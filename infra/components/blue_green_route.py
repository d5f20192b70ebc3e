"""The way from a listener to one service: a rule, and two target groups that take turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names

_DRAIN_S: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueGreenRouteArgs:
    """Which requests reach which service.

    Args:
        names: Names of the deployment.
        region: Where the load balancer is.
        service: Short name, part of the names of the target groups.
        vpc_id: Where the tasks run.
        listener_arn: Where requests arrive.
        priority: Rules are tried from the lowest number up.
        paths: Patterns of paths, `/api/*`.
        header: Name of the header that requests must bring.
        accepted: Values of the header, one of which lets a request pass.
        port: Where tasks listen.
        health_path: What a healthy task answers with 200.
        tls: Whether the load balancer speaks TLS with the tasks.
    """

    names: Names
    region: str
    service: str
    vpc_id: pulumi.Input[str]
    listener_arn: pulumi.Input[str]
    priority: int
    paths: Sequence[str]
    header: str
    accepted: Sequence[pulumi.Input[str]]
    port: int
    health_path: str
    tls: bool = True


class BlueGreenRoute(pulumi.ComponentResource):
    """Two target groups behind a rule; a deployment moves the rule from one group to the other.

    Args:
        name: Logical name.
        args: Which requests reach which service.
        opts: Resource options.
    """

    first: aws.lb.TargetGroup
    """Serves until the first deployment moves on."""
    second: aws.lb.TargetGroup
    rule: aws.lb.ListenerRule

    def __init__(self, name: str, args: BlueGreenRouteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:BlueGreenRoute", name, None, opts)
        self.first, self.second = (self._make_target_group(name, args, turn) for turn in ("a", "b"))
        self.rule = self._make_rule(name, args)
        self.register_outputs({})

    def _make_target_group(self, name: str, args: BlueGreenRouteArgs, turn: str) -> aws.lb.TargetGroup:
        protocol = "HTTPS" if args.tls else "HTTP"
        return aws.lb.TargetGroup(
            f"{name}-{turn}",
            region=args.region,
            name=args.names.of(f"{args.service}-{turn}"),
            vpc_id=args.vpc_id,
            target_type="ip",
            protocol=protocol,
            protocol_version="HTTP1",
            port=args.port,
            deregistration_delay=_DRAIN_S,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                enabled=True,
                protocol=protocol,
                path=args.health_path,
                matcher="200",
                interval=15,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
            ),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_rule(self, name: str, args: BlueGreenRouteArgs) -> aws.lb.ListenerRule:
        return aws.lb.ListenerRule(
            name,
            region=args.region,
            listener_arn=args.listener_arn,
            priority=args.priority,
            conditions=[
                aws.lb.ListenerRuleConditionArgs(
                    http_header=aws.lb.ListenerRuleConditionHttpHeaderArgs(
                        http_header_name=args.header, values=args.accepted
                    )
                ),
                aws.lb.ListenerRuleConditionArgs(
                    path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=args.paths)
                ),
            ],
            actions=[aws.lb.ListenerRuleActionArgs(type="forward", forward=self._forward())],
            # ECS moves the weights with every deployment; an update must not move them back.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["actions"]),
        )

    def _forward(self) -> aws.lb.ListenerRuleActionForwardArgs:
        shares = ((self.first, 100), (self.second, 0))
        return aws.lb.ListenerRuleActionForwardArgs(
            target_groups=[
                aws.lb.ListenerRuleActionForwardTargetGroupArgs(arn=group.arn, weight=weight)
                for group, weight in shares
            ]
        )
