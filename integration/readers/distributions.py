"""Asks CloudFront which distributions an account has, and for all that one is configured to do."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from integration.scanning.asker import Desk, Paging

DISTRIBUTIONS: Final = Paging(
    "Marker", ("Items",), answered="NextMarker", within="DistributionList", counted="Quantity"
)

Item = Mapping[str, Any]


def distributions(desk: Desk) -> list[Item]:
    """Return the distributions of the account, as CloudFront lists them.

    Raises:
        CallFailedError: A call has no answer.
    """
    pages = desk.every(DISTRIBUTIONS, desk.aws.cloudfront.list_distributions)
    return [{**each} for page in pages for each in page["DistributionList"].get("Items", ())]


def configuration(desk: Desk, id_: str) -> Item:
    """Return all settings of a distribution.

    Raises:
        CallFailedError: The call has no answer.
    """
    found: Item = desk.one(desk.aws.cloudfront.get_distribution_config, Id=id_)["DistributionConfig"]
    return found


def counted(held: Item) -> Sequence[Any]:
    """Return the items of a list of CloudFront's, which counts itself and leaves out what is empty."""
    return held["Items"] if held["Quantity"] else ()
