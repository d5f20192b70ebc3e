"""AWS Backup: tests of restoring."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.backup import tag_at, tags_at
from integration.sandbox.types.shapes import camel, pascal, whole

_PLAN: Final = ("recoveryPointSelection", "scheduleExpression", "scheduleExpressionTimezone", "startWindowHours")
_SELECTION: Final = (
    "iamRoleArn",
    "protectedResourceArns",
    "protectedResourceConditions",
    "restoreMetadataOverrides",
    "validationWindowHours",
)
_AS_WRITTEN: Final = "restoreMetadataOverrides"
"""A map whose keys are the program's own."""


def _given(wanted: Properties, names: tuple[str, ...]) -> dict[str, Any]:
    held = {name: whole(wanted[name]) for name in names if wanted.get(name) is not None}
    return {pascal(name): value if name == _AS_WRITTEN else _deep(value, pascal) for name, value in held.items()}


def _deep(value: Any, change: Any) -> Any:
    return change(value) if isinstance(value, dict) else value


def _create_plan(subject: Subject) -> str:
    wanted = {"RestoreTestingPlanName": subject.inputs["name"], **_given(subject.inputs, _PLAN)}
    made = subject.aws.of("backup").create_restore_testing_plan(RestoreTestingPlan=wanted)
    return str(made["RestoreTestingPlanName"])


def _change_plan(subject: Subject) -> None:
    wanted = _given(subject.inputs, _PLAN)
    subject.aws.of("backup").update_restore_testing_plan(RestoreTestingPlanName=subject.id, RestoreTestingPlan=wanted)


def _read_plan(subject: Subject) -> Properties:
    answer: Any = subject.aws.of("backup").get_restore_testing_plan(RestoreTestingPlanName=subject.id)
    found = answer["RestoreTestingPlan"]
    return {
        **{name: _deep(found[pascal(name)], camel) for name in _PLAN if pascal(name) in found},
        "arn": found["RestoreTestingPlanArn"],
        "name": found["RestoreTestingPlanName"],
        "tagsAll": tags_at(subject, found["RestoreTestingPlanArn"]),
    }


def _tag_plan(subject: Subject) -> None:
    tag_at(subject, subject.arn("backup", f"restore-testing-plan:{subject.id}"))


def _delete_plan(subject: Subject) -> None:
    subject.aws.of("backup").delete_restore_testing_plan(RestoreTestingPlanName=subject.id)


def _where(subject: Subject) -> dict[str, str]:
    plan = subject.inputs["restoreTestingPlanName"]
    return {"RestoreTestingPlanName": plan, "RestoreTestingSelectionName": subject.inputs["name"]}


def _create_selection(subject: Subject) -> str:
    where = _where(subject)
    wanted = {
        "RestoreTestingSelectionName": where["RestoreTestingSelectionName"],
        "ProtectedResourceType": subject.inputs["protectedResourceType"],
        **_given(subject.inputs, _SELECTION),
    }
    plan = where["RestoreTestingPlanName"]
    subject.aws.of("backup").create_restore_testing_selection(
        RestoreTestingPlanName=plan, RestoreTestingSelection=wanted
    )
    return f"{where['RestoreTestingSelectionName']}:{plan}"


def _change_selection(subject: Subject) -> None:
    wanted = _given(subject.inputs, _SELECTION)
    subject.aws.of("backup").update_restore_testing_selection(**_where(subject), RestoreTestingSelection=wanted)


def _read_selection(subject: Subject) -> Properties:
    answer: Any = subject.aws.of("backup").get_restore_testing_selection(**_where(subject))
    found = answer["RestoreTestingSelection"]
    return {
        **{name: found[pascal(name)] for name in _SELECTION if pascal(name) in found},
        "name": found["RestoreTestingSelectionName"],
        "protectedResourceType": found["ProtectedResourceType"],
        "restoreTestingPlanName": found["RestoreTestingPlanName"],
    }


def _delete_selection(subject: Subject) -> None:
    subject.aws.of("backup").delete_restore_testing_selection(**_where(subject))


HANDLERS: Final = (
    Handler(
        type="aws:backup/restoreTestingPlan:RestoreTestingPlan",
        create=_create_plan,
        read=_read_plan,
        delete=_delete_plan,
        fixed=("name",),
        updates=put(_change_plan, *_PLAN),
        settings={"tagsAll": _tag_plan},
    ),
    Handler(
        type="aws:backup/restoreTestingSelection:RestoreTestingSelection",
        create=_create_selection,
        read=_read_selection,
        delete=_delete_selection,
        fixed=("name", "protectedResourceType", "restoreTestingPlanName"),
        updates=put(_change_selection, *_SELECTION),
    ),
)
