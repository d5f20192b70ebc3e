"""Reads distributions: how they meet viewers, whom they ask, what stands before them and what records them."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.cloudfront_buckets import BUCKET_ORIGIN_OPERATIONS, read_bucket_origins
from integration.readers.cloudfront_logs import LOG_OPERATIONS, read_log
from integration.readers.distributions import DISTRIBUTIONS, configuration, counted
from integration.readers.tag_lists import row_tasks
from integration.readers.tag_machines import EDGE_ROWS, EDGE_WAF_ROWS
from integration.readers.vpc_origins import vpc_origins
from integration.readers.web_acls import CLOUDFRONT, WEB_ACL_CALLS, web_acl_tasks
from integration.scanning.asker import Desk
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.cloudfront import Distribution, OriginServers, Server, ViewerCertificate
from policies.facts.cloudfront_companions import DistributionAcl, DistributionLog, scope_in
from policies.facts.cloudfront_origins import BucketOrigins
from policies.facts.properties import UNKNOWN
from policies.facts.tagging import Tagged

_TYPE: Final = "aws:cloudfront/distribution:Distribution"
_VPC_ORIGIN: Final = "aws:cloudfront/vpcOrigin:VpcOrigin"
_WAF_REGION: Final = "us-east-1"
"""Region that is asked for the web ACLs of CloudFront. Source: ListWebACLs, AWS WAF API reference, read 2026-11-30."""

Item = Mapping[str, Any]
Read = Callable[[Subject, Item, Desk, list[Failure]], object]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in _READS if each in wanted)
    if facts:
        yield Task(
            Subject(place.arn("cloudfront", "distribution/*"), _TYPE, place), facts, partial(_list, place, facts)
        )
    if OriginServers in facts:
        everything = Subject(place.arn("cloudfront", "vpcorigin/*"), _VPC_ORIGIN, place)
        yield Task(everything, (OriginServers,), partial(_list_vpc_origins, place))
    waf = Place(place.account, _WAF_REGION, place.partition)
    yield from web_acl_tasks(CLOUDFRONT, waf, wanted)
    if Tagged in wanted:
        yield from row_tasks(EDGE_ROWS, place)
        yield from row_tasks(EDGE_WAF_ROWS, waf)


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(DISTRIBUTIONS, desk.aws.cloudfront.list_distributions):
        for each in page["DistributionList"].get("Items", ()):
            subject = Subject(each["ARN"], _TYPE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_read, subject, each["Id"], _READS[fact]))


def _read(subject: Subject, id_: str, read: Read, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    fact = read(subject, configuration(desk, id_), desk, failures)
    yield Observed(subject, fact, failures=tuple(failures))


def _distribution(_subject: Subject, config: Item, _desk: Desk, _failures: list[Failure]) -> Distribution:
    return Distribution(
        root_object=config["DefaultRootObject"],
        viewer_policies=_viewer_policies(config),
        certificate=_certificate(config["ViewerCertificate"]),
    )


def _viewer_policies(config: Item) -> tuple[str, ...]:
    behaviours = (config["DefaultCacheBehavior"], *counted(config["CacheBehaviors"]))
    return tuple(each["ViewerProtocolPolicy"] for each in behaviours)


def _certificate(shown: Item) -> ViewerCertificate:
    # CloudFront leaves out what does not go with the kind of certificate.
    named = shown.get("ACMCertificateArn") or shown.get("IAMCertificateId")
    return ViewerCertificate(
        custom=bool(named) and shown.get("CloudFrontDefaultCertificate") is not True,
        support_method=shown.get("SSLSupportMethod", ""),
        policy=shown["MinimumProtocolVersion"],
    )


def _servers(_subject: Subject, config: Item, _desk: Desk, _failures: list[Failure]) -> OriginServers:
    asked = (each["CustomOriginConfig"] for each in counted(config["Origins"]) if "CustomOriginConfig" in each)
    return OriginServers(servers=tuple(map(_server, asked)), viewer_policies=_viewer_policies(config))


def _server(config: Item) -> Server:
    protocols = config.get("OriginSslProtocols")
    return Server(
        protocol_policy=config["OriginProtocolPolicy"],
        protocols=UNKNOWN if protocols is None else tuple(counted(protocols)),
    )


def _list_vpc_origins(place: Place, desk: Desk) -> Iterator[Task]:
    for each in vpc_origins(desk):
        # What another account shares is judged there.
        if each.get("AccountId", place.account) == place.account:
            subject = Subject(each["Arn"], _VPC_ORIGIN, place)
            yield Task(subject, (OriginServers,), partial(_read_vpc_origin, subject, each["Id"]))


def _read_vpc_origin(subject: Subject, id_: str, desk: Desk) -> Iterator[Observed]:
    found = desk.one(desk.aws.cloudfront.get_vpc_origin, Id=id_)["VpcOrigin"]
    yield Observed(subject, OriginServers(servers=(_server(found["VpcOriginEndpointConfig"]),)))


def _acl(_subject: Subject, config: Item, _desk: Desk, _failures: list[Failure]) -> DistributionAcl:
    named = config["WebACLId"]
    return DistributionAcl(named=bool(named), scope=scope_in(named))


_READS: Final[Mapping[type, Read]] = {
    BucketOrigins: read_bucket_origins,
    Distribution: _distribution,
    DistributionAcl: _acl,
    DistributionLog: read_log,
    OriginServers: _servers,
}
"""Fact → what reads it of a distribution and all of its settings."""

_CALLS: Final = ("cloudfront:GetDistributionConfig", "cloudfront:ListDistributions")

READING: Final = Reading(
    service="cloudfront",
    regional=False,
    gives={
        BucketOrigins: (*_CALLS, *BUCKET_ORIGIN_OPERATIONS),
        Distribution: _CALLS,
        DistributionAcl: _CALLS,
        DistributionLog: (*_CALLS, *LOG_OPERATIONS),
        OriginServers: (*_CALLS, "cloudfront:GetVpcOrigin", "cloudfront:ListVpcOrigins"),
        Tagged: tuple(dict.fromkeys(name for row in (*EDGE_ROWS, *EDGE_WAF_ROWS) for name in row.operations)),
        **WEB_ACL_CALLS,
    },
    begin=_begin,
)
