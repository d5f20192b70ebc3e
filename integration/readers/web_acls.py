"""Reads web ACLs and rule groups of one scope: WAF holds those of CloudFront beside those of each Region."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.wafv2 import LogTargets, RuleSet, WebAcl, WebAclLog, rules_of_api

_ACL: Final = "aws:wafv2/webAcl:WebAcl"
_GROUP: Final = "aws:wafv2/ruleGroup:RuleGroup"
_ACLS: Final = Paging("NextMarker", ("WebACLs",))
_GROUPS: Final = Paging("NextMarker", ("RuleGroups",))
_ABSENT: Final = "WAFNonexistentItemException"

CLOUDFRONT: Final = "CLOUDFRONT"
REGIONAL: Final = "REGIONAL"
PATHS: Final = {CLOUDFRONT: "global", REGIONAL: "regional"}
"""Scope → how the resource in an ARN begins."""

Item = Mapping[str, Any]


def web_acl_tasks(scope: str, place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    """Yield the first tasks for one scope.

    Args:
        scope: `CLOUDFRONT` or `REGIONAL`.
        place: Where it is asked for.
        wanted: Classes of facts.
    """
    facts = tuple(each for each in WEB_ACL_CALLS if each in wanted)
    if facts:
        acls = Subject(place.arn("wafv2", f"{PATHS[scope]}/webacl/*"), _ACL, place)
        yield Task(acls, facts, partial(_list_acls, scope, place, facts))
    if RuleSet in facts:
        groups = Subject(place.arn("wafv2", f"{PATHS[scope]}/rulegroup/*"), _GROUP, place)
        yield Task(groups, (RuleSet,), partial(_list_groups, scope, place))


def listed_acls(scope: str, desk: Desk) -> list[Item]:
    """Return the web ACLs of one scope, as WAF lists them.

    Raises:
        CallFailedError: A call has no answer.
    """
    pages = desk.every(_ACLS, desk.aws.wafv2.list_web_acls, Scope=scope)
    return [{**each} for page in pages for each in page["WebACLs"]]


def _list_acls(scope: str, place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_ACLS, desk.aws.wafv2.list_web_acls, Scope=scope):
        for each in page["WebACLs"]:
            subject, named = Subject(each["ARN"], _ACL, place), _named(scope, each)
            for fact in facts:
                yield Task(subject, (fact,), partial(_READS[fact], subject, named))


def _named(scope: str, item: Item) -> dict[str, str]:
    return {"Name": item["Name"], "Scope": scope, "Id": item["Id"]}


def _rules(named: Mapping[str, str], desk: Desk) -> tuple[Any, ...]:
    found = desk.one(desk.aws.wafv2.get_web_acl, **named)["WebACL"]
    managers = (*_of_firewall_manager(found, "Pre"), *_of_firewall_manager(found, "Post"))
    return rules_of_api((*found["Rules"], *managers))


def _of_firewall_manager(acl: Item, where: str) -> Iterable[Item]:
    """Return the rule groups that Firewall Manager has put before or behind the rules, as rules; WAF omits none."""
    for each in acl.get(f"{where}ProcessFirewallManagerRuleGroups", ()):
        yield {"Statement": each["FirewallManagerStatement"], "OverrideAction": each["OverrideAction"]}


def _read_acl(subject: Subject, named: Mapping[str, str], desk: Desk) -> Iterator[Observed]:
    yield Observed(subject, WebAcl(rules=_rules(named, desk)))


def _read_rule_set(subject: Subject, named: Mapping[str, str], desk: Desk) -> Iterator[Observed]:
    yield Observed(subject, RuleSet(rules=_rules(named, desk)))


def _read_log(subject: Subject, _named: Mapping[str, str], desk: Desk) -> Iterator[Observed]:
    found = desk.one_or_none(_ABSENT, desk.aws.wafv2.get_logging_configuration, ResourceArn=subject.arn)
    certain = () if found is None else (_targets(found["LoggingConfiguration"]),)
    yield Observed(subject, WebAclLog(certain=certain))


def _targets(configuration: Mapping[str, Any]) -> LogTargets:
    arns, chosen = tuple(configuration["LogDestinationConfigs"]), configuration.get("LoggingFilter")
    if chosen is None:
        return LogTargets(arns=arns)
    return LogTargets(
        arns=arns, default=chosen["DefaultBehavior"], filters=tuple(each["Behavior"] for each in chosen["Filters"])
    )


def _list_groups(scope: str, place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.wafv2.list_rule_groups, Scope=scope):
        for each in page["RuleGroups"]:
            subject = Subject(each["ARN"], _GROUP, place)
            yield Task(subject, (RuleSet,), partial(_read_group, subject, _named(scope, each)))


def _read_group(subject: Subject, named: Mapping[str, str], desk: Desk) -> Iterator[Observed]:
    found = desk.one(desk.aws.wafv2.get_rule_group, **named)["RuleGroup"]
    yield Observed(subject, RuleSet(is_group=True, rules=rules_of_api(found["Rules"])))


_READS: Final = {RuleSet: _read_rule_set, WebAcl: _read_acl, WebAclLog: _read_log}
_LISTED: Final = ("wafv2:GetWebACL", "wafv2:ListWebACLs")

WEB_ACL_CALLS: Final[Mapping[type, tuple[str, ...]]] = {
    RuleSet: ("wafv2:GetRuleGroup", "wafv2:ListRuleGroups", *_LISTED),
    WebAcl: _LISTED,
    WebAclLog: ("wafv2:GetLoggingConfiguration", "wafv2:ListWebACLs"),
}
"""Fact → every call that it may take."""
