"""Which KMS key a resource names, and whose key that is."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, Value, is_symbolic, reveal
from policies.facts.arns import parse_arn
from policies.facts.joins import follow, named
from policies.facts.look_ups import AWS, CUSTOMER, is_aws_alias, key_manager_by_call
from policies.facts.properties import UNKNOWN, attribute, known_text, region_of, settings_of

KEY_TYPES: Final = (
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    "aws:kms/alias:Alias",
)

_NESTED: Final = "key"
"""Under which a nested value stands while it is looked at as a property."""

_KEY_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}", re.IGNORECASE)
_ALIAS: Final = re.compile(r"alias/[A-Za-z0-9/_-]{1,250}")
"""Forms of key ids and alias names. Source: DescribeKey and CreateAlias, KMS API reference, read 2026-11-20."""


class KeyManager(StrEnum):
    """Who manages a key."""

    CUSTOMER = "customer"
    AWS = "aws"
    UNSEEN = "unseen"
    """The program did not write its name out and does not create it, so only the account can tell."""
    MISPLACED = "misplaced"
    """The id is that of a key of the stack, the ARN around it has another Region or account than that key."""
    UNREADABLE = "unreadable"
    """What stands there is no key id, no alias name and no ARN of either, so it names no key that anybody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """The key that a resource names, by ARN, id, alias ARN or alias name.

    Args:
        manager: Who manages it. A key that the program writes out counts as the customer's unless its alias begins
            with `alias/aws/`: the condition asks that one is named, the account shows whose it is. One that a
            function call gave does not count as written out: what it was asked for and answered decides, where the
            stage sees the calls.
        region: Region of the key. A key id or alias name means the Region of the resource that names it.
    """

    manager: KeyManager
    region: str


def key_use(graph: Graph, resource: Resource, property_: str) -> Any:
    """Return the key that `property_` names, None when it names none, `UNKNOWN` when nothing tells."""
    value = settings_of(resource).get(property_)
    plain = reveal(value)
    if plain is None or plain == "":
        return None
    join = follow(graph, resource, property_, KEY_TYPES)
    if join.unknown or (isinstance(plain, Unknown) and len(join.resources) > 1):
        # An unknown value that comes from several keys may be any of them, or anything made of them.
        return UNKNOWN
    by_call = key_manager_by_call(graph, plain) if isinstance(plain, str) else None
    if isinstance(plain, str) and (is_aws_alias(plain) or by_call == AWS):
        use = KeyUse(manager=KeyManager.AWS, region=_written_region(graph, resource, plain))
    elif join.resources:
        use = _joined_key(graph, join.resources)
    elif isinstance(plain, str):
        use = _named_key(graph, resource, plain, by_call)
    else:
        raise ValueError(f"{property_} is no text")
    return Secret(use) if isinstance(value, Secret) else use


def nested_key_use(graph: Graph, resource: Resource, property_: str, value: Value) -> Any:
    """Return the key that a value inside `property_` names, as `key_use` does for a property of its own.

    Args:
        graph: Where the key may be.
        resource: What names it.
        property_: The property that holds the value at whatever depth.
        value: What stands where the key is named. A service fills in nothing there, so it is the program's.
    """
    lifted = replace(
        resource,
        inputs={**resource.inputs, _NESTED: value},
        property_dependencies={_NESTED: resource.property_dependencies.get(property_, ())},
    )
    return key_use(graph, lifted, _NESTED)


def _joined_key(graph: Graph, found: tuple[Resource, ...]) -> KeyUse:
    regions = [reveal(region_of(graph, each)) for each in found]
    same = all(region == regions[0] for region in regions)
    return KeyUse(manager=_manager(found), region=regions[0] if same else UNKNOWN)


def _manager(found: tuple[Resource, ...]) -> KeyManager:
    if any(is_aws_alias(name) for each in found for name in (each.id, known_text(attribute(each, "name")))):
        return KeyManager.AWS
    looked_up = any(each.kind is Kind.READ for each in found)
    return KeyManager.UNSEEN if looked_up else KeyManager.CUSTOMER


def _named_key(graph: Graph, resource: Resource, text: str, by_call: str | None) -> KeyUse:
    manager = _manager_of_name(graph, resource, text, by_call)
    return KeyUse(manager=manager, region=_written_region(graph, resource, text))


def _manager_of_name(graph: Graph, resource: Resource, text: str, by_call: str | None) -> KeyManager:
    arn = parse_arn(text)
    if arn is not None and arn.service != "kms":
        return KeyManager.UNREADABLE
    if arn is not None and is_symbolic(arn.name) and named(graph, arn.name, KEY_TYPES):
        return KeyManager.MISPLACED
    if by_call is not None:
        return KeyManager.CUSTOMER if by_call == CUSTOMER else KeyManager.UNSEEN
    # Without inputs the name may be one that the service filled in, and that would be the AWS managed key.
    if not resource.inputs or is_symbolic(text):
        return KeyManager.UNSEEN
    return KeyManager.CUSTOMER if _names_a_key(text) else KeyManager.UNREADABLE


def _names_a_key(text: str) -> bool:
    arn = parse_arn(text)
    if arn is None:
        return bool(_KEY_ID.fullmatch(text) or _ALIAS.fullmatch(text))
    kind, _, name = arn.resource.partition("/")
    named = _ALIAS.fullmatch(arn.resource) or (kind == "key" and _KEY_ID.fullmatch(name))
    return bool(arn.service == "kms" and arn.region and arn.account and named)


def _written_region(graph: Graph, resource: Resource, text: str) -> Any:
    arn = parse_arn(text)
    region = arn.region if arn else region_of(graph, resource)
    return UNKNOWN if isinstance(region, Unknown) or is_symbolic(region) else region
