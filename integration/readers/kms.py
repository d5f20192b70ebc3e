"""Reads keys of customers: tags, rotation, policies, and the Regions they are in. What a key protects is read there."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.copied_stores import STORE_CALLS, copied_stores_of
from integration.readers.held_policies import document
from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.copies import RESIDENCY, Copies
from policies.facts.kms_keys import CopiedKey, GuardedKey, KeyRotation
from policies.facts.tagging import Tagged

TYPE: Final = "aws:kms/key:Key"
_REPLICA: Final = "aws:kms/replicaKey:ReplicaKey"
TYPES: Final = frozenset(
    {
        TYPE,
        "aws:kms/externalKey:ExternalKey",
        "aws:kms/replicaExternalKey:ReplicaExternalKey",
        _REPLICA,
    }
)
"""Type tokens of what is read here."""

_KEYS: Final = Paging("Marker", ("Keys",), answered="NextMarker")
_TAGS: Final = Paging("Marker", ("Tags",), answered="NextMarker")

_ON_ITS_WAY: Final = frozenset({"PendingDeletion", "PendingReplicaDeletion"})
"""States of a key that is to be deleted: KMS refuses tags in them and rotates nothing.

Source: key states, AWS KMS developer guide, read 2026-11-30."""

Answer = Mapping[str, Any]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in _READS if each in wanted)
    yield Task(Subject(place.arn("kms", "key/*"), TYPE, place), facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_KEYS, desk.aws.kms.list_keys):
        for each in page["Keys"]:
            subject = Subject(each["KeyArn"], TYPE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_read, place, each["KeyArn"], fact))


def _read(place: Place, arn: str, fact: type, desk: Desk) -> Iterator[Observed]:
    found: Answer = desk.one(desk.aws.kms.describe_key, KeyId=arn)["KeyMetadata"]
    if found["KeyManager"] != "AWS":
        yield from _READS[fact](Subject(arn, _type_of(found), place), found, desk)


def _type_of(found: Answer) -> str:
    replica = found.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType") == "REPLICA"
    kind = ("Replica" if replica else "") + ("External" if found["Origin"] == "EXTERNAL" else "")
    return f"aws:kms/{kind[:1].lower()}{kind[1:]}Key:{kind}Key" if kind else TYPE


def _read_tags(subject: Subject, found: Answer, desk: Desk) -> Iterator[Observed]:
    if found["KeyState"] in _ON_ITS_WAY:
        yield Observed(subject, Tagged(type=subject.type, takes_tags=False))
        return
    pages: list[Any] = [*desk.every(_TAGS, desk.aws.kms.list_resource_tags, KeyId=subject.arn)]
    tags = ({"Key": each["TagKey"], "Value": each["TagValue"]} for page in pages for each in page["Tags"])
    yield tagged(subject, tags)


def _read_rotation(subject: Subject, found: Answer, desk: Desk) -> Iterator[Observed]:
    if subject.type != TYPE or found["KeyState"] in _ON_ITS_WAY:
        return
    fact = KeyRotation(
        spec=found["KeySpec"],
        usage=found["KeyUsage"],
        custom_store=bool(found.get("CustomKeyStoreId") or found.get("XksKeyConfiguration")),
    )
    # KMS refuses to tell of the rotation of keys that it cannot rotate.
    yield Observed(subject, fact if _cannot_rotate(fact) else _rotating(fact, subject, desk))


def _cannot_rotate(fact: KeyRotation) -> bool:
    return fact.custom_store or (fact.spec, fact.usage) != ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")


def _rotating(fact: KeyRotation, subject: Subject, desk: Desk) -> KeyRotation:
    told: Any = desk.one(desk.aws.kms.get_key_rotation_status, KeyId=subject.arn)
    if not told["KeyRotationEnabled"]:
        return fact
    return KeyRotation(rotates=True, period_days=told["RotationPeriodInDays"], spec=fact.spec, usage=fact.usage)


def _read_policy(subject: Subject, found: Answer, desk: Desk) -> Iterator[Observed]:
    told = desk.one(desk.aws.kms.get_key_policy, KeyId=subject.arn, PolicyName="default")
    yield Observed(subject, GuardedKey(account=found["AWSAccountId"], policy=document(told["Policy"])))


def _read_copies(subject: Subject, found: Answer, desk: Desk) -> Iterator[Observed]:
    if subject.type != TYPE:
        return
    stores, failures = copied_stores_of(subject, desk)
    regions = found.get("MultiRegionConfiguration", {}).get("ReplicaKeys", ())
    fact = CopiedKey(
        multi_region=found["MultiRegion"],
        region=subject.place.region,
        replica_regions=tuple(each["Region"] for each in regions),
        copied_stores=stores,
    )
    yield Observed(subject, fact, failures=failures)


def _read_replicas(subject: Subject, found: Answer, desk: Desk) -> Iterator[Observed]:
    """Yield where each replica of a key is; the key and every replica tell of all of them."""
    regions = found.get("MultiRegionConfiguration", {})
    if not regions:
        return
    primary = regions["PrimaryKey"]
    by_primary = _residency(primary["Arn"], primary["Region"], desk)
    for each in regions["ReplicaKeys"]:
        there = Place(subject.place.account, each["Region"], subject.place.partition)
        residency = _residency(each["Arn"], each["Region"], desk) or by_primary
        copies = Copies(residency=residency, home=primary["Region"], regions=(each["Region"],))
        yield Observed(Subject(each["Arn"], _REPLICA, there), copies)


def _residency(arn: str, region: str, desk: Desk) -> str:
    there = desk.elsewhere(region)
    pages = there.every(_TAGS, there.aws.kms.list_resource_tags, KeyId=arn)
    return next((each["TagValue"] for page in pages for each in page["Tags"] if each["TagKey"] == RESIDENCY), "")


_READS: Final[Mapping[type, Callable[[Subject, Answer, Desk], Iterator[Observed]]]] = {
    CopiedKey: _read_copies,
    Copies: _read_replicas,
    GuardedKey: _read_policy,
    KeyRotation: _read_rotation,
    Tagged: _read_tags,
}
_KEY_CALLS: Final = ("kms:DescribeKey", "kms:ListKeys")

READING: Final = Reading(
    service="kms",
    regional=True,
    gives={
        CopiedKey: (*_KEY_CALLS, *STORE_CALLS),
        Copies: (*_KEY_CALLS, "kms:ListResourceTags"),
        GuardedKey: (*_KEY_CALLS, "kms:GetKeyPolicy"),
        KeyRotation: (*_KEY_CALLS, "kms:GetKeyRotationStatus"),
        Tagged: (*_KEY_CALLS, "kms:ListResourceTags"),
    },
    begin=_begin,
    parts={(GuardedKey, "aws:kms/keyPolicy:KeyPolicy"): ("keyId",)},
)
"""What can be read of keys."""
