"""Asks CloudFront which resources within a VPC it may reach: the VPC origins of the account."""

from collections.abc import Mapping
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from policies.facts.properties import UNKNOWN

_ORIGINS: Final = Paging("Marker", ("Items",), answered="NextMarker", within="VpcOriginList", counted="Quantity")


def vpc_origins(desk: Desk) -> list[Mapping[str, Any]]:
    """Return the VPC origins of the account, as CloudFront lists them.

    Raises:
        CallFailedError: A call has no answer.
    """
    pages = desk.every(_ORIGINS, desk.aws.cloudfront.list_vpc_origins)
    return [{**each} for page in pages for each in page["VpcOriginList"].get("Items", ())]


def reached_by_vpc_origin(arn: str, desk: Desk, failures: list[Failure]) -> Any:
    """Return whether a VPC origin names a resource; `UNKNOWN` when nobody could ask.

    Args:
        arn: ARN of the resource.
        desk: Where to ask.
        failures: Takes the call that failed.
    """
    try:
        return any(each["OriginEndpointArn"] == arn for each in vpc_origins(desk))
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
