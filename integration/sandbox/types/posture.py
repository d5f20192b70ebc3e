"""What watches an account: AWS Config rules, GuardDuty, Inspector and X-Ray sampling."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, leave, put
from integration.sandbox.types.shapes import camel, pascal, whole
from integration.sandbox.types.tags import as_tags, retag, tags_from

_RULE: Final = ("description", "inputParameters", "maximumExecutionFrequency", "scope", "source")


def _put_rule(subject: Subject) -> str:
    wanted = subject.inputs
    given = {pascal(name): pascal(wanted[name]) for name in _RULE if isinstance(wanted.get(name), dict)}
    given |= {pascal(name): wanted[name] for name in _RULE if isinstance(wanted.get(name), str)}
    subject.aws.of("config").put_config_rule(ConfigRule={"ConfigRuleName": wanted["name"], **given})
    return str(wanted["name"])


def _change_rule(subject: Subject) -> None:
    _put_rule(subject)


def _rule(subject: Subject) -> Any:
    listed = subject.aws.of("config").describe_config_rules(ConfigRuleNames=[subject.id])["ConfigRules"]
    if not listed:
        raise GoneError
    return listed[0]


def _read_rule(subject: Subject) -> Properties:
    config, found = subject.aws.of("config"), _rule(subject)
    held = {name: found[pascal(name)] for name in _RULE if pascal(name) in found}
    return {
        **{name: camel(value) if isinstance(value, dict) else value for name, value in held.items()},
        "arn": found["ConfigRuleArn"],
        "name": found["ConfigRuleName"],
        "ruleId": found["ConfigRuleId"],
        "tagsAll": tags_from(config.list_tags_for_resource(ResourceArn=found["ConfigRuleArn"])["Tags"]),
    }


def _tag_rule(subject: Subject) -> None:
    config = subject.aws.of("config")
    arn = _rule(subject)["ConfigRuleArn"]
    retag(
        subject,
        lambda tags: config.tag_resource(ResourceArn=arn, Tags=as_tags(tags)),
        lambda keys: config.untag_resource(ResourceArn=arn, TagKeys=keys),
    )


def _delete_rule(subject: Subject) -> None:
    subject.aws.of("config").delete_config_rule(ConfigRuleName=subject.id)


def _create_detector(subject: Subject) -> str:
    return str(subject.aws.of("guardduty").create_detector(**_detector(subject))["DetectorId"])


def _detector(subject: Subject) -> dict[str, Any]:
    enabled = subject.inputs.get("enable") is not False
    return {"Enable": enabled, **subject.given("findingPublishingFrequency")}


def _change_detector(subject: Subject) -> None:
    subject.aws.of("guardduty").update_detector(DetectorId=subject.id, **_detector(subject))


def _read_detector(subject: Subject) -> Properties:
    found: Any = subject.aws.of("guardduty").get_detector(DetectorId=subject.id)
    return {
        "accountId": subject.place.account,
        "arn": subject.arn("guardduty", f"detector/{subject.id}"),
        "enable": found["Status"] == "ENABLED",
        "findingPublishingFrequency": found.get("FindingPublishingFrequency", "SIX_HOURS"),
    }


def _delete_detector(subject: Subject) -> None:
    subject.aws.of("guardduty").delete_detector(DetectorId=subject.id)


def _put_plan(subject: Subject) -> None:
    wanted = subject.inputs
    plan = {pascal(name): wanted[name] for name in ("name", "status")}
    parts = [pascal(each) for each in wanted.get("additionalConfigurations") or ()]
    subject.aws.of("guardduty").update_detector(
        DetectorId=wanted["detectorId"], Features=[{**plan, **({"AdditionalConfiguration": parts} if parts else {})}]
    )


def _create_plan(subject: Subject) -> str:
    _put_plan(subject)
    return f"{subject.inputs['detectorId']}/{subject.inputs['name']}"


def _read_plan(subject: Subject) -> Properties:
    detector, _, name = subject.id.partition("/")
    plans = subject.aws.of("guardduty").get_detector(DetectorId=detector)["Features"]
    found = next((each for each in plans if each["Name"] == name), None)
    if found is None:
        raise GoneError
    return {
        "additionalConfigurations": [camel(each) for each in found.get("AdditionalConfiguration", ())],
        "detectorId": detector,
        "name": name,
        "status": found["Status"],
    }


def _whose(subject: Subject) -> dict[str, Any]:
    return {"accountIds": subject.inputs["accountIds"], "resourceTypes": subject.inputs["resourceTypes"]}


def _enable_scans(subject: Subject) -> str:
    subject.aws.of("inspector2").enable(**_whose(subject))
    return "-".join(":".join(sorted(names)) for names in _whose(subject).values())


def _change_scans(subject: Subject) -> None:
    _enable_scans(subject)
    if dropped := sorted({*subject.before["resourceTypes"]} - {*subject.inputs["resourceTypes"]}):
        subject.aws.of("inspector2").disable(accountIds=subject.inputs["accountIds"], resourceTypes=dropped)


def _read_scans(subject: Subject) -> Properties:
    wanted = subject.inputs
    found = subject.aws.of("inspector2").batch_get_account_status(accountIds=wanted["accountIds"])["accounts"]
    scanned = {_KINDS[kind] for each in found for kind, state in each["resourceState"].items() if _is_on(state)}
    if not scanned & {*wanted["resourceTypes"]}:
        raise GoneError
    return {**wanted, "resourceTypes": [each for each in wanted["resourceTypes"] if each in scanned]}


def _is_on(state: Any) -> bool:
    return bool(state["status"] == "ENABLED")


_KINDS: Final = {"ec2": "EC2", "ecr": "ECR", "lambda": "LAMBDA", "lambdaCode": "LAMBDA_CODE"}
"""Member of Inspector's answer → what a program calls it."""


