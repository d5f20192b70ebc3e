"""AWS Backup: what a plan protects, who may use a vault, and tests of restoring."""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote

from moto.backup import urls
from moto.backup.models import Plan
from moto.backup.responses import BackupResponse

from integration.sandbox.corrections.registry import corrects, provides
from integration.sandbox.corrections.shelves import serve, shelf, take_json

_API: Final = "AWS Backup API reference, "

serve(
    urls,
    BackupResponse,
    "{0}/backup-vaults/(?P<name>[^/]+)/access-policy$",
    "{0}/account-settings$",
    "{0}/restore-testing/plans$",
    "{0}/restore-testing/plans/(?P<plan>[^/]+)$",
    "{0}/restore-testing/plans/(?P<plan>[^/]+)/selections$",
    "{0}/restore-testing/plans/(?P<plan>[^/]+)/selections/(?P<selection>[^/]+)$",
)

_KINDS: Final = ("Aurora", "DynamoDB", "EBS", "EC2", "EFS", "RDS", "S3")

_Method = Callable[[BackupResponse], str]


def _provide(name: str) -> Callable[[_Method], _Method]:
    words = "".join(part.title() for part in name.split("_"))
    return provides(BackupResponse, name, fact=f"The operation {words} is there", source=_API + words)


def _parts(response: BackupResponse) -> list[str]:
    """Return the parts of the path, from the second on."""
    return [unquote(part) for part in response.path.strip("/").split("/")][1:]


def _now() -> float:
    return dt.datetime.now(dt.UTC).timestamp()


@corrects(
    BackupResponse,
    "delete_backup_plan",
    fact="A plan that was deleted cannot be looked up any more, and its name is free",
    source=_API + "DeleteBackupPlan, GetBackupPlan",
)
def _gone(original: Any, response: BackupResponse) -> Any:
    answer = original(response)
    response.backup_backend.plans.pop(json.loads(answer)["BackupPlanId"])
    return answer


@_provide("update_backup_plan")
def _update_plan(response: BackupResponse) -> str:
    backend = response.backup_backend
    held = backend.get_backup_plan(_parts(response)[1], None)
    fresh = Plan(json.loads(response.body)["BackupPlan"], held.creator_request_id, backend)
    held.backup_plan, held.version_id = fresh.backup_plan, fresh.version_id
    return json.dumps(held.to_dict())


@_provide("create_backup_selection")
def _select(response: BackupResponse) -> str:
    plan = response.backup_backend.get_backup_plan(_parts(response)[1], None).backup_plan_id
    id_, now = str(uuid.uuid4()), _now()
    made = {"BackupPlanId": plan, "SelectionId": id_, "CreationDate": now}
    shelf(response.backup_backend, "selections")[id_] = {**made, **json.loads(response.body)}
    return json.dumps(made)


@_provide("get_backup_selection")
def _selection(response: BackupResponse) -> str:
    return json.dumps(take_json(response.backup_backend, "selections", _parts(response)[3]))


@_provide("delete_backup_selection")
def _unselect(response: BackupResponse) -> str:
    shelf(response.backup_backend, "selections").pop(_parts(response)[3], None)
    return "{}"


@_provide("list_backup_selections")
def _selections(response: BackupResponse) -> str:
    plan = _parts(response)[1]
    held = (each for each in shelf(response.backup_backend, "selections").values() if each["BackupPlanId"] == plan)
    listed = [
        {
            **{name: each[name] for name in ("BackupPlanId", "SelectionId", "CreationDate")},
            "SelectionName": each["BackupSelection"]["SelectionName"],
            "IamRoleArn": each["BackupSelection"]["IamRoleArn"],
        }
        for each in held
    ]
    return json.dumps({"BackupSelectionsList": listed})


