"""Tags as services list them, turned into the fact that the controls of tags judge."""

from collections.abc import Iterable, Mapping
from typing import Any

from integration.scanning.observed import Observed, Subject
from policies.facts.tagging import Tag, Tagged


def tagged(subject: Subject, tags: Iterable[Mapping[str, Any]]) -> Observed:
    """Return the tags of a resource as an observation.

    Default tags of a provider are tags like any other once they are deployed.

    Args:
        subject: The resource.
        tags: Its tags, `Key` and `Value` each.
    """
    found = tuple(sorted((Tag(key=each["Key"], value=each.get("Value", "")) for each in tags), key=lambda tag: tag.key))
    return Observed(subject, Tagged(type=subject.type, tags=found))
