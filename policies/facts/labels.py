"""What a resource calls itself: its name and the tags that say what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.properties import UNKNOWN, identity, lift, settings_of

_PURPOSE: Final = "Purpose"
_CLASSIFICATION: Final = "DataClassification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a store is called.

    Args:
        name: Physical name, or the prefix of one that is made up; empty when neither is given.
        purpose: Value of its tag `Purpose`; empty without one.
        data_classification: Value of its tag `DataClassification`; empty without one.
    """

    name: str = ""
    purpose: str = ""
    data_classification: str = ""


def labels_of(resource: Resource, name: str, prefix: str) -> Labels:
    """Return what a resource calls itself, the tags of its provider included.

    Args:
        resource: The resource.
        name: Property that holds its physical name.
        prefix: Property that holds the beginning of a name that the provider completes.
    """
    settings = settings_of(resource)
    return Labels(
        name=identity(settings, name if settings.get(name) is not None else prefix, default=""),
        purpose=_tag(settings, _PURPOSE),
        data_classification=_tag(settings, _CLASSIFICATION),
    )


def labels_from(name: str, tags: Mapping[str, str]) -> Labels:
    """Return what a resource calls itself, by its name and tag key → value."""
    return Labels(name=name, purpose=tags.get(_PURPOSE, ""), data_classification=tags.get(_CLASSIFICATION, ""))


def _tag(settings: Mapping[str, Value], key: str) -> Any:
    """Return a tag of its own before one of the provider's; what neither map shows while one is unknown is unknown."""
    maps = [settings.get(name) for name in ("tags", "tagsAll")]
    for each in maps:
        found = lift(each, lambda tags: (tags or {}).get(key))
        if found is not None and not isinstance(found, Unknown) and reveal(found) is not None:
            return lift(found, lambda text: text if isinstance(text, str) else UNKNOWN)
        if isinstance(found, Unknown):
            return UNKNOWN
    return ""
