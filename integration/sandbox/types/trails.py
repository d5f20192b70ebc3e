"""CloudTrail trails."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import single
from integration.sandbox.types.tags import as_tags, retag, tags_from

_SETTINGS: Final = {
    "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn",
    "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "includeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "isMultiRegionTrail": "IsMultiRegionTrail",
    "kmsKeyId": "KmsKeyId",
    "s3BucketName": "S3BucketName",
    "s3KeyPrefix": "S3KeyPrefix",
}
"""Setting as programs write it → as CloudTrail does, where an answer has the same name."""

_VALIDATED: Final = "enableLogFileValidation"


def _given(wanted: Properties) -> dict[str, Any]:
    given = {call: wanted[name] for name, call in _SETTINGS.items() if wanted.get(name) is not None}
    return {**given, **({"EnableLogFileValidation": wanted[_VALIDATED]} if _VALIDATED in wanted else {})}


def _create(subject: Subject) -> str:
    made = subject.aws.of("cloudtrail").create_trail(Name=subject.inputs["name"], **_given(subject.inputs))
    trail = subject.named(str(made["TrailARN"]))
    _set_logging(trail)
    return trail.id


def _read(subject: Subject) -> Properties:
    cloudtrail = subject.aws.of("cloudtrail")
    listed = cloudtrail.describe_trails(trailNameList=[subject.id])["trailList"]
    found: Any = next((each for each in listed if each["TrailARN"] == subject.id), None)
    if found is None:
        raise GoneError
    tags = cloudtrail.list_tags(ResourceIdList=[subject.id])["ResourceTagList"]
    return {
        **{name: found[call] for name, call in _SETTINGS.items() if call in found},
        "arn": subject.id,
        _VALIDATED: found["LogFileValidationEnabled"],
        "enableLogging": cloudtrail.get_trail_status(Name=subject.id)["IsLogging"],
        "homeRegion": found["HomeRegion"],
        "name": found["Name"],
        "tagsAll": tags_from(tags[0]["TagsList"]) if tags else {},
    }


def _change(subject: Subject) -> None:
    subject.aws.of("cloudtrail").update_trail(Name=subject.id, **_given(subject.inputs))


def _set_logging(subject: Subject) -> None:
    cloudtrail = subject.aws.of("cloudtrail")
    if subject.inputs.get("enableLogging") is False:
        cloudtrail.stop_logging(Name=subject.id)
    else:
        cloudtrail.start_logging(Name=subject.id)


def _set_tags(subject: Subject) -> None:
    cloudtrail, arn = subject.aws.of("cloudtrail"), subject.id
    before = subject.before.get("tagsAll") or {}
    retag(
        subject,
        lambda tags: cloudtrail.add_tags(ResourceId=arn, TagsList=as_tags(tags)),
        lambda keys: cloudtrail.remove_tags(ResourceId=arn, TagsList=as_tags({key: before[key] for key in keys})),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("cloudtrail").delete_trail(Name=subject.inputs["name"])


HANDLERS: Final = (
    Handler(
        type=single("cloudtrail", "Trail"),
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("name",),
        updates={**put(_change, *_SETTINGS, _VALIDATED), "enableLogging": _set_logging},
        settings={"tagsAll": _set_tags},
    ),
)
