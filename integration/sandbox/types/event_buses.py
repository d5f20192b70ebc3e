"""Event buses of EventBridge, and whom they let send."""

import json
from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import pascal, single
from integration.sandbox.types.tags import as_tags, retag, tags_from

_SETTINGS: Final = ("description", "kmsKeyIdentifier")
_DEFAULT: Final = "default"


def _create(subject: Subject) -> str:
    name = str(subject.inputs["name"])
    subject.aws.of("events").create_event_bus(Name=name, **subject.given(*_SETTINGS))
    return name


def _read(subject: Subject) -> Properties:
    events = subject.aws.of("events")
    found: Any = events.describe_event_bus(Name=subject.id)
    return {
        **{name: found.get(pascal(name), "") for name in _SETTINGS},
        "arn": found["Arn"],
        "name": found["Name"],
        "tagsAll": tags_from(events.list_tags_for_resource(ResourceARN=found["Arn"])["Tags"]),
    }


def _change(subject: Subject) -> None:
    subject.aws.of("events").update_event_bus(Name=subject.id, **subject.given(*_SETTINGS))


def _set_tags(subject: Subject) -> None:
    events, arn = subject.aws.of("events"), subject.arn("events", f"event-bus/{subject.id}")
    retag(
        subject,
        lambda tags: events.tag_resource(ResourceARN=arn, Tags=as_tags(tags)),
        lambda keys: events.untag_resource(ResourceARN=arn, TagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("events").delete_event_bus(Name=subject.id)


def _bus(subject: Subject) -> str:
    return str(subject.inputs.get("eventBusName") or _DEFAULT)


def _statements(subject: Subject) -> dict[str, Any]:
    """Return the statements of a bus by their names."""
    found = subject.aws.of("events").describe_event_bus(Name=_bus(subject)).get("Policy")
    return {each["Sid"]: each for each in (json.loads(found)["Statement"] if found else ())}


def _put_policy(subject: Subject) -> str:
    subject.aws.of("events").put_permission(EventBusName=_bus(subject), Policy=subject.inputs["policy"])
    return _bus(subject)


def _change_policy(subject: Subject) -> None:
    _drop_policy(subject)
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    found = subject.aws.of("events").describe_event_bus(Name=subject.id).get("Policy")
    if not found:
        raise GoneError
    return {"eventBusName": subject.id, "policy": found}


def _drop_policy(subject: Subject) -> None:
    subject.aws.of("events").remove_permission(EventBusName=_bus(subject), RemoveAllPermissions=True)


def _permit(subject: Subject) -> str:
    wanted = subject.inputs
    given = {"Action": wanted.get("action") or "events:PutEvents", "EventBusName": _bus(subject)}
    if condition := wanted.get("condition"):
        given["Condition"] = pascal(condition)
    name = str(wanted["statementId"])
    subject.aws.of("events").put_permission(StatementId=name, Principal=wanted["principal"], **given)
    return f"{_bus(subject)}/{name}"


def _read_permission(subject: Subject) -> Properties:
    found = _statements(subject).get(str(subject.inputs["statementId"]))
    if found is None:
        raise GoneError
    who = found["Principal"]
    name = who if isinstance(who, str) else who["AWS"]
    account = name.split(":")[4] if name.startswith("arn:") else name
    return {"action": found["Action"], "eventBusName": _bus(subject), "principal": account, "statementId": found["Sid"]}


def _change_permission(subject: Subject) -> None:
    _forbid(subject)
    _permit(subject)


def _forbid(subject: Subject) -> None:
    name = subject.inputs["statementId"]
    subject.aws.of("events").remove_permission(EventBusName=_bus(subject), StatementId=name)


HANDLERS: Final = (
    Handler(
        type=single("cloudwatch", "EventBus"),
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("name",),
        updates=put(_change, *_SETTINGS),
        settings={"tagsAll": _set_tags},
    ),
    Handler(
        type=single("cloudwatch", "EventBusPolicy"),
        create=_put_policy,
        read=_read_policy,
        delete=_drop_policy,
        fixed=("eventBusName",),
        updates={"policy": _change_policy},
    ),
    Handler(
        type=single("cloudwatch", "EventPermission"),
        create=_permit,
        read=_read_permission,
        delete=_forbid,
        fixed=("eventBusName", "statementId"),
        updates=put(_change_permission, "action", "condition", "principal"),
    ),
)
