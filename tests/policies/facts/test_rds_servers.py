"""What databases state by themselves, from inputs and from outputs."""

from typing import Any

import pytest

from ledgergate.graph import Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.properties import UNKNOWN
from policies.facts.rds_servers import (
    DatabaseServer,
    InstanceUpgrades,
    MasterLogin,
    instance_upgrades_from_graph,
    server_from_graph,
)
from tests.policies.graphs import CLUSTER, INSTANCE, graph, resource

MEMBER = "aws:rds/clusterInstance:ClusterInstance"


def of(subject: Resource) -> DatabaseServer:
    """Build the fact of a cluster or an instance."""
    return server_from_graph(graph(subject), subject)


def cluster(**inputs: Any) -> DatabaseServer:
    """Build a cluster with these inputs."""
    return of(resource(CLUSTER, "main", {"clusterIdentifier": "main", **inputs}))


def instance(**inputs: Any) -> DatabaseServer:
    """Build an instance with these inputs."""
    return of(resource(INSTANCE, "one", {"identifier": "one", **inputs}))


def test_defaults() -> None:
    """What a program leaves out is what RDS does."""
    assert cluster() == DatabaseServer(login=MasterLogin())
    assert instance() == DatabaseServer(cluster=False, login=MasterLogin(), backup_retention_days=0)


def test_outputs_give_the_same_fact_as_inputs() -> None:
    """A stage that knows outputs only judges the same database."""
    inputs = {
        "engine": "aurora-postgresql",
        "engineMode": "provisioned",
        "masterUsername": "ledger_owner",
        "manageMasterUserPassword": True,
        "enabledCloudwatchLogsExports": ["postgresql"],
        "iamDatabaseAuthenticationEnabled": True,
        "backupRetentionPeriod": 30,
    }
    given = of(resource(CLUSTER, "main", inputs))

    assert of(resource(CLUSTER, "main", outputs=inputs)) == given
    assert given == DatabaseServer(
        engine="aurora-postgresql",
        login=MasterLogin(username="ledger_owner", managed=True),
        exported_logs=("postgresql",),
        iam_authentication=True,
        backup_retention_days=30,
    )


def test_engine_is_read_in_lower_case() -> None:
    """RDS takes engines whatever their case."""
    assert cluster(engine="Aurora-MySQL").engine == "aurora-mysql"
    assert cluster(engineMode="serverless").serverless_v1 is True
    assert cluster(engineMode="").serverless_v1 is False


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, False),
        ({"replicationSourceIdentifier": ""}, False),
        ({"replicationSourceIdentifier": "arn:aws:rds:eu-west-1:111122223333:cluster:a"}, True),
        ({"replicationSourceIdentifier": UNKNOWN}, True),
        ({"snapshotIdentifier": "last"}, True),
        ({"restoreToPointInTime": {"useLatestRestorableTime": True}}, True),
        ({"globalClusterIdentifier": "world"}, True),
        ({"globalClusterIdentifier": "world", "masterUsername": "ledger_owner"}, False),
    ],
)
def test_cluster_that_follows_another(inputs: dict[str, Any], expected: object) -> None:
    """A replica, a restored cluster and a secondary have the first user of another database."""
    assert cluster(**inputs).follows is expected


def test_replica_of_an_instance() -> None:
    """An instance names its source under another property."""
    assert instance(replicateSourceDb="primary").replica is True
    assert instance(replicationSourceIdentifier="primary").replica is False


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"masterPassword": "hunter2-hunter2"}, MasterLogin(password=True)),
        ({"masterPassword": Secret("hunter2-hunter2")}, MasterLogin(password=True, password_secret=True)),
        ({"masterPassword": UNKNOWN}, MasterLogin(password=True)),
        ({"masterPassword": Secret(UNKNOWN)}, MasterLogin(password=True, password_secret=True)),
        ({"masterPasswordWo": "hunter2-hunter2"}, MasterLogin(write_only=True)),
        ({"masterPasswordWoVersion": 1}, MasterLogin(write_only=True)),
        ({"manageMasterUserPassword": UNKNOWN}, MasterLogin(managed=UNKNOWN)),
        ({"masterUsername": Secret("root")}, MasterLogin(username=Secret("root"))),  # type: ignore[arg-type]  # as wrapped
        ({"masterUsername": f"owner-{SYMBOL_MARK}"}, MasterLogin(username=UNKNOWN)),
    ],
)
def test_login(inputs: dict[str, Any], expected: MasterLogin) -> None:
    """How the first user logs in shows, and the password does not."""
    found = cluster(**inputs)

    assert found.login == expected
    assert "hunter2" not in repr(found)


def test_instance_calls_the_same_things_otherwise() -> None:
    """A password of an instance is `password`, its user `username`."""
    assert instance(username="owner", password="x" * 8).login == MasterLogin(username="owner", password=True)
    assert instance(passwordWo="x" * 8).login == MasterLogin(write_only=True)


def test_unknown_and_malformed_values() -> None:
    """What is not known stays so, and what has no place there is an error."""
    assert cluster(enabledCloudwatchLogsExports=UNKNOWN).exported_logs == UNKNOWN
    assert cluster(enabledCloudwatchLogsExports=["audit", UNKNOWN]).exported_logs == ("audit", UNKNOWN)
    assert cluster(backupRetentionPeriod="30").backup_retention_days == 30
    with pytest.raises(ValueError, match="backupRetentionPeriod is not a whole number"):
        cluster(backupRetentionPeriod="a month")
    with pytest.raises(ValueError, match="enabledCloudwatchLogsExports is no list"):
        cluster(enabledCloudwatchLogsExports="audit")


@pytest.mark.parametrize("type_", [INSTANCE, MEMBER])
def test_upgrades_of_instances(type_: str) -> None:
    """Minor versions come by themselves unless that is switched off."""
    found = [
        instance_upgrades_from_graph(graph(each), each)
        for each in (resource(type_, "one"), resource(type_, "one", {"autoMinorVersionUpgrade": False}))
    ]

    assert found == [InstanceUpgrades(), InstanceUpgrades(automatic=False)]
