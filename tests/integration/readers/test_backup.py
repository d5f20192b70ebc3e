"""Vaults, plans and stores as AWS Backup describes them."""

import datetime as dt
from typing import Any

import pytest

from integration.readers import backup
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.backup.plans import BackupCopy, BackupPlan, BackupRule, CopiedPlan, CopiedRule
from policies.facts.backup.restore_tests import RestoreTest, TriedPlan
from policies.facts.backup.stores import BackedUpStore
from policies.facts.backup.vaults import GuardedVault, LockedVault, VaultLock
from policies.facts.properties import UNKNOWN
from tests.integration.scanning.lines import Answer, CannedLine, read

HERE = "arn:aws:backup:eu-west-1:111122223333:"
VAULT: dict[str, Any] = {
    "BackupVaultArn": HERE + "backup-vault:books",
    "BackupVaultName": "books",
    "Locked": False,
}
PLAN = {"BackupPlanArn": HERE + "backup-plan:1", "BackupPlanId": "1"}
FILES = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"
DENIED = Trouble(Cause.DENIED, "AccessDeniedException")

Answers = dict[str, Answer | list[Answer]]


def _answers(**changed: Answer | list[Answer]) -> CannedLine:
    selection = {"BackupSelection": {"Resources": ["*"], "Conditions": {}, "ListOfTags": []}}
    answers: Answers = {
        "ListBackupVaults": {"BackupVaultList": [VAULT]},
        "ListBackupPlans": {"BackupPlansList": [PLAN]},
        "GetBackupPlan": {"BackupPlan": {"Rules": []}},
        "ListBackupSelections": {"BackupSelectionsList": [{"SelectionId": "s"}]},
        "GetBackupSelection": selection,
        "DescribeRegionSettings": _switched(),
        "ListRestoreTestingPlans": {"RestoreTestingPlans": []},
        "ListTables": {"TableNames": []},
        "ListTagsOfResource": {"Tags": []},
        "DescribeFileSystems": {"FileSystems": []},
        "DescribeBackupPolicy": Trouble(Cause.REFUSED, "PolicyNotFound"),
        "DescribeDBClusters": {"DBClusters": []},
        "DescribeDBInstances": {"DBInstances": []},
    }
    return CannedLine({**answers, **changed})


def _switched(**kinds: bool) -> Answer:
    kinds = dict.fromkeys(("Aurora", "DynamoDB", "EFS", "RDS"), True) | kinds
    return {"ResourceTypeOptInPreference": kinds}


def _one(fact: type, **changed: Answer | list[Answer]) -> Any:
    (found,) = read(backup.READING, _answers(**changed), [fact])
    return found


def _vault(fact: type, changed: dict[str, Any], **answers: Answer | list[Answer]) -> Any:
    return _one(fact, ListBackupVaults={"BackupVaultList": [VAULT | changed]}, **answers)


def test_locks() -> None:
    """A lock that will be final says in how many days; one that is says none."""
    now = dt.datetime.now(dt.UTC)
    soon, past = (str(now + dt.timedelta(days=days)) for days in (2.5, -2.5))
    locked = {"Locked": True, "MinRetentionDays": 30}
    assert _vault(LockedVault, {}).fact == LockedVault()
    assert _vault(LockedVault, locked).fact == LockedVault(certain=(VaultLock(min_retention_days=30),))
    assert _vault(LockedVault, locked | {"LockDate": soon}).fact.certain[0].changeable_for_days == 2
    assert _vault(LockedVault, {"Locked": True, "LockDate": past}).fact.certain == (VaultLock(changeable_for_days=0),)


def test_policies() -> None:
    """No policy is none; one that nobody may read, or that is none, is undecided."""
    absent = Trouble(Cause.REFUSED, "ResourceNotFoundException")
    assert _vault(GuardedVault, {"Locked": True}, GetBackupVaultAccessPolicy=absent).fact == GuardedVault(
        arn=VAULT["BackupVaultArn"], locks=1
    )
    assert isinstance(_vault(GuardedVault, {}, GetBackupVaultAccessPolicy=DENIED), Unread)
    assert isinstance(_vault(GuardedVault, {}, GetBackupVaultAccessPolicy={"Policy": "{"}), Unread)


def _rules(fact: type, *rules: dict[str, Any]) -> Any:
    return _one(fact, GetBackupPlan={"BackupPlan": {"Rules": [*rules]}})


def test_rules() -> None:
    """What ends at an event, and a vault without an ARN, are open."""
    assert _rules(BackupPlan, {}).fact == BackupPlan(rules=(BackupRule(),))
    ends = {"ScheduleExpression": "rate(1 hour)", "Lifecycle": {"DeleteAfterEvent": "DELETE_AFTER_COPY"}}
    assert _rules(BackupPlan, ends).fact.rules == (BackupRule(schedule="rate(1 hour)", delete_after_days=UNKNOWN),)
    far = {"DestinationBackupVaultArn": "arn:aws:backup:us-west-2:1:backup-vault:far"}
    assert _rules(CopiedPlan, {"RuleName": "r", "CopyActions": [far]}).fact == CopiedPlan(
        region="eu-west-1", rules=(CopiedRule(name="r", copies=(BackupCopy(region="us-west-2"),)),)
    )
    broken = {"RuleName": "r", "CopyActions": [{"DestinationBackupVaultArn": "far"}]}
    assert isinstance(_rules(CopiedPlan, broken), Unread)


