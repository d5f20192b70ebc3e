"""How many tasks a service has: as many as processor and memory ask for, between two limits."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names

TARGETS_PERCENT: Final = {"cpu": 60.0, "memory": 70.0}
"""Average utilisation that scaling aims at."""

_METRICS: Final = {"cpu": "ECSServiceAverageCPUUtilization", "memory": "ECSServiceAverageMemoryUtilization"}
_GROW_S: Final = 60
_SHRINK_S: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceScalingArgs:
    """Which service, between which limits.

    Args:
        names: Names of the deployment.
        region: Where it runs.
        kind: What the service is; the kind in the names of the policies.
        cluster: Name of the ECS cluster.
        service: Name of the ECS service.
        fewest: Tasks that always run.
        most: Tasks that never become more.
    """

    names: Names
    region: str
    kind: str
    cluster: pulumi.Input[str]
    service: pulumi.Input[str]
    fewest: int
    most: int


class ServiceScaling(pulumi.ComponentResource):
    """Target tracking on processor and memory.

    Args:
        name: Logical name.
        args: Which service, between which limits.
        opts: Resource options.
    """

    def __init__(self, name: str, args: ServiceScalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ServiceScaling", name, None, opts)
        target = aws.appautoscaling.Target(
            name,
            region=args.region,
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=pulumi.Output.concat("service/", args.cluster, "/", args.service),
            min_capacity=args.fewest,
            max_capacity=args.most,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for measure in _METRICS:
            self._make_policy(name, args, target, measure)
        self.register_outputs({})

    def _make_policy(
        self, name: str, args: ServiceScalingArgs, target: aws.appautoscaling.Target, measure: str
    ) -> None:
        metric = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
            predefined_metric_type=_METRICS[measure]
        )
        aws.appautoscaling.Policy(
            f"{name}-{measure}",
            region=args.region,
            name=args.names.of(f"{args.kind}-{measure}", limit=128),
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
                predefined_metric_specification=metric,
                target_value=TARGETS_PERCENT[measure],
                scale_out_cooldown=_GROW_S,
                scale_in_cooldown=_SHRINK_S,
            ),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
