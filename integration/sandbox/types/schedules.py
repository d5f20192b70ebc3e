"""Schedules of EventBridge Scheduler."""

from typing import Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, single, whole, without_nothing

_SETTINGS: Final = (
    "description",
    "flexibleTimeWindow",
    "scheduleExpression",
    "scheduleExpressionTimezone",
    "state",
    "target",
)
_DEFAULT_GROUP: Final = "default"


def _names(subject: Subject) -> dict[str, str]:
    return {"Name": subject.inputs["name"], "GroupName": subject.inputs.get("groupName") or _DEFAULT_GROUP}


def _create(subject: Subject) -> str:
    names = _names(subject)
    given = whole(without_nothing(pascal(subject.given(*_SETTINGS))))
    subject.aws.of("scheduler").create_schedule(**names, **given)
    return f"{names['GroupName']}/{names['Name']}"


def _read(subject: Subject) -> Properties:
    found = subject.aws.of("scheduler").get_schedule(**_names(subject))
    held = {name: camel(found[pascal(name)]) for name in ("flexibleTimeWindow", "target")}
    texts = {name: found.get(pascal(name), "") for name in _SETTINGS if name not in held}
    return {**texts, **held, "arn": found["Arn"], "groupName": found["GroupName"], "name": found["Name"]}


def _change(subject: Subject) -> None:
    given = whole(without_nothing(pascal(subject.given(*_SETTINGS))))
    subject.aws.of("scheduler").update_schedule(**_names(subject), **given)


def _delete(subject: Subject) -> None:
    subject.aws.of("scheduler").delete_schedule(**_names(subject))


HANDLERS: Final = (
    Handler(
        type=single("scheduler", "Schedule"),
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("groupName", "name"),
        updates=put(_change, *_SETTINGS),
    ),
)
