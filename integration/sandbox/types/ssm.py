"""Parameters of Systems Manager."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.tags import as_tags, retag, tags_from


def _create(subject: Subject) -> str:
    _put(subject, overwrite=False)
    return str(subject.inputs["name"])


def _change(subject: Subject) -> None:
    _put(subject, overwrite=True)


def _put(subject: Subject, *, overwrite: bool) -> None:
    wanted = subject.inputs
    value = wanted["value"] if wanted.get("value") is not None else wanted.get("insecureValue")
    given = subject.given("name", "type", "description", "keyId", "tier", "allowedPattern", "dataType")
    subject.aws.of("ssm").put_parameter(**given, Value=value, Overwrite=overwrite)


def _read(subject: Subject) -> Properties:
    ssm = subject.aws.of("ssm")
    held = ssm.get_parameter(Name=subject.id, WithDecryption=True)["Parameter"]
    named = [{"Key": "Name", "Option": "Equals", "Values": [subject.id]}]
    found: Any = ssm.describe_parameters(ParameterFilters=named)["Parameters"][0]
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=subject.id)["TagList"]
    return {
        "allowedPattern": found.get("AllowedPattern", ""),
        "arn": held["ARN"],
        "dataType": held.get("DataType", "text"),
        "description": found.get("Description", ""),
        "keyId": found.get("KeyId", ""),
        "name": held["Name"],
        "tagsAll": tags_from(tags),
        "tier": found.get("Tier", "Standard"),
        "type": held["Type"],
        "value": held["Value"],
        "version": held["Version"],
    }


def _set_tags(subject: Subject) -> None:
    ssm, where = subject.aws.of("ssm"), {"ResourceType": "Parameter", "ResourceId": subject.id}
    retag(
        subject,
        lambda tags: ssm.add_tags_to_resource(**where, Tags=as_tags(tags)),
        lambda keys: ssm.remove_tags_from_resource(**where, TagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("ssm").delete_parameter(Name=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:ssm/parameter:Parameter",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("dataType", "name"),
        updates=put(_change, "allowedPattern", "description", "insecureValue", "keyId", "tier", "type", "value"),
        settings={"tagsAll": _set_tags},
        ignored={"overwrite": "a switch of the call that writes the value, no setting of it"},
    ),
)
