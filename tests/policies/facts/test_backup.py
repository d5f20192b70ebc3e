"""Vaults, plans, what they choose, and what is restored on trial."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.graph import Graph, Kind, Resource
from policies.facts.backup.choices import all_of, any_of
from policies.facts.backup.plans import (
    BackupCopy,
    BackupPlan,
    BackupRule,
    CopiedPlan,
    CopiedRule,
    backup_plan_from_graph,
    copied_plan_from_graph,
)
from policies.facts.backup.restore_tests import RestoreTest, TriedPlan, tried_plan_from_graph
from policies.facts.backup.selections import chooses
from policies.facts.backup.stores import BackedUpStore, backed_up_store_from_graph
from policies.facts.backup.vaults import (
    LockedVault,
    VaultEncryption,
    VaultLock,
    guarded_vault_from_graph,
    locked_vault_from_graph,
    vault_encryption_from_graph,
)
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from policies.facts.schedules import longest_wait_days, longest_wait_hours
from tests.policies.graphs import CLUSTER, KEY, graph, resource

VAULT: Final = "aws:backup/vault:Vault"
LOCK: Final = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
POLICY: Final = "aws:backup/vaultPolicy:VaultPolicy"
PLAN: Final = "aws:backup/plan:Plan"
SELECTION: Final = "aws:backup/selection:Selection"
TABLE: Final = "aws:dynamodb/table:Table"
FILES: Final = "aws:efs/fileSystem:FileSystem"
TRIAL: Final = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
TRIED: Final = "aws:backup/restoreTestingSelection:RestoreTestingSelection"

MAIN: Final = resource(VAULT, "main", {"name": "ledger"}, outputs={"name": "ledger"}, id="ledger")
OTHER: Final = resource(VAULT, "other", {"name": "copies"}, outputs={"name": "copies"}, id="copies")
DENY: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}
)


def lock(name: str, vault: Any, **inputs: Any) -> Resource:
    """Return a lock."""
    return resource(LOCK, name, {"backupVaultName": vault, **inputs})


def test_key_of_a_vault() -> None:
    """A key of the stack, the key that AWS manages, and none."""
    key = resource(KEY, "key", outputs={"arn": "arn:aws:kms:eu-west-1:111122223333:key/k"}, id="k")
    vault = replace(MAIN, inputs={"name": "ledger", "kmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k"})
    own = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
    assert vault_encryption_from_graph(graph(vault, key), vault) == VaultEncryption(region="eu-west-1", kms_key=own)
    assert vault_encryption_from_graph(graph(MAIN), MAIN) == VaultEncryption(region="eu-west-1")
    later = replace(MAIN, inputs={"kmsKeyArn": UNKNOWN})
    assert vault_encryption_from_graph(graph(later), later).kms_key == UNKNOWN


def test_lock_of_a_vault() -> None:
    """Its own lock counts, that of another vault does not; of two each does; a look-up shows no content."""
    own, others = lock("a", "ledger", minRetentionDays=30, changeableForDays=3), lock("b", "copies")
    locked = VaultLock(min_retention_days=30, changeable_for_days=3)
    assert locked_vault_from_graph(graph(MAIN, OTHER, own, others), MAIN) == LockedVault(certain=(locked,))
    two = graph(MAIN, own, lock("c", "ledger", changeableForDays=0))
    assert locked_vault_from_graph(two, MAIN).certain == (locked, VaultLock())
    assert locked_vault_from_graph(graph(MAIN, lock("d", UNKNOWN)), MAIN) == LockedVault(possible=(VaultLock(),))
    looked_up = replace(own, kind=Kind.READ)
    assert locked_vault_from_graph(graph(MAIN, looked_up), MAIN) == LockedVault(looked_up=True)


def test_guard_of_a_vault() -> None:
    """Policies as companions, malformed ones with the reason, and how many locks there are."""
    own = resource(POLICY, "own", {"backupVaultName": "ledger", "policy": DENY})
    broken = resource(POLICY, "broken", {"backupVaultName": "ledger", "policy": "no JSON"})
    vault = replace(MAIN, outputs={**MAIN.outputs, "arn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:ledger"})
    found = guarded_vault_from_graph(graph(vault, own, broken, replace(lock("a", "ledger"), kind=Kind.READ)), vault)
    assert (found.locks, found.possible_locks, found.arn) == (1, 0, vault.outputs["arn"])
    assert [bool(each.malformed) for each in found.certain] == [False, True]
    assert guarded_vault_from_graph(graph(MAIN), MAIN).arn == UNKNOWN


def plan(*rules: dict[str, Any], **fields: Any) -> Resource:
    """Return a plan."""
    return resource(PLAN, "daily", {"rules": list(rules)}, **fields)


def test_rules_of_a_plan() -> None:
    """Defaults where a rule says nothing; outputs hold 0 where nothing ends a recovery point."""
    long = {"schedule": "rate(1 day)", "lifecycle": {"deleteAfter": 35.0}, "enableContinuousBackup": True}
    subject = plan({}, long, {"lifecycle": [{"deleteAfter": 0}]}, {"lifecycle": UNKNOWN})
    assert backup_plan_from_graph(graph(subject), subject) == BackupPlan(
        rules=(
            BackupRule(),
            BackupRule(schedule="rate(1 day)", continuous=True, delete_after_days=35),
            BackupRule(),
            BackupRule(delete_after_days=UNKNOWN),
        )
    )
    outputs = replace(subject, inputs={}, outputs=subject.inputs)
    assert backup_plan_from_graph(graph(outputs), outputs) == backup_plan_from_graph(graph(subject), subject)
    assert backup_plan_from_graph(graph(), replace(subject, inputs={"rules": UNKNOWN})).rules == UNKNOWN


def test_copies_of_a_plan() -> None:
    """The ARN tells the Region; while it is unknown, the vault that it comes from does."""
    there = resource(VAULT, "there", {"region": "us-west-2"})
    actions: list[dict[str, Any]] = [{"destinationVaultArn": "arn:aws:backup:us-east-1:111122223333:backup-vault:x"}]
    actions += [{"destinationVaultArn": UNKNOWN, "lifecycle": {"deleteAfter": 30}}]
    subject = plan({"ruleName": "daily", "copyActions": actions}, property_dependencies={"rules": (there.urn,)})
    copies = (BackupCopy(region="us-east-1"), BackupCopy(region="us-west-2", delete_after_days=30))
    assert copied_plan_from_graph(graph(subject, there), subject) == CopiedPlan(
        region="eu-west-1", rules=(CopiedRule(name="daily", copies=copies),)
    )


ARN: Final = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
STORE: Final = resource(
    TABLE,
    "orders",
    {"name": "orders", "tags": {"Backup": "daily"}},
    outputs={"arn": ARN, "name": "orders"},
    id="orders",
)
DAILY: Final = plan({}, id="p1", outputs={"arn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:p1"})


def selection(**inputs: Any) -> Resource:
    """Return a selection of the plan."""
    return resource(SELECTION, "stores", {"planId": "p1", **inputs})


TAG: Final = {"type": "STRINGEQUALS", "key": "Backup", "value": "daily"}
KEYED: Final = {"key": "aws:ResourceTag/Backup", "value": "daily"}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, True),
        ({"resources": [ARN]}, True),
        ({"resources": ["*"]}, True),
        ({"resources": ["arn:aws:dynamodb:*:*:table/*"]}, True),
        ({"resources": ["arn:aws:dynamodb:*:*:table/other*"]}, False),
        ({"resources": ["arn:aws:dynamodb:eu-west-1:111122223333:table/others"]}, False),
        ({"resources": [UNKNOWN]}, UNKNOWN),
        ({"resources": [UNKNOWN, ARN]}, True),
        ({"resources": ["*"], "notResources": [ARN]}, False),
        ({"resources": ["*"], "notResources": ["arn:aws:rds:*:*:cluster:*"]}, True),
        ({"resources": ["*"], "notResources": UNKNOWN}, UNKNOWN),
        ({"selectionTags": [TAG]}, True),
        ({"selectionTags": [{**TAG, "value": "weekly"}]}, False),
        ({"selectionTags": [{**TAG, "value": "weekly"}, TAG]}, True),
        ({"selectionTags": [{**TAG, "key": "backup"}]}, False),
        ({"selectionTags": [{**TAG, "value": UNKNOWN}]}, UNKNOWN),
        ({"resources": [ARN], "selectionTags": [TAG]}, True),
        ({"resources": [ARN], "selectionTags": [{**TAG, "value": "weekly"}]}, UNKNOWN),
        ({"conditions": [{"stringEquals": [KEYED]}]}, True),
        ({"conditions": [{"stringEquals": [KEYED, {**KEYED, "key": "aws:ResourceTag/Owner"}]}]}, False),
        ({"conditions": [{"stringLikes": [{**KEYED, "value": "da*"}]}]}, True),
        ({"conditions": [{"stringNotEquals": [KEYED]}]}, False),
        ({"conditions": [{"stringNotLikes": [{**KEYED, "value": "week*"}]}]}, True),
        ({"conditions": [{"stringNotEquals": [{**KEYED, "key": "aws:ResourceTag/Owner"}]}]}, UNKNOWN),
        ({"conditions": UNKNOWN}, UNKNOWN),
        ({"region": "us-east-1"}, False),
        ({"region": UNKNOWN}, UNKNOWN),
    ],
)
def test_what_a_selection_chooses(inputs: dict[str, Any], expected: object) -> None:
    """By ARN, by pattern, by tags, and only in its own Region."""
    assert chooses(graph(STORE, DAILY, selection(**inputs)), selection(**inputs), STORE) == expected


def chosen(*others: Resource, store: Resource = STORE) -> Any:
    """Return whether a store is backed up in a stack."""
    return backed_up_store_from_graph(graph(store, *others), store).chosen


def test_a_selection_counts_with_its_plan() -> None:
    """A plan of another stack may have no rules; a plan is known by its id, also inside its ARN."""
    assert backed_up_store_from_graph(graph(STORE), STORE) == BackedUpStore()
    assert chosen(DAILY, selection()) is True
    assert chosen(replace(DAILY, id=""), selection()) is True
    assert chosen(selection()) == UNKNOWN
    assert chosen(replace(DAILY, kind=Kind.READ), selection()) == UNKNOWN
    assert chosen(DAILY, replace(selection(), kind=Kind.READ)) is False
    by_dependency = replace(selection(), inputs={"planId": UNKNOWN}, property_dependencies={"planId": (DAILY.urn,)})
    assert chosen(DAILY, by_dependency) is True


def test_unknown_arns_are_those_of_what_they_come_from() -> None:
    """In a preview of a create a selection names stores by its dependencies only."""
    bare = replace(STORE, outputs={}, id="")
    other = resource(CLUSTER, "books", {})
    depends = {"planId": (DAILY.urn,), "resources": (bare.urn,)}
    named = replace(selection(planId=UNKNOWN, resources=[UNKNOWN]), property_dependencies=depends)
    assert chosen(DAILY, named, other, store=bare) is True
    elsewhere = replace(named, property_dependencies={**depends, "resources": (other.urn,)})
    assert chosen(DAILY, elsewhere, other, store=bare) is False


def test_automatic_backups_of_a_file_system() -> None:
    """The policy of this file system, switched on."""
    files = resource(FILES, "files", {}, outputs={"arn": "arn:aws:elasticfilesystem:eu-west-1:1:file-system/fs-1"})
    policy = resource(
        "aws:efs/backupPolicy:BackupPolicy", "p", {"fileSystemId": "fs-1", "backupPolicy": {"status": "ENABLED"}}
    )
    assert chosen(policy, store=files) is True
    assert chosen(replace(policy, inputs={**policy.inputs, "fileSystemId": "fs-2"}), store=files) is False
    assert (
        chosen(replace(policy, inputs={**policy.inputs, "backupPolicy": {"status": "DISABLED"}}), store=files) is False
    )
    assert chosen(replace(policy, kind=Kind.READ), store=files) == UNKNOWN


ANSWERS: Final = st.lists(st.sampled_from([True, False, UNKNOWN]))


@given(ANSWERS)
def test_answers_are_combined_as_a_third_value_asks(answers: list[Any]) -> None:
    """Whatever the unknown ones turn out to be, a plain answer holds."""
    for guess in (True, False):
        decided = [guess if each == UNKNOWN else each for each in answers]
        assert any_of(answers) in (any(decided), UNKNOWN)
        assert all_of(*answers) in (all(decided), UNKNOWN)


def trials(*others: Resource) -> Graph:
    """Return a stack with an Aurora cluster, a table and a plan that chooses both."""
    cluster = resource(CLUSTER, "books", {"engine": "aurora-postgresql"}, outputs={"arn": "arn:aws:rds:x:1:cluster:b"})
    return graph(STORE, cluster, DAILY, selection(), *others)


def test_trials_of_a_plan() -> None:
    """Aurora is a kind of its own; a trial belongs to the plan that it names, in the same Region."""
    trial = resource(TRIAL, "weekly", {"name": "weekly", "scheduleExpression": "rate(7 days)"}, id="weekly")
    tried = resource(TRIED, "a", {"restoreTestingPlanName": "weekly", "protectedResourceType": "Aurora"})
    test = RestoreTest(kind="Aurora", schedule="rate(7 days)")
    kinds = ("DynamoDB", "Aurora")
    assert tried_plan_from_graph(trials(trial, tried), DAILY) == TriedPlan(kinds=kinds, tests=(test,))
    other = replace(tried, inputs={**tried.inputs, "restoreTestingPlanName": "monthly"})
    assert tried_plan_from_graph(trials(trial, other), DAILY).tests == ()
    away = replace(trial, inputs={**trial.inputs, "region": "us-east-1"})
    assert tried_plan_from_graph(trials(away, tried), DAILY).tests == ()
    later = replace(tried, inputs={**tried.inputs, "restoreTestingPlanName": UNKNOWN})
    assert tried_plan_from_graph(trials(trial, later), DAILY).tests == (UNKNOWN,)
    assert tried_plan_from_graph(graph(DAILY, STORE), DAILY) == TriedPlan()


@given(st.integers(0, 23), st.integers(1, 12), st.integers(0, 59))
def test_hours_of_a_schedule_agree_with_its_days(start: int, step: int, minute: int) -> None:
    """No two moments are further apart than the days say, and a step of hours within a day is found."""
    expression = f"cron({minute} {start}/{step} * * ? *)"
    hours, days = longest_wait_hours(expression), longest_wait_days(expression)

    assert days == 1
    assert hours is not None
    assert step <= hours <= 24 or hours == 24
