"""Controls of what web ACLs stop, and what they record."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.controls.settled import settled
from policies.facts.wafv2 import AclRule, LogTargets, ManagedGroup, RateLimit, RuleSet, WebAcl, WebAclLog
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, require

if TYPE_CHECKING:
    from policies.settings import Settings

_SYSTEMS: Final = "Demand of the banking, payments and fraud systems, read 2026-11-20"
_MINUTE_S: Final = 60

_LIMIT: Final = RateLimit(limit=1000, window_s=60)
_RATE: Final = AclRule(action="block", rate=_LIMIT)
_EXACT: Final[dict[str, Any]] = {"exact_request_limit": True}


def _limited(**changes: Any) -> WebAcl:
    return WebAcl(rules=(replace(_RATE, rate=replace(_LIMIT, **changes)),))


@control(
    id="LG-NET-16",
    slug="wafv2-webacl-rate-limited",
    severity=Severity.HIGH,
    requirements=("6.4.2",),
    families=("pci", "network"),
    source=_SYSTEMS,
    rationale="A botnet tries stolen cards or passwords by the thousand each minute, the card schemes charge for the "
    "testing, and honest customers get time-outs.",
    remediation="Give the aws.wafv2.WebAcl a rule with action block and a rate_based_statement: limit, "
    "evaluation_window_sec=60, aggregate_key_type='IP', and no scope_down_statement.",
    parameters=("exact_request_limit", "max_requests_per_minute"),
    passes=[
        example("as many as may be in a minute", _limited()),
        example("exactly as many as the profile says", _limited(), _EXACT),
        example("the same over five minutes, which is the default", _limited(limit=5000, window_s=300)),
        example("a rule that counts beside one that blocks", WebAcl(rules=(replace(_RATE, action="count"), _RATE))),
    ],
    fails=[
        example("no rules", WebAcl()),
        example("one too many", _limited(limit=1001)),
        example("a minute's limit counted over half of it", _limited(window_s=30)),
        example("a rule that only counts", WebAcl(rules=(replace(_RATE, action="count"),))),
        example("a key that a request brings along", _limited(key="FORWARDED_IP")),
        example("some requests only", _limited(narrowed=True)),
        example("fewer than exactly as many", _limited(limit=500), _EXACT),
        example("as many over another window", _limited(limit=5000, window_s=300), _EXACT),
    ],
    unknowns=[
        example("the limit comes later", _limited(limit=UNKNOWN)),
        example("the rules come later", WebAcl(rules=(UNKNOWN,))),
    ],
)
def rate_limited(acl: WebAcl, settings: "Settings") -> Verdict:
    """A web ACL stops an address that asks too often.

    One of its rules, inside it or beside it, has action block and at its top a rateBasedStatement with
    aggregateKeyType IP, which is the default, without a scopeDownStatement, and with a limit that makes at most
    max_requests_per_minute a minute; evaluationWindowSec is 300 when unset. Where exact_request_limit is true, the
    limit is exactly max_requests_per_minute and the window 60.
    """
    for rule in acl.rules:
        if rule.action == "block" and rule.rate is not None and _limits(rule.rate, settings):
            return PASS
    most = settings.max_requests_per_minute
    wanted = f"{'exactly' if settings.exact_request_limit else 'at most'} {most} a minute by IP, blocked"
    return fail("no rule of it limits how often an address may ask", found="no such rule", wanted=wanted)


def _limits(rate: RateLimit, settings: "Settings") -> bool:
    if rate.key != "IP" or rate.narrowed:
        return False
    most = settings.max_requests_per_minute
    if settings.exact_request_limit:
        return (rate.limit, rate.window_s) == (most, _MINUTE_S)
    return rate.limit * _MINUTE_S <= most * rate.window_s


_REQUIRED: Final = (
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesSQLiRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesAmazonIpReputationList",
)
_GROUPS: Final = tuple(AclRule(override="none", managed=ManagedGroup(vendor="AWS", name=name)) for name in _REQUIRED)
GUARDED: Final = RuleSet(rules=(_RATE, *_GROUPS))


def _with_last(rule: AclRule) -> RuleSet:
    return RuleSet(rules=(*_GROUPS[:-1], rule))


@control(
    id="LG-NET-17",
    slug="wafv2-webacl-managed-rules-present",
    severity=Severity.HIGH,
    requirements=("6.4.1", "6.4.2"),
    families=("pci", "network"),
    source=_SYSTEMS,
    rationale="Known attack strings, such as SQL injection or Log4Shell probes, reach the application unfiltered, and "
    "its patch is all that stands between them and the data.",
    remediation="Give the aws.wafv2.WebAcl a rule with override_action none for each managed_rule_group_statement of "
    "vendor AWS that is missing, and every aws.wafv2.RuleGroup a rule.",
    parameters=("managed_rule_groups",),
    passes=[
        example("all of them", GUARDED),
        example("a rule group with a rule", RuleSet(is_group=True, rules=(AclRule(action="block"),))),
    ],
    fails=[
        example("no rules", RuleSet()),
        example("one is missing", RuleSet(rules=_GROUPS[1:])),
        example("one that only counts", _with_last(replace(_GROUPS[-1], override="count"))),
        example(
            "one of the same name of somebody else",
            _with_last(replace(_GROUPS[-1], managed=ManagedGroup(vendor="Other", name=_REQUIRED[-1]))),
        ),
        example(
            "one for some requests only",
            _with_last(replace(_GROUPS[-1], managed=ManagedGroup(vendor="AWS", name=_REQUIRED[-1], narrowed=True))),
        ),
        example(
            "one with a rule that only counts",
            _with_last(
                replace(_GROUPS[-1], managed=ManagedGroup(vendor="AWS", name=_REQUIRED[-1], spared=("NoUserAgent",)))
            ),
        ),
        example("one that the profile asks for", GUARDED, {"managed_rule_groups": ("AWSManagedRulesLinuxRuleSet",)}),
        example("an empty rule group", RuleSet(is_group=True)),
    ],
    unknowns=[
        example("the rules come later", RuleSet(rules=(*_GROUPS[1:], UNKNOWN))),
        example("what becomes of a decision comes later", _with_last(replace(_GROUPS[-1], override=UNKNOWN))),
        example("the rules of a rule group come later", RuleSet(is_group=True, rules=(UNKNOWN,))),
    ],
)
def managed_rules_present(acl: RuleSet, settings: "Settings") -> Verdict:
    """A web ACL asks the managed rule groups of AWS, and no rule group is empty.

    Its rules, inside it or beside it, hold a managedRuleGroupStatement of vendor AWS with overrideAction none for the
    common rule set, the SQL database one, the known bad inputs one, the IP reputation list, and each of
    managed_rule_groups, without a scopeDownStatement, and with no rule of it made to count or to allow. A rule group of
    the stack has at least one rule. In an account the rule groups that Firewall Manager adds to a web ACL count too.
    """
    if acl.is_group:
        rules = [rule.action for rule in acl.rules]
        return require(rules, "it is empty", found="no rules", wanted="at least one rule")
    missing = [*_REQUIRED, *settings.managed_rule_groups]
    for rule in acl.rules:
        if rule.managed is not None and rule.managed.name in missing and _decides(rule):
            missing.remove(rule.managed.name)
        if not missing:
            return PASS
    return fail(
        "it does not ask every managed rule group in full", found=f"without {', '.join(missing)}", wanted="all of them"
    )


def _decides(rule: AclRule) -> bool:
    group = rule.managed
    if rule.override != "none" or group is None or group.vendor != "AWS":
        return False
    return not group.narrowed and not group.spared


_TARGET: Final = LogTargets(arns=("arn:aws:logs:us-east-1:111122223333:log-group:aws-waf-logs-bank",))


@control(
    id="WAF.11",
    slug="wafv2-webacl-logged",
    severity=Severity.LOW,
    requirements=("10.4.2",),
    families=("pci", "logging"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="After an attack there is no record of what was let through or blocked, so rules are tuned blind and "
    "the breach cannot be dated.",
    remediation="Add an aws.wafv2.WebAclLoggingConfiguration with resource_arn of the aws.wafv2.WebAcl and an entry in "
    "log_destination_configs.",
    passes=[
        example("a log group", WebAclLog(certain=(_TARGET,))),
        example("what was blocked alone", WebAclLog(certain=(replace(_TARGET, default="DROP", filters=("KEEP",)),))),
    ],
    fails=[
        example("no configuration", WebAclLog()),
        example("a configuration that leads nowhere", WebAclLog(certain=(LogTargets(),))),
        example("a filter that drops everything", WebAclLog(certain=(replace(_TARGET, default="DROP"),))),
    ],
    unknowns=[
        example("where it leads comes later", WebAclLog(certain=(LogTargets(arns=UNKNOWN),))),
        example("a configuration whose web ACL is not known", WebAclLog(possible=(_TARGET,))),
        example("a configuration that is looked up", WebAclLog(looked_up=True)),
    ],
)
def logged(acl: WebAclLog) -> Verdict:
    """A web ACL records what it decides.

    A WebAclLoggingConfiguration of the stack has the web ACL as its resourceArn, at least one entry in
    logDestinationConfigs, and no loggingFilter that drops all records: it keeps them by default, or by a filter. One
    that is only looked up is undecided.
    """
    return settled(acl, "logging configuration", _without_target, _unlogged("no logging configuration"))


def _without_target(configuration: LogTargets) -> Verdict | None:
    if not configuration.arns:
        return _unlogged("no logDestinationConfigs")
    kept = configuration.default != "DROP" or "KEEP" in configuration.filters
    return None if kept else _unlogged("loggingFilter DROP")


def _unlogged(found: str) -> Verdict:
    return fail("nothing records what it decides", found=found, wanted="a WebAclLoggingConfiguration")