def test_a_store_of_every_kind() -> None:
    """Each list is read to its end; databases of other services and members of clusters are none."""
    database = {"Engine": "postgres", "DBInstanceArn": "arn:db"}
    line = _answers(
        ListTables=[{"TableNames": ["a"], "LastEvaluatedTableName": "a"}, {"TableNames": ["b"]}],
        DescribeFileSystems={"FileSystems": [{"FileSystemArn": FILES, "Tags": []}]},
        DescribeDBClusters={
            "DBClusters": [
                {"Engine": "aurora-mysql", "DBClusterArn": "arn:aurora"},
                {"Engine": "docdb", "DBClusterArn": "arn:docdb"},
            ]
        },
        DescribeDBInstances={"DBInstances": [database, {**database, "DBClusterIdentifier": "books"}]},
    )
    found = read(backup.READING, line, [BackedUpStore])
    tables = [f"arn:aws:dynamodb:eu-west-1:111122223333:table/{name}" for name in "ab"]
    assert {each.subject.arn for each in found} == {*tables, FILES, "arn:aurora", "arn:db"}
    assert {each.fact for each in found if isinstance(each, Observed)} == {BackedUpStore(chosen=True)}


@pytest.mark.parametrize(
    ("policy", "chosen"),
    [
        (Trouble(Cause.REFUSED, "PolicyNotFound"), False),
        ({"BackupPolicy": {"Status": "ENABLED"}}, True),
        ({"BackupPolicy": {"Status": "DISABLING"}}, False),
        ({}, None),
        (DENIED, None),
    ],
)
def test_automatic_backups_of_a_file_system(policy: Answer, chosen: bool | None) -> None:  # noqa: FBT001 - what a test expects
    """They count where no plan chooses it; None stands for an answer that decides nothing."""
    found = _one(
        BackedUpStore,
        DescribeFileSystems={"FileSystems": [{"FileSystemArn": FILES, "Tags": []}]},
        ListBackupPlans={"BackupPlansList": []},
        DescribeBackupPolicy=policy,
    )
    fact: Any = found.fact if isinstance(found, Observed) else None
    assert (fact.chosen if fact else None) is chosen


def test_kinds_that_are_switched_off() -> None:
    """Aurora is not backed up then; of others, and of a kind that is not told, nobody knows."""
    aurora = {"DBClusters": [{"Engine": "aurora-mysql", "DBClusterArn": "arn:aurora"}]}
    table: Answer = {"TableNames": ["a"]}
    off = _switched(Aurora=False, DynamoDB=False)
    untold: Answer = {"ResourceTypeOptInPreference": {}}
    assert _one(BackedUpStore, DescribeDBClusters=aurora, DescribeRegionSettings=off).fact.chosen is False
    assert _one(BackedUpStore, ListTables=table, DescribeRegionSettings=off).fact.chosen == UNKNOWN
    assert _one(BackedUpStore, DescribeDBClusters=aurora, DescribeRegionSettings=untold).fact.chosen == UNKNOWN
    assert isinstance(_one(BackedUpStore, ListTables=table, DescribeRegionSettings=DENIED), Unread)
    nothing: Answer = {"BackupPlansList": []}
    idle = _one(BackedUpStore, ListTables=table, ListBackupPlans=nothing, DescribeRegionSettings=DENIED)
    assert idle.fact.chosen is False


def test_arns_and_tags_that_disagree() -> None:
    """Nobody knows whether one of the two is enough."""
    tags = [{"ConditionKey": "Backup", "ConditionValue": "daily"}]
    found = _one(
        BackedUpStore,
        ListTables={"TableNames": ["a"]},
        GetBackupSelection={"BackupSelection": {"Resources": ["*"], "ListOfTags": tags}},
    )
    assert found.fact.chosen == UNKNOWN


def test_trials() -> None:
    """Selections of every testing plan count; without a store nothing has to be tried."""
    trials = [{"RestoreTestingPlanName": name, "ScheduleExpression": "rate(7 days)"} for name in "ab"]
    selections: list[Answer] = [
        {"RestoreTestingSelections": [{"ProtectedResourceType": kind}]} for kind in ("EFS", "Aurora")
    ]
    tested = tuple(RestoreTest(kind=kind, schedule="rate(7 days)") for kind in ("EFS", "Aurora"))
    line: Answers = {
        "ListRestoreTestingPlans": {"RestoreTestingPlans": trials},
        "ListRestoreTestingSelections": selections,
        "DescribeFileSystems": {"FileSystems": [{"FileSystemArn": FILES, "Tags": []}]},
    }
    assert _one(TriedPlan, **line).fact == TriedPlan(kinds=("EFS",), tests=tested)
    assert _one(TriedPlan).fact == TriedPlan()
    assert isinstance(_one(TriedPlan, DescribeFileSystems=DENIED), Unread)
