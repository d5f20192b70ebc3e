"""IAM roles and what they are granted."""

import json
from typing import Any, Final
from urllib.parse import unquote

from integration.sandbox.handler import Apply, GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.tags import dropped_tags, tag_list, tags_from


def _create_role(subject: Subject) -> str:
    subject.aws.iam.create_role(
        RoleName=subject.inputs["name"],
        AssumeRolePolicyDocument=subject.inputs["assumeRolePolicy"],
        **subject.given("path", "description", "maxSessionDuration", "permissionsBoundary"),
    )
    return str(subject.inputs["name"])


def _read_role(subject: Subject) -> Properties:
    iam = subject.aws.iam
    role: Any = iam.get_role(RoleName=subject.id)["Role"]
    attached = iam.list_attached_role_policies(RoleName=subject.id)["AttachedPolicies"]
    trust = role["AssumeRolePolicyDocument"]
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": trust if isinstance(trust, str) else json.dumps(trust),
        "createDate": role["CreateDate"].isoformat(),
        "description": role.get("Description", ""),
        "managedPolicyArns": [each["PolicyArn"] for each in attached],
        "maxSessionDuration": role["MaxSessionDuration"],
        "name": role["RoleName"],
        "path": role["Path"],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
        "tagsAll": tags_from(iam.list_role_tags(RoleName=subject.id)["Tags"]),
        "uniqueId": role["RoleId"],
    }


def _inline(properties: Properties) -> dict[str, str]:
    """Return name → document of the policies that a role carries itself; an empty element stands for none at all."""
    listed = properties.get("inlinePolicies") or ()
    return {each["name"]: each["policy"] for each in listed if each.get("name") and each.get("policy")}


def _set_inline(subject: Subject) -> None:
    wanted = _inline(subject.inputs)
    for name in _inline(subject.before).keys() - wanted.keys():
        subject.aws.iam.delete_role_policy(RoleName=subject.id, PolicyName=name)
    for name, document in wanted.items():
        subject.aws.iam.put_role_policy(RoleName=subject.id, PolicyName=name, PolicyDocument=document)


def _set_attached(subject: Subject) -> None:
    before, wanted = ({*(each.get("managedPolicyArns") or ())} for each in (subject.before, subject.inputs))
    for arn in sorted(before - wanted):
        subject.aws.iam.detach_role_policy(RoleName=subject.id, PolicyArn=arn)
    for arn in sorted(wanted - before):
        subject.aws.iam.attach_role_policy(RoleName=subject.id, PolicyArn=arn)


def _delete_role(subject: Subject) -> None:
    iam = subject.aws.iam
    for name in _inline(subject.inputs):
        iam.delete_role_policy(RoleName=subject.id, PolicyName=name)
    for attached in iam.list_attached_role_policies(RoleName=subject.id)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=subject.id, PolicyArn=attached["PolicyArn"])
    iam.delete_role(RoleName=subject.id)


def _set_role_tags(subject: Subject) -> None:
    if dropped := dropped_tags(subject):
        subject.aws.iam.untag_role(RoleName=subject.id, TagKeys=dropped)
    if tags := tag_list(subject):
        subject.aws.iam.tag_role(RoleName=subject.id, Tags=tags)


def _set_trust(subject: Subject) -> None:
    document = subject.inputs["assumeRolePolicy"]
    subject.aws.iam.update_assume_role_policy(RoleName=subject.id, PolicyDocument=document)


def _describe_role(subject: Subject) -> None:
    given: dict[str, Any] = {"Description": "", **subject.given("description", "maxSessionDuration")}
    subject.aws.iam.update_role(RoleName=subject.id, **given)


def _set_boundary(subject: Subject) -> None:
    if boundary := subject.inputs.get("permissionsBoundary"):
        subject.aws.iam.put_role_permissions_boundary(RoleName=subject.id, PermissionsBoundary=boundary)
    else:
        subject.aws.iam.delete_role_permissions_boundary(RoleName=subject.id)


def _put_role_policy(subject: Subject) -> None:
    role, name = subject.inputs["role"], subject.inputs["name"]
    subject.aws.iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=subject.inputs["policy"])


def _create_role_policy(subject: Subject) -> str:
    _put_role_policy(subject)
    return f"{subject.inputs['role']}:{subject.inputs['name']}"


def _read_role_policy(subject: Subject) -> Properties:
    role, _, name = subject.id.partition(":")
    found: Any = subject.aws.iam.get_role_policy(RoleName=role, PolicyName=name)
    document = found["PolicyDocument"]
    text = unquote(document) if isinstance(document, str) else json.dumps(document)
    return {"name": name, "policy": text, "role": role}


def _delete_role_policy(subject: Subject) -> None:
    role, _, name = subject.id.partition(":")
    subject.aws.iam.delete_role_policy(RoleName=role, PolicyName=name)


def _attach(subject: Subject) -> str:
    role, arn = subject.inputs["role"], subject.inputs["policyArn"]
    subject.aws.iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    return f"{role}/{arn}"


def _read_attachment(subject: Subject) -> Properties:
    role, _, arn = subject.id.partition("/")
    pages = subject.aws.iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    if not any(each["PolicyArn"] == arn for page in pages for each in page["AttachedPolicies"]):
        raise GoneError
    return {"policyArn": arn, "role": role}


def _detach(subject: Subject) -> None:
    role, _, arn = subject.id.partition("/")
    subject.aws.iam.detach_role_policy(RoleName=role, PolicyArn=arn)


_ROLE_UPDATES: Final[dict[str, Apply]] = {
    "assumeRolePolicy": _set_trust,
    **put(_describe_role, "description", "maxSessionDuration"),
    "permissionsBoundary": _set_boundary,
}

HANDLERS: Final = (
    Handler(
        type="aws:iam/role:Role",
        create=_create_role,
        read=_read_role,
        delete=_delete_role,
        fixed=("name", "path"),
        updates=_ROLE_UPDATES,
        settings={"inlinePolicies": _set_inline, "managedPolicyArns": _set_attached, "tagsAll": _set_role_tags},
        ignored={"forceDetachPolicies": "policies are detached before a role goes, whatever it says"},
    ),
    Handler(
        type="aws:iam/rolePolicy:RolePolicy",
        create=_create_role_policy,
        read=_read_role_policy,
        delete=_delete_role_policy,
        fixed=("name", "role"),
        updates=put(_put_role_policy, "policy"),
    ),
    Handler(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        create=_attach,
        read=_read_attachment,
        delete=_detach,
        fixed=("policyArn", "role"),
    ),
)
