"""Backups of the payment system."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.backup_vault import vault_policy
from components.names import Names
from components.restore_test import restore_test_name
from ledgergate.graph import Graph
from tests.infra.recording import PAYMENTS, Changed, Record, Recording
from tests.infra.test_edge import WEST, one

VAULT = "aws:backup/vault:Vault"
GUARDED = {"backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy", "backup:UpdateRecoveryPointLifecycle"}
SUFFIXES = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


def plan_rule(graph: Graph) -> Mapping[str, Any]:
    """Return the one rule of the backup plan."""
    (rule,) = one(graph, "aws:backup/plan:Plan").inputs["rules"]
    return dict(rule)


def role_statements(graph: Graph, role: str) -> dict[str, Mapping[str, Any]]:
    """Return statement id → statement of what a role may do."""
    policy = json.loads(one(graph, "aws:iam/rolePolicy:RolePolicy", role).inputs["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


@pytest.mark.requirement("B-73")
def test_a_daily_backup_of_the_database_is_kept_for_thirty_days(payments: Recording) -> None:
    """The plan runs every day, keeps what it makes for 30 days, and chooses the Aurora cluster."""
    rule = plan_rule(payments.graph)
    selection = one(payments.graph, "aws:backup/selection:Selection").inputs

    assert (rule["schedule"], rule["lifecycle"]) == ("cron(0 5 * * ? *)", {"deleteAfter": 30})
    assert selection["resources"] == ["arn/Cluster/database"]


@pytest.mark.requirement("B-33")
@pytest.mark.requirement("B-74")
def test_every_backup_is_copied_to_the_second_region(payments: Recording) -> None:
    """Each backup has a copy for as long in a vault in us-west-2 under a key of that Region."""
    vaults = {vault.name: vault.inputs for vault in payments.graph.of_type(VAULT)}
    keys = {f"arn/Key/{key.name}": key.inputs["region"] for key in payments.graph.of_type("aws:kms/key:Key")}
    (copy,) = plan_rule(payments.graph)["copyActions"]

    assert copy == {"destinationVaultArn": "arn/Vault/backup-copy", "lifecycle": {"deleteAfter": 30}}
    assert plan_rule(payments.graph)["targetVaultName"] == vaults["backup"]["name"]
    assert [vaults[name]["region"] for name in ("backup", "backup-copy")] == ["us-east-1", "us-west-2"]
    assert all(keys[vault["kmsKeyArn"]] == vault["region"] for vault in vaults.values())


@pytest.mark.requirement("B-74")
def test_the_second_region_is_never_the_first(changed: Changed) -> None:
    """A system in us-west-2 copies to us-east-1 unless told otherwise."""
    vaults = changed(**WEST).graph.of_type(VAULT)

    assert {vault.name: vault.inputs["region"] for vault in vaults} == {
        "backup": "us-west-2",
        "backup-copy": "us-east-1",
    }


@pytest.mark.requirement("B-75")
@pytest.mark.parametrize("answer", [True, False])
def test_vaults_vanish_only_with_a_destroyable_stack(record: Record, *, answer: bool) -> None:
    """What `destroyable` says decides for both vaults, and neither is locked."""
    graph = record(PAYMENTS, "prod", payments__destroyable=answer).graph

    assert {vault.inputs["forceDestroy"] for vault in graph.of_type(VAULT)} == {answer}
    assert graph.of_type("aws:backup/vaultLockConfiguration:VaultLockConfiguration") == ()


@pytest.mark.requirement("B-75")
def test_nobody_but_the_backup_itself_and_administrators_ends_a_recovery_point(changed: Changed) -> None:
    """Both vaults refuse early deletion, shorter lives and a weaker policy to everybody else."""
    administrator = "arn:aws:iam::111122223333:role/backup-admin"
    graph = changed(payments__backupAdministrators=[administrator]).graph
    policies = graph.of_type("aws:backup/vaultPolicy:VaultPolicy")

    assert {policy.inputs["backupVaultName"] for policy in policies} == {
        vault.inputs["name"] for vault in graph.of_type(VAULT)
    }
    for policy in policies:
        (statement,) = json.loads(policy.inputs["policy"])["Statement"]
        assert (statement["Effect"], statement["Principal"], statement["Resource"]) == ("Deny", "*", "*")
        assert set(statement["Action"]) == GUARDED
        assert statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"] == [
            "arn:aws:iam::123456789012:role/payment-backup-lgdev",
            administrator,
            "arn:aws:iam::123456789012:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup",
        ]


@pytest.mark.requirement("B-56")
@pytest.mark.requirement("B-73")
def test_backup_role_is_bound_to_one_cluster_its_snapshots_and_two_vaults(prod: Recording) -> None:
    """The role that the plan works with reaches this cluster, snapshots of AWS Backup, three keys and no more."""
    selection = one(prod.graph, "aws:backup/selection:Selection").inputs
    found = role_statements(prod.graph, "backup")
    role = one(prod.graph, "aws:iam/role:Role", "backup").inputs

    assert (selection["iamRoleArn"], role["name"]) == ("arn/Role/backup", "payment-backup-lgprod")
    assert found["Snapshots"]["Resource"] == [
        "arn:aws:rds:us-east-1:123456789012:cluster:payment-database-lgprod",
        "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:*",
        "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:*",
    ]
    assert found["Vaults"]["Resource"] == ["arn/Vault/backup", "arn/Vault/backup-copy"]
    assert found["Keys"]["Resource"] == ["arn/Key/database", "arn/Key/backup", "arn/Key/backup-copy"]
    assert json.loads(role["assumeRolePolicy"])["Statement"][0]["Condition"]["StringEquals"] == {
        "aws:SourceAccount": "123456789012"
    }


@pytest.mark.requirement("B-88")
def test_a_backup_is_restored_every_week(payments: Recording) -> None:
    """The newest recovery point of the database is tried out weekly, within its subnets."""
    plan = one(payments.graph, "aws:backup/restoreTestingPlan:RestoreTestingPlan").inputs
    selection = one(payments.graph, "aws:backup/restoreTestingSelection:RestoreTestingSelection").inputs

    assert plan["scheduleExpression"] == "cron(0 9 ? * SUN *)"
    assert plan["recoveryPointSelection"]["includeVaults"] == ["arn/Vault/backup"]
    assert (selection["restoreTestingPlanName"], selection["protectedResourceType"]) == (plan["name"], "Aurora")
    assert selection["protectedResourceArns"] == ["arn/Cluster/database"]
    assert selection["restoreMetadataOverrides"] == {"dbSubnetGroupName": f"payment-database-lg{payments.graph.stack}"}


@pytest.mark.requirement("B-88")
def test_restore_role_touches_trial_clusters_only(prod: Recording) -> None:
    """What a trial may delete or tag has a trial's name, never the database's."""
    change = role_statements(prod.graph, "restore")["RemoveTrial"]

    assert change["Resource"] == ["arn:aws:rds:us-east-1:123456789012:cluster:awsbackup-restore-test-*"]


@given(suffix=SUFFIXES)
def test_name_of_a_restore_test_has_no_character_that_the_service_refuses(suffix: str) -> None:
    """Letters, digits and underscores only, at most 50, and the suffix still ends it."""
    name = restore_test_name(Names(system="payment", suffix=suffix), "restore")

    assert name.replace("_", "").isalnum()
    assert (len(name) <= 50, name.endswith(f"_{suffix}")) == (True, True)


@given(exempt=st.lists(st.text("abc:/", min_size=1), min_size=1, unique=True))
def test_whoever_is_exempt_the_rest_is_refused(exempt: list[str]) -> None:
    """The policy of a vault denies everybody, less exactly those that it names."""
    (statement,) = json.loads(vault_policy(exempt))["Statement"]

    assert statement["Effect"] == "Deny"
    assert set(statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]) == set(exempt)
