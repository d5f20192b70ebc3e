"""What IAM holds."""

import json
from typing import Any, Final

import boto3

from tests.integration.estate.account import TAGS

PASSES: Final = frozenset({"IAM.18", "LG-IAM-01", "LG-IAM-02", "LG-IAM-03", "LG-IAM-07", "LG-IAM-21", "LG-IAM-24"})
"""Controls that pass on it."""

TRUST: Final = json.dumps({"Version": "2012-10-17", "Statement": []})
READ_ONLY: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger-one/*"}],
    }
)


def furnish(session: boto3.Session) -> None:
    """Create one of each kind."""
    iam: Any = session.client("iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST, Tags=TAGS)
    iam.put_role_policy(RoleName="worker", PolicyName="reads", PolicyDocument=READ_ONLY)
    iam.attach_role_policy(RoleName="worker", PolicyArn="arn:aws:iam::aws:policy/AWSSupportAccess")
    iam.create_user(UserName="auditor", Tags=TAGS)
    iam.create_group(GroupName="auditors")
    iam.create_policy(PolicyName="reads", PolicyDocument=READ_ONLY, Tags=TAGS)
    iam.create_instance_profile(InstanceProfileName="worker", Tags=TAGS)
    iam.create_open_id_connect_provider(Url="https://git.example.com", ThumbprintList=["a" * 40], Tags=TAGS)
