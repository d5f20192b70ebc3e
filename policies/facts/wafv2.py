"""Facts about web ACLs and rule groups: what their rules do."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, Value, is_symbolic, reveal
from policies.facts.declared import Carriers, declared, known_first
from policies.facts.joins import companions
from policies.facts.properties import (
    UNKNOWN,
    has_secret,
    identities,
    lift,
    literal,
    record,
    records,
    settings_of,
    whole,
)
from policies.facts.registry import adapter

WEB_ACLS: Final = ("aws:wafv2/webAcl:WebAcl",)
_RULE_GROUPS: Final = ("aws:wafv2/ruleGroup:RuleGroup",)
_RULES: Final = ("aws:wafv2/webAclRule:WebAclRule",)
_GROUP_RULES: Final = ("aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",)
_LOGGING: Final = ("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How many requests a rule counts before it acts.

    Args:
        limit: `limit`.
        window_s: `evaluationWindowSec`; 300 when unset.
        key: `aggregateKeyType`; `IP` when unset.
        narrowed: Whether it has a `scopeDownStatement`, so that it counts some requests only.

    Source of the defaults: RateBasedStatement, AWS WAF API reference, read 2026-11-30.
    """

    limit: int
    window_s: int = 300
    key: str = "IP"
    narrowed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedGroup:
    """A rule group that somebody else keeps.

    Args:
        vendor: `vendorName`.
        name: `name`.
        narrowed: Whether it has a `scopeDownStatement`, so that it looks at some requests only.
        spared: Names of its rules that `ruleActionOverrides` make count or allow, and those of `excludedRules`, which
            only count.

    Source: ManagedRuleGroupStatement, AWS WAF API reference, read 2026-12-01.
    """

    vendor: str
    name: str
    narrowed: bool = False
    spared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AclRule:
    """One rule.

    Args:
        action: What it does to a request that it matches: `allow`, `block`, `count`, `captcha`, `challenge`; empty for
            a rule group.
        override: What becomes of the decision of a rule group: `none` to leave it, `count` to only count; empty for
            any other rule.
        rate: What it counts, for a rate-based statement at its top.
        managed: Its managed rule group, for such a statement at its top.
    """

    action: str = ""
    override: str = ""
    rate: RateLimit | None = None
    managed: ManagedGroup | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAcl:
    """The rules of a web ACL.

    Args:
        rules: Rules of `rules` or `ruleJson`, and those that a WebAclRule or WebAclRuleGroupAssociation adds to it;
            those that are known in full first.
    """

    rules: tuple[AclRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of a web ACL, or of a rule group of the stack.

    Args:
        is_group: Whether it is a rule group.
        rules: As `WebAcl.rules`; of a rule group `rules` or `rulesJson`.
    """

    is_group: bool = False
    rules: tuple[AclRule, ...] = ()


@adapter(types=WEB_ACLS, joined=True)
def web_acl_from_graph(graph: Graph, resource: Resource) -> WebAcl:
    """Build the rules of a web ACL, with those that stand beside it."""
    return WebAcl(rules=_acl_rules(graph, resource))


@adapter(types=WEB_ACLS, joined=True)
def rule_set_from_graph(graph: Graph, resource: Resource) -> RuleSet:
    """Build the rules of a web ACL as a set of rules."""
    return RuleSet(rules=_acl_rules(graph, resource))


@adapter(types=_RULE_GROUPS, joined=True)
def rule_group_from_graph(_graph: Graph, resource: Resource) -> RuleSet:
    """Build the rules of a rule group."""
    return RuleSet(is_group=True, rules=known_first(_own_rules(settings_of(resource), "rulesJson")))


def _acl_rules(graph: Graph, acl: Resource) -> tuple[Any, ...]:
    beside = (
        *_beside(graph, acl, _RULES, _rule),
        *_beside(graph, acl, _GROUP_RULES, _associated),
    )
    return known_first((*_own_rules(settings_of(acl), "ruleJson"), *beside))


def _beside(graph: Graph, acl: Resource, types: tuple[str, ...], build: Any) -> Iterator[Any]:
    found = companions(graph, acl, types, "webAclArn", WEB_ACLS)
    for each in found.certain:
        yield UNKNOWN if each.kind is Kind.READ else build(settings_of(each))
    yield from (UNKNOWN for _ in found.possible)


def _own_rules(settings: Mapping[str, Value], json_name: str) -> Iterable[Any]:
    text = settings.get(json_name)
    listed = settings.get("rules") if text is None else _parsed(text, json_name)
    plain = reveal(listed)
    if plain is None:
        return ()
    if not isinstance(plain, list):
        return (UNKNOWN,)
    built = (UNKNOWN if isinstance(each, Unknown) else _rule(each) for each in plain)
    return tuple(Secret(each) for each in built) if has_secret(listed) or isinstance(text, Secret) else tuple(built)


def _parsed(text: Value, name: str) -> Any:
    """Return rules in JSON, in the form of the API, as a program writes them out.

    Raises:
        ValueError: They are no JSON list of objects.
    """
    plain = reveal(text)
    if isinstance(plain, Unknown):
        return UNKNOWN
    try:
        loaded = json.loads(plain)
    except (ValueError, TypeError, RecursionError):
        if is_symbolic(plain):
            return UNKNOWN
        raise ValueError(f"{name} is not JSON") from None
    if not isinstance(loaded, list) or not all(isinstance(each, dict) for each in loaded):
        raise ValueError(f"{name} is no list of rules")
    return _in_camel_case(loaded)


def rules_of_api(listed: Iterable[Any]) -> tuple[AclRule, ...]:
    """Return rules in the form of WAF's calls."""
    return tuple(_rule(each) for each in _in_camel_case([*listed]))


_ACRONYMS: Final = {"ARN": "arn"}


def _in_camel_case(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_camel_case(each) for each in value]
    if isinstance(value, dict):
        return {_ACRONYMS.get(key, key[:1].lower() + key[1:]): _in_camel_case(each) for key, each in value.items()}
    return value


def _rule(settings: Mapping[str, Value]) -> AclRule:
    if not isinstance(settings, Mapping):
        raise ValueError("a rule is no object")  # noqa: TRY004 - as every value without a place
    statement = {"statement": settings.get("statement") or {}}
    return AclRule(
        action=record(settings, "action", _key_of) or "",
        override=record(settings, "overrideAction", _key_of) or "",
        rate=record(statement, "statement", lambda each: record(each, "rateBasedStatement", _rate)),
        managed=record(statement, "statement", lambda each: record(each, "managedRuleGroupStatement", _managed)),
    )


def _associated(settings: Mapping[str, Value]) -> AclRule:
    """Build the rule that ties a rule group to a web ACL; `overrideAction` is a text there, `none` when unset."""
    return AclRule(
        override=literal(settings, "overrideAction", default="none"),
        managed=record(settings, "managedRuleGroup", _managed),
    )


def _key_of(action: Mapping[str, Value]) -> str:
    """Return which of the kinds of action an object is: the one key that holds something, be it an empty object."""
    return next((name for name, value in action.items() if value is not None), "")


def _rate(settings: Mapping[str, Value]) -> RateLimit:
    limit = whole(settings, "limit", default=None)
    return RateLimit(
        limit=UNKNOWN if limit is None else limit,
        window_s=whole(settings, "evaluationWindowSec", default=300),
        key=literal(settings, "aggregateKeyType", default="IP"),
        narrowed=lift(settings.get("scopeDownStatement"), lambda each: each is not None),
    )


def _managed(settings: Mapping[str, Value]) -> ManagedGroup:
    overrides = records(settings, "ruleActionOverrides", _spared)
    excluded = records(settings, "excludedRules", lambda rule: literal(rule, "name", default=""))
    return ManagedGroup(
        vendor=literal(settings, "vendorName", default=""),
        name=literal(settings, "name", default=""),
        narrowed=record(settings, "scopeDownStatement", lambda _: True) or False,
        spared=lift(
            overrides,
            lambda several: lift(excluded, lambda others: (*(each for each in several if each is not None), *others)),
        ),
    )


def _spared(override: Mapping[str, Value]) -> Any:
    """Return the name of a rule that lets through what it matches; None when it decides all the same."""
    action = record(override, "actionToUse", _key_of)
    decides = lift(action, lambda kind: kind not in ("count", "allow"))
    return lift(decides, lambda does: None if does else literal(override, "name", default=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTargets:
    """Where a logging configuration sends the record of a web ACL.

    Args:
        arns: `logDestinationConfigs`.
        default: `loggingFilter.defaultBehavior`, `KEEP` or `DROP`: what becomes of a record that no filter is for;
            `KEEP` without a filter.
        filters: `behavior` of each of its `filters`.

    Source: LoggingFilter, AWS WAF API reference, read 2026-12-01.
    """

    arns: tuple[str, ...] = ()
    default: str = "KEEP"
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAclLog:
    """The logging configuration of a web ACL.

    Args:
        certain: As `Declared.certain`; without any nothing is recorded.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
    """

    certain: tuple[LogTargets, ...] = ()
    possible: tuple[LogTargets, ...] = ()
    looked_up: bool = False


@adapter(types=WEB_ACLS, joined=True)
def web_acl_log_from_graph(graph: Graph, resource: Resource) -> WebAclLog:
    """Build the logging configuration of a web ACL."""
    found = declared(graph, resource, Carriers(_LOGGING, "resourceArn", WEB_ACLS), _targets)
    return WebAclLog(certain=found.certain, possible=found.possible, looked_up=found.looked_up)


def _targets(_graph: Graph, configuration: Resource) -> LogTargets:
    settings = settings_of(configuration)
    default = record(settings, "loggingFilter", lambda found: literal(found, "defaultBehavior", default="KEEP"))
    filters = record(settings, "loggingFilter", lambda found: records(found, "filters", _behavior))
    return LogTargets(
        arns=identities(settings, "logDestinationConfigs"),
        default="KEEP" if default is None else default,
        filters=() if filters is None else filters,
    )


def _behavior(settings: Mapping[str, Value]) -> Any:
    return literal(settings, "behavior", default="")
