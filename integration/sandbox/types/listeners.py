"""Listeners of load balancers and their rules."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.balancers import set_tags, tags_of
from integration.sandbox.types.shapes import camel, pascal, whole

_CONFIGURATIONS: Final = {
    "authenticateCognito": "AuthenticateCognitoConfig",
    "authenticateOidc": "AuthenticateOidcConfig",
    "fixedResponse": "FixedResponseConfig",
    "redirect": "RedirectConfig",
}
"""Configuration of an action as programs write it → as the calls do."""

_CONDITIONS: Final = {
    "hostHeader": "host-header",
    "httpHeader": "http-header",
    "httpRequestMethod": "http-request-method",
    "pathPattern": "path-pattern",
    "queryStrings": "query-string",
    "sourceIp": "source-ip",
}
"""Kind of condition as programs write it → its field in the calls."""


def _actions(wanted: Any) -> list[dict[str, Any]]:
    return [_action(whole(each), position) for position, each in enumerate(wanted, start=1)]


def _action(wanted: Properties, position: int) -> dict[str, Any]:
    made: dict[str, Any] = {"Type": wanted["type"], "Order": int(wanted.get("order") or position)}
    made |= {call: pascal(wanted[name]) for name, call in _CONFIGURATIONS.items() if wanted.get(name)}
    if wanted.get("targetGroupArn"):
        made["TargetGroupArn"] = wanted["targetGroupArn"]
    if forward := wanted.get("forward"):
        made["ForwardConfig"] = _forward(forward)
    return made


def _forward(wanted: Properties) -> dict[str, Any]:
    groups = [{"TargetGroupArn": each["arn"], "Weight": int(each.get("weight", 1))} for each in wanted["targetGroups"]]
    made: dict[str, Any] = {"TargetGroups": groups}
    if sticky := wanted.get("stickiness"):
        made["TargetGroupStickinessConfig"] = {"Enabled": sticky.get("enabled") is True}
        if sticky.get("duration"):
            made["TargetGroupStickinessConfig"]["DurationSeconds"] = sticky["duration"]
    return made


def _shown_actions(found: Any) -> list[dict[str, Any]]:
    return [_shown_action(each) for each in found]


def _shown_action(found: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": found["Type"]}
    shown |= {name: camel(found[call]) for name, call in _CONFIGURATIONS.items() if call in found}
    if "TargetGroupArn" in found:
        shown["targetGroupArn"] = found["TargetGroupArn"]
    if "ForwardConfig" in found:
        groups = found["ForwardConfig"]["TargetGroups"]
        listed = [{"arn": each["TargetGroupArn"], "weight": int(each.get("Weight", 1))} for each in groups]
        shown["forward"] = {"targetGroups": listed}
    return shown


def _conditions(wanted: Any) -> list[dict[str, Any]]:
    return [
        {"Field": field, f"{pascal(name).removesuffix('s')}Config": _condition(name, each[name])}
        for each in wanted
        for name, field in _CONDITIONS.items()
        if each.get(name)
    ]


def _condition(name: str, wanted: Any) -> dict[str, Any]:
    if name == "queryStrings":
        return {"Values": [pascal(each) for each in wanted]}
    return dict(pascal(wanted))


def _shown_conditions(found: Any) -> list[dict[str, Any]]:
    names = {field: name for name, field in _CONDITIONS.items()}
    return [_shown_condition(names[each["Field"]], each) for each in found]


def _shown_condition(name: str, found: Any) -> dict[str, Any]:
    held = camel(found.get(f"{pascal(name).removesuffix('s')}Config") or {"Values": found.get("Values", [])})
    return {name: held["values"] if name == "queryStrings" else held}


def _settings(subject: Subject) -> dict[str, Any]:
    given = subject.given("protocol", "sslPolicy")
    wanted = subject.inputs
    given["DefaultActions"] = _actions(wanted["defaultActions"])
    if wanted.get("port") is not None:
        given["Port"] = int(wanted["port"])
    if wanted.get("certificateArn"):
        given["Certificates"] = [{"CertificateArn": wanted["certificateArn"]}]
    if wanted.get("alpnPolicy"):
        given["AlpnPolicy"] = [wanted["alpnPolicy"]]
    return given


def _create_listener(subject: Subject) -> str:
    balancer = subject.inputs["loadBalancerArn"]
    made = subject.aws.of("elbv2").create_listener(LoadBalancerArn=balancer, **_settings(subject))
    return str(made["Listeners"][0]["ListenerArn"])


def _change_listener(subject: Subject) -> None:
    subject.aws.of("elbv2").modify_listener(ListenerArn=subject.id, **_settings(subject))


def _read_listener(subject: Subject) -> Properties:
    found: Any = subject.aws.of("elbv2").describe_listeners(ListenerArns=[subject.id])["Listeners"][0]
    certificates = found.get("Certificates") or [{}]
    return {
        "arn": subject.id,
        "certificateArn": certificates[0].get("CertificateArn", ""),
        "defaultActions": _shown_actions(found["DefaultActions"]),
        "loadBalancerArn": found["LoadBalancerArn"],
        "port": found.get("Port"),
        "protocol": found.get("Protocol", ""),
        "sslPolicy": found.get("SslPolicy", ""),
        "tagsAll": tags_of(subject),
    }


def _delete_listener(subject: Subject) -> None:
    subject.aws.of("elbv2").delete_listener(ListenerArn=subject.id)


def _create_rule(subject: Subject) -> str:
    wanted = subject.inputs
    made = subject.aws.of("elbv2").create_rule(
        ListenerArn=wanted["listenerArn"],
        Priority=int(wanted["priority"]),
        Actions=_actions(wanted["actions"]),
        Conditions=_conditions(wanted["conditions"]),
    )
    return str(made["Rules"][0]["RuleArn"])


def _read_rule(subject: Subject) -> Properties:
    found: Any = subject.aws.of("elbv2").describe_rules(RuleArns=[subject.id])["Rules"][0]
    return {
        "actions": _shown_actions(found["Actions"]),
        "arn": subject.id,
        "conditions": _shown_conditions(found["Conditions"]),
        "priority": int(found["Priority"]),
        "tagsAll": tags_of(subject),
    }


def _change_rule(subject: Subject) -> None:
    wanted = subject.inputs
    given = {"Actions": _actions(wanted["actions"]), "Conditions": _conditions(wanted["conditions"])}
    subject.aws.of("elbv2").modify_rule(RuleArn=subject.id, **given)


def _set_priority(subject: Subject) -> None:
    priorities = [{"RuleArn": subject.id, "Priority": int(subject.inputs["priority"])}]
    subject.aws.of("elbv2").set_rule_priorities(RulePriorities=priorities)


def _delete_rule(subject: Subject) -> None:
    subject.aws.of("elbv2").delete_rule(RuleArn=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:lb/listener:Listener",
        create=_create_listener,
        read=_read_listener,
        delete=_delete_listener,
        fixed=("loadBalancerArn",),
        updates=put(
            _change_listener, "alpnPolicy", "certificateArn", "defaultActions", "port", "protocol", "sslPolicy"
        ),
        settings={"tagsAll": set_tags},
    ),
    Handler(
        type="aws:lb/listenerRule:ListenerRule",
        create=_create_rule,
        read=_read_rule,
        delete=_delete_rule,
        fixed=("listenerArn",),
        updates={**put(_change_rule, "actions", "conditions"), "priority": _set_priority},
        settings={"tagsAll": set_tags},
    ),
)
