"""The tags that a resource really gets: its own and the provider's.

Runs inside the program's interpreter: standard library only.
Source: `internal/tags` of terraform-provider-aws, read 2026-11-21.
"""

from collections.abc import Mapping

from ledgergate.engine import wire
from ledgergate.engine.symbolic.place import json_input


def all_tags(inputs: Mapping[str, wire.Wire], provider: Mapping[str, wire.Wire]) -> wire.Wire:
    """Return `tagsAll`: the provider's default tags under the resource's own, without those it ignores.

    Args:
        inputs: The resource's inputs.
        provider: The provider resource's inputs; objects among them are JSON text.

    Returns:
        Tag key → value, or the unknown sentinel when either side is unknown.
    """
    own = inputs.get("tags") or {}
    defaults = _object(provider, "defaultTags").get("tags") or {}
    if not isinstance(own, Mapping) or not isinstance(defaults, Mapping) or provider.get("defaultTags") == wire.UNKNOWN:
        return wire.UNKNOWN
    ignored = _object(provider, "ignoreTags")
    keys, prefixes = ignored.get("keys") or (), tuple(ignored.get("keyPrefixes") or ())
    merged = {**defaults, **own}
    return {
        key: value
        for key, value in merged.items()
        if value is not None and key not in keys and not key.startswith(prefixes)
    }


def _object(provider: Mapping[str, wire.Wire], key: str) -> Mapping[str, wire.Wire]:
    value = json_input(provider, key)
    return value if isinstance(value, Mapping) else {}
