"""What holds and runs containers."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import STORE_TAGS, key

PASSES: Final = frozenset({"ECR.1", "LG-ENC-13", "LG-SUP-01"})
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Create two repositories: one that asks for its scans itself, and one that the registry scans."""
    ecr: Any = session.client("ecr")
    encrypted = {"encryptionType": "KMS", "kmsKey": key(session)}
    for name, itself in (("ledger/api", True), ("ledger/web", False)):
        ecr.create_repository(
            repositoryName=name,
            imageTagMutability="IMMUTABLE",
            imageScanningConfiguration={"scanOnPush": itself},
            encryptionConfiguration=encrypted,
            tags=STORE_TAGS,
        )
    scanned = {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}
    ecr.put_registry_scanning_configuration(scanType="BASIC", rules=[scanned])
