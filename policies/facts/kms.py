"""Which KMS key a resource names, and whose key that is."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, is_symbolic, reveal
from policies.facts.arns import parse_arn
from policies.facts.joins import follow
from policies.facts.properties import UNKNOWN, attribute, known_text, region_of, settings_of

KEY_TYPES: Final = (
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    "aws:kms/alias:Alias",
)

_AWS_ALIAS: Final = "alias/aws/"
"""Prefix that only AWS managed keys may have. Source: CreateAlias, KMS API reference, read 2026-11-20."""


_KEY_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}", re.IGNORECASE)
_ALIAS: Final = re.compile(r"alias/[A-Za-z0-9/_-]{1,250}")
"""Forms of key ids and alias names. Source: DescribeKey and CreateAlias, KMS API reference, read 2026-11-20."""


class KeyManager(StrEnum):
    """Who manages a key."""

    CUSTOMER = "customer"
    AWS = "aws"
    UNSEEN = "unseen"
    """The name of the key is known only after a look-up, so only the account can tell."""
    UNREADABLE = "unreadable"
    """What stands there is no key id, no alias name and no ARN of either, so it names no key that anybody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """The key that a resource names, by ARN, id, alias ARN or alias name.

    Args:
        manager: Who manages it. A key that the program writes out counts as the customer's unless its alias begins
            with `alias/aws/`: the condition asks that one is named, the account shows whose it is.
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
    if isinstance(plain, str) and _is_aws_alias(plain):
        use = KeyUse(manager=KeyManager.AWS, region=_written_region(graph, resource, plain))
    elif join.resources:
        use = _joined_key(graph, join.resources)
    elif isinstance(plain, str):
        use = _written_key(graph, resource, plain)
    else:
        raise ValueError(f"{property_} is no text")
    return Secret(use) if isinstance(value, Secret) else use


def _joined_key(graph: Graph, found: tuple[Resource, ...]) -> KeyUse:
    regions = [reveal(region_of(graph, each)) for each in found]
    same = all(region == regions[0] for region in regions)
    return KeyUse(manager=_manager(found), region=regions[0] if same else UNKNOWN)


def _manager(found: tuple[Resource, ...]) -> KeyManager:
    if any(_is_aws_alias(name) for each in found for name in (each.id, known_text(attribute(each, "name")))):
        return KeyManager.AWS
    looked_up = any(each.kind is Kind.READ for each in found)
    return KeyManager.UNSEEN if looked_up else KeyManager.CUSTOMER


def _written_key(graph: Graph, resource: Resource, text: str) -> KeyUse:
    # Without inputs the name may be one that the service filled in, and that would be the AWS managed key.
    region = _written_region(graph, resource, text)
    if not resource.inputs or is_symbolic(text):
        return KeyUse(manager=KeyManager.UNSEEN, region=region)
    return KeyUse(manager=KeyManager.CUSTOMER if _names_a_key(text) else KeyManager.UNREADABLE, region=region)


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


def _is_aws_alias(text: str) -> bool:
    arn = parse_arn(text)
    return (arn.resource if arn else text).startswith(_AWS_ALIAS)
