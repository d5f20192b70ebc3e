"""Where moto says something else than AWS, and what puts it right."""

import contextlib
from collections.abc import Iterator
from unittest.mock import patch


@contextlib.contextmanager
def corrected() -> Iterator[None]:
    """Put moto right in this process, for as long as the context lasts."""
    from integration.sandbox.corrections import (  # noqa: F401 - each registers its corrections
        acm,
        apigateway,
        autoscaling,
        backup,
        cloudfront,
        core,
        dynamodb,
        ec2,
        ecr,
        ecs,
        efs,
        elasticache,
        elbv2,
        emr,
        guardduty,
        iam,
        inspector2,
        kms,
        lambdas,
        logs,
        rds,
        rds_endpoints,
        rds_globals,
        rds_groups,
        s3,
        sqs,
        tagging,
        wafv2,
        watching,
        xray,
    )
    from integration.sandbox.corrections.registry import corrections

    with contextlib.ExitStack() as stack:
        for correction in corrections():
            stack.enter_context(patch.object(correction.owner, correction.name, correction.replacement, create=True))
        yield
