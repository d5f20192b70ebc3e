"""The readers: AWS's answers turned into the facts that controls judge. The only place that knows AWS's calls."""

from collections.abc import Iterable
from typing import Final

from integration.readers import (
    acm,
    apigateway,
    autoscaling,
    backup,
    cloudfront,
    cloudtrail,
    cloudwatch,
    cognito,
    dynamodb,
    ec2,
    ecr,
    ecs,
    efs,
    elasticache,
    elb,
    elbv2,
    emr,
    events,
    functions,
    guardduty,
    iam,
    inspector2,
    kms,
    logs,
    rds,
    redshift,
    s3,
    secretsmanager,
    sns,
    sqs,
    ssm,
    tagging,
    wafv2,
)
from integration.scanning.observed import Reading

READINGS: Final[tuple[Reading, ...]] = (
    acm.READING,
    apigateway.READING,
    backup.READING,
    cloudfront.READING,
    cloudtrail.READING,
    cloudwatch.READING,
    cognito.READING,
    dynamodb.READING,
    autoscaling.READING,
    ec2.READING,
    ecr.READING,
    ecs.READING,
    efs.READING,
    elasticache.READING,
    elb.READING,
    elbv2.READING,
    emr.READING,
    events.READING,
    functions.READING,
    guardduty.READING,
    iam.READING,
    inspector2.READING,
    kms.READING,
    logs.READING,
    rds.READING,
    redshift.READING,
    s3.READING,
    secretsmanager.READING,
    sns.READING,
    sqs.READING,
    ssm.READING,
    tagging.READING,
    wafv2.READING,
)
"""Every service that can be read."""


def operations_for(facts: Iterable[type] | None = None) -> frozenset[str]:
    """Return `service:Operation` for every call that the readers make.

    Args:
        facts: Classes of the facts that are wanted; None for all.
    """
    wanted = None if facts is None else frozenset(facts)
    return frozenset(
        operation
        for reading in READINGS
        for fact, operations in reading.gives.items()
        if wanted is None or fact in wanted
        for operation in operations
    )
