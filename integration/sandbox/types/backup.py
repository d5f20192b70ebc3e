"""AWS Backup: vaults, who may use them, plans and what they protect."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, whole
from integration.sandbox.types.tags import retag

_RULE: Final = {
    "completionWindow": "CompletionWindowMinutes",
    "enableContinuousBackup": "EnableContinuousBackup",
    "ruleName": "RuleName",
    "schedule": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "startWindow": "StartWindowMinutes",
    "targetVaultName": "TargetBackupVaultName",
}
"""Setting of a rule as programs write it → as Backup's calls do."""

_LIFECYCLE: Final = {
    "coldStorageAfter": "MoveToColdStorageAfterDays",
    "deleteAfter": "DeleteAfterDays",
    "optInToArchiveForSupportedResources": "OptInToArchiveForSupportedResources",
}


def tags_at(subject: Subject, arn: str) -> dict[str, str]:
    """Return the tags of a resource of Backup."""
    return dict(subject.aws.of("backup").list_tags(ResourceArn=arn)["Tags"])


def tag_at(subject: Subject, arn: str) -> None:
    """Give a resource of Backup the wanted tags, and no others."""
    backup = subject.aws.of("backup")
    retag(
        subject,
        lambda tags: backup.tag_resource(ResourceArn=arn, Tags=tags),
        lambda keys: backup.untag_resource(ResourceArn=arn, TagKeyList=keys),
    )


def _create_vault(subject: Subject) -> str:
    wanted = subject.inputs
    given = {"EncryptionKeyArn": wanted["kmsKeyArn"]} if wanted.get("kmsKeyArn") else {}
    subject.aws.of("backup").create_backup_vault(BackupVaultName=wanted["name"], **given)
    return str(wanted["name"])


def _read_vault(subject: Subject) -> Properties:
    found: Any = subject.aws.of("backup").describe_backup_vault(BackupVaultName=subject.id)
    return {
        "arn": found["BackupVaultArn"],
        "kmsKeyArn": found.get("EncryptionKeyArn", ""),
        "name": found["BackupVaultName"],
        "recoveryPoints": found.get("NumberOfRecoveryPoints", 0),
        "tagsAll": tags_at(subject, found["BackupVaultArn"]),
    }


def _tag_vault(subject: Subject) -> None:
    tag_at(subject, subject.arn("backup", f"backup-vault:{subject.id}"))


def _delete_vault(subject: Subject) -> None:
    subject.aws.of("backup").delete_backup_vault(BackupVaultName=subject.id)


def _put_policy(subject: Subject) -> str:
    name, policy = subject.inputs["backupVaultName"], subject.inputs["policy"]
    subject.aws.of("backup").put_backup_vault_access_policy(BackupVaultName=name, Policy=policy)
    return str(name)


def _change_policy(subject: Subject) -> None:
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    found = subject.aws.of("backup").get_backup_vault_access_policy(BackupVaultName=subject.id)
    return {
        "backupVaultArn": found["BackupVaultArn"],
        "backupVaultName": found["BackupVaultName"],
        "policy": found["Policy"],
    }


def _delete_policy(subject: Subject) -> None:
    subject.aws.of("backup").delete_backup_vault_access_policy(BackupVaultName=subject.id)


_LOCK: Final = ("changeableForDays", "maxRetentionDays", "minRetentionDays")


def _lock(subject: Subject) -> str:
    name = str(subject.inputs["backupVaultName"])
    subject.aws.of("backup").put_backup_vault_lock_configuration(BackupVaultName=name, **whole(subject.given(*_LOCK)))
    return name


def _change_lock(subject: Subject) -> None:
    _lock(subject)


def _read_lock(subject: Subject) -> Properties:
    found = subject.aws.of("backup").describe_backup_vault(BackupVaultName=subject.id)
    if not found.get("Locked"):
        raise GoneError
    days = {name: found[pascal(name)] for name in ("maxRetentionDays", "minRetentionDays") if pascal(name) in found}
    # Backup shows the day on which a lock becomes final, not how many days were given for it.
    changeable = {name: subject.inputs[name] for name in ("changeableForDays",) if name in subject.inputs}
    return {"backupVaultArn": found["BackupVaultArn"], "backupVaultName": subject.id, **days, **changeable}


def _unlock(subject: Subject) -> None:
    subject.aws.of("backup").delete_backup_vault_lock_configuration(BackupVaultName=subject.id)


def _plan(wanted: Properties) -> dict[str, Any]:
    return {"BackupPlanName": wanted["name"], "Rules": [_rule(whole(each)) for each in wanted["rules"]]}


def _rule(wanted: Properties) -> dict[str, Any]:
    made = {call: wanted[name] for name, call in _RULE.items() if wanted.get(name) is not None}
    if wanted.get("lifecycle"):
        made["Lifecycle"] = _named(wanted["lifecycle"], _LIFECYCLE)
    if wanted.get("recoveryPointTags"):
        made["RecoveryPointTags"] = wanted["recoveryPointTags"]
    if wanted.get("copyActions"):
        made["CopyActions"] = [_copy(each) for each in wanted["copyActions"]]
    return made


def _copy(wanted: Properties) -> dict[str, Any]:
    lifecycle = {"Lifecycle": _named(wanted["lifecycle"], _LIFECYCLE)} if wanted.get("lifecycle") else {}
    return {"DestinationBackupVaultArn": wanted["destinationVaultArn"], **lifecycle}


