"""Web ACLs and rule groups, where they stand and where they log."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, whole, without_nothing
from integration.sandbox.types.tags import as_tags, retag, tags_from

_SETTINGS: Final = ("defaultAction", "description", "rules", "visibilityConfig")

_SPELT: Final = {
    "CloudwatchMetricsEnabled": "CloudWatchMetricsEnabled",
    "ForwardedIpConfig": "ForwardedIPConfig",
    "Arn": "ARN",
}
"""Name as `pascal` makes it → as WAF's calls write it."""


def in_calls(value: Any) -> Any:
    """Return a setting as WAF's calls take it."""
    if isinstance(value, dict):
        return {_SPELT.get(pascal(name), pascal(name)): in_calls(item) for name, item in value.items()}
    return [in_calls(item) for item in value] if isinstance(value, list) else whole(value)


def in_programs(value: Any) -> Any:
    """Return a setting as programs write it."""
    spelt = {call: name for name, call in _SPELT.items()}
    if isinstance(value, dict):
        return {camel(spelt.get(name, name)): in_programs(item) for name, item in value.items()}
    return [in_programs(item) for item in value] if isinstance(value, list) else value


def _settings(wanted: Properties) -> dict[str, Any]:
    made = {pascal(name): in_calls(without_nothing(wanted[name])) for name in _SETTINGS if wanted.get(name)}
    return {"Rules": [], **made}


def _create(subject: Subject) -> str:
    wanted = subject.inputs
    named = {"Name": wanted["name"], "Scope": wanted["scope"]}
    return str(subject.aws.of("wafv2").create_web_acl(**named, **_settings(wanted))["Summary"]["Id"])


def _where(subject: Subject) -> dict[str, str]:
    return {"Name": subject.inputs["name"], "Scope": subject.inputs["scope"], "Id": subject.id}


def _change(subject: Subject) -> None:
    waf = subject.aws.of("wafv2")
    token = waf.get_web_acl(**_where(subject))["LockToken"]
    waf.update_web_acl(**_where(subject), LockToken=token, **_settings(subject.inputs))


def _read(subject: Subject) -> Properties:
    waf = subject.aws.of("wafv2")
    found: Any = waf.get_web_acl(**_where(subject))["WebACL"]
    tags = waf.list_tags_for_resource(ResourceARN=found["ARN"])["TagInfoForResource"]["TagList"]
    return {
        **{name: in_programs(found[pascal(name)]) for name in _SETTINGS if pascal(name) in found},
        "arn": found["ARN"],
        "capacity": found.get("Capacity", 0),
        "name": found["Name"],
        "tagsAll": tags_from(tags),
    }


def _set_tags(subject: Subject) -> None:
    _retag(subject, subject.aws.of("wafv2").get_web_acl(**_where(subject))["WebACL"]["ARN"])


