"""Asks WAF whether a web ACL stands before a resource of a Region."""

from enum import StrEnum
from typing import Final

from integration.readers.web_acls import REGIONAL, listed_acls
from integration.scanning.asker import Desk

WEB_ACL_OPERATIONS: Final = ("wafv2:ListResourcesForWebACL", "wafv2:ListWebACLs")
"""Every call that `has_web_acl` leads to."""


class Protected(StrEnum):
    """Types of resources as WAF calls them. Source: ListResourcesForWebACL, AWS WAF API reference, read 2026-11-30."""

    BALANCER = "APPLICATION_LOAD_BALANCER"
    STAGE = "API_GATEWAY"


def has_web_acl(arn: str, kind: Protected, desk: Desk) -> bool:
    """Tell whether a web ACL is associated with a resource.

    WAF is asked of every web ACL what it stands before: asked of a resource, it says nothing at all where there is
    none, and so does an answer that is none.

    Args:
        arn: ARN of the resource.
        kind: Its type.
        desk: Where to ask.

    Raises:
        CallFailedError: A call has no answer.
    """
    ask = desk.aws.wafv2.list_resources_for_web_acl
    before = [desk.one(ask, WebACLArn=each["ARN"], ResourceType=kind.value) for each in listed_acls(REGIONAL, desk)]
    return any(arn in each["ResourceArns"] for each in before)
