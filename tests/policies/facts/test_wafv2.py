"""Web ACLs: rules inside and beside them, rule groups, and the record of what they decide."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.properties import UNKNOWN
from policies.facts.wafv2 import (
    AclRule,
    LogTargets,
    ManagedGroup,
    RateLimit,
    WebAclLog,
    rule_group_from_graph,
    rule_set_from_graph,
    web_acl_from_graph,
    web_acl_log_from_graph,
)
from tests.policies.graphs import graph, resource

ACL: Final = "aws:wafv2/webAcl:WebAcl"
RULE_GROUP: Final = "aws:wafv2/ruleGroup:RuleGroup"
RULE: Final = "aws:wafv2/webAclRule:WebAclRule"
GROUP_RULE: Final = "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"
LOGGING: Final = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
ARN: Final = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/main/1"

RATE: Final = {
    "action": {"block": {}},
    "statement": {"rateBasedStatement": {"limit": 1000.0, "evaluationWindowSec": 60, "aggregateKeyType": "IP"}},
}
MANAGED: Final = {
    "overrideAction": {"none": {}},
    "statement": {"managedRuleGroupStatement": {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet"}},
}
LIMITING: Final = AclRule(action="block", rate=RateLimit(limit=1000, window_s=60))
COMMON: Final = ManagedGroup(vendor="AWS", name="AWSManagedRulesCommonRuleSet")
ASKING: Final = AclRule(override="none", managed=COMMON)


def acl(**inputs: Any) -> Resource:
    """Return a web ACL."""
    return resource(ACL, "main", {"name": "main", "scope": "REGIONAL", **inputs}, id="1", outputs={"arn": ARN})


def rules(subject: Resource, *others: Resource) -> Any:
    """Return the rules of a web ACL, the same as a set of rules."""
    found = web_acl_from_graph(graph(subject, *others), subject).rules
    assert rule_set_from_graph(graph(subject, *others), subject).rules == found
    return found


def test_rules_inside() -> None:
    """Actions are the one key that is there; nested objects may be lists of one; outputs are read as inputs are."""
    listed = {
        "overrideAction": [{"none": {}}],
        "statement": [{"managedRuleGroupStatement": [{"vendorName": "AWS", "name": COMMON.name}]}],
    }
    deployed = resource(ACL, "main", outputs={"rules": [RATE, MANAGED]})

    assert rules(acl()) == ()
    assert rules(acl(rules=[RATE, MANAGED])) == rules(acl(rules=[RATE, listed])) == (LIMITING, ASKING)
    assert web_acl_from_graph(graph(deployed), deployed).rules == (LIMITING, ASKING)
    assert rules(acl(rules=[{"action": {"count": {}, "block": None}}])) == (AclRule(action="count"),)
    assert rules(acl(rules=[{"overrideAction": {"count": {}}}])) == (AclRule(override="count"),)


def test_managed_group_that_is_weakened() -> None:
    """A narrower scope shows, and which rules were made to count or allow; those that still decide do not count."""
    overrides = [
        {"name": "Counted", "actionToUse": {"count": {}}},
        {"name": "Blocked", "actionToUse": {"block": {}}},
        {"name": "Allowed", "actionToUse": [{"allow": {}, "count": None}]},
    ]

    def managed(**changes: Any) -> Any:
        group = {"vendorName": "AWS", "name": COMMON.name, **changes}
        (found,) = rules(acl(rules=[MANAGED | {"statement": {"managedRuleGroupStatement": group}}]))
        return found.managed

    assert managed(scopeDownStatement={"geoMatchStatement": {}}) == replace(COMMON, narrowed=True)
    assert managed(scopeDownStatement=UNKNOWN).narrowed == UNKNOWN
    assert managed(ruleActionOverrides=overrides) == replace(COMMON, spared=("Counted", "Allowed"))
    assert managed(ruleActionOverrides=UNKNOWN).spared == UNKNOWN
    assert managed(excludedRules=[{"name": "Old"}]) == replace(COMMON, spared=("Old",))
    assert managed(ruleActionOverrides=overrides[1:2], scopeDownStatement=None) == COMMON


def test_rate_defaults() -> None:
    """Five minutes and the address, unless something else is said."""
    narrow = {"limit": 10, "scopeDownStatement": {"geoMatchStatement": {}}}

    assert rules(acl(rules=[{"statement": {"rateBasedStatement": {"limit": "10"}}}])) == (
        AclRule(rate=RateLimit(limit=10, window_s=300, key="IP")),
    )
    assert rules(acl(rules=[{"statement": {"rateBasedStatement": narrow}}]))[0].rate.narrowed is True


def test_open_parts() -> None:
    """What is unknown stays so where it stands, and comes last; a secret list holds secret rules."""
    half = {**RATE, "action": UNKNOWN}

    assert rules(acl(rules=UNKNOWN)) == (UNKNOWN,)
    assert rules(acl(rules=[UNKNOWN, RATE])) == (LIMITING, UNKNOWN)
    assert rules(acl(rules=[half]))[0].action == UNKNOWN
    assert rules(acl(rules=[{"statement": UNKNOWN}]))[0].rate == UNKNOWN
    assert rules(acl(rules=[{"statement": {"rateBasedStatement": {}}}]))[0].rate.limit == UNKNOWN
    assert rules(acl(rules=Secret([RATE]))) == (Secret(LIMITING),)


def test_rules_as_json() -> None:
    """Rules in the form of the API are the same rules; text that is none is refused."""
    text = json.dumps(
        [
            {"Action": {"Block": {}}, "Statement": {"RateBasedStatement": {"Limit": 1000, "EvaluationWindowSec": 60}}},
            {
                "OverrideAction": {"None": {}},
                "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": COMMON.name}},
            },
        ]
    )

    assert rules(acl(ruleJson=text)) == (LIMITING, ASKING)
    assert rules(acl(ruleJson=Secret(text))) == (Secret(LIMITING), Secret(ASKING))
    assert rules(acl(ruleJson=UNKNOWN)) == rules(acl(ruleJson=f"x{SYMBOL_MARK}")) == (UNKNOWN,)
    for wrong, problem in {"[": "not JSON", "{}": "no list of rules", "[1]": "no list of rules"}.items():
        with pytest.raises(ValueError, match=problem):
            rules(acl(ruleJson=wrong))


def test_rules_beside() -> None:
    """A rule that is a resource of its own belongs to the web ACL that it names."""
    own = resource(RULE, "rate", {"webAclArn": ARN, **RATE})
    group = {"vendorName": "AWS", "name": COMMON.name}
    managed = resource(GROUP_RULE, "common", {"webAclArn": ARN, "managedRuleGroup": group})
    counted = resource(GROUP_RULE, "count", {"webAclArn": ARN, "managedRuleGroup": group, "overrideAction": "count"})
    other = resource(RULE, "other", {"webAclArn": ARN.replace("main/1", "other/2"), **RATE})

    assert rules(acl(), own, managed, other) == (LIMITING, ASKING)
    assert rules(acl(), counted) == (AclRule(override="count", managed=COMMON),)
    assert rules(acl(), resource(RULE, "lost", {"webAclArn": UNKNOWN, **RATE})) == (UNKNOWN,)
    assert rules(acl(), resource(RULE, "read", {"webAclArn": ARN}, kind=Kind.READ)) == (UNKNOWN,)


def test_rule_group() -> None:
    """A rule group has rules of its own, written out or in JSON."""

    def of_group(**inputs: Any) -> Any:
        subject = resource(RULE_GROUP, "g", inputs)
        return rule_group_from_graph(graph(subject), subject)

    assert of_group().is_group
    assert of_group().rules == of_group(rules=[]).rules == ()
    assert of_group(rules=[RATE]).rules == (LIMITING,)
    assert of_group(rulesJson='[{"Action": {"Block": {}}}]').rules == (AclRule(action="block"),)


def logged(*configurations: Resource) -> WebAclLog:
    """Return the logging configuration of a web ACL."""
    subject = acl()
    return web_acl_log_from_graph(graph(subject, *configurations), subject)


def test_log() -> None:
    """Its own configuration is certain, one of an unknown web ACL possible, another's neither."""
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-main"

    def configuration(named: Any, targets: Any = (group,), **fields: Any) -> Resource:
        inputs = {
            "resourceArn": named,
            "logDestinationConfigs": list(targets) if isinstance(targets, tuple) else targets,
        }
        return resource(LOGGING, "log", inputs, **fields)

    assert logged() == WebAclLog()
    assert logged(configuration(ARN)) == WebAclLog(certain=(LogTargets(arns=(group,)),))
    assert logged(configuration(ARN, ())) == WebAclLog(certain=(LogTargets(),))
    assert logged(configuration(ARN, UNKNOWN)) == WebAclLog(certain=(LogTargets(arns=UNKNOWN),))
    assert logged(configuration(UNKNOWN)) == WebAclLog(possible=(LogTargets(arns=(group,)),))
    assert logged(configuration(ARN.replace("main/1", "other/2"))) == WebAclLog()
    assert logged(configuration(ARN, kind=Kind.READ)) == WebAclLog(looked_up=True)


def test_log_filter() -> None:
    """What becomes of a record that no filter is for, and what each filter does; nothing said keeps all of them."""
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-main"

    def targets(chosen: Any) -> LogTargets:
        inputs = {"resourceArn": ARN, "logDestinationConfigs": [group], "loggingFilter": chosen}
        return logged(resource(LOGGING, "log", inputs)).certain[0]

    keeping = {"defaultBehavior": "DROP", "filters": [{"behavior": "KEEP", "requirement": "MEETS_ANY"}]}
    assert targets(None) == LogTargets(arns=(group,))
    assert targets(keeping) == LogTargets(arns=(group,), default="DROP", filters=("KEEP",))
    assert targets({"defaultBehavior": UNKNOWN}).default == UNKNOWN
    assert targets(UNKNOWN) == LogTargets(arns=(group,), default=UNKNOWN, filters=UNKNOWN)
