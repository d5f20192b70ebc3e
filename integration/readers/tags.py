"""Tags as services list them, turned into the fact that the controls of tags judge."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Subject
from policies.facts.tagging import Tag, Tagged

MAPPINGS: Final = Paging("PaginationToken", ("ResourceTagMappingList",))
"""Pages of the Resource Groups Tagging API."""

MAPPING_PAGE: Final = 100
"""Resources a page, the most that there are."""


def mapped_tags(desk: Desk) -> dict[str, list[Mapping[str, Any]]]:
    """Return ARN → tags of everything in the Region that is or was tagged, as the tagging API tells them.

    AWS Backup calls its tags sensitive, so its own answers are not kept; these are.

    Raises:
        CallFailedError: A page has no answer.
    """
    pages = desk.every(MAPPINGS, desk.aws.tagging.get_resources, ResourcesPerPage=MAPPING_PAGE)
    return {each["ResourceARN"]: [*each["Tags"]] for page in pages for each in page["ResourceTagMappingList"]}


def tagged(subject: Subject, tags: Iterable[Mapping[str, Any]]) -> Observed:
    """Return the tags of a resource as an observation.

    Default tags of a provider are tags like any other once they are deployed.

    Args:
        subject: The resource.
        tags: Its tags, `Key` and `Value` each.
    """
    found = tuple(sorted((Tag(key=each["Key"], value=each.get("Value", "")) for each in tags), key=lambda tag: tag.key))
    return Observed(subject, Tagged(type=subject.type, tags=found))
