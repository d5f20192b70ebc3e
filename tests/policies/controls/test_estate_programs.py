"""Real programs through the engine: tags, names, Regions, backups and what watches an account, good and bad."""

from pathlib import Path
from typing import Final

import pytest

from ledgergate.finding import Stage, Status
from policies.catalogue import load_catalogue
from policies.runner import judge
from policies.settings import Settings
from policies.vocabulary import EnvironmentClass
from tests.ledgergate.engine.running import run_text

_GOOD: Final = """
import json, pulumi, pulumi_aws as aws
tags = {"Environment": "prod", "ManagedBy": "Pulumi", "Project": "payments", "Compliance": "pci-dss",
        "DataClassification": "cardholder"}
home, away = "us-east-1", "us-west-2"
account = aws.get_caller_identity().account_id
key = aws.kms.Key("key", region=home, tags=tags)
there = aws.kms.Key("there", region=away, tags=tags)
table = aws.dynamodb.Table(
    "orders", region=home, name="ledger-orders-x1", hash_key="id", attributes=[{"name": "id", "type": "S"}],
    server_side_encryption={"enabled": True, "kms_key_arn": key.arn}, tags=tags,
    replicas=[{"region_name": away, "kms_key_arn": there.arn}],
)
cluster = aws.rds.Cluster(
    "books", region=home, cluster_identifier="ledger-books-x1", engine="aurora-postgresql",
    copy_tags_to_snapshot=True, tags=tags,
)
aws.rds.ClusterSnapshot(
    "once", region=home, db_cluster_identifier=cluster.id, db_cluster_snapshot_identifier="ledger-once-x1",
    shared_accounts=["222233334444"], tags=tags,
)
vault = aws.backup.Vault("main", region=home, name="ledger-main-x1", kms_key_arn=key.arn, tags=tags)
copies = aws.backup.Vault("copies", region=away, name="ledger-copies-x1", kms_key_arn=there.arn, tags=tags)
for name, each, region in (("main", vault, home), ("copies", copies, away)):
    aws.backup.VaultLockConfiguration(
        name, region=region, backup_vault_name=each.name, min_retention_days=30, changeable_for_days=3
    )
plan = aws.backup.Plan("daily", region=home, name="ledger-daily-x1", tags=tags, rules=[{
    "rule_name": "daily", "target_vault_name": vault.name, "schedule": "cron(0 3 * * ? *)",
    "lifecycle": {"delete_after": 30},
    "copy_actions": [{"destination_vault_arn": copies.arn, "lifecycle": {"delete_after": 30}}],
}])
aws.backup.Selection(
    "stores", region=home, name="ledger-stores-x1", plan_id=plan.id, iam_role_arn="arn:aws:iam::111122223333:role/b",
    resources=[table.arn, cluster.arn],
)
trial = aws.backup.RestoreTestingPlan(
    "weekly", region=home, name="ledger_weekly_x1", schedule_expression="cron(0 9 ? * SUN *)", tags=tags,
    recovery_point_selection={"algorithm": "LATEST_WITHIN_WINDOW", "include_vaults": [vault.arn],
                              "recovery_point_types": ["SNAPSHOT"]},
)
for kind in ("Aurora", "DynamoDB"):
    aws.backup.RestoreTestingSelection(
        kind, region=home, name=f"ledger_{kind.lower()}_x1", restore_testing_plan_name=trial.name,
        protected_resource_type=kind, iam_role_arn="arn:aws:iam::111122223333:role/b", protected_resource_arns=["*"],
    )
for region in (home, away):
    detector = aws.guardduty.Detector(region, region=region, enable=True, tags=tags)
    for feature in ("LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS", "RUNTIME_MONITORING"):
        aws.guardduty.DetectorFeature(
            f"{region}-{feature}", region=region, detector_id=detector.id, name=feature, status="ENABLED",
            additional_configurations=[{"name": "EKS_ADDON_MANAGEMENT", "status": "ENABLED"}],
        )
    aws.inspector2.Enabler(
        region, region=region, account_ids=[account], resource_types=["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"]
    )
"""

