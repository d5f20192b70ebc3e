"""Security groups and their rules."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, leave, put
from integration.sandbox.types.ec2_shared import set_tags, the_one
from integration.sandbox.types.tags import tags_from

_SOURCES: Final = {
    "cidrBlocks": ("IpRanges", "CidrIp"),
    "ipv6CidrBlocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListIds": ("PrefixListIds", "PrefixListId"),
    "securityGroups": ("UserIdGroupPairs", "GroupId"),
}
_ALL: Final = ("-1", "all")


def _permission(rule: Mapping[str, Any], group: str) -> dict[str, Any]:
    """Return a rule that stands in its group as a permission."""
    written: dict[str, Any] = {"IpProtocol": str(rule["protocol"])}
    if written["IpProtocol"] not in _ALL:
        written |= {"FromPort": int(rule["fromPort"]), "ToPort": int(rule["toPort"])}
    note = {"Description": rule["description"]} if rule.get("description") else {}
    for name, (target, key) in _SOURCES.items():
        if rule.get(name):
            written[target] = [{key: value, **note} for value in rule[name]]
    if rule.get("self"):
        written["UserIdGroupPairs"] = [*written.get("UserIdGroupPairs", []), {"GroupId": group, **note}]
    return written


def _rule(permission: Mapping[str, Any], group: str) -> dict[str, Any]:
    """Return a permission as a rule that stands in its group."""
    pairs = [pair["GroupId"] for pair in permission.get("UserIdGroupPairs", [])]
    items = [item for target, _ in _SOURCES.values() for item in permission.get(target, [])]
    return {
        "cidrBlocks": [each["CidrIp"] for each in permission.get("IpRanges", [])],
        "description": next((item["Description"] for item in items if item.get("Description")), ""),
        "fromPort": permission.get("FromPort", 0),
        "ipv6CidrBlocks": [each["CidrIpv6"] for each in permission.get("Ipv6Ranges", [])],
        "prefixListIds": [each["PrefixListId"] for each in permission.get("PrefixListIds", [])],
        "protocol": permission["IpProtocol"],
        "securityGroups": [pair for pair in pairs if pair != group],
        "self": group in pairs,
        "toPort": permission.get("ToPort", 0),
    }


def _revoke(subject: Subject, direction: str, permissions: Iterable[Any]) -> None:
    # An answer holds empty lists that a request must not.
    given: Any = [{key: value for key, value in each.items() if value not in ([], None)} for each in permissions]
    if given and direction == "ingress":
        subject.aws.ec2.revoke_security_group_ingress(GroupId=subject.id, IpPermissions=given)
    elif given:
        subject.aws.ec2.revoke_security_group_egress(GroupId=subject.id, IpPermissions=given)


def _found(subject: Subject) -> Any:
    return the_one(subject.aws.ec2.describe_security_groups(GroupIds=[subject.id])["SecurityGroups"])


def _create_group(subject: Subject) -> str:
    wanted = subject.inputs
    given: Any = subject.given("vpcId")
    description = wanted.get("description") or "Managed by Pulumi"
    id_ = subject.aws.ec2.create_security_group(GroupName=wanted["name"], Description=description, **given)["GroupId"]
    # The provider takes away the rule that lets everything out, so that only what is written passes.
    made = subject.named(id_)
    _revoke(made, "egress", _found(made)["IpPermissionsEgress"])
    return id_


def _set_ingress(subject: Subject) -> None:
    given: Any = [_permission(rule, subject.id) for rule in subject.inputs.get("ingress") or ()]
    _revoke(subject, "ingress", _found(subject)["IpPermissions"])
    if given:
        subject.aws.ec2.authorize_security_group_ingress(GroupId=subject.id, IpPermissions=given)


def _set_egress(subject: Subject) -> None:
    given: Any = [_permission(rule, subject.id) for rule in subject.inputs.get("egress") or ()]
    _revoke(subject, "egress", _found(subject)["IpPermissionsEgress"])
    if given:
        subject.aws.ec2.authorize_security_group_egress(GroupId=subject.id, IpPermissions=given)


def _read_group(subject: Subject) -> Properties:
    found = _found(subject)
    return {
        "arn": subject.arn("ec2", f"security-group/{subject.id}"),
        "description": found["Description"],
        "egress": [_rule(each, subject.id) for each in found["IpPermissionsEgress"]],
        "ingress": [_rule(each, subject.id) for each in found["IpPermissions"]],
        "name": found["GroupName"],
        "ownerId": found["OwnerId"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcId": found["VpcId"],
    }


def _delete_group(subject: Subject) -> None:
    subject.aws.ec2.delete_security_group(GroupId=subject.id)


def _adopt_default_group(subject: Subject) -> str:
    """Find the group that every VPC has, and take all its rules away, as the provider does."""
    filters: Any = [{"Name": "group-name", "Values": ["default"]}]
    if vpc := subject.inputs.get("vpcId"):
        filters.append({"Name": "vpc-id", "Values": [vpc]})
    found = the_one(subject.aws.ec2.describe_security_groups(Filters=filters)["SecurityGroups"])
    adopted = subject.named(found["GroupId"])
    _revoke(adopted, "ingress", found["IpPermissions"])
    _revoke(adopted, "egress", found["IpPermissionsEgress"])
    return adopted.id


_RULE_SOURCES: Final = {
    "cidrIpv4": ("IpRanges", "CidrIp"),
    "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListId": ("PrefixListIds", "PrefixListId"),
    "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
_RULE_FIXED: Final = (*_RULE_SOURCES, "fromPort", "ipProtocol", "securityGroupId", "toPort")


def _lone_permission(subject: Subject) -> Any:
    """Return a rule that is a resource of its own as a permission: it has one source."""
    wanted = subject.inputs
    written: dict[str, Any] = {"IpProtocol": str(wanted["ipProtocol"])}
    written |= {key: int(value) for key, value in subject.given("fromPort", "toPort").items()}
    note = {"Description": wanted["description"]} if wanted.get("description") else {}
    for name, (target, key) in _RULE_SOURCES.items():
        if wanted.get(name):
            written[target] = [{key: wanted[name], **note}]
    return [written]


def _create_ingress_rule(subject: Subject) -> str:
    group = subject.inputs["securityGroupId"]
    permission = _lone_permission(subject)
    made = subject.aws.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permission)
    return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def _create_egress_rule(subject: Subject) -> str:
    group = subject.inputs["securityGroupId"]
    made = subject.aws.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=_lone_permission(subject))
    return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def _read_rule(subject: Subject) -> Properties:
    ids = [subject.id]
    found: Any = the_one(subject.aws.ec2.describe_security_group_rules(SecurityGroupRuleIds=ids)["SecurityGroupRules"])
    shown = {
        "cidrIpv4": found.get("CidrIpv4"),
        "cidrIpv6": found.get("CidrIpv6"),
        "description": found.get("Description"),
        "fromPort": found.get("FromPort"),
        "ipProtocol": found["IpProtocol"],
        "prefixListId": found.get("PrefixListId"),
        "referencedSecurityGroupId": found.get("ReferencedGroupInfo", {}).get("GroupId"),
        "toPort": found.get("ToPort"),
    }
    return {
        **{name: value for name, value in shown.items() if value is not None},
        "arn": subject.arn("ec2", f"security-group-rule/{subject.id}"),
        "securityGroupId": found["GroupId"],
        "securityGroupRuleId": subject.id,
        "tagsAll": tags_from(found.get("Tags", [])),
    }


def _delete_ingress_rule(subject: Subject) -> None:
    group = subject.inputs["securityGroupId"]
    subject.aws.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[subject.id])


def _delete_egress_rule(subject: Subject) -> None:
    group = subject.inputs["securityGroupId"]
    subject.aws.ec2.revoke_security_group_egress(GroupId=group, SecurityGroupRuleIds=[subject.id])


HANDLERS: Final = (
    Handler(
        type="aws:ec2/securityGroup:SecurityGroup",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        fixed=("description", "name", "vpcId"),
        settings={"ingress": _set_ingress, "egress": _set_egress, "tagsAll": set_tags},
        ignored={"revokeRulesOnDelete": "no group of a sandbox is kept alive by rules that name it"},
    ),
    Handler(
        type="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        create=_adopt_default_group,
        read=_read_group,
        delete=leave,
        fixed=("vpcId",),
        settings={"ingress": _set_ingress, "egress": _set_egress, "tagsAll": set_tags},
    ),
    Handler(
        type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        create=_create_ingress_rule,
        read=_read_rule,
        delete=_delete_ingress_rule,
        fixed=(*_RULE_FIXED, "description"),
        settings=put(set_tags, "tagsAll"),
    ),
    Handler(
        type="aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        create=_create_egress_rule,
        read=_read_rule,
        delete=_delete_egress_rule,
        fixed=(*_RULE_FIXED, "description"),
        settings=put(set_tags, "tagsAll"),
    ),
)
