"""What IAM holds."""

import json
from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, TAGS

PASSES: Final = frozenset(
    {
        "IAM.18",
        "LG-IAM-01",
        "LG-IAM-02",
        "LG-IAM-03",
        "LG-IAM-04",
        "LG-IAM-05",
        "LG-IAM-07",
        "LG-IAM-19",
        "LG-IAM-20",
        "LG-IAM-21",
        "LG-IAM-24",
    }
)
"""Controls that pass on it."""


def _trust(principal: dict[str, str], operator: str, key: str, value: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
        "Condition": {operator: {key: value}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def workload_trust(service: str) -> str:
    """Return a trust policy for a service that acts for this account alone."""
    return _trust({"Service": f"{service}.amazonaws.com"}, "StringEquals", "aws:SourceAccount", ACCOUNT)


_PEOPLE: Final = _trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Bool", "aws:MultiFactorAuthPresent", "true")
READ_ONLY: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger-one/*"}],
    }
)


def furnish(session: boto3.Session) -> None:
    """Create one of each kind."""
    iam: Any = session.client("iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=_PEOPLE, Tags=TAGS)
    iam.put_role_policy(RoleName="worker", PolicyName="reads", PolicyDocument=READ_ONLY)
    iam.attach_role_policy(RoleName="worker", PolicyArn="arn:aws:iam::aws:policy/AWSSupportAccess")
    iam.create_role(RoleName="operator", AssumeRolePolicyDocument=_PEOPLE, Tags=TAGS)
    iam.create_user(UserName="auditor", Tags=TAGS)
    iam.create_group(GroupName="auditors")
    own = iam.create_policy(PolicyName="reads", PolicyDocument=READ_ONLY, Tags=TAGS)["Policy"]["Arn"]
    iam.create_role(RoleName="task", AssumeRolePolicyDocument=workload_trust("lambda"), Tags=TAGS)
    for arn in (own, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"):
        iam.attach_role_policy(RoleName="task", PolicyArn=arn)
    iam.create_instance_profile(InstanceProfileName="worker", Tags=TAGS)
    iam.create_open_id_connect_provider(Url="https://git.example.com", ThumbprintList=["a" * 40], Tags=TAGS)
