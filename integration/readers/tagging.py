"""Reads the tags of what each service lists, and with one paged call for a Region those of everything else.

That call tells of what has tags, or had some once. What was never tagged is seen where a row lists it.
Source: GetResources, Resource Groups Tagging API reference, read 2026-11-30.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from integration.readers import ec2_tags, iam_tags, kms, logs, rds_tags, tag_machines, tag_stores
from integration.readers.arn_types import type_of
from integration.readers.tag_lists import row_tasks
from integration.readers.tags import MAPPING_PAGE, MAPPINGS, tagged
from integration.scanning.asker import Desk
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.arns import parse_arn
from policies.facts.tagging import Tagged, tag_forms

_ROWS: Final = (*tag_stores.ROWS, *tag_machines.ROWS)

LISTED: Final = frozenset(
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
        *(row.type for row in (*_ROWS, *tag_machines.EDGE_ROWS)),
    }
)
"""Type tokens of what is listed, tagged or not."""


_OWNED: Final = "aws:secretsmanager:owningService"
"""Tag of a secret that a service keeps for a resource of ours, with which it comes and goes.

Source: secrets managed by other services, AWS Secrets Manager user guide, read 2026-11-30.
"""


def begin_rest(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    """Yield the work of reading what no row lists."""
    subject = Subject(f"arn:{place.partition}:*:{place.region}:{place.account}:*", "aws:*", place)
    yield Task(subject, (Tagged,), partial(_list_resources, place))


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    yield from begin_rest(place, wanted)
    yield from row_tasks(_ROWS, place)


def _list_resources(place: Place, desk: Desk) -> Iterator[Observed]:
    for page in desk.pages(MAPPINGS, desk.aws.tagging.get_resources, ResourcesPerPage=MAPPING_PAGE):
        for each in page["ResourceTagMappingList"]:
            subject = _subject(place, each["ResourceARN"])
            kept_by_service = any(tag["Key"] == _OWNED for tag in each["Tags"])
            if subject.type not in LISTED and not kept_by_service:
                yield tagged(subject, each["Tags"])


def _subject(place: Place, arn: str) -> Subject:
    parsed: Any = parse_arn(arn)
    where = Place(place.account, parsed.region, place.partition)
    return Subject(arn, _type_of(arn, parsed), where)


READ_AS: Final = {
    "aws:alb/listener:Listener": "aws:lb/listener:Listener",
    "aws:alb/listenerRule:ListenerRule": "aws:lb/listenerRule:ListenerRule",
    "aws:alb/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/targetGroup:TargetGroup": "aws:lb/targetGroup:TargetGroup",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/defaultRouteTable:DefaultRouteTable": "aws:ec2/routeTable:RouteTable",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSubnet:DefaultSubnet": "aws:ec2/subnet:Subnet",
    "aws:ec2/defaultVpc:DefaultVpc": "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter":
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter":
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
    "aws:s3/bucketV2:BucketV2": "aws:s3/bucket:Bucket",
}  # fmt: skip
"""What a program calls otherwise, or adopts → type token under which it is listed."""

_UNLISTED: Final = "no reader lists it, so it is judged where it is tagged, or was once; what never was is not seen"


def unlisted_types() -> frozenset[str]:
    """Return the type tokens of what takes tags and is seen only where it has or had some."""
    taggable = {token for token, form in tag_forms().items() if form != "none"}
    return frozenset(taggable - LISTED - READ_AS.keys())


_OTHER_FORMS: Final = {
    ("ecs", "task-definition"): "aws:ecs/taskDefinition:TaskDefinition",
    ("elasticloadbalancing", "listener"): "aws:lb/listener:Listener",
    ("elasticloadbalancing", "listener-rule"): "aws:lb/listenerRule:ListenerRule",
}
"""(service, first word of the resource) in ARNs that the table of identities does not tell apart → type token."""


def _type_of(arn: str, parsed: Any) -> str:
    known = _OTHER_FORMS.get((parsed.service, parsed.resource.partition("/")[0]))
    return known or type_of(arn) or f"aws:{parsed.service}/*"


_GET: Final = "resourcegroupstaggingapi:GetResources"

READING: Final = Reading(
    service="resourcegroupstaggingapi",
    regional=True,
    gives={Tagged: (_GET, *dict.fromkeys(name for row in _ROWS for name in row.operations if name != _GET))},
    begin=_begin,
    leaves_out={(Tagged, token): _UNLISTED for token in sorted(unlisted_types())},
)
