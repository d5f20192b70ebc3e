"""What a sandbox does not hold as the program wants it, and what no reader reads, passes nobody."""

import json
from pathlib import Path
from typing import Final

from tests.integration.auditing.test_audits import audit, findings
from tests.policies.gating.workspace import program

HEAD: Final = """
def C(t, n, a, **o): return pulumi.CustomResource(t, n, a, pulumi.ResourceOptions(**o))
tags = dict.fromkeys(["Environment", "Owner", "CostCenter", "ManagedBy", "Project"], "x")
unheld = C("aws:globalaccelerator/accelerator:Accelerator", "unheld", {"name": "jobs"})
"""
ADMIN: Final = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
TRUST: Final = json.dumps({"Version": "2012-10-17", "Statement": []})
ROLE: Final = f'"assumeRolePolicy": {TRUST!r}'


def judged(folder: Path, body: str, *select: str, **options: object) -> dict[tuple[str, str], str]:
    """Return (control, logical name) → verdict on what a program made in a sandbox."""
    shop, report = program(folder / "shop", HEAD + body), folder / "report.jsonl"
    audit(shop, select=select, format="json", output=(str(report),), **options)
    return {
        (each["control"], each["resource"].rpartition("::")[2]): each["verdict"]
        for each in findings(report)
        if each["resource"]
    }


def test_what_a_role_carries_itself_is_there(tmp_path: Path) -> None:
    """Policies that stand in a role are in the sandbox too, and are judged."""
    inline, attached = f'[{{"name": "a", "policy": {ADMIN!r}}}]', '["arn:aws:iam::aws:policy/AdministratorAccess"]'
    body = f"""
C("aws:iam/role:Role", "inline", {{"name": "one", {ROLE}, "inlinePolicies": {inline}}})
C("aws:iam/role:Role", "attached", {{"name": "two", {ROLE}, "managedPolicyArns": {attached}}})
"""
    assert judged(tmp_path, body, "LG-IAM-01") == {("LG-IAM-01", "inline"): "fail", ("LG-IAM-01", "attached"): "fail"}


def test_a_property_that_is_not_applied(tmp_path: Path) -> None:
    """A copy that became an empty database is no witness for what was wanted; the one beside it is."""
    body = """
a = {"engine": "postgres", "instanceClass": "db.t3.micro", "allocatedStorage": 20, "username": "r",
     "password": "opened-to-nobody", "skipFinalSnapshot": True, "storageEncrypted": True,
     "kmsKeyId": C("aws:kms/key:Key", "key", {"arn": None}).arn}
C("aws:rds/instance:Instance", "whole", {**a, "identifier": "whole"})
then = {"sourceDbInstanceIdentifier": "whole"}
C("aws:rds/instance:Instance", "copy", {**a, "identifier": "copy", "restoreToPointInTime": then})
"""
    assert judged(tmp_path, body, "LG-ENC-02") == {("LG-ENC-02", "whole"): "pass", ("LG-ENC-02", "copy"): "unknown"}


def test_a_companion_that_is_not_there(tmp_path: Path) -> None:
    """Whatever it would configure is undecided: what a joined fact is made of, and what it is a part of."""
    off = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), False)
    body = f"""
b = Bucket("logs", {{"bucket": "logs-of-the-shop"}})
Bucket("other", {{"bucket": "other-of-the-shop"}})
C("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "off", {{"bucket": b.id, **{off}}}, depends_on=[unheld])
r = C("aws:iam/role:Role", "role", {{"name": "role", {ROLE}}})
C("aws:iam/role:Role", "bare", {{"name": "bare", {ROLE}}})
C("aws:iam/rolePolicy:RolePolicy", "admin", {{"role": r.id, "name": "a", "policy": {ADMIN!r}}}, depends_on=[unheld])
"""
    assert judged(tmp_path, body, "S3.8", "LG-IAM-01") == {
        ("S3.8", "logs"): "unknown",
        ("S3.8", "other"): "pass",
        ("LG-IAM-01", "admin"): "unknown",
        ("LG-IAM-01", "role"): "unknown",
        ("LG-IAM-01", "bare"): "pass",
    }