def _disable_scans(subject: Subject) -> None:
    subject.aws.of("inspector2").disable(**_whose(subject))


_SAMPLING: Final = {
    "attributes": "Attributes",
    "fixedRate": "FixedRate",
    "host": "Host",
    "httpMethod": "HTTPMethod",
    "priority": "Priority",
    "reservoirSize": "ReservoirSize",
    "resourceArn": "ResourceARN",
    "serviceName": "ServiceName",
    "serviceType": "ServiceType",
    "urlPath": "URLPath",
}
"""Setting of a rule as programs write it → as X-Ray's calls do."""


def _sampling(wanted: Properties) -> dict[str, Any]:
    return {call: whole(wanted[name]) for name, call in _SAMPLING.items() if wanted.get(name) is not None}


def _create_sampling(subject: Subject) -> str:
    wanted = subject.inputs
    rule = {"RuleName": wanted["ruleName"], "Version": whole(wanted["version"]), **_sampling(wanted)}
    return str(
        subject.aws.of("xray").create_sampling_rule(SamplingRule=rule)["SamplingRuleRecord"]["SamplingRule"]["RuleName"]
    )


def _change_sampling(subject: Subject) -> None:
    changed = {"RuleName": subject.id, **_sampling(subject.inputs)}
    subject.aws.of("xray").update_sampling_rule(SamplingRuleUpdate=changed)


def _sampling_rule(subject: Subject) -> Any:
    listed = subject.aws.of("xray").get_sampling_rules()["SamplingRuleRecords"]
    named = (each["SamplingRule"] for each in listed if each["SamplingRule"]["RuleName"] == subject.id)
    found = next(named, None)
    if found is None:
        raise GoneError
    return found


def _read_sampling(subject: Subject) -> Properties:
    found = _sampling_rule(subject)
    return {
        **{name: found[call] for name, call in _SAMPLING.items() if call in found},
        "arn": found["RuleARN"],
        "ruleName": found["RuleName"],
        "tagsAll": tags_from(subject.aws.of("xray").list_tags_for_resource(ResourceARN=found["RuleARN"])["Tags"]),
        "version": found["Version"],
    }


def _tag_sampling(subject: Subject) -> None:
    xray, arn = subject.aws.of("xray"), _sampling_rule(subject)["RuleARN"]
    retag(
        subject,
        lambda tags: xray.tag_resource(ResourceARN=arn, Tags=as_tags(tags)),
        lambda keys: xray.untag_resource(ResourceARN=arn, TagKeys=keys),
    )


def _delete_sampling(subject: Subject) -> None:
    subject.aws.of("xray").delete_sampling_rule(RuleName=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:cfg/rule:Rule",
        create=_put_rule,
        read=_read_rule,
        delete=_delete_rule,
        fixed=("name",),
        updates=put(_change_rule, *_RULE),
        settings={"tagsAll": _tag_rule},
    ),
    Handler(
        type="aws:guardduty/detector:Detector",
        create=_create_detector,
        read=_read_detector,
        delete=_delete_detector,
        updates=put(_change_detector, "enable", "findingPublishingFrequency"),
        ignored={"tagsAll": "moto changes no tags of a detector"},
    ),
    Handler(
        type="aws:guardduty/detectorFeature:DetectorFeature",
        create=_create_plan,
        read=_read_plan,
        # The provider leaves it as it is, too.
        delete=leave,
        fixed=("detectorId", "name"),
        updates=put(_put_plan, "additionalConfigurations", "status"),
    ),
    Handler(
        type="aws:inspector2/enabler:Enabler",
        create=_enable_scans,
        read=_read_scans,
        delete=_disable_scans,
        fixed=("accountIds",),
        updates=put(_change_scans, "resourceTypes"),
    ),
    Handler(
        type="aws:xray/samplingRule:SamplingRule",
        create=_create_sampling,
        read=_read_sampling,
        delete=_delete_sampling,
        fixed=("ruleName", "version"),
        updates=put(_change_sampling, *_SAMPLING),
        settings={"tagsAll": _tag_sampling},
    ),
)