_CHANGES: Final = {
    "LG-TAG-02": ('"ManagedBy": "Pulumi"', '"ManagedBy": "hand"'),
    "LG-TAG-03": ('"DataClassification": "cardholder"', '"DataClassification": "gold"'),
    "LG-TAG-04": ('"Compliance": "pci-dss",', ""),
    "LG-TAG-05": ("copy_tags_to_snapshot=True, ", ""),
    "LG-RES-01": ("region=home, cluster_identifier", "cluster_identifier"),
    "LG-RES-02": ('"us-east-1", "us-west-2"', '"us-east-1", "eu-west-1"'),
    "LG-NAM-01": ("ledger-books-x1", "ledger-books"),
    "LG-NAM-02": ("ledger-books-x1", f"ledger-{'b' * 60}-x1"),
    "LG-NET-19": ('["222233334444"]', '["all"]'),
    "LG-ENC-14": ('name="ledger-main-x1", kms_key_arn=key.arn', 'name="ledger-main-x1"'),
    "LG-ENC-03": (', "kms_key_arn": there.arn}]', "}]"),
    "LG-RET-07": ('"delete_after": 30},\n    "copy', '"delete_after": 7},\n    "copy'),
    "LG-RET-08": (", changeable_for_days=3", ""),
    "LG-DR-03": ("[table.arn, cluster.arn]", "[cluster.arn]"),
    "LG-DR-04": ("copies.arn,", "vault.arn,"),
    "LG-DR-05": ('(("main", vault, home), ("copies", copies, away))', '(("main", vault, home),)'),
    "LG-DR-21": ('("Aurora", "DynamoDB")', '("Aurora",)'),
    "GuardDuty.1": ("enable=True", "enable=False"),
    "GuardDuty.6": ('"LAMBDA_NETWORK_LOGS", ', ""),
    "GuardDuty.7": ("EKS_ADDON_MANAGEMENT", "EC2_AGENT_MANAGEMENT"),
    "GuardDuty.9": ('"RDS_LOGIN_EVENTS", ', ""),
    "GuardDuty.10": ('"S3_DATA_EVENTS", ', ""),
}
"""Control → what is changed in the program, and into what."""

_LEFT: Final = {
    "Inspector.1": ('"EC2", ', ""),
    "Inspector.2": ('"ECR", ', ""),
    "Inspector.3": (', "LAMBDA_CODE"', ""),
    "Inspector.4": ('"LAMBDA", ', ""),
}
"""Control → what leaves it to the audit."""

CONTROLS: Final = (*_CHANGES, *_LEFT)


def statuses(folder: Path, text: str, *controls: str) -> dict[str, set[Status]]:
    """Return control → what it says of the resources of a program, those aside that it does not speak about."""
    settings = Settings(
        system="payments",
        environment_class=EnvironmentClass.PROD,
        regions=("us-east-1", "us-west-2"),
        name_pattern="^ledger-[a-z0-9-]+-x1$",
    )
    graph = run_text(folder, text).graph
    findings = judge(
        graph, load_catalogue().select(controls), settings, stage=Stage.DESIGN, observed_at="2026-12-01T00:00:00Z"
    )
    found: dict[str, set[Status]] = {}
    for each in findings:
        if each.status is not Status.NOT_APPLICABLE:
            found.setdefault(each.control, set()).add(each.status)
    return found


def test_whole_program_passes(tmp_path: Path) -> None:
    """Everything as it should be passes."""
    assert statuses(tmp_path, _GOOD, *CONTROLS) == {control: {Status.PASS} for control in CONTROLS}


@pytest.mark.parametrize("control", _CHANGES)
def test_one_change_fails(tmp_path: Path, control: str) -> None:
    """One thing wrong fails the control that is about it."""
    old, new = _CHANGES[control]
    assert old in _GOOD
    assert Status.FAIL in statuses(tmp_path, _GOOD.replace(old, new), control)[control]


@pytest.mark.parametrize("control", _LEFT)
def test_what_the_stack_does_not_set_up_is_left_to_the_audit(tmp_path: Path, control: str) -> None:
    """Another stack may have switched it on."""
    old, new = _LEFT[control]
    assert statuses(tmp_path, _GOOD.replace(old, new), control)[control] == {Status.DEFERRED}
