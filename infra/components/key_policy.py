"""Key policies: administration apart from use, and use bound to the service that needs the key."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from components.place import Place

Statement: TypeAlias = Mapping[str, Any]

_ADMINISTRATION: Final = (
    "CancelKeyDeletion",
    "CreateAlias",
    "DeleteAlias",
    "DescribeKey",
    "DisableKey",
    "DisableKeyRotation",
    "EnableKey",
    "EnableKeyRotation",
    "GetKeyPolicy",
    "GetKeyRotationStatus",
    "ListGrants",
    "ListKeyPolicies",
    "ListKeyRotations",
    "ListResourceTags",
    "PutKeyPolicy",
    "RevokeGrant",
    "RotateKeyOnDemand",
    "ScheduleKeyDeletion",
    "TagResource",
    "UntagResource",
    "UpdateAlias",
    "UpdateKeyDescription",
)
"""What administrators may do: everything but encrypt, decrypt and hand on the right to."""

_USE: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


def key_policy(place: Place, uses: Sequence[Statement]) -> str:
    """Return the policy document of a key, JSON.

    Args:
        place: Where the key lives.
        uses: Statements that say who may encrypt and decrypt with it.
    """
    administration = {
        "Sid": "Administration",
        "Effect": "Allow",
        "Principal": {"AWS": place.account_root},
        "Action": [f"kms:{action}" for action in _ADMINISTRATION],
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [administration, *uses]})


def used_through(place: Place, *services: str) -> tuple[Statement, ...]:
    """Let the account's principals use the key through these services and in no other way.

    Args:
        place: Where the key lives.
        services: `rds`, `secretsmanager`, …
    """
    through = {
        "kms:CallerAccount": place.account_id,
        "kms:ViaService": [place.endpoint(service) for service in services],
    }
    return (
        {
            "Sid": "UseThroughService",
            "Effect": "Allow",
            "Principal": {"AWS": place.account_root},
            "Action": list(_USE),
            "Resource": "*",
            "Condition": {"StringEquals": through},
        },
        {
            "Sid": "GrantThroughService",
            "Effect": "Allow",
            "Principal": {"AWS": place.account_root},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {"StringEquals": through, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    )


def used_by_logs(place: Place, *groups: str) -> tuple[Statement, ...]:
    """Let CloudWatch Logs use the key for these log groups.

    Args:
        place: Where the key and the groups live.
        groups: Log group names; `*` stands for anything.
    """
    arns = [place.arn("logs", f"log-group:{group}") for group in groups]
    return (
        {
            "Sid": "UseByLogs",
            "Effect": "Allow",
            "Principal": {"Service": place.endpoint("logs")},
            "Action": list(_USE),
            "Resource": "*",
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arns}},
        },
    )


def used_by_distributions(place: Place) -> tuple[Statement, ...]:
    """Let CloudFront decrypt what a bucket under this key serves.

    It names every distribution of the account: a distribution needs its bucket, and the bucket its key, so the key
    cannot wait for the ARN. Which distribution may read is the bucket policy's to say.

    Args:
        place: Account of the distributions.
    """
    return (
        {
            "Sid": "DecryptForDistributions",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": place.global_arn("cloudfront", "distribution/*")}},
        },
    )


def used_by_alarms(place: Place, alarms: str) -> tuple[Statement, ...]:
    """Let CloudWatch encrypt what these alarms publish to a topic.

    Source: Amazon SNS developer guide on key management, as quoted in issue 407 of
    awslabs/landing-zone-accelerator-on-aws, read 2026-11-30. It takes no condition for EventBridge, so
    EventBridge is not let in at all.

    Args:
        place: Where the key, the topic and the alarms are.
        alarms: Alarm names; `*` stands for anything.
    """
    return (
        {
            "Sid": "PublishByAlarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": place.account_id},
                "ArnLike": {"aws:SourceArn": place.arn("cloudwatch", f"alarm:{alarms}")},
            },
        },
    )


def used_by_fargate(place: Place, cluster: str) -> tuple[Statement, ...]:
    """Let Fargate encrypt the task storage of one cluster.

    Source: example of the Terraform AWS provider's `aws_ecs_cluster`, read 2026-11-21.

    Args:
        place: Where the key and the cluster live.
        cluster: ECS cluster name.
    """
    context = {
        "kms:EncryptionContext:aws:ecs:clusterAccount": place.account_id,
        "kms:EncryptionContext:aws:ecs:clusterName": cluster,
    }
    fargate = {"Service": "fargate.amazonaws.com"}
    return (
        {
            "Sid": "DataKeyForTaskStorage",
            "Effect": "Allow",
            "Principal": fargate,
            "Action": "kms:GenerateDataKeyWithoutPlaintext",
            "Resource": "*",
            "Condition": {"StringEquals": context},
        },
        {
            "Sid": "GrantForTaskStorage",
            "Effect": "Allow",
            "Principal": fargate,
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "StringEquals": context,
                "ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]},
            },
        },
    )


def used_by_exec(place: Place) -> tuple[Statement, ...]:
    """Let IAM policies of the account decide who encrypts an exec session.

    The agent in the task and the operator's client call KMS themselves, so no service can be demanded.
    """
    return (
        {
            "Sid": "ExecSessions",
            "Effect": "Allow",
            "Principal": {"AWS": place.account_root},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:CallerAccount": place.account_id}},
        },
    )
