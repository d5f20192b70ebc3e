"""Reads the web ACLs and rule groups of a Region. Those of CloudFront are read with its distributions."""

from collections.abc import Iterator
from typing import Final

from integration.readers.web_acls import REGIONAL, WEB_ACL_CALLS, web_acl_tasks
from integration.scanning.observed import Place, Reading, Task


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    yield from web_acl_tasks(REGIONAL, place, wanted)


READING: Final = Reading(service="wafv2", regional=True, gives={**WEB_ACL_CALLS}, begin=_begin)