@_provide("put_backup_vault_access_policy")
def _put_policy(response: BackupResponse) -> str:
    vault = response.backup_backend.describe_backup_vault(_parts(response)[0])
    document = {"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn}
    document["Policy"] = json.loads(response.body)["Policy"]
    shelf(response.backup_backend, "policies")[vault.backup_vault_name] = document
    return "{}"


@_provide("get_backup_vault_access_policy")
def _policy(response: BackupResponse) -> str:
    return json.dumps(take_json(response.backup_backend, "policies", _parts(response)[0]))


@_provide("delete_backup_vault_access_policy")
def _drop_policy(response: BackupResponse) -> str:
    shelf(response.backup_backend, "policies").pop(_parts(response)[0], None)
    return "{}"


def _plan_arn(response: BackupResponse, name: str) -> str:
    return f"arn:{response.partition}:backup:{response.region}:{response.current_account}:restore-testing-plan:{name}"


@_provide("create_restore_testing_plan")
def _create_test(response: BackupResponse) -> str:
    given = json.loads(response.body)
    name = given["RestoreTestingPlan"]["RestoreTestingPlanName"]
    made = {"RestoreTestingPlanArn": _plan_arn(response, name), "RestoreTestingPlanName": name, "CreationTime": _now()}
    shelf(response.backup_backend, "restore tests")[name] = {**given["RestoreTestingPlan"], **made}
    response.backup_backend.tag_resource(made["RestoreTestingPlanArn"], given.get("Tags") or {})
    return json.dumps(made)


@_provide("get_restore_testing_plan")
def _test(response: BackupResponse) -> str:
    found = take_json(response.backup_backend, "restore tests", _parts(response)[1])
    return json.dumps({"RestoreTestingPlan": found})


@_provide("describe_region_settings")
def _settings(response: BackupResponse) -> str:
    held = shelf(response.backup_backend, "settings").get("kinds", {})
    # Whoever begins to use AWS Backup in a Region has it switched on for every kind.
    return json.dumps({"ResourceTypeOptInPreference": {**dict.fromkeys(_KINDS, True), **held}})


@_provide("update_region_settings")
def _change_settings(response: BackupResponse) -> str:
    kinds = shelf(response.backup_backend, "settings").setdefault("kinds", {})
    kinds.update(json.loads(response.body).get("ResourceTypeOptInPreference", {}))
    return "{}"


@_provide("list_restore_testing_plans")
def _tests(response: BackupResponse) -> str:
    return json.dumps({"RestoreTestingPlans": [*shelf(response.backup_backend, "restore tests").values()]})


@_provide("update_restore_testing_plan")
def _update_test(response: BackupResponse) -> str:
    held = take_json(response.backup_backend, "restore tests", _parts(response)[1])
    held |= json.loads(response.body)["RestoreTestingPlan"]
    named = {name: held[name] for name in ("RestoreTestingPlanArn", "RestoreTestingPlanName", "CreationTime")}
    return json.dumps({**named, "UpdateTime": _now()})


@_provide("delete_restore_testing_plan")
def _delete_test(response: BackupResponse) -> str:
    shelf(response.backup_backend, "restore tests").pop(_parts(response)[1], None)
    return "{}"


@_provide("create_restore_testing_selection")
def _create_tested(response: BackupResponse) -> str:
    plan = take_json(response.backup_backend, "restore tests", _parts(response)[1])
    given = json.loads(response.body)["RestoreTestingSelection"]
    named = {name: plan[name] for name in ("RestoreTestingPlanArn", "RestoreTestingPlanName")}
    made = {**named, "RestoreTestingSelectionName": given["RestoreTestingSelectionName"], "CreationTime": _now()}
    key = f"{plan['RestoreTestingPlanName']}/{given['RestoreTestingSelectionName']}"
    shelf(response.backup_backend, "restore tested")[key] = {**given, **made}
    return json.dumps(made)


def _tested_key(response: BackupResponse) -> str:
    return "/".join(_parts(response)[1:4:2])


@_provide("get_restore_testing_selection")
def _tested(response: BackupResponse) -> str:
    found = take_json(response.backup_backend, "restore tested", _tested_key(response))
    return json.dumps({"RestoreTestingSelection": found})


@_provide("list_restore_testing_selections")
def _all_tested(response: BackupResponse) -> str:
    plan = _parts(response)[1]
    held = shelf(response.backup_backend, "restore tested").values()
    listed = [each for each in held if each["RestoreTestingPlanName"] == plan]
    return json.dumps({"RestoreTestingSelections": listed})


@_provide("update_restore_testing_selection")
def _update_tested(response: BackupResponse) -> str:
    held = take_json(response.backup_backend, "restore tested", _tested_key(response))
    held |= json.loads(response.body)["RestoreTestingSelection"]
    names = ("RestoreTestingPlanArn", "RestoreTestingPlanName", "RestoreTestingSelectionName", "CreationTime")
    return json.dumps({**{name: held[name] for name in names}, "UpdateTime": _now()})


@_provide("delete_restore_testing_selection")
def _delete_tested(response: BackupResponse) -> str:
    shelf(response.backup_backend, "restore tested").pop(_tested_key(response), None)
    return "{}"
