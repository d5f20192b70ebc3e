"""Secrets with their rotations, keys and copies, and parameters."""

from dataclasses import replace
from typing import Any

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import Secret
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from policies.facts.secrets import (
    RotatedSecret,
    Rotation,
    SecretReplica,
    StoredParameter,
    StoredSecret,
    rotated_secret_from_graph,
    stored_parameter_from_graph,
    stored_secret_from_graph,
)
from tests.policies.graphs import KEY, graph, resource

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:card-AbCdEf"
CUSTOMER = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")


def secret(**inputs: Any) -> Resource:
    """Return a secret."""
    return resource("aws:secretsmanager/secret:Secret", "card", {"name": "card", **inputs}, id=SECRET_ARN)


def rotation(secret_id: Any = SECRET_ARN, name: str = "card", **inputs: Any) -> Resource:
    """Return a rotation."""
    return resource("aws:secretsmanager/secretRotation:SecretRotation", name, {"secretId": secret_id, **inputs})


def stored(subject: Resource, *others: Resource) -> StoredSecret:
    """Build a secret with its key and copies."""
    return stored_secret_from_graph(graph(subject, *others), subject)


def rotated(*others: Resource, subject: Resource | None = None) -> RotatedSecret:
    """Build a secret with its rotations."""
    found = subject or secret()
    return rotated_secret_from_graph(graph(found, *others), found)


def test_key_and_copies() -> None:
    """Each copy has a Region and a key of its own, or none."""
    subject = secret(kmsKeyId=KEY_ARN, replicas=[{"region": "us-east-1"}, {"region": UNKNOWN, "kmsKeyId": KEY_ARN}])

    assert stored(subject) == StoredSecret(
        region="eu-west-1",
        kms_key_id=CUSTOMER,
        replicas=(SecretReplica(region="us-east-1"), SecretReplica(region=UNKNOWN, kms_key_id=CUSTOMER)),
    )
    assert stored(secret()) == StoredSecret(region="eu-west-1")
    assert stored(secret(replicas=UNKNOWN)).replicas == UNKNOWN
    with pytest.raises(ValueError, match="replicas is no list"):
        stored(secret(replicas="us-east-1"))


def test_key_of_the_stack_in_a_copy() -> None:
    """A key whose ARN is not known yet is followed by what the property depends on."""
    key = resource(KEY, "key")
    subject = replace(
        secret(replicas=[{"region": "us-east-1", "kmsKeyId": UNKNOWN}]), property_dependencies={"replicas": (key.urn,)}
    )

    assert stored(subject, key).replicas == (SecretReplica(region="us-east-1", kms_key_id=CUSTOMER),)


def test_outputs_name_a_key_that_the_service_filled_in() -> None:
    """Only the account shows whose it is."""
    deployed = replace(secret(), inputs={}, outputs={"name": "card", "kmsKeyId": KEY_ARN})

    assert stored(deployed).kms_key_id == KeyUse(manager=KeyManager.UNSEEN, region="eu-west-1")


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"rotationRules": {"automaticallyAfterDays": 30}}, Rotation(longest_days=30)),
        ({"rotationRules": [{"automaticallyAfterDays": 30}]}, Rotation(longest_days=30)),
        ({"rotationRules": {"scheduleExpression": "rate(60 days)"}}, Rotation(longest_days=60)),
        ({"rotationRules": {"scheduleExpression": "sometimes"}}, Rotation(enabled=False)),
        ({"rotationRules": {"automaticallyAfterDays": UNKNOWN}}, Rotation(longest_days=UNKNOWN)),
        ({"rotationRules": {"scheduleExpression": UNKNOWN}}, Rotation(longest_days=UNKNOWN)),
        ({"rotationRules": UNKNOWN}, Rotation(longest_days=UNKNOWN)),
        ({"rotationEnabled": False}, Rotation(enabled=False)),
        ({}, Rotation(enabled=False)),
    ],
)
def test_rules_of_a_rotation(inputs: dict[str, Any], expected: Rotation) -> None:
    """Days or a schedule say how long it waits."""
    assert rotated(rotation(**inputs)).rotations == (expected,)


def test_rotations_of_a_secret() -> None:
    """By name, id or ARN; that of another secret does not count."""
    by_name = rotation("card", name="two", rotationRules={"automaticallyAfterDays": 7})
    by_arn = rotation(rotationRules={"automaticallyAfterDays": 30})
    foreign = rotation("other", name="other", rotationRules={"automaticallyAfterDays": 1})

    found = rotated(by_name, by_arn, foreign)
    assert found == RotatedSecret(rotations=(Rotation(longest_days=7), Rotation(longest_days=30)))
    assert rotated(rotation(UNKNOWN)) == RotatedSecret(maybe_rotated=True)
    assert rotated(replace(by_arn, kind=Kind.READ)) == RotatedSecret(rotation_read=True)


def test_class_of_a_secret() -> None:
    """The tag counts whether it is the secret's own or its provider's."""
    own = secret(tags={"SecretClass": "connection-details"})

    assert rotated(subject=own).class_tag == "connection-details"
    assert rotated(subject=secret(tagsAll={"SecretClass": "key"})).class_tag == "key"
    assert rotated(subject=secret(tags={"SecretClass": UNKNOWN})).class_tag == UNKNOWN
    assert rotated(subject=secret(tags=UNKNOWN)).class_tag == UNKNOWN


def parameter(**inputs: Any) -> StoredParameter:
    """Build a parameter."""
    subject = resource("aws:ssm/parameter:Parameter", "one", {"name": "/ledger/host", "type": "String", **inputs})
    return stored_parameter_from_graph(graph(subject), subject)


def test_parameters() -> None:
    """Its value is no part of the fact."""
    found = parameter(type="SecureString", keyId=KEY_ARN, value=Secret("hunter2"), tags={"SecretClass": "credential"})

    assert found == StoredParameter(name="/ledger/host", type="SecureString", class_tag="credential", key_id=CUSTOMER)
    assert "hunter2" not in repr(found)
    assert parameter(type=UNKNOWN).type == UNKNOWN
    assert parameter() == StoredParameter(name="/ledger/host", type="String")
