"""The readers: AWS's answers turned into the facts that controls judge. The only place that knows AWS's calls."""

from typing import Final

from integration.readers import ec2, iam, kms, logs, rds, s3, secretsmanager, ssm, tagging
from integration.scanning.observed import Reading

READINGS: Final[tuple[Reading, ...]] = (
    ec2.READING,
    iam.READING,
    kms.READING,
    logs.READING,
    rds.READING,
    s3.READING,
    secretsmanager.READING,
    ssm.READING,
    tagging.READING,
)
"""Every service that can be read."""