def test_a_companion_of_nobody_knows_whom(tmp_path: Path) -> None:
    """Where nobody knows whom it would configure, it may be anybody."""
    body = f"""
Bucket("logs", {{"bucket": "logs-of-the-shop"}})
C("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {{"bucket": unheld.id}})
C("aws:iam/role:Role", "role", {{"name": "role", {ROLE}}})
C("aws:iam/rolePolicy:RolePolicy", "admin", {{"role": unheld.id, "name": "a", "policy": {ADMIN!r}}})
"""
    found = judged(tmp_path, body, "S3.8", "LG-IAM-01")
    assert {*found.values()} == {"unknown"}
    assert {("S3.8", "logs"), ("LG-IAM-01", "role"), ("LG-IAM-01", "admin")} == found.keys()


def test_what_fails_for_want_of_something_is_undecided_too(tmp_path: Path) -> None:
    """A bucket whose policy is not there does not fail for it: nobody can tell what it would say."""
    body = """
from json import dumps
for name, after in (("with", [unheld]), ("without", [])):
    b = Bucket(name, {"bucket": f"{name}-of-the-shop"})
    if after:
        C("aws:s3/bucketPolicy:BucketPolicy", name, {"bucket": b.id, "policy": dumps({"Version": "2012-10-17",
          "Statement": []})}, depends_on=after)
"""
    assert judged(tmp_path, body, "S3.5") == {("S3.5", "with"): "unknown", ("S3.5", "without"): "fail"}


def test_types_that_only_their_tags_tell_of(tmp_path: Path) -> None:
    """What has tags is read by them, whatever its service; what never had any and no reader lists is undecided."""
    body = """
v = C("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16", "tags": tags})
s = C("aws:ec2/subnet:Subnet", "subnet", {"vpcId": v.id, "cidrBlock": "10.0.1.0/24"})
n = C("aws:ec2/natGateway:NatGateway", "gateway", {"subnetId": s.id, "connectivityType": "private", "tags": tags})
g = C("aws:ec2/securityGroup:SecurityGroup", "group", {"vpcId": v.id, "name": "g", "description": "-", "tags": tags})
for name, own in (("tagged", tags), ("bare", None)):
    C("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, {"securityGroupId": g.id, "ipProtocol": "tcp",
      "fromPort": len(name), "toPort": len(name), "cidrIpv4": "10.0.0.0/8", **({"tags": own} if own else {})})
C("aws:kms/key:Key", "key", {})
C("aws:cloudwatch/logGroup:LogGroup", "log", {"name": "log", "tags": tags})
"""
    found = {name: verdict for (_, name), verdict in judged(tmp_path, body, "LG-TAG-01").items()}
    assert found == {
        "unheld": "unknown",
        "vpc": "pass",
        "subnet": "fail",
        "gateway": "pass",
        "group": "pass",
        "tagged": "pass",
        "bare": "unknown",
        "key": "fail",
        "log": "pass",
    }


OPEN: Final = """
C("aws:ec2/securityGroup:SecurityGroup", "there", {"name": "g", "description": "-", "region": "eu-west-1",
  "ingress": [{"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]}]})
"""


def test_another_region(tmp_path: Path) -> None:
    """Every Region of the stack is scanned; what lies outside those that were asked for is undecided."""
    assert judged(tmp_path / "all", OPEN, "LG-NET-02") == {("LG-NET-02", "there"): "fail"}
    some = judged(tmp_path / "some", OPEN, "LG-NET-02", regions=("us-east-1",))
    assert some == {("LG-NET-02", "there"): "unknown"}


def test_a_rule_belongs_to_its_group(tmp_path: Path) -> None:
    """A rule that is a resource of its own is read as a part of its group, and asks for no finding of its own."""
    body = """
g = C("aws:ec2/securityGroup:SecurityGroup", "group", {"name": "g", "description": "-"})
C("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule",
  {"securityGroupId": g.id, "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"})
"""
    assert judged(tmp_path, body, "LG-NET-02") == {("LG-NET-02", "group"): "fail"}
