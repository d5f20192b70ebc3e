"""A service on Fargate: private tasks, replaced blue/green, that no unsafe image joins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.blue_green_route import BlueGreenRoute
from components.container import Container, LogTarget, container_definition
from components.image_gate import ImageGate
from components.names import Names
from components.service_role import ServiceRole

CPU_UNITS: Final = 1024
"""One virtual CPU."""
MEMORY_MIB: Final = 2048
FEWEST_TASKS: Final = 2

_BAKE_MINUTES: Final = 5
_GATE_MINUTES: Final = 30
_START_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployer:
    """Who moves traffic, and who may stop a deployment.

    Args:
        traffic: Role with which ECS moves traffic between the target groups.
        gate: Function that lets a revision start, or not.
    """

    traffic: ServiceRole
    gate: ImageGate


@dataclass(frozen=True, slots=True, kw_only=True)
class FargateServiceArgs:
    """What runs, where, and how it is replaced.

    Args:
        names: Names of the deployment.
        region: Where it runs.
        kind: What it is; the kind in its name.
        cluster_arn: ECS cluster.
        container: What runs.
        log_group: Where output goes.
        task_role: What the application may do.
        execution_role: What starting a task needs.
        subnet_ids: Private subnets.
        security_group_id: Who may connect, and whom it may reach.
        route: How requests get here.
        deployer: Who moves traffic, and who may stop a deployment.
    """

    names: Names
    region: str
    kind: str
    cluster_arn: pulumi.Input[str]
    container: Container
    log_group: pulumi.Input[str]
    task_role: ServiceRole
    execution_role: ServiceRole
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    route: BlueGreenRoute
    deployer: Deployer


class FargateService(pulumi.ComponentResource):
    """Two tasks or more behind a load balancer.

    Args:
        name: Logical name.
        args: What runs, where, and how it is replaced.
        opts: Resource options.
    """

    name: pulumi.Output[str]
    """Name of the ECS service."""

    def __init__(self, name: str, args: FargateServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:FargateService", name, None, opts)
        self._args = args
        service = self._make_service(name, self._make_task_definition(name))
        self.name = service.name
        self.register_outputs({"name": self.name})

    def _make_task_definition(self, name: str) -> aws.ecs.TaskDefinition:
        args = self._args
        logs = LogTarget(group=args.log_group, region=args.region)
        return aws.ecs.TaskDefinition(
            name,
            region=args.region,
            family=args.names.of(args.kind),
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(CPU_UNITS),
            memory=str(MEMORY_MIB),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX", cpu_architecture="X86_64"
            ),
            task_role_arn=args.task_role.arn,
            execution_role_arn=args.execution_role.arn,
            container_definitions=pulumi.Output.json_dumps([container_definition(args.container, logs)]),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_service(self, name: str, task_definition: aws.ecs.TaskDefinition) -> aws.ecs.Service:
        args = self._args
        return aws.ecs.Service(
            name,
            region=args.region,
            name=args.names.of(args.kind),
            cluster=args.cluster_arn,
            task_definition=task_definition.arn,
            launch_type="FARGATE",
            platform_version="LATEST",
            desired_count=FEWEST_TASKS,
            availability_zone_rebalancing="ENABLED",
            # A root file system that cannot be written to has no room for the agent of exec sessions.
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            health_check_grace_period_seconds=_START_S,
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=args.subnet_ids, security_groups=[args.security_group_id], assign_public_ip=False
            ),
            load_balancers=[self._load_balancer()],
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=True),
            deployment_configuration=self._deployment(),
            opts=self._service_options(),
        )

    def _service_options(self) -> pulumi.ResourceOptions:
        args = self._args
        # The first deployment needs the policies of its roles; after it scaling owns the number of tasks.
        first = [args.task_role, args.execution_role, args.deployer.traffic, args.deployer.gate]
        return pulumi.ResourceOptions(
            parent=self, depends_on=first, ignore_changes=["desired_count"], delete_before_replace=True
        )

    def _load_balancer(self) -> aws.ecs.ServiceLoadBalancerArgs:
        args = self._args
        return aws.ecs.ServiceLoadBalancerArgs(
            target_group_arn=args.route.first.arn,
            container_name=args.container.name,
            container_port=args.container.port,
            advanced_configuration=aws.ecs.ServiceLoadBalancerAdvancedConfigurationArgs(
                alternate_target_group_arn=args.route.second.arn,
                production_listener_rule=args.route.rule.arn,
                role_arn=args.deployer.traffic.arn,
            ),
        )

    def _deployment(self) -> aws.ecs.ServiceDeploymentConfigurationArgs:
        gate = self._args.deployer.gate
        timeout = aws.ecs.ServiceDeploymentConfigurationLifecycleHookTimeoutConfigurationArgs(
            timeout_in_minutes=str(_GATE_MINUTES), action="ROLLBACK"
        )
        hook = aws.ecs.ServiceDeploymentConfigurationLifecycleHookArgs(
            hook_target_arn=gate.arn,
            role_arn=gate.caller.arn,
            lifecycle_stages=["PRE_SCALE_UP"],
            timeout_configuration=timeout,
        )
        return aws.ecs.ServiceDeploymentConfigurationArgs(
            strategy="BLUE_GREEN", bake_time_in_minutes=str(_BAKE_MINUTES), lifecycle_hooks=[hook]
        )
