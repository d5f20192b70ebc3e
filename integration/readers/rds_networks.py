"""Reads the groups of database subnets with the route tables that their subnets use."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.subnets import SUBNET_CALLS, routed_subnets
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.rds_networks import SubnetGroup

_GROUP: Final = "aws:rds/subnetGroup:SubnetGroup"
_GROUPS: Final = Paging("Marker", ("DBSubnetGroups",))

SUBNET_OPERATIONS: Final = (*SUBNET_CALLS, "rds:DescribeDBSubnetGroups")
"""Every call that `subnet_group_task` leads to."""


def subnet_group_task(place: Place) -> Task:
    """Return the work of reading the subnet groups of a Region."""
    subject = Subject(place.arn("rds", "subgrp:*"), _GROUP, place)
    return Task(subject, (SubnetGroup,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.rds.describe_db_subnet_groups):
        for each in page["DBSubnetGroups"]:
            subject = Subject(each["DBSubnetGroupArn"], _GROUP, place)
            yield Task(subject, (SubnetGroup,), partial(_read, subject, {**each}))


def _read(subject: Subject, group: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    ids = [each["SubnetIdentifier"] for each in group["Subnets"]]
    yield Observed(subject, SubnetGroup(subnets=routed_subnets(desk, ids)))
