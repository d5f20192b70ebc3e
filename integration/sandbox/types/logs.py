"""CloudWatch log groups."""

from typing import Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.tags import dropped_tags, wanted_tags


def _create_group(subject: Subject) -> str:
    name = str(subject.inputs["name"])
    subject.aws.logs.create_log_group(logGroupName=name)
    return name


def _read_group(subject: Subject) -> Properties:
    pages = subject.aws.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=subject.id)
    found = next((each for page in pages for each in page["logGroups"] if each["logGroupName"] == subject.id), None)
    if found is None:
        raise GoneError
    arn = found["arn"].removesuffix(":*")
    return {
        "arn": arn,
        "kmsKeyId": found.get("kmsKeyId", ""),
        "logGroupClass": found.get("logGroupClass", "STANDARD"),
        "name": subject.id,
        "retentionInDays": found.get("retentionInDays", 0),
        "tagsAll": subject.aws.logs.list_tags_for_resource(resourceArn=arn)["tags"],
    }


def _set_key(subject: Subject) -> None:
    if key := subject.inputs.get("kmsKeyId"):
        subject.aws.logs.associate_kms_key(logGroupName=subject.id, kmsKeyId=key)
    else:
        subject.aws.logs.disassociate_kms_key(logGroupName=subject.id)


def _set_retention(subject: Subject) -> None:
    days = int(subject.inputs.get("retentionInDays") or 0)
    if days:
        subject.aws.logs.put_retention_policy(logGroupName=subject.id, retentionInDays=days)
    else:
        subject.aws.logs.delete_retention_policy(logGroupName=subject.id)


def _set_tags(subject: Subject) -> None:
    arn = subject.arn("logs", f"log-group:{subject.id}")
    if dropped := dropped_tags(subject):
        subject.aws.logs.untag_resource(resourceArn=arn, tagKeys=dropped)
    if tags := wanted_tags(subject):
        subject.aws.logs.tag_resource(resourceArn=arn, tags=tags)


def _delete_group(subject: Subject) -> None:
    subject.aws.logs.delete_log_group(logGroupName=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:cloudwatch/logGroup:LogGroup",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        fixed=("name",),
        settings={
            "kmsKeyId": _set_key,
            **put(_set_retention, "retentionInDays"),
            "tagsAll": _set_tags,
        },
    ),
)
