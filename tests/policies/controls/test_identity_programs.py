"""Programs as people write them: the bad form fails at the gate, and the good form passes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ledgergate.finding import Stage, Status
from policies.catalogue import load_catalogue
from policies.runner import judge
from policies.settings import Settings
from tests.ledgergate.engine.running import run_text

CONTROLS: Final = (
    *("IAM.18", "KMS.4", "Lambda.1", "Lambda.2", "LG-DR-13", "LG-DR-16", "LG-ENC-17", "LG-IAM-25", "LG-NET-08"),
    *(f"LG-IAM-{number}" for number in ("02", "03", "04", "05", "07", "08", "10", "19", "20", "21")),
)

SETTINGS: Final = Settings(regions=("us-east-1", "us-west-2"))
"""A system without a name, about which every control speaks."""

_START: Final = """\
import json
import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id
def policy(**statement): return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
def trust(service, **more): return policy(Principal={"Service": service}, Action="sts:AssumeRole", **more)
"""

BAD: Final = """
human = aws.iam.Role("operator", name="operator", assume_role_policy=policy(
    Principal={"AWS": "999988887777"}, Action="sts:AssumeRole"))
worker = aws.iam.Role("worker", assume_role_policy=trust("lambda.amazonaws.com"))
aws.iam.RolePolicy("worker", role=worker.id, policy=policy(
    Action=["s3:*", "kms:Decrypt", "iam:PassRole"], Resource="*"))
key = aws.kms.Key("key", policy=policy(Principal="*", Action="kms:*", Resource="*"))
aws.secretsmanager.Secret("copied", kms_key_id=key.arn, replicas=[{"region": "us-west-2"}])
function = aws.lambda_.Function(
    "scorer", role=worker.arn, runtime="python3.8", handler="a.b", code=pulumi.AssetArchive({}),
    environment={"variables": {"DB_PASSWORD": "hunter2"}})
aws.lambda_.Permission("all", function=function.name, principal="*", action="lambda:InvokeFunction")
aws.cloudwatch.EventTarget("nightly", rule="nightly", arn=function.arn)
queue = aws.sqs.Queue("orders", policy=policy(Principal="*", Action="sqs:SendMessage", Resource="*"))
"""

GOOD: Final = """
mine = {"StringEquals": {"aws:SourceAccount": account}}
human = aws.iam.Role("operator", name="operator", assume_role_policy=policy(
    Principal={"AWS": f"arn:aws:iam::{account}:root"}, Action="sts:AssumeRole",
    Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
aws.iam.RolePolicyAttachment("support", role=human.name, policy_arn="arn:aws:iam::aws:policy/AWSSupportAccess")
worker = aws.iam.Role("worker", assume_role_policy=trust("lambda.amazonaws.com", Condition=mine))
key = aws.kms.Key("key", enable_key_rotation=True, multi_region=True, policy=policy(
    Principal={"AWS": f"arn:aws:iam::{account}:root"}, Action="kms:*", Resource="*"))
west = aws.Provider("west", region="us-west-2")
aws.kms.ReplicaKey("key", primary_key_arn=key.arn, opts=pulumi.ResourceOptions(provider=west))
aws.secretsmanager.Secret("copied", kms_key_id=key.arn, replicas=[{"region": "us-west-2"}])
bucket = aws.s3.Bucket("ledger")
aws.iam.RolePolicy("worker", role=worker.id, policy=pulumi.Output.json_dumps({"Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pulumi.Output.concat(bucket.arn, "/*")},
    {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key.arn},
    {"Effect": "Allow", "Action": "iam:PassRole", "Resource": worker.arn,
     "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}]}))
subnets = [aws.ec2.Subnet(zone, vpc_id="vpc-1", cidr_block=f"10.0.{number}.0/24", availability_zone=f"us-east-1{zone}")
           for number, zone in enumerate("ab")]
group = aws.ec2.SecurityGroup("scorer", vpc_id="vpc-1")
queue = aws.sqs.Queue("lost", policy=policy(
    Principal={"Service": "sns.amazonaws.com"}, Action="sqs:SendMessage", Resource="*", Condition=mine))
function = aws.lambda_.Function(
    "scorer", role=worker.arn, runtime="python3.13", handler="a.b", code=pulumi.AssetArchive({}),
    environment={"variables": {"DB_SECRET_ARN": key.arn}}, kms_key_arn=key.arn,
    vpc_config={"subnet_ids": [each.id for each in subnets], "security_group_ids": [group.id]},
    dead_letter_config={"target_arn": queue.arn})
target = aws.cloudwatch.EventTarget("nightly", rule="nightly", arn=function.arn)
aws.lambda_.Permission("events", function=function.name, principal="events.amazonaws.com",
    action="lambda:InvokeFunction", source_arn=f"arn:aws:events:us-east-1:{account}:rule/nightly")
"""


def statuses(folder: Path, text: str) -> Iterator[tuple[str, Status]]:
    """Yield each control that spoke about something in a program, with what it said."""
    graph = run_text(folder, _START + text).graph
    found = judge(
        graph, load_catalogue().select(CONTROLS), SETTINGS, stage=Stage.DESIGN, observed_at="2026-11-30T00:00:00Z"
    )
    return ((each.control, each.status) for each in found if each.status is not Status.NOT_APPLICABLE)


def test_bad_forms_fail(tmp_path: Path) -> None:
    """Each control finds its fault, but for the role that the account may have elsewhere."""
    said = list(statuses(tmp_path, BAD))

    assert {control for control, status in said if status is Status.FAIL} == {*CONTROLS} - {"IAM.18"}
    assert ("IAM.18", Status.DEFERRED) in said
    assert Status.UNKNOWN not in {status for _, status in said}


def test_good_forms_pass(tmp_path: Path) -> None:
    """Each control has something to speak about, and nothing to say against it."""
    said = list(statuses(tmp_path, GOOD))

    assert {control for control, _ in said} == {*CONTROLS}
    assert [each for each in said if each[1] is not Status.PASS] == []
