"""What ECR knows of an image, brought into one form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

from .decision import Scan, ScanState

_STATES: Final = {
    "ACTIVE": ScanState.FINISHED,
    "COMPLETE": ScanState.FINISHED,
    "IN_PROGRESS": ScanState.RUNNING,
    "PENDING": ScanState.RUNNING,
}
"""Scan status of ECR → state; ACTIVE is the continuous scan's word for a result that is kept up to date."""

_REFERENCE: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?P<repository>[a-z0-9._/-]+)"
    r"(?::(?P<tag>[\w][\w.-]*))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


class Registry(Protocol):
    """The part of boto3's ECR client that is used."""

    def describe_image_scan_findings(self, **request: Any) -> Mapping[str, Any]:
        """Return status and findings of the scan of one image."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateImage:
    """An image in a private registry of ECR.

    Args:
        account: Registry that holds it.
        region: Where the registry is.
        repository: Name of the repository.
        image_id: What ECR's calls take for the image.
    """

    account: str
    region: str
    repository: str
    image_id: Mapping[str, str]


def parse_image(reference: str) -> PrivateImage | None:
    """Return what a reference names, or None when it is not in a private registry of ECR.

    A digest wins over a tag, as it does when the image is pulled; without either it is `latest`.
    """
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    digest, tag = found["digest"], found["tag"] or "latest"
    return PrivateImage(
        account=found["account"],
        region=found["region"],
        repository=found["repository"],
        image_id={"imageDigest": digest} if digest else {"imageTag": tag},
    )


def read_scan(registry: Registry, reference: str, *, region: str) -> Scan:
    """Ask for the scan of one image.

    Args:
        registry: ECR in this Region.
        reference: Image, as the task definition has it.
        region: This Region.

    Raises:
        ClientError: ECR refused to say; that there was no scan is an answer.
    """
    image = parse_image(reference)
    if image is None or image.region != region:
        return Scan(image=reference, state=ScanState.ABSENT, problem=f"it is in no private registry of {region}.")
    try:
        found = registry.describe_image_scan_findings(
            registryId=image.account, repositoryName=image.repository, imageId=image.image_id
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ScanNotFoundException":
            raise
        return Scan(image=reference, state=ScanState.ABSENT, problem="nobody scanned it yet.")
    return _scan(reference, found)


def _scan(reference: str, found: Mapping[str, Any]) -> Scan:
    status = found["imageScanStatus"]["status"]
    state = _STATES.get(status, ScanState.BROKEN)
    if state is ScanState.FINISHED:
        # Without counts nobody has counted: a missing key ends in an error, not in a pass.
        return Scan(image=reference, state=state, findings=found["imageScanFindings"]["findingSeverityCounts"])
    return Scan(image=reference, state=state, problem=f"its scan ended as {status}.")
