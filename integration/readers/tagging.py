"""Reads the tags of everything that no other reader lists, of whatever service, with one paged call for a Region.

It tells of what has tags, or had some once. What was never tagged is not in its answers: nobody sees it here.
Source: GetResources, Resource Groups Tagging API reference, read 2026-11-30.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from integration.readers import ec2_tags, iam_tags, kms, logs, rds_tags
from integration.readers.arn_types import type_of
from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.arns import parse_arn
from policies.facts.tagging import Tagged

_RESOURCES: Final = Paging("PaginationToken", ("ResourceTagMappingList",))
_PAGE: Final = 100
"""Resources a page, the most that there are."""

_LISTED: Final = frozenset(
    {
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:iam/user:User",
        "aws:rds/cluster:Cluster",
        "aws:rds/clusterInstance:ClusterInstance",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
        *kms.TYPES,
        logs.TYPE,
        *(kind.type for kind in ec2_tags.RESOURCES),
        *(kind.type for kind in iam_tags.RESOURCES),
        *(kind.type for kind in rds_tags.RESOURCES),
    }
)
"""Type tokens of what the other readers list, tagged or not."""


_OWNED: Final = "aws:secretsmanager:owningService"
"""Tag of a secret that a service keeps for a resource of ours, with which it comes and goes.

Source: secrets managed by other services, AWS Secrets Manager user guide, read 2026-11-30.
"""


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(f"arn:{place.partition}:*:{place.region}:{place.account}:*", "aws:*", place)
    yield Task(subject, (Tagged,), partial(_list_resources, place))


def _list_resources(place: Place, desk: Desk) -> Iterator[Observed]:
    for page in desk.pages(_RESOURCES, desk.aws.tagging.get_resources, ResourcesPerPage=_PAGE):
        for each in page["ResourceTagMappingList"]:
            subject = _subject(place, each["ResourceARN"])
            kept_by_service = any(tag["Key"] == _OWNED for tag in each["Tags"])
            if subject.type not in _LISTED and not kept_by_service:
                yield tagged(subject, each["Tags"])


def _subject(place: Place, arn: str) -> Subject:
    parsed: Any = parse_arn(arn)
    where = Place(place.account, parsed.region, place.partition)
    return Subject(arn, type_of(arn) or f"aws:{parsed.service}/*", where)


READING: Final = Reading(
    service="resourcegroupstaggingapi",
    regional=True,
    gives={Tagged: ("resourcegroupstaggingapi:GetResources",)},
    begin=_begin,
)
