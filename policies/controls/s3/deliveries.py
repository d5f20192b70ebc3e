"""Which logs a bucket's policy lets be delivered to it."""

from typing import Any, Final

from policies.iam_document import letting, service_principals

ACCESS_LOGS: Final = "logging.s3.amazonaws.com"
BALANCER_LOGS: Final = "logdelivery.elasticloadbalancing.amazonaws.com"
"""Who delivers. Source: enabling server access logging, Amazon S3 user guide; access logs, Elastic Load Balancing user
guide; read 2026-11-30."""


def takes_deliveries(policy: Any, *services: str) -> bool:
    """Tell whether a bucket's policy lets one of these services write into it.

    Args:
        policy: A `BucketPolicy`; one that is only looked up, or that IAM would refuse, lets nobody.
        services: Service principals.
    """
    for document in policy.certain:
        if not document.malformed:
            for _, statement in letting(document.statements, "s3:PutObject", f"{policy.arn}/*"):
                if set(services) & set(service_principals(statement)):
                    return True
    return False