def _named(wanted: Properties, table: Properties) -> dict[str, Any]:
    return {table[name]: value for name, value in wanted.items() if value is not None}


def _shown(found: Any, table: Properties) -> dict[str, Any]:
    return {name: found[call] for name, call in table.items() if call in found}


def _shown_rule(found: Any) -> dict[str, Any]:
    shown = _shown(found, _RULE)
    if "Lifecycle" in found:
        shown["lifecycle"] = _shown(found["Lifecycle"], _LIFECYCLE)
    if "CopyActions" in found:
        shown["copyActions"] = [_shown_copy(each) for each in found["CopyActions"]]
    return shown


def _shown_copy(found: Any) -> dict[str, Any]:
    lifecycle = {"lifecycle": _shown(found["Lifecycle"], _LIFECYCLE)} if "Lifecycle" in found else {}
    return {"destinationVaultArn": found["DestinationBackupVaultArn"], **lifecycle}


def _create_plan(subject: Subject) -> str:
    return str(subject.aws.of("backup").create_backup_plan(BackupPlan=_plan(subject.inputs))["BackupPlanId"])


def _change_plan(subject: Subject) -> None:
    subject.aws.of("backup").update_backup_plan(BackupPlanId=subject.id, BackupPlan=_plan(subject.inputs))


def _read_plan(subject: Subject) -> Properties:
    found: Any = subject.aws.of("backup").get_backup_plan(BackupPlanId=subject.id)
    return {
        "arn": found["BackupPlanArn"],
        "name": found["BackupPlan"]["BackupPlanName"],
        "rules": [_shown_rule(each) for each in found["BackupPlan"]["Rules"]],
        "tagsAll": tags_at(subject, found["BackupPlanArn"]),
        "version": found["VersionId"],
    }


def _tag_plan(subject: Subject) -> None:
    tag_at(subject, subject.arn("backup", f"backup-plan:{subject.id}"))


def _delete_plan(subject: Subject) -> None:
    subject.aws.of("backup").delete_backup_plan(BackupPlanId=subject.id)


_SELECTED: Final = ("conditions", "iamRoleArn", "name", "notResources", "planId", "resources", "selectionTags")
_OPERATORS: Final = {
    "stringEquals": "StringEquals",
    "stringLikes": "StringLike",
    "stringNotEquals": "StringNotEquals",
    "stringNotLikes": "StringNotLike",
}
"""Operator of a condition as programs write it → as Backup's calls do."""


def _select(subject: Subject) -> str:
    wanted = subject.inputs
    chosen: dict[str, Any] = {"SelectionName": wanted["name"], "IamRoleArn": wanted["iamRoleArn"]}
    chosen |= subject.given("resources", "notResources")
    if wanted.get("selectionTags"):
        listed = [
            {f"Condition{pascal(name)}": each[name] for name in ("key", "value", "type")}
            for each in wanted["selectionTags"]
        ]
        chosen["ListOfTags"] = [{**each, "ConditionType": each["ConditionType"]} for each in listed]
    if wanted.get("conditions"):
        chosen["Conditions"] = _conditions(wanted["conditions"])
    made = subject.aws.of("backup").create_backup_selection(BackupPlanId=wanted["planId"], BackupSelection=chosen)
    return str(made["SelectionId"])


def _conditions(wanted: Any) -> dict[str, Any]:
    return {
        call: [{f"Condition{pascal(key)}": value for key, value in each.items()} for each in condition[name]]
        for condition in wanted
        for name, call in _OPERATORS.items()
        if condition.get(name)
    }


def _read_selection(subject: Subject) -> Properties:
    plan = subject.inputs["planId"]
    answer: Any = subject.aws.of("backup").get_backup_selection(BackupPlanId=plan, SelectionId=subject.id)
    found = answer["BackupSelection"]
    return {
        "iamRoleArn": found["IamRoleArn"],
        "name": found["SelectionName"],
        "planId": answer["BackupPlanId"],
        **{camel(name): found[name] for name in ("NotResources", "Resources") if name in found},
    }


def _unselect(subject: Subject) -> None:
    plan = subject.inputs["planId"]
    subject.aws.of("backup").delete_backup_selection(BackupPlanId=plan, SelectionId=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:backup/vault:Vault",
        create=_create_vault,
        read=_read_vault,
        delete=_delete_vault,
        fixed=("kmsKeyArn", "name"),
        settings={"tagsAll": _tag_vault},
        ignored={"forceDestroy": "moto deletes a vault with what is in it"},
    ),
    Handler(
        type="aws:backup/vaultPolicy:VaultPolicy",
        create=_put_policy,
        read=_read_policy,
        delete=_delete_policy,
        fixed=("backupVaultName",),
        updates=put(_change_policy, "policy"),
    ),
    Handler(
        type="aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        create=_lock,
        read=_read_lock,
        delete=_unlock,
        fixed=("backupVaultName",),
        updates=put(_change_lock, *_LOCK),
    ),
    Handler(
        type="aws:backup/plan:Plan",
        create=_create_plan,
        read=_read_plan,
        delete=_delete_plan,
        updates=put(_change_plan, "name", "rules"),
        settings={"tagsAll": _tag_plan},
    ),
    Handler(
        type="aws:backup/selection:Selection",
        create=_select,
        read=_read_selection,
        delete=_unselect,
        fixed=_SELECTED,
    ),
)
