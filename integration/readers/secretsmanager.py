"""Reads secrets: their keys, their copies, and when they were rotated."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from integration.readers.held_policies import allowed
from integration.readers.keys import key_use
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.copies import RESIDENCY, Copies
from policies.facts.resource_policies import ResourcePolicy
from policies.facts.schedules import longest_wait_days
from policies.facts.secrets import CLASS_TAG, RotatedSecret, Rotation, SecretReplica, StoredSecret

_SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token
_SECRETS: Final = Paging("NextToken", ("SecretList",))
_FACTS: Final = (Copies, ResourcePolicy, RotatedSecret, StoredSecret)


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in _FACTS if each in wanted)
    subject = Subject(place.arn("secretsmanager", "secret:*"), _SECRET, place)
    yield Task(subject, facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_SECRETS, desk.aws.secretsmanager.list_secrets):
        for each in page["SecretList"]:
            # A copy is read where it is copied from.
            if each.get("PrimaryRegion", place.region) == place.region:
                subject = Subject(each["ARN"], _SECRET, place)
                for fact in facts:
                    yield Task(subject, (fact,), partial(_READ[fact], subject))


def _described(subject: Subject, desk: Desk) -> Mapping[str, Any]:
    found = desk.one(desk.aws.secretsmanager.describe_secret, SecretId=subject.arn)
    if found["ARN"] != subject.arn:
        raise ValueError("the answer is about another secret")
    return found


def _read_stored(subject: Subject, desk: Desk) -> Iterator[Observed]:
    found = _described(subject, desk)
    failures: list[Failure] = []
    fact = StoredSecret(
        region=subject.place.region,
        kms_key_id=key_use(desk, found.get("KmsKeyId"), failures),
        replicas=tuple(_replica(desk, each, failures) for each in found.get("ReplicationStatus", ())),
    )
    yield Observed(subject, fact, failures=tuple(failures))


def _replica(desk: Desk, item: Mapping[str, Any], failures: list[Failure]) -> SecretReplica:
    region = item["Region"]
    there = desk.elsewhere(region)
    return SecretReplica(region=region, kms_key_id=key_use(there, item.get("KmsKeyId"), failures))


def _read_copies(subject: Subject, desk: Desk) -> Iterator[Observed]:
    found = _described(subject, desk)
    tags = {each["Key"]: each.get("Value", "") for each in found.get("Tags", ())}
    fact = Copies(
        name=found["Name"],
        residency=tags.get(RESIDENCY, ""),
        home=subject.place.region,
        regions=tuple(each["Region"] for each in found.get("ReplicationStatus", ())),
    )
    yield Observed(subject, fact)


def _read_rotated(subject: Subject, desk: Desk) -> Iterator[Observed]:
    found = _described(subject, desk)
    tags = {each["Key"]: each.get("Value", "") for each in found.get("Tags", ())}
    last = found.get("LastRotatedDate") or found["CreatedDate"]
    fact = RotatedSecret(
        class_tag=tags.get(CLASS_TAG, ""),
        owned=bool(found.get("OwningService")),
        rotations=(_rotation(found["RotationRules"]),) if found.get("RotationEnabled") else (),
        days_since_rotation=(desk.now - datetime.fromisoformat(str(last))).days,
    )
    yield Observed(subject, fact)


def _rotation(rules: Mapping[str, Any]) -> Rotation:
    days = rules.get("AutomaticallyAfterDays")
    return Rotation(longest_days=longest_wait_days(rules["ScheduleExpression"]) if days is None else int(days))


def _read_policy(subject: Subject, desk: Desk) -> Iterator[Observed]:
    found = desk.one(desk.aws.secretsmanager.get_resource_policy, SecretId=subject.arn)
    if found["ARN"] != subject.arn:
        raise ValueError("the answer is about another secret")
    # A secret without a policy lets in its own account.
    yield Observed(subject, allowed(found.get("ResourcePolicy")))


_READ: Final = {
    Copies: _read_copies,
    ResourcePolicy: _read_policy,
    RotatedSecret: _read_rotated,
    StoredSecret: _read_stored,
}
_CALLS: Final = ("secretsmanager:DescribeSecret", "secretsmanager:ListSecrets")

READING: Final = Reading(
    service="secretsmanager",
    regional=True,
    gives={
        Copies: _CALLS,
        ResourcePolicy: ("secretsmanager:GetResourcePolicy", "secretsmanager:ListSecrets"),
        RotatedSecret: _CALLS,
        StoredSecret: ("kms:DescribeKey", *_CALLS),
    },
    begin=_begin,
    parts={(ResourcePolicy, "aws:secretsmanager/secretPolicy:SecretPolicy"): ("secretArn",)},
)
