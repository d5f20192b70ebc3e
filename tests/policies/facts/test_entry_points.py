"""What the internet may reach: load balancers and stages, who gets to them, and their web ACLs."""

from typing import Any, Final

import pytest

from ledgergate.graph import Graph, Kind, LookUp, Resource
from policies.facts.entry_points import EntryKind, EntryPoint, balancer_entry_from_graph, stage_entry_from_graph
from policies.facts.prefix_lists import CLOUDFRONT
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import graph, resource

BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
STAGE: Final = "aws:apigateway/stage:Stage"
API: Final = "aws:apigateway/restApi:RestApi"
ASSOCIATION: Final = "aws:wafv2/webAclAssociation:WebAclAssociation"
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLD_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
ARN: Final = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/main/1"
STAGE_ARN: Final = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/v1"
LOOK_UP: Final = LookUp("aws:ec2/getManagedPrefixList:getManagedPrefixList", {"name": CLOUDFRONT}, {"id": "pl-cdn"})


def balancer(*others: Resource, **inputs: Any) -> EntryPoint:
    """Return the fact of a load balancer beside other resources, in a program that looked CloudFront's list up."""
    subject = resource(BALANCER, "main", {"name": "main", **inputs}, id=ARN, outputs={"arn": ARN})
    found = Graph("bank", "dev", graph(subject, *others), [LOOK_UP])
    return balancer_entry_from_graph(found, subject)


def test_balancer() -> None:
    """Application and open to the internet unless it says otherwise."""
    assert balancer() == EntryPoint()
    assert balancer(internal=True).internal is True
    assert balancer(internal=UNKNOWN).internal == UNKNOWN
    assert balancer(loadBalancerType="network").type == "network"


def association(arn: Any, **fields: Any) -> Resource:
    """Return an association of a web ACL."""
    return resource(ASSOCIATION, "a", {"resourceArn": arn, "webAclArn": "arn:acl"}, **fields)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([association(ARN)], True),
        ([association(ARN.replace("main/1", "other/2"))], False),
        ([association(UNKNOWN)], UNKNOWN),
        ([association(ARN, kind=Kind.READ)], UNKNOWN),
    ],
)
def test_association(others: list[Resource], expected: object) -> None:
    """An association of its own counts, one of an unknown resource may."""
    assert balancer(*others).associated == expected


def rule(name: str = "r", group: Any = "sg-1", **source: Any) -> Resource:
    """Return an ingress rule of a security group."""
    return resource(
        RULE, name, {"securityGroupId": group, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, **source}
    )


OWN: Final = resource(GROUP, "g", {"name": "g"}, id="sg-1")
CDN: Final = rule(prefixListId="pl-cdn")
INLINE: Final = {"cidrBlocks": ["0.0.0.0/0"], "protocol": "tcp", "fromPort": 443, "toPort": 443}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([OWN, CDN], True),
        ([OWN, CDN, rule("peer", referencedSecurityGroupId="sg-2")], True),
        ([OWN], False),
        ([OWN, CDN, rule("all", cidrIpv4="0.0.0.0/0")], False),
        ([OWN, CDN, rule("later", cidrIpv4=UNKNOWN)], UNKNOWN),
        ([OWN, CDN, rule("other", prefixListId="pl-other")], UNKNOWN),
        ([OWN, CDN, rule("lost", group=UNKNOWN, cidrIpv4="0.0.0.0/0")], UNKNOWN),
        ([OWN, CDN, rule("elsewhere", group="sg-9", cidrIpv4="0.0.0.0/0")], True),
        ([resource(GROUP, "g", {"ingress": [INLINE]}, id="sg-1"), CDN], False),
        ([resource(GROUP, "g", {"ingress": UNKNOWN}, id="sg-1"), CDN], UNKNOWN),
        (
            [OWN, resource(OLD_RULE, "o", {"securityGroupId": "sg-1", "type": "ingress", "prefixListIds": ["pl-cdn"]})],
            True,
        ),
        (
            [
                OWN,
                CDN,
                resource(OLD_RULE, "o", {"securityGroupId": "sg-1", "type": "egress", "cidrBlocks": ["0.0.0.0/0"]}),
            ],
            True,
        ),
        ([CDN], UNKNOWN),
    ],
)
def test_behind_cloudfront(others: list[Resource], expected: object) -> None:
    """CloudFront alone, and groups within the network: everything else lets others in, and what is open stays open."""
    assert balancer(*others, securityGroups=["sg-1"]).behind_cloudfront == expected


def test_groups_that_are_not_known() -> None:
    """Nobody knows who reaches a load balancer of unknown groups; without groups it is not CloudFront alone."""
    assert balancer(securityGroups=UNKNOWN).behind_cloudfront == UNKNOWN
    assert balancer(securityGroups=[UNKNOWN]).behind_cloudfront == UNKNOWN
    assert balancer(CDN).behind_cloudfront is False


def stage(configuration: Any, *others: Resource, api: Any = "a1") -> EntryPoint:
    """Return the fact of a stage whose API has this endpoint configuration."""
    inputs = {"name": "api"} if configuration is None else {"endpointConfiguration": configuration}
    subject = resource(STAGE, "v1", {"restApi": api, "stageName": "v1"}, id="ags-a1-v1", outputs={"arn": STAGE_ARN})
    return stage_entry_from_graph(graph(subject, resource(API, "api", inputs, id="a1"), *others), subject)


def test_stage() -> None:
    """The type comes from the API, as text or as a list of one; nobody knows that of another stack's API."""
    assert stage(None) == EntryPoint(kind=EntryKind.STAGE, type="EDGE")
    assert (
        stage({"types": "REGIONAL"})
        == stage({"types": ["REGIONAL"]})
        == EntryPoint(kind=EntryKind.STAGE, type="REGIONAL")
    )
    assert stage({"types": "PRIVATE"}).internal is True
    assert stage({"types": UNKNOWN}).internal == UNKNOWN
    assert stage(None, api="b2").type == UNKNOWN
    assert stage(None, association(STAGE_ARN)).associated is True
