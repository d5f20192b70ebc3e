"""Resource Groups Tagging API: whose tags it tells, and how its answers are paged."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from moto.core.base_backend import BackendDict
from moto.core.resource_tagging import TaggedResource
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.utilities.tagging_service import TaggingService

from integration.sandbox.corrections.registry import corrects
from integration.sandbox.corrections.shelves import SHELVES

_TAGGERS: Final = ("tagger", "tagging_service")
"""Attributes under which moto's services keep tags by ARN."""

_HOME: Final = "us-east-1"
"""The Region that tells of what belongs to none."""


def _everything(backend: ResourceGroupsTaggingAPIBackend, asked: Mapping[str, Any]) -> Iterator[TaggedResource]:
    """Yield what moto tells of, and then what it keeps tags of all the same."""
    told = set()
    for each in backend._get_resources_generator(**asked):  # noqa: SLF001 - moto's own list
        told.add(each.arn)
        yield each
    if not any(asked.values()):
        for arn, tags in sorted(_kept(backend.account_id, backend.region_name)):
            if arn not in told:
                told.add(arn)
                yield TaggedResource(arn, dict(tags), "")


def _kept(account: str, region: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for service in list(BackendDict._instances):  # type: ignore[misc]  # noqa: SLF001 - moto has no other list
        places: Mapping[str, Any] = service.get(account, {})
        for place in (region, *(each for each in places if region == _HOME and "-" not in each)):
            if place in places:
                yield from _of_service(places[place])


def _of_service(backend: Any) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    taggers = [getattr(backend, name, None) for name in _TAGGERS]
    for tagger in (each for each in taggers if isinstance(each, TaggingService)):
        for arn in tagger.tags:
            if arn.startswith("arn:"):
                yield arn, tuple(sorted(tagger.get_tag_dict_for_resource(arn).items()))
    for rule in getattr(backend, "config_rules", {}).values():
        yield rule.config_rule_arn, tuple(sorted(rule.tags.items()))
    for kind in vars(backend).get(SHELVES, {}).values():
        for key, document in kind.items():
            if key.startswith("arn:") and isinstance(document, dict) and document.get("tags"):
                yield key, tuple(sorted(document["tags"].items()))


@corrects(
    ResourceGroupsTaggingAPIBackend,
    "get_resources",
    fact="Resources of every service are told; a page holds as many as were asked for, and can be asked for again",
    source="Resource Groups Tagging API reference, GetResources; TagsPerPage counts only where it is given",
)
def _paged(
    _original: Any,
    backend: ResourceGroupsTaggingAPIBackend,
    pagination_token: str | None = None,
    resources_per_page: int = 50,
    **asked: Any,
) -> tuple[str | None, list[TaggedResource]]:
    filters = {name: value for name, value in asked.items() if name != "tags_per_page"}
    begin = int(pagination_token or 0)
    found = islice(_everything(backend, filters), begin, None)
    page = list(islice(found, resources_per_page))
    return (str(begin + resources_per_page) if next(found, None) else None), page
