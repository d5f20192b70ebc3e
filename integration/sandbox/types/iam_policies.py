"""IAM policies of the account's own, which stand alone and are attached."""

import json
from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.tags import as_tags, retag, tags_from

_VERSIONS: Final = 5
"""Versions that a policy may have."""


def _create(subject: Subject) -> str:
    wanted = subject.inputs
    given = subject.given("path", "description")
    made = subject.aws.iam.create_policy(PolicyName=wanted["name"], PolicyDocument=wanted["policy"], **given)
    return made["Policy"]["Arn"]


def _read(subject: Subject) -> Properties:
    iam = subject.aws.iam
    found = iam.get_policy(PolicyArn=subject.id)["Policy"]
    version: Any = iam.get_policy_version(PolicyArn=subject.id, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    document = version["Document"]
    return {
        "arn": found["Arn"],
        "attachmentCount": found["AttachmentCount"],
        "description": found.get("Description", ""),
        "name": found["PolicyName"],
        "path": found["Path"],
        "policy": document if isinstance(document, str) else json.dumps(document),
        "policyId": found["PolicyId"],
        "tagsAll": tags_from(iam.list_policy_tags(PolicyArn=subject.id)["Tags"]),
    }


def _set_document(subject: Subject) -> None:
    iam, arn = subject.aws.iam, subject.id
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    if len(versions) >= _VERSIONS:
        oldest = min((each for each in versions if not each["IsDefaultVersion"]), key=lambda each: each["CreateDate"])
        iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=subject.inputs["policy"], SetAsDefault=True)


def _set_tags(subject: Subject) -> None:
    iam, arn = subject.aws.iam, subject.id
    retag(
        subject,
        lambda tags: iam.tag_policy(PolicyArn=arn, Tags=as_tags(tags)),
        lambda keys: iam.untag_policy(PolicyArn=arn, TagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    iam, arn = subject.aws.iam, subject.id
    for each in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not each["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=each["VersionId"])
    iam.delete_policy(PolicyArn=arn)


HANDLERS: Final = (
    Handler(
        type="aws:iam/policy:Policy",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("description", "name", "path"),
        updates=put(_set_document, "policy"),
        settings={"tagsAll": _set_tags},
    ),
)
