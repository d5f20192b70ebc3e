"""The keys of the payment system."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.recording import Changed, Recording

KEYS = ("database", "ecs", "s3", "logs", "edge", "alarms-us-east-1", "backup", "backup-copy")
CRYPTOGRAPHY = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt", "kms:CreateGrant")


def statements(recording: Recording, key: str) -> list[Mapping[str, Any]]:
    """Return the statements of the policy of one key."""
    (found,) = (k for k in recording.graph.of_type("aws:kms/key:Key") if k.name == key)
    policy = json.loads(found.inputs["policy"])
    assert policy["Version"] == "2012-10-17"
    return list(policy["Statement"])


def actions(statement: Mapping[str, Any]) -> list[str]:
    """Return the actions of a statement as a list."""
    given = statement["Action"]
    return [given] if isinstance(given, str) else list(given)


@pytest.mark.requirement("B-50")
@pytest.mark.requirement("B-51")
@pytest.mark.requirement("B-52")
def test_each_kind_of_data_has_a_key_that_rotates_yearly(payments: Recording) -> None:
    """Database, tasks, buckets, logs, edge, alarms and both vaults have a key; all rotate within 365 days."""
    keys = payments.graph.of_type("aws:kms/key:Key")

    assert {key.name for key in keys} == set(KEYS)
    assert {(key.inputs["enableKeyRotation"], key.inputs["rotationPeriodInDays"]) for key in keys} == {(True, 365)}


@pytest.mark.requirement("B-52")
def test_every_key_has_an_alias_with_the_suffix(prod: Recording) -> None:
    """People find each key by a name of the system's pattern."""
    aliases = {alias.inputs["name"]: alias.inputs["targetKeyId"] for alias in prod.graph.of_type("aws:kms/alias:Alias")}

    assert aliases == {f"alias/payment-{key.removesuffix('-us-east-1')}-lgprod": f"keyId/Key/{key}" for key in KEYS}


@pytest.mark.requirement("B-54")
@pytest.mark.parametrize("key", KEYS)
def test_administrators_cannot_decrypt(payments: Recording, key: str) -> None:
    """The administrative statement holds no action that encrypts, decrypts or hands on the right to."""
    administration, *_ = statements(payments, key)

    assert not [action for action in actions(administration) if action.startswith(CRYPTOGRAPHY) or "*" in action]


@pytest.mark.requirement("B-54")
@pytest.mark.parametrize("key", KEYS)
def test_administrators_keep_the_key_manageable(payments: Recording, key: str) -> None:
    """Whoever created the key can change its policy again, so it never locks its owner out."""
    administration, *_ = statements(payments, key)

    assert administration["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert "kms:PutKeyPolicy" in actions(administration)


@pytest.mark.requirement("B-54")
@pytest.mark.parametrize("key", KEYS)
def test_every_use_has_a_condition(payments: Recording, key: str) -> None:
    """Nobody uses a key without saying through which service, for which cluster or for which log group."""
    _, *uses = statements(payments, key)

    assert uses
    assert all(use["Condition"] for use in uses)


@pytest.mark.requirement("B-54")
@pytest.mark.parametrize(("key", "services"), [("database", ["rds", "secretsmanager"]), ("s3", ["s3"])])
def test_data_keys_work_through_their_service_only(payments: Recording, key: str, services: list[str]) -> None:
    """The keys of database and buckets answer the account through their services in this Region alone."""
    _, *others = statements(payments, key)
    uses = [use for use in others if "AWS" in use["Principal"]]
    hosts = [f"{service}.us-east-1.amazonaws.com" for service in services]

    assert [use["Condition"]["StringEquals"]["kms:ViaService"] for use in uses] == [hosts, hosts]


@pytest.mark.requirement("B-54")
@pytest.mark.parametrize("key", ["logs", "edge"])
def test_log_key_serves_the_groups_of_the_system(payments: Recording, key: str) -> None:
    """The log service may use the key for every log group of the stack, and for no group of another stack."""
    _, use = statements(payments, key)
    patterns = [
        arn.partition(":log-group:")[2] for arn in use["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    ]
    groups = [
        group.inputs["name"]
        for group in payments.graph.of_type("aws:cloudwatch/logGroup:LogGroup")
        if group.inputs["kmsKeyId"] == f"arn/Key/{key}"
    ]

    assert groups
    assert use["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert all(any(_covers(pattern, group) for pattern in patterns) for group in groups)
    assert not any(_covers(pattern, group.replace("-lg", "-other")) for pattern in patterns for group in groups)


def _covers(pattern: str, group: str) -> bool:
    before, _, after = pattern.partition("*")
    return group.startswith(before) and group.endswith(after) and len(group) >= len(before) + len(after)


@pytest.mark.requirement("B-51")
def test_fargate_uses_the_task_key_for_one_cluster(prod: Recording) -> None:
    """Fargate encrypts the storage of this system's cluster, not of any other in the account."""
    fargate = [use for use in statements(prod, "ecs") if use["Principal"] == {"Service": "fargate.amazonaws.com"}]

    assert [use["Condition"]["StringEquals"]["kms:EncryptionContext:aws:ecs:clusterName"] for use in fargate] == [
        "payment-cluster-lgprod",
        "payment-cluster-lgprod",
    ]


@pytest.mark.requirement("B-79")
def test_key_deletion_can_be_undone_as_long_as_the_stack_matters(changed: Changed) -> None:
    """A destroyable stack waits the seven days that AWS demands, any other stack thirty."""
    windows = [
        {
            key.inputs["deletionWindowInDays"]
            for key in changed(payments__destroyable=answer).graph.of_type("aws:kms/key:Key")
        }
        for answer in (True, False)
    ]

    assert windows == [{7}, {30}]
