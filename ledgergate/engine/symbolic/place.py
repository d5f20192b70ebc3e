"""Where a request is served: partition, Region, account.

Runs inside the program's interpreter: standard library only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledgergate.engine import wire
from ledgergate.engine.provider import ProviderConfig
from ledgergate.engine.symbolic.regions import dns_suffix, partition_of


@dataclass(frozen=True, slots=True)
class Place:
    """What ARNs and host names say about where a resource is.

    Args:
        region: Region name; the unknown sentinel when the program leaves it open.
    """

    partition: str
    region: str
    account: str

    @property
    def dns(self) -> str:
        """Domain of the partition's endpoints."""
        return dns_suffix(self.partition)


@dataclass(frozen=True, slots=True)
class Home:
    """The place of requests that name none: the profile's."""

    account: str
    partition: str
    region: str

    def place(self, config: ProviderConfig, region: wire.Wire = None) -> Place:
        """Return where a request is served.

        The account is the provider's own where its configuration names exactly one (`allowedAccountIds`, or the
        role that it assumes), else the profile's.

        Args:
            config: Provider that serves the request.
            region: The resource's own Region, when it names one.
        """
        chosen = region or config.inputs.get("region") or self.region
        chosen = chosen if isinstance(chosen, str) else wire.UNKNOWN
        return Place(partition_of(chosen, self.partition), chosen, account_of(config.inputs) or self.account)


def account_of(inputs: Mapping[str, wire.Wire]) -> str:
    """Return the one account that a provider's inputs name, or an empty string."""
    allowed = json_input(inputs, "allowedAccountIds")
    if isinstance(allowed, list) and len(allowed) == 1 and allowed[0] != wire.UNKNOWN:
        return str(allowed[0])
    roles = json_input(inputs, "assumeRoles")
    if isinstance(roles, list) and roles and isinstance(roles[-1], dict):
        parts = str(roles[-1].get("roleArn", "")).split(":")
        return parts[4] if len(parts) == 6 else ""  # noqa: PLR2004 - the parts of an ARN
    return ""


def json_input(inputs: Mapping[str, wire.Wire], key: str) -> Any:
    """Return a provider input that the SDK sends as JSON text; the text itself when it is not JSON."""
    value = inputs.get(key)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
