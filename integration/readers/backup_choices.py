"""Asks AWS Backup which stores its plans choose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from policies.facts.backup.choices import Answer, all_of, any_of, has_any_tag, meets, settled, stands_for
from policies.facts.properties import UNKNOWN

_PLANS: Final = Paging("NextToken", ("BackupPlansList",))
_SELECTIONS: Final = Paging("NextToken", ("BackupSelectionsList",))

CHOICE_OPERATIONS: Final = ("backup:GetBackupSelection", "backup:ListBackupPlans", "backup:ListBackupSelections")
"""Every call that it takes to know what the plans of a Region choose."""

SETTING_OPERATIONS: Final = ("backup:DescribeRegionSettings",)
"""Every call that it takes besides to know what is backed up."""

_ALWAYS_ASKED: Final = "Aurora"
"""Kind of store that is never backed up while AWS Backup is switched off for it."""

_OPERATORS: Final = {
    "stringEquals": "StringEquals",
    "stringLikes": "StringLike",
    "stringNotEquals": "StringNotEquals",
    "stringNotLikes": "StringNotLike",
}
"""Property of a condition as programs write it → as Backup's calls do."""


@dataclass(frozen=True, slots=True)
class Store:
    """What AWS Backup can back up.

    Args:
        arn: Its ARN.
        kind: What AWS Backup calls its kind.
        tags: Tag key → value.
    """

    arn: str
    kind: str
    tags: Mapping[str, str]


def plans(desk: Desk) -> Iterator[Mapping[str, Any]]:
    """Yield the plans of a Region, those among them that AWS made.

    Raises:
        CallFailedError: The list has no answer.
    """
    for page in desk.every(_PLANS, desk.aws.backup.list_backup_plans):
        yield from page["BackupPlansList"]


def chosen(store: Store, desk: Desk) -> Answer:
    """Tell whether some plan of the Region backs a store up.

    Raises:
        CallFailedError: A plan's selections, or what AWS Backup is switched on for, have no answer.
    """
    found = any_of(chosen_by(each, store, desk) for each in plans(desk))
    return found if found is False else all_of(found, _is_switched_on(store.kind, desk))


def _is_switched_on(kind: str, desk: Desk) -> Answer:
    """Tell whether AWS Backup backs up what plans choose of a kind.

    Where it is off, a selection may still name stores of the kind, but not of Aurora; which selections count as naming
    them is not said. Source: assigning resources, AWS Backup developer guide, read 2026-11-30.
    """
    on = desk.one(desk.aws.backup.describe_region_settings)["ResourceTypeOptInPreference"].get(kind)
    return on if on is True or (on is False and kind == _ALWAYS_ASKED) else UNKNOWN


def chosen_by(plan: Mapping[str, Any], store: Store, desk: Desk) -> Answer:
    """Tell whether one plan backs a store up.

    Raises:
        CallFailedError: Its selections have no answer.
    """
    return any_of(_chooses(each, store) for each in _selections(plan["BackupPlanId"], desk))


def _selections(plan: str, desk: Desk) -> Iterator[Mapping[str, Any]]:
    aws = desk.aws.backup
    for page in desk.every(_SELECTIONS, aws.list_backup_selections, BackupPlanId=plan):
        for each in page["BackupSelectionsList"]:
            found = desk.one(aws.get_backup_selection, BackupPlanId=plan, SelectionId=each["SelectionId"])
            yield found["BackupSelection"]


def _chooses(selection: Mapping[str, Any], store: Store) -> Answer:
    ways = []
    if resources := selection.get("Resources"):
        ways.append(_is_under(resources, store))
    if tags := selection.get("ListOfTags"):
        ways.append(has_any_tag(store.tags, _pairs(tags)))
    conditions: Mapping[str, Any] = selection.get("Conditions") or {}
    asked: Any = {name: _pairs(conditions.get(member, ())) for name, member in _OPERATORS.items()}
    return settled(ways, _is_under(selection.get("NotResources", ()), store), meets(store.tags, [asked]))


def _is_under(patterns: Sequence[str], store: Store) -> bool:
    return any(stands_for(each, store.arn) for each in patterns)


def _pairs(listed: Sequence[Mapping[str, Any]]) -> Any:
    return [{"key": each["ConditionKey"], "value": each["ConditionValue"]} for each in listed]
