"""An ECS cluster whose task storage and exec sessions are under a customer-managed key."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.log_group import LogGroup, LogGroupArgs
from components.names import Names
from components.tags import DataClass


def insights_group(cluster: str) -> str:
    """Return the name of the log group that Container Insights writes to.

    Args:
        cluster: Name of the ECS cluster.
    """
    return f"/aws/ecs/containerinsights/{cluster}/performance"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerClusterArgs:
    """What protects the cluster's data.

    Args:
        names: Names of the deployment.
        region: Where it is.
        key_arn: Key of task storage and exec sessions.
        log_key_arn: Key of the log groups.
        log_retention_days: A value that CloudWatch Logs offers.
    """

    names: Names
    region: str
    key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int


class ContainerCluster(pulumi.ComponentResource):
    """A cluster for Fargate tasks.

    Args:
        name: Logical name.
        args: What protects the cluster's data.
        opts: Resource options.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    log_group: pulumi.Output[str]
    """Log group of exec sessions."""

    def __init__(self, name: str, args: ContainerClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ContainerCluster", name, None, opts)
        sessions = self._make_log_group(f"{name}-sessions", args, args.names.log_group("ecs"))
        # Container Insights would make this group itself, without a key and without an end.
        insights = self._make_log_group(f"{name}-insights", args, insights_group(args.names.of("cluster")))
        self.log_group = sessions.name
        cluster = self._make_cluster(name, args, insights)
        self.arn = cluster.arn
        self.name = cluster.name
        self.register_outputs({"arn": self.arn})

    def _make_log_group(self, name: str, args: ContainerClusterArgs, group: str) -> LogGroup:
        log_args = LogGroupArgs(
            name=group,
            region=args.region,
            key_arn=args.log_key_arn,
            retention_days=args.log_retention_days,
            data_class=DataClass.CONFIDENTIAL,
        )
        return LogGroup(name, log_args, pulumi.ResourceOptions(parent=self))

    def _make_cluster(self, name: str, args: ContainerClusterArgs, insights: LogGroup) -> aws.ecs.Cluster:
        return aws.ecs.Cluster(
            name,
            region=args.region,
            name=args.names.of("cluster"),
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value="enabled")],
            configuration=aws.ecs.ClusterConfigurationArgs(
                execute_command_configuration=self._exec(args),
                managed_storage_configuration=aws.ecs.ClusterConfigurationManagedStorageConfigurationArgs(
                    fargate_ephemeral_storage_kms_key_id=args.key_arn
                ),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[insights], delete_before_replace=True),
        )

    def _exec(self, args: ContainerClusterArgs) -> aws.ecs.ClusterConfigurationExecuteCommandConfigurationArgs:
        return aws.ecs.ClusterConfigurationExecuteCommandConfigurationArgs(
            kms_key_id=args.key_arn,
            logging="OVERRIDE",
            log_configuration=aws.ecs.ClusterConfigurationExecuteCommandConfigurationLogConfigurationArgs(
                cloud_watch_encryption_enabled=True, cloud_watch_log_group_name=self.log_group
            ),
        )
