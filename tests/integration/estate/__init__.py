"""A small account in a sandbox, made by hand: one of everything that a scan reads, and scans of it."""

from types import ModuleType
from typing import Final

import boto3

from tests.integration.estate import (
    backups,
    buckets,
    certificates,
    containers,
    databases,
    edge,
    functions,
    identities,
    networks,
    records,
    secrets,
    stores,
    watchers,
)
from tests.integration.estate.account import ACCOUNT, OBSERVED_AT, REGION, SETTINGS, STORE_TAGS, TAGS
from tests.integration.estate.identities import READ_ONLY
from tests.integration.estate.scans import Scanned, connections_to, scanned

__all__ = [
    "ACCOUNT",
    "OBSERVED_AT",
    "PASSES",
    "READ_ONLY",
    "REGION",
    "SETTINGS",
    "STORE_TAGS",
    "TAGS",
    "Scanned",
    "connections_to",
    "furnish",
    "scanned",
]

_PARTS: Final[tuple[ModuleType, ...]] = (
    buckets,
    identities,
    networks,
    databases,
    backups,
    secrets,
    certificates,
    records,
    functions,
    watchers,
    containers,
    edge,
    stores,
)
"""In this order: networks tag what every Region has before databases lie in it; stores reach files of backups."""

PASSES: Final[frozenset[str]] = frozenset[str]().union(*(part.PASSES for part in _PARTS))
"""Controls that pass on the account, which has no other verdicts."""


def furnish(session: boto3.Session) -> None:
    """Create one of everything, so that every control passes on all of it."""
    for part in _PARTS:
        part.furnish(session)
