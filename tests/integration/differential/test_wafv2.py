"""Web ACLs and rule groups: written, deployed, read back."""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.integration.differential.cases import Case, check
from tests.integration.programs_as_data import Wanted, ref

pytestmark = pytest.mark.timeout(400)

_SEEN: Final = {"cloudwatchMetricsEnabled": True, "metricName": "acl", "sampledRequestsEnabled": True}
_GROUPS: Final = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)


def _acl(name: str, *rules: dict[str, Any], scope: str = "REGIONAL") -> Wanted:
    listed = [
        {**each, "name": f"rule-{at}", "priority": at, "visibilityConfig": _SEEN} for at, each in enumerate(rules)
    ]
    given = {"name": name, "scope": scope, "defaultAction": {"allow": {}}, "visibilityConfig": _SEEN, "rules": listed}
    return Wanted("aws:wafv2/webAcl:WebAcl", name, given)


def _rate(limit: int, action: str = "block", **given: Any) -> dict[str, Any]:
    statement = {"limit": limit, "aggregateKeyType": "IP", **given}
    return {"action": {action: {}}, "statement": {"rateBasedStatement": statement}}


def _managed(name: str, override: str = "none", vendor: str = "AWS", **given: Any) -> dict[str, Any]:
    statement = {"vendorName": vendor, "name": name, **given}
    return {"overrideAction": {override: {}}, "statement": {"managedRuleGroupStatement": statement}}


_FROM_ANTARCTICA: Final = {"geoMatchStatement": {"countryCodes": ["AQ"]}}
_ALL: Final = tuple(map(_managed, _GROUPS))
_SPARED: Final = _managed(
    _GROUPS[0], ruleActionOverrides=[{"name": "NoUserAgent_HEADER", "actionToUse": {"count": {}}}]
)
_ASKING: Final = _managed(
    _GROUPS[0], ruleActionOverrides=[{"name": "NoUserAgent_HEADER", "actionToUse": {"captcha": {}}}]
)


def _beside(of: str, name: str, rule: dict[str, Any]) -> Wanted:
    given = {**rule, "webAclArn": ref(of, "arn"), "name": name, "priority": 50, "visibilityConfig": _SEEN}
    return Wanted("aws:wafv2/webAclRule:WebAclRule", f"{of}-{name}", given)


def _tied(of: str, number: int, group: str, **given: Any) -> Wanted:
    managed = {"vendorName": "AWS", "name": group}
    tie = {"webAclArn": ref(of, "arn"), "ruleName": f"tie-{number}", "priority": number, "managedRuleGroup": managed}
    return Wanted("aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation", f"{of}-{number}", tie | given)


def _logged(of: str, *targets: str) -> Wanted:
    given = {"resourceArn": ref(of, "arn"), "logDestinationConfigs": [*targets]}
    return Wanted("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", f"{of}-log", given)


_TARGET: Final = "arn:aws:logs:us-east-1:111122223333:log-group:aws-waf-logs-bank"


def _group(name: str, *rules: dict[str, Any], scope: str = "REGIONAL") -> Wanted:
    listed = [
        {**each, "name": f"rule-{at}", "priority": at, "visibilityConfig": _SEEN} for at, each in enumerate(rules)
    ]
    given = {"name": name, "scope": scope, "capacity": 50, "visibilityConfig": _SEEN, "rules": listed}
    return Wanted("aws:wafv2/ruleGroup:RuleGroup", name, given)


def _says(rate: str, managed: str, log: str = "fail") -> dict[str, str]:
    return {"LG-NET-16": rate, "LG-NET-17": managed, "WAF.11": log}


def test_web_acls(tmp_path: Path) -> None:
    """What web ACLs of both scopes stop and record, the log declared beside them."""
    own = {"action": {"block": {}}, "statement": _FROM_ANTARCTICA}
    cases = [
        Case("nothing", (_acl("bare"),), _says("fail", "fail")),
        Case(
            "all of it", (_acl("whole", _rate(1000, evaluationWindowSec=60), *_ALL), _logged("whole", _TARGET)), _DONE
        ),
        Case(
            "all of it for CloudFront",
            (
                _acl("edge", _rate(1000, evaluationWindowSec=60), *_ALL, scope="CLOUDFRONT"),
                _logged("edge", _TARGET),
            ),
            _DONE,
        ),
        Case("nothing for CloudFront", (_acl("edge-bare", scope="CLOUDFRONT"),), _says("fail", "fail")),
        Case("five minutes by default", (_acl("minutes", _rate(5000)),), _says("pass", "fail")),
        Case("one too many", (_acl("more", _rate(1001, evaluationWindowSec=60)),), _says("fail", "fail")),
        Case("half a minute", (_acl("half", _rate(1000, evaluationWindowSec=30)),), _says("fail", "fail")),
        Case("only counted", (_acl("counted", _rate(100, "count")),), _says("fail", "fail")),
        Case("counted beside blocked", (_acl("twice", _rate(100, "count"), _rate(1000)),), _says("pass", "fail")),
        Case(
            "another key",
            (_acl("forwarded", _rate(100, aggregateKeyType="FORWARDED_IP", forwardedIpConfig=_FORWARDED)),),
            _says("fail", "fail"),
        ),
        Case(
            "some requests", (_acl("narrow", _rate(100, scopeDownStatement=_FROM_ANTARCTICA)),), _says("fail", "fail")
        ),
        Case("one group is missing", (_acl("three", *_ALL[1:]),), _says("fail", "fail")),
        Case(
            "one group only counts",
            (_acl("counts", *_ALL[1:], _managed(_GROUPS[0], "count")),),
            _says("fail", "fail"),
        ),
        Case(
            "one of another vendor",
            (_acl("fake", *_ALL[1:], _managed(_GROUPS[0], vendor="Else")),),
            _says("fail", "fail"),
        ),
        Case("with a narrower scope", (_acl("scoped", *_ALL[1:], _NARROWED),), _says("fail", "fail")),
        Case("with a rule that only counts", (_acl("spared", *_ALL[1:], _SPARED),), _says("fail", "fail")),
        Case("with a rule that asks more", (_acl("asking", *_ALL[1:], _ASKING),), _says("fail", "pass")),
        Case("a limit beside it", (_acl("eased"), _beside("eased", "rate", _rate(1000))), _says("pass", "fail")),
        Case("a limit beside another", (_acl("unlimited"),), _says("fail", "fail")),
        Case(
            "groups beside it",
            (_acl("tied", *_ALL[1:]), _tied("tied", 60, _GROUPS[0]), _tied("tied", 61, "AWSManagedRulesLinuxRuleSet")),
            _says("fail", "pass"),
        ),
        Case(
            "a group beside it that only counts",
            (_acl("loose", *_ALL[1:]), _tied("loose", 60, _GROUPS[0], overrideAction="count")),
            _says("fail", "fail"),
        ),
        Case("a rule group", (_group("own", own),), {"LG-NET-17": "pass"}),
        Case("an empty rule group", (_group("empty"),), {"LG-NET-17": "fail"}),
        Case("an empty rule group for CloudFront", (_group("edge-empty", scope="CLOUDFRONT"),), {"LG-NET-17": "fail"}),
    ]
    twice = check(tmp_path / "p", cases)
    assert not twice.strangers


_DONE: Final = _says("pass", "pass", "pass")
_FORWARDED: Final = {"headerName": "X-Forwarded-For", "fallbackBehavior": "MATCH"}
_NARROWED: Final = _managed(_GROUPS[0], scopeDownStatement=_FROM_ANTARCTICA)
