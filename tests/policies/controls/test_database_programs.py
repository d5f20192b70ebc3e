"""Whole programs with databases and secrets: the bad form of each thing fails, and the good form passes."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

from ledgergate.finding import Stage, Status
from policies.catalogue import load_catalogue
from policies.runner import judge
from policies.settings import Settings
from tests.ledgergate.engine.running import run_text

SELECTED: Final = (
    "RDS.2",
    "RDS.13",
    "RDS.20",
    "RDS.24",
    "RDS.34",
    "RDS.35",
    "RDS.37",
    "LG-ENC-12",
    "LG-ENC-19",
    "LG-ENC-20",
    "LG-TLS-07",
    "LG-NET-04",
    "LG-IAM-09",
    "LG-IAM-12",
    "LG-DR-01",
    "LG-DR-06",
    "LG-DR-07",
    "LG-DR-09",
    "LG-DR-10",
    "LG-DR-14",
    "LG-RES-03",
    "SecretsManager.1",
    "SecretsManager.4",
)
SETTINGS: Final = Settings(
    system="banking", regions=("us-east-1", "us-west-2"), database_backup_days=30, min_database_instances=2
)

GOOD: Final = """
    import pulumi_aws as aws

    key = aws.kms.Key("key", deletion_window_in_days=30)
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    nat = aws.ec2.NatGateway("nat", connectivity_type="private", subnet_id="subnet-0123456789abcdef0")
    subnets = []
    for zone in ("a", "b"):
        subnet = aws.ec2.Subnet(zone, vpc_id=vpc.id, availability_zone=f"us-east-1{zone}", tags={"Tier": "data"})
        table = aws.ec2.RouteTable(zone, vpc_id=vpc.id)
        aws.ec2.RouteTableAssociation(zone, subnet_id=subnet.id, route_table_id=table.id)
        subnets.append(subnet.id)
    group = aws.rds.SubnetGroup("data", subnet_ids=subnets)
    force = aws.rds.ClusterParameterGroupParameterArgs(name="rds.force_ssl", value="1")
    parameters = aws.rds.ClusterParameterGroup("tls", family="aurora-postgresql16", parameters=[force])
    world = aws.rds.GlobalCluster(
        "world", global_cluster_identifier="world", storage_encrypted=True, deletion_protection=True
    )

    def cluster(name, **more):
        return aws.rds.Cluster(
            name,
            engine="aurora-postgresql",
            engine_version="16",
            global_cluster_identifier=world.id,
            iam_database_authentication_enabled=True,
            enabled_cloudwatch_logs_exports=["postgresql"],
            backup_retention_period=30,
            deletion_protection=True,
            final_snapshot_identifier=name,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=key.arn,
            **more,
        )

    main = cluster(
        "main",
        master_username="ledger_owner",
        master_password_wo="given-by-somebody",
        master_password_wo_version=1,
        db_subnet_group_name=group.name,
        db_cluster_parameter_group_name=parameters.name,
    )
    far_tls = aws.rds.ClusterParameterGroup(
        "far", region="us-west-2", family="aurora-postgresql16", parameters=[force]
    )
    far = cluster("far", region="us-west-2", db_cluster_parameter_group_name=far_tls.name)
    for owner, region in ((main, None), (far, "us-west-2")):
        for number in range(2):
            aws.rds.ClusterInstance(
                f"{region or 'near'}-{number}",
                region=region,
                cluster_identifier=owner.id,
                engine="aurora-postgresql",
                instance_class="db.serverless",
                publicly_accessible=None if region is None else False,
            )
    for region in (None, "us-west-2"):
        aws.rds.EventSubscription(
            f"events-{region}", region=region, sns_topic="arn:aws:sns:us-east-1:1:t", source_type="db-instance"
        )

    there = aws.secretsmanager.SecretReplicaArgs(
        region="us-west-2", kms_key_id="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    )
    secret = aws.secretsmanager.Secret("secret", kms_key_id=key.arn, replicas=[there])
    monthly = {"schedule_expression": "rate(30 days)"}
    aws.secretsmanager.SecretRotation("secret", secret_id=secret.id, rotation_rules=monthly)
    aws.ssm.Parameter("parameter", name="/ledger/token", type="SecureString", key_id=key.id, value="-")
"""

BAD: Final = """
    import pulumi_aws as aws

    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
    table = aws.ec2.RouteTable("out", vpc_id=vpc.id)
    aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
    subnet = aws.ec2.Subnet("out", vpc_id=vpc.id, availability_zone="us-east-1a")
    aws.ec2.RouteTableAssociation("out", subnet_id=subnet.id, route_table_id=table.id)
    group = aws.rds.SubnetGroup("public", subnet_ids=[subnet.id])
    world = aws.rds.GlobalCluster("world", global_cluster_identifier="world")

    def cluster(engine, **more):
        return aws.rds.Cluster(engine, engine=engine, skip_final_snapshot=True, **more)

    main = cluster(
        "aurora-postgresql",
        master_username="Postgres",
        manage_master_user_password=True,
        global_cluster_identifier=world.id,
        db_subnet_group_name=group.name,
        performance_insights_enabled=True,
    )
    cluster("aurora-mysql", master_username="ledger_owner", master_password="written-out")
    aws.rds.ClusterInstance(
        "one", cluster_identifier=main.id, engine="aurora-postgresql", instance_class="db.t4g.medium",
        auto_minor_version_upgrade=False, performance_insights_enabled=True,
    )
    aws.rds.EventSubscription("events", sns_topic="arn:aws:sns:us-east-1:1:t", enabled=False)
    there = aws.secretsmanager.SecretReplicaArgs(region="eu-central-1")
    aws.secretsmanager.Secret("secret", recovery_window_in_days=0, replicas=[there])
    slow = aws.secretsmanager.Secret("slow", kms_key_id="alias/aws/secretsmanager")
    aws.secretsmanager.SecretRotation("slow", secret_id=slow.arn, rotation_rules={"automatically_after_days": 365})
    aws.ssm.Parameter("parameter", name="/ledger/token", type="String", value="-")
"""


def verdicts(folder: Path, text: str) -> Mapping[str, set[Status]]:
    """Run a program and return what each control says of it."""
    found = run_text(folder, dedent(text), account="111122223333")
    controls = load_catalogue(()).select(SELECTED)
    at: dict[str, Any] = {"stage": Stage.DESIGN, "observed_at": "2026-11-30T00:00:00Z", "root": folder}
    said: dict[str, set[Status]] = defaultdict(set)
    for finding in judge(found.graph, controls, SETTINGS, **at):
        said[finding.control].add(finding.status)
    return said


def test_the_good_form_passes(tmp_path: Path) -> None:
    """Nothing fails, nothing is undecided, and every control but that of another engine had something to pass."""
    said = verdicts(tmp_path, GOOD)
    wrong = {control: found for control, found in said.items() if found - {Status.PASS, Status.NOT_APPLICABLE}}
    idle = {control for control, found in said.items() if Status.PASS not in found}

    assert wrong == {}
    assert idle == {"RDS.34"}


def test_the_bad_form_fails(tmp_path: Path) -> None:
    """Every control finds what is wrong."""
    said = verdicts(tmp_path, BAD)

    assert {control for control in SELECTED if Status.FAIL not in said[control]} == set()
