"""What a web ACL stops: the managed groups of AWS, and addresses that ask too often."""

from dataclasses import dataclass
from typing import Final

import pulumi_aws as aws

WINDOW_S: Final = 60
"""Left out, the service would count over 300 seconds."""

TOO_MANY_REQUESTS: Final = 429

_FIRST_PRIORITY: Final = 10


@dataclass(frozen=True, slots=True)
class ManagedGroup:
    """A rule group that AWS keeps.

    Args:
        label: Name of its rule and metric.
        name: Name of the group.
    """

    label: str
    name: str


MANAGED_GROUPS: Final = (
    ManagedGroup("reputation", "AWSManagedRulesAmazonIpReputationList"),
    ManagedGroup("common", "AWSManagedRulesCommonRuleSet"),
    ManagedGroup("known-bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet"),
    ManagedGroup("sql-injection", "AWSManagedRulesSQLiRuleSet"),
)
"""In the order in which they are asked, the cheapest decision first; cross-site scripting is in the common one."""


def web_acl_rules(requests_per_minute: int) -> list[aws.wafv2.WebAclRuleArgs]:
    """Return the rules of a web ACL, the limit first, so that a flood is not charged for by the groups.

    Args:
        requests_per_minute: What one address may ask within 60 seconds.
    """
    managed = [_managed(group, _FIRST_PRIORITY + position) for position, group in enumerate(MANAGED_GROUPS)]
    return [_limit(requests_per_minute), *managed]


def visibility(metric: str) -> aws.wafv2.WebAclVisibilityConfigArgs:
    """Return what is counted and sampled of the whole ACL."""
    return aws.wafv2.WebAclVisibilityConfigArgs(
        cloudwatch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=True
    )


def _limit(requests_per_minute: int) -> aws.wafv2.WebAclRuleArgs:
    statement = aws.wafv2.WebAclRuleStatementRateBasedStatementArgs(
        limit=requests_per_minute, evaluation_window_sec=WINDOW_S, aggregate_key_type="IP"
    )
    refusal = aws.wafv2.WebAclRuleActionBlockArgs(
        custom_response=aws.wafv2.WebAclRuleActionBlockCustomResponseArgs(response_code=TOO_MANY_REQUESTS)
    )
    return aws.wafv2.WebAclRuleArgs(
        name="rate",
        priority=0,
        action=aws.wafv2.WebAclRuleActionArgs(block=refusal),
        statement=aws.wafv2.WebAclRuleStatementArgs(rate_based_statement=statement),
        visibility_config=_rule_visibility("rate"),
    )


def _managed(group: ManagedGroup, priority: int) -> aws.wafv2.WebAclRuleArgs:
    statement = aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs(name=group.name, vendor_name="AWS")
    as_decided = aws.wafv2.WebAclRuleOverrideActionNoneArgs()  # type: ignore[no-untyped-call] # the SDK has no types here
    return aws.wafv2.WebAclRuleArgs(
        name=group.label,
        priority=priority,
        override_action=aws.wafv2.WebAclRuleOverrideActionArgs(none=as_decided),
        statement=aws.wafv2.WebAclRuleStatementArgs(managed_rule_group_statement=statement),
        visibility_config=_rule_visibility(group.label),
    )


def _rule_visibility(metric: str) -> aws.wafv2.WebAclRuleVisibilityConfigArgs:
    return aws.wafv2.WebAclRuleVisibilityConfigArgs(
        cloudwatch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=True
    )
