"""What a sandbox does not hold as the program wants it, and what no reader reads, passes nobody."""

import json
from pathlib import Path
from typing import Final

from tests.integration.auditing.test_audits import audit, findings
from tests.policies.gating.workspace import program

HEAD: Final = """
def C(t, n, a, **o): return pulumi.CustomResource(t, n, a, pulumi.ResourceOptions(**o))
tags = dict.fromkeys(["Environment", "Owner", "CostCenter", "ManagedBy", "Project"], "x")
unheld = C("aws:sqs/queue:Queue", "unheld", {"name": "jobs"})
"""
ADMIN: Final = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
TRUST: Final = json.dumps({"Version": "2012-10-17", "Statement": []})
ROLE: Final = f'"assumeRolePolicy": {TRUST!r}'


def judged(folder: Path, body: str, *select: str, **options: object) -> dict[tuple[str, str], str]:
    """Return (control, logical name) → verdict on what a program made in a sandbox."""
    shop, report = program(folder / "shop", HEAD + body), folder / "report.jsonl"
    audit(shop, select=select, format="json", output=report, **options)
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
    """A replica that became a database of its own is no witness for what was wanted; the one beside it is."""
    body = """
a = {"engine": "postgres", "instanceClass": "db.t3.micro", "allocatedStorage": 20, "username": "r",
     "password": "opened-to-nobody", "skipFinalSnapshot": True, "storageEncrypted": True,
     "kmsKeyId": C("aws:kms/key:Key", "key", {"arn": None}).arn}
C("aws:rds/instance:Instance", "whole", {**a, "identifier": "whole"})
C("aws:rds/instance:Instance", "replica", {**a, "identifier": "replica", "replicateSourceDb": "whole"})
"""
    assert judged(tmp_path, body, "LG-ENC-02") == {("LG-ENC-02", "whole"): "pass", ("LG-ENC-02", "replica"): "unknown"}


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
