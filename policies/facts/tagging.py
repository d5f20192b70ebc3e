"""Facts about the tags of any AWS resource."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.properties import UNKNOWN, identity, lift, settings_of
from policies.facts.registry import adapter

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Unicode categories of control, format and separating characters, none of which a reader sees."""

_NO_TAGS: Final = "none"
_TAG_LIST: Final = "list"
_TABLE: Final = Path(__file__).parents[1] / "data" / "taggable_types.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag.

    Args:
        key: Spelled as written.
        value: As written; may be blank.
    """

    key: str
    value: str

    @property
    def blank(self) -> bool:
        """Tell whether its value shows nothing: it is empty, or spaces, control and format characters alone."""
        return all(unicodedata.category(each) in _INVISIBLE for each in self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """An AWS resource and its tags.

    Args:
        type: Type token.
        in_table: Whether the table of taggable types knows the type.
        takes_tags: Whether resources of this type take tags, as far as the table knows.
        tags: Its own tags, `tags`; empty when unset.
        default_tags: Tags that its provider adds, from `tagsAll` or else from the provider's `defaultTags`; its own
            win over them.
    """

    type: str = "aws:s3/bucket:Bucket"
    in_table: bool = True
    takes_tags: bool = True
    tags: tuple[Tag, ...] = ()
    default_tags: tuple[Tag, ...] = ()


@cache
def tag_forms() -> Mapping[str, str]:
    """Return type token → form in which the type takes tags, for every type of pulumi-aws known here."""
    table = _TABLE.read_text(encoding="utf-8")
    rows = (line.split() for line in table.splitlines() if not line.startswith("#"))
    return {token: form for token, form in rows}  # noqa: C416 - mypy sees lists in rows, not pairs


@adapter(types=("aws:*",))
def tagged_from_graph(graph: Graph, resource: Resource) -> Tagged:
    """Build the tags of any resource of the aws package."""
    form = tag_forms().get(resource.type)
    if form == _NO_TAGS:
        return Tagged(type=resource.type, takes_tags=False)
    settings = settings_of(resource)
    return Tagged(
        type=resource.type,
        in_table=form is not None,
        tags=lift(settings.get("tags"), _tags),
        default_tags=() if form == _TAG_LIST else _default_tags(graph, resource, settings),
    )


def tag_of(graph: Graph, resource: Resource, key: str) -> Any:
    """Return the value of one tag of a resource, its provider's tags included; empty without one."""
    tagged = tagged_from_graph(graph, resource)
    for tags in (reveal(tagged.tags), reveal(tagged.default_tags)):
        if isinstance(tags, Unknown):
            return UNKNOWN
        for tag in tags or ():
            if reveal(tag).key == key:
                return reveal(tag).value
    return ""


def _default_tags(graph: Graph, resource: Resource, settings: Mapping[str, Value]) -> Any:
    if "tagsAll" in settings:
        return lift(settings["tagsAll"], _tags)
    provider = graph.provider_of(resource)
    written = settings_of(provider).get("defaultTags") if provider else None
    return lift(written, _provider_tags)


def _provider_tags(value: Value) -> Any:
    if isinstance(value, str):
        # The SDK sends a provider's structured inputs as JSON text.
        value = json.loads(value)
    return lift(value.get("tags") if isinstance(value, Mapping) else None, _tags)


def _tags(value: Value) -> Any:
    if value is None:
        return ()
    if isinstance(value, Mapping):
        return tuple(
            Tag(key=key, value=text if isinstance(text, str) else identity(value, key, default=""))
            for key, text in value.items()
        )
    if isinstance(value, list):
        return tuple(lift(item, _listed_tag) for item in value)
    return UNKNOWN


def _listed_tag(item: Mapping[str, Value]) -> Tag:
    return Tag(key=identity(item, "key", default=""), value=identity(item, "value", default=""))
