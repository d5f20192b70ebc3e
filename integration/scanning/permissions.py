"""Which IAM action a call needs, and the least policy that allows a scan."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_ACTIONS: Final[Mapping[str, str]] = {
    "apigateway:GetRestApis": "apigateway:GET",
    "apigateway:GetStages": "apigateway:GET",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "resourcegroupstaggingapi:GetResources": "tag:GetResources",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "sts:GetCallerIdentity": "",
}
"""`service:Operation` → IAM action where the two differ; empty where none is needed.

Source: service authorization reference, Amazon API Gateway, Amazon S3, AWS STS and Resource Groups Tagging API, read
2026-11-30.
"""

_PREFIXES: Final[Mapping[str, str]] = {
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
}
"""botocore's name of a service → how its actions begin, where the two differ.

Source: service authorization reference, Amazon EFS, Amazon EMR, Elastic Load Balancing and V2, read 2026-11-30.
"""

_SCOPED: Final[Mapping[str, str]] = {
    "apigateway:GET": "arn:{partition}:apigateway:*::/restapis*",
    "acm:DescribeCertificate": "arn:{partition}:acm:*:*:certificate/*",
    "s3:GetBucketAcl": "arn:{partition}:s3:::*",
    "s3:GetBucketLogging": "arn:{partition}:s3:::*",
    "s3:GetBucketObjectLockConfiguration": "arn:{partition}:s3:::*",
    "s3:GetBucketPolicy": "arn:{partition}:s3:::*",
    "s3:GetBucketPublicAccessBlock": "arn:{partition}:s3:::*",
    "s3:GetBucketTagging": "arn:{partition}:s3:::*",
    "s3:GetBucketVersioning": "arn:{partition}:s3:::*",
    "s3:GetEncryptionConfiguration": "arn:{partition}:s3:::*",
    "s3:GetLifecycleConfiguration": "arn:{partition}:s3:::*",
    "s3:GetReplicationConfiguration": "arn:{partition}:s3:::*",
    "iam:ListEntitiesForPolicy": "arn:{partition}:iam::aws:policy/AWSSupportAccess",
    "kms:DescribeKey": "arn:{partition}:kms:*:*:key/*",
}
"""IAM action → what it has to be allowed on; every resource for all others, whose lists know no narrower one."""


def action_of(service: str, operation: str) -> str:
    """Return the IAM action that a call needs; empty when it needs none."""
    name = f"{service}:{operation}"
    return _ACTIONS.get(name, f"{_PREFIXES.get(service, service)}:{operation}")


def least_policy(operations: Iterable[str], partition: str = "aws") -> dict[str, Any]:
    """Return the IAM policy that allows these calls and nothing else.

    Args:
        operations: `service:Operation` texts.
        partition: AWS partition.
    """
    by_resource: dict[str, set[str]] = {}
    for name in operations:
        service, _, operation = name.partition(":")
        if action := action_of(service, operation):
            resource = _SCOPED.get(action, "*").format(partition=partition)
            by_resource.setdefault(resource, set()).add(action)
    statements = [
        {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}
        for resource, actions in sorted(by_resource.items())
    ]
    return {"Version": "2012-10-17", "Statement": statements}
