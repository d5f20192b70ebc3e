"""The database of the payment system."""

from collections.abc import Mapping
from typing import Any

import pytest

from ledgergate.graph import Graph
from tests.infra.recording import Changed, Recording

INSTANCE = "aws:rds/clusterInstance:ClusterInstance"


def cluster(graph: Graph) -> Mapping[str, Any]:
    """Return the inputs of the one cluster."""
    (found,) = graph.of_type("aws:rds/cluster:Cluster")
    return found.inputs


def parameters(graph: Graph) -> dict[str, str]:
    """Return the parameters of the cluster's group."""
    (group,) = graph.of_type("aws:rds/clusterParameterGroup:ClusterParameterGroup")
    assert cluster(graph)["dbClusterParameterGroupName"] == group.inputs["name"]
    return {parameter["name"]: parameter["value"] for parameter in group.inputs["parameters"]}


@pytest.mark.requirement("B-25")
def test_cluster_is_aurora_postgresql_that_scales_by_itself(prod: Recording) -> None:
    """The cluster is Aurora PostgreSQL with serverless instances between the configured limits."""
    found = cluster(prod.graph)

    assert found["engine"] == "aurora-postgresql"
    assert found["serverlessv2ScalingConfiguration"] == {"minCapacity": 1, "maxCapacity": 16}
    assert {instance.inputs["instanceClass"] for instance in prod.graph.of_type(INSTANCE)} == {"db.serverless"}


@pytest.mark.requirement("B-26")
def test_writer_and_two_readers_stand_in_different_zones(payments: Recording) -> None:
    """Three instances of the cluster have three zones and three places in the order of promotion."""
    instances = [instance.inputs for instance in payments.graph.of_type(INSTANCE)]

    assert {(found["promotionTier"], found["availabilityZone"]) for found in instances} == {
        (0, "us-east-1a"),
        (1, "us-east-1b"),
        (2, "us-east-1c"),
    }


@pytest.mark.requirement("B-26")
def test_provisioned_instances_can_be_asked_for(changed: Changed) -> None:
    """The instance class is configuration."""
    graph = changed(payments__databaseInstanceClass="db.t3.medium").graph

    assert {instance.inputs["instanceClass"] for instance in graph.of_type(INSTANCE)} == {"db.t3.medium"}


@pytest.mark.requirement("B-27")
@pytest.mark.requirement("B-28")
def test_nobody_needs_a_password(payments: Recording) -> None:
    """Applications sign in with IAM; the master password is made and kept by the service under our key."""
    found = cluster(payments.graph)

    assert found["iamDatabaseAuthenticationEnabled"] is True
    assert (found["manageMasterUserPassword"], found["masterUserSecretKmsKeyId"]) == (True, "arn/Key/database")
    assert "masterPassword" not in found
    assert found["masterUsername"] not in ("admin", "postgres")


@pytest.mark.requirement("B-29")
def test_storage_is_under_the_database_key(payments: Recording) -> None:
    """Storage is encrypted with the customer-managed key for the database."""
    found = cluster(payments.graph)

    assert (found["storageEncrypted"], found["kmsKeyId"]) == (True, "arn/Key/database")


@pytest.mark.requirement("B-30")
@pytest.mark.parametrize(("mode", "days"), [("standard", 7), ("advanced", 465)])
def test_query_performance_is_recorded_under_the_key(changed: Changed, mode: str, days: int) -> None:
    """Cluster and instances keep performance data encrypted, for as long as the mode demands."""
    graph = changed(payments__databaseInsights=mode).graph
    recorded = {
        (
            found["performanceInsightsEnabled"],
            found["performanceInsightsKmsKeyId"],
            found["performanceInsightsRetentionPeriod"],
        )
        for found in (cluster(graph), *(instance.inputs for instance in graph.of_type(INSTANCE)))
    }

    assert cluster(graph)["databaseInsightsMode"] == mode
    assert recorded == {(True, "arn/Key/database", days)}


