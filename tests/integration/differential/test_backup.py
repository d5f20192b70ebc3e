"""AWS Backup: what the controls say of vaults, plans and stores of a program, they say of the account."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from policies.settings import Settings
from policies.vocabulary import EnvironmentClass
from tests.integration.differential.cases import Case, Difference, check, check_differences
from tests.integration.estate import ACCOUNT
from tests.integration.programs_as_data import Wanted, in_sandbox, ref

_VAULT: Final = "aws:backup/vault:Vault"
_PLAN: Final = "aws:backup/plan:Plan"
_ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/ledger-backup"
_FAR: Final = f"arn:aws:backup:us-west-2:{ACCOUNT}:backup-vault:far"
_NEAR: Final = f"arn:aws:backup:us-east-1:{ACCOUNT}:backup-vault:near"
SETTINGS: Final = Settings(
    account_id=ACCOUNT,
    environment_class=EnvironmentClass.PROD,
    recovery_point_roles=("ledger-backup",),
    system="payments",
)
KEYS: Final = (Wanted("aws:kms/key:Key", "key", {}),)


def vault(name: str, **properties: Any) -> Wanted:
    """Return a vault."""
    return Wanted(_VAULT, name, {"name": name, **properties})


def lock(of: str, **days: int) -> Wanted:
    """Return the lock of a vault."""
    kind = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
    return Wanted(kind, f"{of}-lock", {"backupVaultName": ref(of, "name"), **days})


_GUARDED: Final = ("DeleteRecoveryPoint", "UpdateRecoveryPointLifecycle", "PutBackupVaultAccessPolicy")


def policy(of: str, *actions: str, **statement: Any) -> Wanted:
    """Return a policy of a vault that denies these actions."""
    denied = {"Effect": "Deny", "Principal": "*", "Action": [f"backup:{each}" for each in actions], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [{**denied, **statement}]})
    kind = "aws:backup/vaultPolicy:VaultPolicy"
    return Wanted(kind, f"{of}-policy", {"backupVaultName": ref(of, "name"), "policy": document})


def _sparing(*arns: str) -> Mapping[str, Any]:
    return {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": [*arns]}}}


VAULTS: Final = (
    Case("a customer's key", (vault("own-key", kmsKeyArn=ref("key", "arn")),), {"LG-ENC-14": "pass"}),
    Case("no key", (vault("no-key"),), {"LG-ENC-14": "fail"}),
    Case(
        "locked",
        (vault("locked"), lock("locked", minRetentionDays=30, changeableForDays=3)),
        {"LG-RET-08": "pass", "LG-DR-05": "pass"},
    ),
    Case("not locked", (vault("open"),), {"LG-RET-08": "fail", "LG-DR-05": "fail"}),
    Case("can be lifted", (vault("lifted"), lock("lifted", minRetentionDays=30)), {"LG-RET-08": "fail"}),
    Case("any time", (vault("any"), lock("any", changeableForDays=3)), {"LG-RET-08": "fail"}),
    Case("too short", (vault("short"), lock("short", minRetentionDays=7, changeableForDays=3)), {"LG-RET-08": "fail"}),
    Case("denied to everybody", (vault("denied"), policy("denied", *_GUARDED)), {"LG-DR-05": "pass"}),
    Case("to all but one", (vault("spared"), policy("spared", *_GUARDED, **_sparing(_ROLE))), {"LG-DR-05": "pass"}),
    Case(
        "to all but others",
        (vault("others"), policy("others", *_GUARDED, **_sparing(_ROLE + "s"))),
        {"LG-DR-05": "fail"},
    ),
    Case("can be replaced", (vault("replaced"), policy("replaced", *_GUARDED[:2])), {"LG-DR-05": "fail"}),
    Case(
        "of another vault",
        (vault("another"), vault("denied-too"), policy("denied-too", *_GUARDED)),
        {"LG-DR-05": "fail"},
    ),
)


def plan(name: str, *rules: Mapping[str, Any]) -> Wanted:
    """Return a plan."""
    listed = [{"ruleName": f"rule-{number}", "targetVaultName": "vault", **each} for number, each in enumerate(rules)]
    return Wanted(_PLAN, name, {"name": name, "rules": listed})


def _copy(where: str, **lifecycle: int) -> dict[str, Any]:
    return {"destinationVaultArn": where, **({"lifecycle": lifecycle} if lifecycle else {})}


def _daily(*copies: Mapping[str, Any], **rule: Any) -> dict[str, Any]:
    made = {"schedule": "cron(0 3 * * ? *)", "lifecycle": {"deleteAfter": 30}, **rule}
    return {**made, **({"copyActions": [*copies]} if copies else {})}


_FOR_A_MONTH: Final = _copy(_FAR, deleteAfter=30)
PLANS: Final = (
    Case("daily, copied", (plan("daily", _daily(_FOR_A_MONTH)),), {"LG-RET-07": "pass", "LG-DR-04": "pass"}),
    Case(
        "by default, for good",
        (plan("default", {"copyActions": [_copy(_FAR)]}),),
        {"LG-RET-07": "pass", "LG-DR-04": "pass"},
    ),
    Case("not copied", (plan("alone", _daily()),), {"LG-DR-04": "fail"}),
    Case("copied near", (plan("near", _daily(_copy(_NEAR, deleteAfter=30))),), {"LG-DR-04": "fail"}),
    Case("one of two copies", (plan("two", _daily(_copy(_NEAR), _FOR_A_MONTH)),), {"LG-DR-04": "pass"}),
    Case("one of two rules", (plan("half", _daily(_FOR_A_MONTH), _daily()),), {"LG-DR-04": "fail"}),
    Case("copied for a week", (plan("week", _daily(_copy(_FAR, deleteAfter=7))),), {"LG-DR-04": "fail"}),
    Case("weekly", (plan("weekly", _daily(_FOR_A_MONTH, schedule="cron(0 3 ? * SUN *)")),), {"LG-RET-07": "fail"}),
    Case("kept for a week", (plan("kept", _daily(_FOR_A_MONTH, lifecycle={"deleteAfter": 7})),), {"LG-RET-07": "fail"}),
    Case(
        "continuous",
        (plan("continuous", _daily(_FOR_A_MONTH, enableContinuousBackup=True, lifecycle={"deleteAfter": 35})),),
        {"LG-RET-07": "pass"},
    ),
    Case(
        "continuous for good",
        (plan("endless", _daily(_FOR_A_MONTH, enableContinuousBackup=True, lifecycle={})),),
        {"LG-RET-07": "fail"},
    ),
)


def table(name: str, **properties: Any) -> Wanted:
    """Return a table."""
    made = {"name": name, "billingMode": "PAY_PER_REQUEST", "hashKey": "id"}
    keys = {"attributes": [{"name": "id", "type": "S"}]}
    return Wanted("aws:dynamodb/table:Table", name, {**made, **keys, **properties})


def cluster(name: str, **properties: Any) -> Wanted:
    """Return an Aurora cluster."""
    made = {"clusterIdentifier": name, "engine": "aurora-postgresql", "skipFinalSnapshot": True}
    login = {"masterUsername": "owner", "manageMasterUserPassword": True}
    return Wanted("aws:rds/cluster:Cluster", name, {**made, **login, **properties})


def instance(name: str, **properties: Any) -> Wanted:
    """Return an instance of its own."""
    made = {"identifier": name, "engine": "postgres", "skipFinalSnapshot": True, "instanceClass": "db.t3.micro"}
    login = {"username": "owner", "manageMasterUserPassword": True, "allocatedStorage": 20}
    return Wanted("aws:rds/instance:Instance", name, {**made, **login, **properties})


def selection(name: str, of: str, **chosen: Any) -> Wanted:
    """Return a selection of a plan."""
    properties = {"name": name, "planId": ref(of), "iamRoleArn": _ROLE, **chosen}
    return Wanted("aws:backup/selection:Selection", name, properties)


def _tag(value: str, prefix: str = "") -> list[dict[str, str]]:
    return [{"key": f"{prefix}Backup", "value": value}]


_OF_TAG: Final = "aws:ResourceTag/"
SELECTIONS: Final = (
    plan("chooser", _daily()),
    selection("by-arn", "chooser", resources=[ref("named", "arn"), "arn:aws:dynamodb:*:*:table/like-*"]),
    selection("by-tag", "chooser", selectionTags=[{"type": "STRINGEQUALS", **_tag("daily")[0]}]),
    selection(
        "by-condition",
        "chooser",
        resources=["arn:aws:rds:*"],
        notResources=["arn:aws:rds:*:*:*:not-*"],
        conditions=[
            {"stringLikes": _tag("week*", _OF_TAG), "stringNotEquals": _tag("weekend", _OF_TAG)},
        ],
    ),
)
FILES: Final = "aws:efs/fileSystem:FileSystem"


def _automatic(of: str, status: str) -> Wanted:
    properties = {"fileSystemId": ref(of), "backupPolicy": {"status": status}}
    return Wanted("aws:efs/backupPolicy:BackupPolicy", f"{of}-policy", properties)


_STORES: Final = (
    Case("files", (Wanted(FILES, "files", {"creationToken": "files"}),), {"LG-DR-03": "fail"}),
    Case(
        "files that are backed up by themselves",
        (Wanted(FILES, "automatic", {"creationToken": "automatic"}), _automatic("automatic", "ENABLED")),
        {"LG-DR-03": "pass"},
    ),
    Case(
        "files that are not any more",
        (Wanted(FILES, "off", {"creationToken": "off"}), _automatic("off", "DISABLED")),
        {"LG-DR-03": "fail"},
    ),
    Case("by ARN", (table("named"),), {"LG-DR-03": "pass"}),
    Case("by a pattern", (table("like-this"),), {"LG-DR-03": "pass"}),
    Case("by a tag", (cluster("tagged", tags={"Backup": "daily"}),), {"LG-DR-03": "pass"}),
    Case("another tag", (table("other-tag", tags={"Backup": "never"}),), {"LG-DR-03": "fail"}),
    Case("nothing", (table("nobodys"),), {"LG-DR-03": "fail"}),
    Case("by a condition", (instance("weekly", tags={"Backup": "weekly"}),), {"LG-DR-03": "pass"}),
    Case("but for one", (instance("weekend", tags={"Backup": "weekend"}),), {"LG-DR-03": "fail"}),
    Case("excluded", (instance("not-this", tags={"Backup": "weekly"}),), {"LG-DR-03": "fail"}),
)


def test_vaults(tmp_path: Path) -> None:
    """Keys, locks and policies; a lock and a policy of another vault count for nothing."""
    check(tmp_path / "p", VAULTS, shared=KEYS, settings=SETTINGS)


def test_plans(tmp_path: Path) -> None:
    """How often, for how long, and where to."""
    check(tmp_path / "p", PLANS, settings=SETTINGS)


def test_stores(tmp_path: Path) -> None:
    """A plan chooses by ARNs, patterns, tags and conditions."""
    stores = [each for case in _STORES for each in case.wanted]
    with in_sandbox(tmp_path / "p", [*stores, *SELECTIONS], ("LG-DR-03",), SETTINGS) as both:
        twice = both.twice()
    assert twice.differences() == {}
    for case in _STORES:
        assert twice.said_of(case.wanted[0], "LG-DR-03") == {case.verdicts["LG-DR-03"]}, case.title


def _trial(schedule: str, *kinds: str) -> tuple[Wanted, ...]:
    points = {"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": ["*"], "recoveryPointTypes": ["SNAPSHOT"]}
    trial = Wanted(
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "trial",
        {"name": "trial", "recoveryPointSelection": points, "scheduleExpression": schedule},
    )
    made = {"iamRoleArn": _ROLE, "restoreTestingPlanName": ref("trial", "name"), "protectedResourceArns": ["*"]}
    kind = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
    return (trial, *(Wanted(kind, each, {**made, "name": each, "protectedResourceType": each}) for each in kinds))


def test_restore_tests(tmp_path: Path) -> None:
    """Each kind of store that a plan chooses is restored on trial, often enough."""
    stores = (cluster("aurora"), table("ledger"), instance("postgres"))
    chosen = (plan("daily", _daily()), selection("all", "daily", resources=["*"]))
    idle = plan("idle", _daily())
    every_week, twice_a_year = "cron(0 9 ? * SUN *)", "cron(0 9 1 1,7 ? *)"
    everything = ("Aurora", "DynamoDB", "RDS")
    for number, (trials, expected) in enumerate(
        (
            (_trial(every_week, *everything), "pass"),
            (_trial(every_week, *everything[:2]), "fail"),
            (_trial(twice_a_year, *everything), "fail"),
            ((), "fail"),
        )
    ):
        program = [*stores, *chosen, idle, *trials]
        with in_sandbox(tmp_path / str(number), program, ("LG-DR-21",), SETTINGS) as both:
            twice = both.twice()
        assert twice.differences() == {}
        assert twice.said_of(chosen[0], "LG-DR-21") == {expected}
        assert twice.said_of(idle, "LG-DR-21") == {"not_applicable"}


DIFFERENCES: Final = (
    Difference(
        "AWS Backup keeps one policy of a vault, and the last one wins; a program with two is judged by both",
        "LG-DR-05",
        (
            vault("two-policies"),
            policy("two-policies", *_GUARDED[:2]),
            Wanted("aws:backup/vaultPolicy:VaultPolicy", "last", policy("two-policies", *_GUARDED).properties),
        ),
        "fail",
        "pass",
    ),
)
"""One, which is AWS's."""


def test_known_differences(tmp_path: Path) -> None:
    """Program and account differ where it is written why."""
    check_differences(tmp_path / "p", DIFFERENCES, ("LG-DR-05",), settings=SETTINGS)
    assert len(DIFFERENCES) == 1
