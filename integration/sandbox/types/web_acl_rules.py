"""Rules of web ACLs that programs write by themselves: each becomes one of the rules of its web ACL."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import pascal, without_nothing
from integration.sandbox.types.waf import in_calls, in_programs

_SETTINGS: Final = ("action", "overrideAction", "priority", "statement", "visibilityConfig")
_KEPT: Final = ("DefaultAction", "Description", "VisibilityConfig")


def _acl(subject: Subject) -> dict[str, str]:
    scope, _, name, id_ = subject.inputs["webAclArn"].rpartition(":")[2].split("/")
    return {"Name": name, "Id": id_, "Scope": "CLOUDFRONT" if scope == "global" else "REGIONAL"}


def _put(subject: Subject, name: str, *rules: dict[str, Any]) -> None:
    """Let a web ACL have these rules under a name, instead of what it had there."""
    waf = subject.aws.of("wafv2")
    found: Any = waf.get_web_acl(**_acl(subject))
    acl = found["WebACL"]
    others = [each for each in acl["Rules"] if each["Name"] != name]
    kept = {each: acl[each] for each in _KEPT if acl.get(each)}
    waf.update_web_acl(**_acl(subject), LockToken=found["LockToken"], Rules=[*others, *rules], **kept)


def _found(subject: Subject, name: str) -> dict[str, Any]:
    listed: Any = subject.aws.of("wafv2").get_web_acl(**_acl(subject))["WebACL"]["Rules"]
    rule: dict[str, Any] | None = next((each for each in listed if each["Name"] == name), None)
    if rule is None:
        raise GoneError
    return rule


def _id(subject: Subject, name: str) -> str:
    return f"{subject.inputs['webAclArn']},{name}"


def _rule(wanted: Properties) -> dict[str, Any]:
    made = {pascal(name): in_calls(without_nothing(wanted[name])) for name in _SETTINGS if wanted.get(name) is not None}
    return {"Name": wanted["name"], **made}


def _create(subject: Subject) -> str:
    _put(subject, subject.inputs["name"], _rule(subject.inputs))
    return _id(subject, subject.inputs["name"])


def _change(subject: Subject) -> None:
    _put(subject, subject.inputs["name"], _rule(subject.inputs))


def _read(subject: Subject) -> Properties:
    found = _found(subject, subject.inputs["name"])
    shown = {name: in_programs(found[pascal(name)]) for name in _SETTINGS if pascal(name) in found}
    return {**shown, "name": found["Name"], "webAclArn": subject.inputs["webAclArn"]}


def _delete(subject: Subject) -> None:
    _put(subject, subject.inputs["name"])


def _group(wanted: Properties) -> dict[str, Any]:
    name = wanted["ruleName"]
    seen = {"sampledRequestsEnabled": True, "cloudwatchMetricsEnabled": True, "metricName": name}
    managed, own = wanted.get("managedRuleGroup"), wanted.get("ruleGroupReference")
    statement = {"managedRuleGroupStatement": managed} if managed else {"ruleGroupReferenceStatement": own}
    return {
        "Name": name,
        "Priority": int(wanted["priority"]),
        "OverrideAction": {pascal(wanted.get("overrideAction") or "none"): {}},
        "Statement": in_calls(without_nothing(statement)),
        "VisibilityConfig": in_calls(wanted.get("visibilityConfig") or seen),
    }


def _tie(subject: Subject) -> str:
    _put(subject, subject.inputs["ruleName"], _group(subject.inputs))
    return _id(subject, subject.inputs["ruleName"])


def _change_tie(subject: Subject) -> None:
    _put(subject, subject.inputs["ruleName"], _group(subject.inputs))


def _read_tie(subject: Subject) -> Properties:
    found = _found(subject, subject.inputs["ruleName"])
    statement = in_programs(found["Statement"])
    names = {"managedRuleGroup": "managedRuleGroupStatement", "ruleGroupReference": "ruleGroupReferenceStatement"}
    (override,) = in_programs(found["OverrideAction"])
    return {
        **{name: statement[form] for name, form in names.items() if form in statement},
        "overrideAction": override,
        "priority": int(found["Priority"]),
        "ruleName": found["Name"],
        "visibilityConfig": in_programs(found["VisibilityConfig"]),
        "webAclArn": subject.inputs["webAclArn"],
    }


def _untie(subject: Subject) -> None:
    _put(subject, subject.inputs["ruleName"])


HANDLERS: Final = (
    Handler(
        type="aws:wafv2/webAclRule:WebAclRule",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("name", "webAclArn"),
        updates=put(_change, *_SETTINGS),
    ),
    Handler(
        type="aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",
        create=_tie,
        read=_read_tie,
        delete=_untie,
        fixed=("ruleName", "webAclArn"),
        updates=put(
            _change_tie, "managedRuleGroup", "overrideAction", "priority", "ruleGroupReference", "visibilityConfig"
        ),
    ),
)
