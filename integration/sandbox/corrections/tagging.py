"""Resource Groups Tagging API: how its answers are paged."""

from itertools import islice
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from integration.sandbox.corrections.registry import corrects


@corrects(
    ResourceGroupsTaggingAPIBackend,
    "get_resources",
    fact="A page holds as many resources as were asked for, however many tags they have, and can be asked for again",
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
    found = islice(backend._get_resources_generator(**filters), begin, None)  # noqa: SLF001 - moto's own list
    page = list(islice(found, resources_per_page))
    return (str(begin + resources_per_page) if next(found, None) else None), page