@pytest.mark.requirement("B-31")
def test_database_is_reached_from_inside_only(payments: Recording) -> None:
    """Instances have no public address, the cluster stands in the data subnets behind the database group."""
    graph = payments.graph
    (group,) = graph.of_type("aws:rds/subnetGroup:SubnetGroup")
    data = {s.id for s in graph.of_type("aws:ec2/subnet:Subnet") if s.inputs["tags"]["Tier"] == "data"}

    assert {instance.inputs["publiclyAccessible"] for instance in graph.of_type(INSTANCE)} == {False}
    assert (cluster(graph)["dbSubnetGroupName"], set(group.inputs["subnetIds"])) == (group.inputs["name"], data)
    assert cluster(graph)["vpcSecurityGroupIds"] == ["SecurityGroup/security-groups-database"]


@pytest.mark.requirement("B-32")
def test_slow_queries_and_every_access_are_logged(changed: Changed) -> None:
    """Slow statements, sign-ins and each read and write of data end in CloudWatch Logs."""
    graph = changed(payments__slowQueryMs=250).graph
    found = parameters(graph)

    assert cluster(graph)["enabledCloudwatchLogsExports"] == ["postgresql"]
    assert (found["log_min_duration_statement"], found["log_connections"]) == ("250", "1")
    assert {"read", "write"} <= set(found["pgaudit.log"].split(","))
    assert "pgaudit" in found["shared_preload_libraries"].split(",")


@pytest.mark.requirement("B-68")
def test_log_group_exists_before_the_cluster_writes_to_it(payments: Recording) -> None:
    """Made by RDS the group would have no key and no end, so the stack makes it first."""
    graph = payments.graph
    (group,) = (g for g in graph.of_type("aws:cloudwatch/logGroup:LogGroup") if g.name == "database")
    (owner,) = graph.of_type("aws:rds/cluster:Cluster")

    assert group.inputs["name"] == f"/aws/rds/cluster/{owner.inputs['clusterIdentifier']}/postgresql"
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == ("arn/Key/logs", 365)
    assert group.urn in owner.dependencies


@pytest.mark.requirement("B-34")
def test_every_second_of_a_month_can_be_restored(payments: Recording) -> None:
    """Backups reach back thirty days."""
    assert cluster(payments.graph)["backupRetentionPeriod"] == 30


@pytest.mark.requirement("B-55")
def test_connections_without_tls_are_refused(payments: Recording) -> None:
    """The parameter group in use forces TLS."""
    assert parameters(payments.graph)["rds.force_ssl"] == "1"


@pytest.mark.requirement("B-35")
@pytest.mark.requirement("B-79")
def test_database_vanishes_with_its_stack_as_asked(payments: Recording) -> None:
    """As payments is configured, nothing keeps the database: no protection, no last snapshot, no backups."""
    found = cluster(payments.graph)

    assert (found["deletionProtection"], found["skipFinalSnapshot"], found["deleteAutomatedBackups"]) == (
        False,
        True,
        True,
    )


@pytest.mark.requirement("B-35")
def test_database_is_kept_unless_its_stack_may_vanish(changed: Changed) -> None:
    """A stack that does not say that it may vanish protects the database and keeps its last state."""
    found = cluster(changed(payments__destroyable=None).graph)

    assert (found["deletionProtection"], found["skipFinalSnapshot"], found["deleteAutomatedBackups"]) == (
        True,
        False,
        False,
    )
    assert found["finalSnapshotIdentifier"] == "payment-final-lgdev"


@pytest.mark.requirement("B-35")
def test_deletion_protection_can_be_added_to_a_destroyable_stack(changed: Changed) -> None:
    """Protection is configuration of its own where it makes the stack safer."""
    assert cluster(changed(payments__deletionProtection=True).graph)["deletionProtection"] is True