def _retag(subject: Subject, arn: str) -> None:
    waf = subject.aws.of("wafv2")
    retag(
        subject,
        lambda tags: waf.tag_resource(ResourceARN=arn, Tags=as_tags(tags)),
        lambda keys: waf.untag_resource(ResourceARN=arn, TagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    waf = subject.aws.of("wafv2")
    waf.delete_web_acl(**_where(subject), LockToken=waf.get_web_acl(**_where(subject))["LockToken"])


_GROUP_SETTINGS: Final = ("description", "rules", "visibilityConfig")


def _group_settings(wanted: Properties) -> dict[str, Any]:
    made = {pascal(name): in_calls(without_nothing(wanted[name])) for name in _GROUP_SETTINGS if wanted.get(name)}
    return {"Rules": [], **made}


def _create_group(subject: Subject) -> str:
    wanted = subject.inputs
    named = {"Name": wanted["name"], "Scope": wanted["scope"], "Capacity": int(wanted["capacity"])}
    return str(subject.aws.of("wafv2").create_rule_group(**named, **_group_settings(wanted))["Summary"]["Id"])


def _change_group(subject: Subject) -> None:
    waf = subject.aws.of("wafv2")
    token = waf.get_rule_group(**_where(subject))["LockToken"]
    waf.update_rule_group(**_where(subject), LockToken=token, **_group_settings(subject.inputs))


def _read_group(subject: Subject) -> Properties:
    waf = subject.aws.of("wafv2")
    found: Any = waf.get_rule_group(**_where(subject))["RuleGroup"]
    tags = waf.list_tags_for_resource(ResourceARN=found["ARN"])["TagInfoForResource"]["TagList"]
    return {
        **{name: in_programs(found[pascal(name)]) for name in _GROUP_SETTINGS if pascal(name) in found},
        "arn": found["ARN"],
        "capacity": found["Capacity"],
        "name": found["Name"],
        "tagsAll": tags_from(tags),
    }


def _tag_group(subject: Subject) -> None:
    _retag(subject, subject.aws.of("wafv2").get_rule_group(**_where(subject))["RuleGroup"]["ARN"])


def _delete_group(subject: Subject) -> None:
    waf = subject.aws.of("wafv2")
    waf.delete_rule_group(**_where(subject), LockToken=waf.get_rule_group(**_where(subject))["LockToken"])


def _associate(subject: Subject) -> str:
    acl, resource = subject.inputs["webAclArn"], subject.inputs["resourceArn"]
    subject.aws.of("wafv2").associate_web_acl(WebACLArn=acl, ResourceArn=resource)
    return f"{acl},{resource}"


def _read_association(subject: Subject) -> Properties:
    _, _, resource = subject.id.partition(",")
    found = subject.aws.of("wafv2").get_web_acl_for_resource(ResourceArn=resource).get("WebACL")
    if not found:
        raise GoneError
    return {"resourceArn": resource, "webAclArn": found["ARN"]}


def _dissociate(subject: Subject) -> None:
    subject.aws.of("wafv2").disassociate_web_acl(ResourceArn=subject.id.partition(",")[2])


_LOGGING: Final = ("logDestinationConfigs", "loggingFilter", "redactedFields")


def _put_logging(subject: Subject) -> str:
    wanted = subject.inputs
    given = {pascal(name): in_calls(without_nothing(wanted[name])) for name in _LOGGING if wanted.get(name)}
    made = {"ResourceArn": wanted["resourceArn"], **given}
    subject.aws.of("wafv2").put_logging_configuration(LoggingConfiguration=made)
    return str(wanted["resourceArn"])


def _change_logging(subject: Subject) -> None:
    _put_logging(subject)


def _read_logging(subject: Subject) -> Properties:
    answer: Any = subject.aws.of("wafv2").get_logging_configuration(ResourceArn=subject.id)
    found = answer["LoggingConfiguration"]
    return {
        **{name: in_programs(found[pascal(name)]) for name in _LOGGING if pascal(name) in found},
        "resourceArn": found["ResourceArn"],
    }


def _delete_logging(subject: Subject) -> None:
    subject.aws.of("wafv2").delete_logging_configuration(ResourceArn=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:wafv2/webAcl:WebAcl",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("name", "scope"),
        updates=put(_change, *_SETTINGS),
        settings={"tagsAll": _set_tags},
    ),
    Handler(
        type="aws:wafv2/ruleGroup:RuleGroup",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        fixed=("capacity", "name", "scope"),
        updates=put(_change_group, *_GROUP_SETTINGS),
        settings={"tagsAll": _tag_group},
    ),
    Handler(
        type="aws:wafv2/webAclAssociation:WebAclAssociation",
        create=_associate,
        read=_read_association,
        delete=_dissociate,
        fixed=("resourceArn", "webAclArn"),
    ),
    Handler(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        create=_put_logging,
        read=_read_logging,
        delete=_delete_logging,
        fixed=("resourceArn",),
        updates=put(_change_logging, *_LOGGING),
    ),
)
