"""An Aurora PostgreSQL cluster that applications enter with IAM, not with a password."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi
import pulumi_aws as aws

from components.database_parameters import FAMILY, MAJOR_VERSION, audit_parameters
from components.names import Names
from components.place import Place
from components.tags import DataClass

PORT: Final = 5432

_ENGINE: Final = aws.rds.EngineType.AURORA_POSTGRESQL


class Insights(StrEnum):
    """How much CloudWatch Database Insights records."""

    STANDARD = "standard"
    ADVANCED = "advanced"

    @property
    def retention_days(self) -> int:
        """Days that query performance data is kept: what each mode includes or demands."""
        return 7 if self is Insights.STANDARD else 465


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Between which sizes a serverless instance scales.

    Args:
        lowest: Aurora capacity units, 0.5 to 256 in halves.
        highest: Likewise, not below `lowest`.
    """

    lowest: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseArgs:
    """What the cluster is and who looks after it.

    Args:
        names: Names of the deployment.
        place: Where it lives.
        key_arn: Key of storage, performance data and the master user's secret.
        log_key_arn: Key of the log group.
        subnet_ids: Data subnets in at least two zones.
        zones: One instance each; the first is the writer, the others read.
        security_group_id: Who may connect.
        database: Name of the first database.
        instance_class: `db.serverless` or a provisioned class.
        capacity: Limits of serverless instances.
        backup_days: Days to which it can be restored, 7 to 35.
        log_retention_days: A value that CloudWatch Logs offers.
        slow_query_ms: Statements slower than this are logged.
        insights: How much performance data is recorded.
        destroyable: Whether the stack may vanish: leaves no final snapshot.
        deletion_protected: Whether the service refuses to delete it.
    """

    names: Names
    place: Place
    key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    zones: Sequence[str]
    security_group_id: pulumi.Input[str]
    database: str
    instance_class: str
    capacity: Capacity
    backup_days: int
    log_retention_days: int
    slow_query_ms: int
    insights: Insights
    destroyable: bool = False
    deletion_protected: bool = True


class Database(pulumi.ComponentResource):
    """A private, encrypted, logged cluster with one instance in each zone.

    Args:
        name: Logical name.
        args: What it is.
        opts: Resource options.
    """

    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    reader_endpoint: pulumi.Output[str]
    resource_id: pulumi.Output[str]
    """Part of the ARN that `rds-db:connect` names."""
    subnet_group: pulumi.Output[str]

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:Database", name, None, opts)
        self._name = name
        self._args = args
        cluster = self._make_cluster(self._make_subnet_group(), self._make_parameter_group(), self._make_log_group())
        for position, zone in enumerate(args.zones):
            self._make_instance(cluster, position, zone)
        self.arn = cluster.arn
        self.endpoint = cluster.endpoint
        self.reader_endpoint = cluster.reader_endpoint
        self.resource_id = cluster.cluster_resource_id
        self.subnet_group = cluster.db_subnet_group_name
        self.register_outputs({"endpoint": self.endpoint, "readerEndpoint": self.reader_endpoint})

    def _make_log_group(self) -> aws.cloudwatch.LogGroup:
        # RDS would make this group itself, without a key and without an end.
        return aws.cloudwatch.LogGroup(
            self._name,
            region=self._args.place.region,
            name=f"/aws/rds/cluster/{self._args.names.of('database')}/postgresql",
            kms_key_id=self._args.log_key_arn,
            retention_in_days=self._args.log_retention_days,
            tags=DataClass.CARDHOLDER.tag,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_subnet_group(self) -> aws.rds.SubnetGroup:
        return aws.rds.SubnetGroup(
            self._name,
            region=self._args.place.region,
            name=self._args.names.of("database"),
            description="Data subnets",
            subnet_ids=self._args.subnet_ids,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_parameter_group(self) -> aws.rds.ClusterParameterGroup:
        return aws.rds.ClusterParameterGroup(
            self._name,
            region=self._args.place.region,
            name=self._args.names.of("database"),
            description="TLS, audit and slow query settings",
            family=FAMILY,
            parameters=audit_parameters(self._args.slow_query_ms),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_cluster(
        self,
        subnet_group: aws.rds.SubnetGroup,
        parameter_group: aws.rds.ClusterParameterGroup,
        log_group: aws.cloudwatch.LogGroup,
    ) -> aws.rds.Cluster:
        args = self._args
        return aws.rds.Cluster(
            self._name,
            region=args.place.region,
            cluster_identifier=args.names.of("database"),
            engine=_ENGINE.value,
            engine_mode="provisioned",
            # Without a minor version, so that automatic minor upgrades are no drift.
            engine_version=MAJOR_VERSION,
            database_name=args.database,
            port=PORT,
            master_username=f"{args.database}_owner",
            manage_master_user_password=True,
            master_user_secret_kms_key_id=args.key_arn,
            iam_database_authentication_enabled=True,
            db_subnet_group_name=subnet_group.name,
            db_cluster_parameter_group_name=parameter_group.name,
            vpc_security_group_ids=[args.security_group_id],
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            serverlessv2_scaling_configuration=aws.rds.ClusterServerlessv2ScalingConfigurationArgs(
                min_capacity=args.capacity.lowest, max_capacity=args.capacity.highest
            ),
            backup_retention_period=args.backup_days,
            preferred_backup_window="03:00-04:00",
            preferred_maintenance_window="sun:04:30-sun:05:30",
            copy_tags_to_snapshot=True,
            enabled_cloudwatch_logs_exports=["postgresql"],
            database_insights_mode=args.insights.value,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=args.insights.retention_days,
            deletion_protection=args.deletion_protected,
            delete_automated_backups=args.destroyable,
            skip_final_snapshot=args.destroyable,
            final_snapshot_identifier=None if args.destroyable else args.names.of("final"),
            tags=DataClass.CARDHOLDER.tag,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log_group]),
        )

    def _make_instance(self, cluster: aws.rds.Cluster, position: int, zone: str) -> None:
        args = self._args
        aws.rds.ClusterInstance(
            f"{self._name}-{position}",
            region=args.place.region,
            identifier=args.names.of(f"database-{position}"),
            cluster_identifier=cluster.id,
            engine=_ENGINE,
            instance_class=args.instance_class,
            availability_zone=zone,
            promotion_tier=position,
            db_subnet_group_name=cluster.db_subnet_group_name,
            publicly_accessible=False,
            auto_minor_version_upgrade=True,
            copy_tags_to_snapshot=True,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=args.insights.retention_days,
            tags=DataClass.CARDHOLDER.tag,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
