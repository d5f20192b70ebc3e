"""Networks: what the controls of subnets, VPCs, ports and peerings say of a program, they say of the account."""

from pathlib import Path
from typing import Any, Final

import pytest

from policies.settings import Settings
from tests.integration.differential.cases import Case, Difference, check, check_differences
from tests.integration.programs_as_data import Wanted, in_sandbox, ref

_VPC: Final = "aws:ec2/vpc:Vpc"
_SUBNET: Final = "aws:ec2/subnet:Subnet"
_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_PEERING: Final = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
_BLOCK: Final = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess"

_DOORS: Final = ("EC2.13", "EC2.14", "EC2.53", "EC2.54")


def _doors(*failing: str) -> dict[str, str]:
    return {each: "fail" if each in failing else "pass" for each in _DOORS}


def _rule(*sources: str, protocol: str = "tcp", ports: tuple[int, int] = (22, 22)) -> dict[str, Any]:
    four = [each for each in sources if ":" not in each]
    six = [each for each in sources if ":" in each]
    itself = {} if sources else {"self": True}
    return {"protocol": protocol, "fromPort": ports[0], "toPort": ports[1], "cidrBlocks": four, "ipv6CidrBlocks": six,
            **itself}  # fmt: skip


def _group(name: str, *rules: dict[str, Any]) -> Wanted:
    return Wanted(_GROUP, name, {"name": name, "description": "-", "ingress": [*rules]})


def _beside(group: str, **rule: Any) -> Wanted:
    given = {"securityGroupId": ref(group), "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, **rule}
    return Wanted(_RULE, f"{group}-rule-{len(rule)}", given)


_WORLD: Final = Wanted(
    "aws:ec2/managedPrefixList:ManagedPrefixList",
    "world",
    {"name": "world", "addressFamily": "IPv4", "maxEntries": 1, "entries": [{"cidr": "0.0.0.0/0"}]},
)
DOORS: Final = (
    Case("nothing", (_group("closed"),), _doors()),
    Case("SSH", (_group("ssh", _rule("0.0.0.0/0")),), _doors("EC2.13", "EC2.53")),
    Case("SSH by IPv6", (_group("ssh-six", _rule("::/0")),), _doors("EC2.13", "EC2.54")),
    Case("remote desktop", (_group("rdp", _rule("0.0.0.0/0", "::/0", ports=(3389, 3389))),),
         _doors("EC2.14", "EC2.53", "EC2.54")),
    Case("everything", (_group("all", _rule("0.0.0.0/0", protocol="-1", ports=(0, 0))),),
         _doors("EC2.13", "EC2.14", "EC2.53")),
    Case("UDP", (_group("udp", _rule("0.0.0.0/0", protocol="udp")),), _doors("EC2.53")),
    Case("a range around it", (_group("range", _rule("0.0.0.0/0", ports=(0, 1024))),), _doors("EC2.13", "EC2.53")),
    Case("a port of the profile", (_group("winrm", _rule("0.0.0.0/0", ports=(5985, 5985))),), _doors("EC2.53")),
    Case("HTTPS", (_group("https", _rule("0.0.0.0/0", ports=(443, 443))),), _doors()),
    Case("offices", (_group("offices", _rule("10.0.0.0/8")),), _doors()),
    Case("itself", (_group("itself", _rule()),), _doors()),
    Case("two halves", (_group("halves", _rule("0.0.0.0/1", "128.0.0.0/1")),), _doors("EC2.13", "EC2.53")),
    Case("a rule beside it", (_group("beside"), _beside("beside", cidrIpv4="0.0.0.0/0")), _doors("EC2.13", "EC2.53")),
    Case("a rule beside another one", (_group("apart"), _group("other"), _beside("other", cidrIpv4="0.0.0.0/0")),
         _doors()),
    Case("a prefix list, which LG-NET-02 judges", (_group("listed"), _beside("listed", prefixListId=ref("world"))),
         _doors()),
)  # fmt: skip


def test_doors(tmp_path: Path) -> None:
    """A group is read with its rules, however they were written, and without what its prefix lists hold."""
    check(tmp_path / "p", DOORS, shared=(_WORLD,), settings=Settings(admin_ports=(5985,)))


def _subnet(name: str, number: int, **properties: Any) -> Wanted:
    given = {"vpcId": ref("network"), "cidrBlock": f"10.0.{number}.0/24", "availabilityZone": "us-east-1a"}
    return Wanted(_SUBNET, name, {**given, **properties})


def _tier(tier: str) -> dict[str, Any]:
    return {"tags": {"Tier": tier}}


def _table(name: str, subnet: str, *routes: dict[str, Any]) -> tuple[Wanted, ...]:
    """Return a route table of a subnet with routes of its own."""
    made = Wanted("aws:ec2/routeTable:RouteTable", name, {"vpcId": ref("network")})
    used = {"subnetId": ref(subnet), "routeTableId": ref(name)}
    beside = tuple(
        Wanted("aws:ec2/route:Route", f"{name}-{number}", {"routeTableId": ref(name), **each})
        for number, each in enumerate(routes)
    )
    return (made, *beside, Wanted("aws:ec2/routeTableAssociation:RouteTableAssociation", f"{name}-used", used))


_NETWORK: Final = Wanted(_VPC, "network", {"cidrBlock": "10.0.0.0/16"})
_SHARED: Final = (
    _NETWORK,
    Wanted("aws:ec2/internetGateway:InternetGateway", "internet", {"vpcId": ref("network")}),
    _subnet("outside", 250, tags={"Tier": "public"}),
    Wanted("aws:ec2/eip:Eip", "address", {"domain": "vpc"}),
    Wanted("aws:ec2/natGateway:NatGateway", "nat", {"subnetId": ref("outside"), "allocationId": ref("address")}),
)
_OUT: Final = {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": ref("internet")}
_OUT_BY_SIX: Final = {"destinationIpv6CidrBlock": "::/0", "gatewayId": ref("internet")}
_BY_NAT: Final = {"destinationCidrBlock": "0.0.0.0/0", "natGatewayId": ref("nat")}
_SOME_BY_NAT: Final = {"destinationCidrBlock": "192.0.2.0/24", "natGatewayId": ref("nat")}


def _routed(title: str, name: str, number: int, verdict: str, tags: dict[str, Any], *routes: dict[str, Any]) -> Case:
    table = _table(f"{name}-table", name, *routes)
    return Case(title, (_subnet(name, number, **tags), *table), {"LG-NET-01": verdict})


SUBNETS: Final = (
    Case("addresses", (_subnet("addresses", 1, mapPublicIpOnLaunch=True),), {"EC2.15": "fail"}),
    Case("no addresses", (_subnet("none", 2, mapPublicIpOnLaunch=False),), {"EC2.15": "pass"}),
    Case("addresses unsaid", (_subnet("unsaid", 3),), {"EC2.15": "pass", "LG-NET-01": "pass"}),
    _routed("data", "data", 4, "pass", _tier("data")),
    _routed("data behind a NAT gateway", "data-nat", 5, "fail", _tier("data"), _BY_NAT),
    _routed("data with some addresses behind one", "data-some", 6, "pass", _tier("data"), _SOME_BY_NAT),
    _routed("isolated behind one", "isolated", 7, "fail", _tier("isolated"), _BY_NAT),
    _routed("private behind one", "private", 8, "pass", _tier("private"), _BY_NAT),
    _routed("private with a way out", "private-out", 9, "fail", _tier("private"), _OUT),
    _routed("private with a way out by IPv6", "private-six", 10, "fail", _tier("private"), _OUT_BY_SIX),
    _routed("public", "public", 11, "not_applicable", _tier("Public"), _OUT),
    _routed("no tier, with a way out", "bare", 12, "fail", {}, _OUT),
    Case("another subnet's table", (_subnet("left", 13, **_tier("data")), _subnet("right", 14, **_tier("public")),
         *_table("right-table", "right", _OUT)), {"LG-NET-01": "pass"}),
)  # fmt: skip


def test_subnets(tmp_path: Path) -> None:
    """A subnet has the routes of the table that it uses, its own or the main one."""
    check(tmp_path / "p", SUBNETS, shared=_SHARED)


_BUCKETS: Final = tuple(
    Wanted("aws:s3/bucket:Bucket", name, {"bucket": f"{name}-of-the-test"}) for name in ("records", "refusals")
)
_GROUP_OF_LOGS: Final = Wanted("aws:cloudwatch/logGroup:LogGroup", "traffic", {"name": "/traffic"})


def _vpc(name: str, **more: Any) -> Wanted:
    return Wanted(_VPC, name, {"cidrBlock": "10.0.0.0/16", **more})


def _log(vpc: str, traffic: str = "ALL", **more: Any) -> Wanted:
    target = {"logDestinationType": "s3", "logDestination": ref("records", "arn")}
    given = {"vpcId": ref(vpc), "trafficType": traffic, **target, **more}
    return Wanted("aws:ec2/flowLog:FlowLog", f"{vpc}-{traffic}".lower(), given)


_INTO_GROUP: Final[dict[str, Any]] = {
    "logDestinationType": "cloud-watch-logs",
    "logDestination": ref("traffic", "arn"),
    "iamRoleArn": "arn:aws:iam::111122223333:role/flow",
}
_IN_QUIET: Final = Wanted(_SUBNET, "quiet-subnet", {"vpcId": ref("quiet"), "cidrBlock": "10.0.0.0/24"})
LOGS: Final = (
    Case("nothing", (_vpc("silent"),), {"LG-NET-06": "fail"}),
    Case("everything", (_vpc("logged"), _log("logged")), {"LG-NET-06": "pass"}),
    Case("into a log group", (_vpc("grouped"), _log("grouped", **_INTO_GROUP)), {"LG-NET-06": "pass"}),
    Case("what is refused", (_vpc("refused"), _log("refused", "REJECT")), {"LG-NET-06": "fail"}),
    Case("two of them", (_vpc("twice"), _log("twice", "REJECT", logDestination=ref("refusals", "arn")), _log("twice")),
         {"LG-NET-06": "pass"}),
    Case("another network", (_vpc("one"), _vpc("two"), _log("two")), {"LG-NET-06": "fail"}),
    Case("a subnet of it", (_vpc("quiet"), _IN_QUIET, Wanted("aws:ec2/flowLog:FlowLog", "quiet-log", {
        "subnetId": ref("quiet-subnet"), "trafficType": "ALL", "logDestinationType": "s3",
        "logDestination": ref("records", "arn")})), {"LG-NET-06": "fail"}),
)  # fmt: skip

_INTERFACES: Final = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "kms", "sts")


def _endpoint(vpc: str, service: str, **more: Any) -> Wanted:
    given = {"vpcId": ref(vpc), "serviceName": f"com.amazonaws.us-east-1.{service}", **more}
    return Wanted("aws:ec2/vpcEndpoint:VpcEndpoint", f"{vpc}-{service}", given)


def _interface(vpc: str, service: str, **more: Any) -> Wanted:
    return _endpoint(vpc, service, **{"vpcEndpointType": "Interface", "privateDnsEnabled": True, **more})


def _reaching(title: str, name: str, verdict: str, *different: Wanted, tables: tuple[str, ...] = ("app",)) -> Case:
    """Return a network with one private subnet, and its endpoints, some of them different."""
    own = {each.name: each for each in different}
    tiers = {"app": "private", "front": "public"}
    parts: list[Wanted] = [_vpc(name)]
    for number, (tier, tag) in enumerate(tiers.items()):
        subnet, table = f"{name}-{tier}", f"{name}-{tier}-table"
        parts += [
            Wanted(_SUBNET, subnet, {"vpcId": ref(name), "cidrBlock": f"10.0.{number}.0/24", "tags": {"Tier": tag}}),
            Wanted("aws:ec2/routeTable:RouteTable", table, {"vpcId": ref(name)}),
            Wanted("aws:ec2/routeTableAssociation:RouteTableAssociation", f"{table}-used", {
                "subnetId": ref(subnet), "routeTableId": ref(table)}),
        ]  # fmt: skip
    leading = [ref(f"{name}-{each}-table") for each in tables]
    wanted = [_endpoint(name, "s3", routeTableIds=leading), *(_interface(name, each) for each in _INTERFACES)]
    parts += [own.get(each.name, each) for each in wanted]
    return Case(title, tuple(parts), {"LG-NET-07": verdict})


ENDPOINTS: Final = (
    Case("no subnets", (_vpc("empty"),), {"LG-NET-07": "not_applicable"}),
    _reaching("all of them", "whole", "pass"),
    _reaching("S3 for the public subnet alone", "front", "fail", tables=("front",)),
    _reaching("public names", "names", "fail", _interface("names", "kms", privateDnsEnabled=False)),
    _reaching("names unsaid", "unnamed", "fail", _endpoint("unnamed", "kms", vpcEndpointType="Interface")),
    _reaching("S3 by an interface", "interface", "fail", _interface("interface", "s3")),
    _reaching("a service instead of another one", "other-service", "fail",
              Wanted("aws:ec2/vpcEndpoint:VpcEndpoint", "other-service-sts",
                     _interface("other-service", "sqs").properties)),
)  # fmt: skip


def test_networks(tmp_path: Path) -> None:
    """A network has the flow logs and endpoints that name it, and no others."""
    check(tmp_path / "p", (*LOGS, *ENDPOINTS), shared=(*_BUCKETS, _GROUP_OF_LOGS))


def _of(name: str, environment: str, number: int = 0) -> Wanted:
    tags = {"tags": {"Environment": environment}} if environment else {}
    return Wanted(_VPC, name, {"cidrBlock": f"10.{number}.0.0/16", **tags})


def _peered(name: str, one: str, other: str, **more: Any) -> Wanted:
    return Wanted(_PEERING, name, {"vpcId": ref(one), "peerVpcId": ref(other), "autoAccept": True, **more})


def _through(peering: str, number: int, block: str) -> tuple[Wanted, ...]:
    table = Wanted("aws:ec2/routeTable:RouteTable", f"{peering}-table-{number}", {"vpcId": ref("prod")})
    given = {"routeTableId": ref(table.name), "destinationCidrBlock": block, "vpcPeeringConnectionId": ref(peering)}
    return table, Wanted("aws:ec2/route:Route", f"{peering}-route-{number}", given)


def _gateway(name: str, environment: str) -> Wanted:
    return Wanted("aws:ec2transitgateway/transitGateway:TransitGateway", name, {"tags": {"Environment": environment}})


def _attached(name: str, one: str, other: str) -> Wanted:
    given = {"transitGatewayId": ref(one), "peerTransitGatewayId": ref(other), "peerRegion": "us-east-1"}
    return Wanted("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", name, given)


_ACCEPTER: Final = Wanted(
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    "accepter",
    {"vpcPeeringConnectionId": ref("asked"), "autoAccept": True},
)
_NETWORKS: Final = (
    _of("prod", "prod"), _of("live", "production", 1), _of("staging", "staging", 2), _of("dev", "dev", 3),
    _of("bare", "", 4), _gateway("prod-gateway", "prod"), _gateway("dev-gateway", "dev"),
    _gateway("other-gateway", "Production"),
)  # fmt: skip
PEERINGS: Final = (
    Case("two of production", (_peered("alike", "prod", "live"),), {"LG-NET-11": "pass"}),
    Case("two below it", (_peered("below", "staging", "dev"),), {"LG-NET-11": "pass"}),
    Case("production and dev", (_peered("across", "prod", "dev"),), {"LG-NET-11": "fail"}),
    Case("a network without the tag", (_peered("untold", "prod", "bare"),), {"LG-NET-11": "unknown"}),
    Case("a pair of the profile, by a subnet",
         (_peered("narrow", "prod", "staging"), *_through("narrow", 0, "10.2.4.0/24")), {"LG-NET-11": "pass"}),
    Case("the other way round, without a route", (_peered("turned", "staging", "prod"),), {"LG-NET-11": "pass"}),
    Case("a pair of the profile, by a whole network",
         (_peered("wide", "prod", "staging"), *_through("wide", 1, "10.2.0.0/16")), {"LG-NET-11": "fail"}),
    Case("not accepted yet", (_peered("asked", "prod", "dev", autoAccept=False), _ACCEPTER), {"LG-NET-11": "fail"}),
    Case("gateways of production", (_attached("gateways", "prod-gateway", "other-gateway"),), {"LG-NET-11": "pass"}),
    Case("gateways of two", (_attached("mixed", "prod-gateway", "dev-gateway"),), {"LG-NET-11": "fail"}),
)  # fmt: skip


def test_peerings(tmp_path: Path) -> None:
    """A peering has the environments of its two ends, and the routes that lead through it."""
    settings = Settings(joined_environments=("staging:prod",))
    check(tmp_path / "p", PEERINGS, shared=_NETWORKS, settings=settings)


@pytest.mark.parametrize(
    ("state", "verdict"), [("block-all-sharing", "pass"), ("block-new-sharing", "fail"), ("unblocked", "fail")]
)
def test_public_snapshots(state: str, verdict: str, tmp_path: Path) -> None:
    """A Region says what it blocks."""
    wanted = Wanted(_BLOCK, "block", {"state": state})
    with in_sandbox(tmp_path / "p", [wanted], ("LG-NET-19",)) as both:
        twice = both.twice()
    assert twice.differences() == {}
    assert twice.said_of(wanted, "LG-NET-19") == {verdict}


KNOWN: Final = (
    Difference(
        "a rule that is a resource is judged by itself at design time; only the group that it ends up in holds the"
        " internet",
        "EC2.13",
        (_group("split"), _beside("split", cidrIpv4="0.0.0.0/1"), Wanted(_RULE, "split-upper", {
            "securityGroupId": ref("split"), "ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
            "cidrIpv4": "128.0.0.0/1"})),
        "pass",
        "fail",
    ),
    Difference(
        "the routes of transit gateways are told by a search alone, and an audit calls only what lists or describes",
        "LG-NET-11",
        (_attached("pair", "pair-prod", "pair-staging"),),
        "pass",
        "unknown",
    ),
)  # fmt: skip


def test_known_differences(tmp_path: Path) -> None:
    """The account shows what no program can, and the other way round; not more often than it is written here."""
    settings = Settings(joined_environments=("staging:prod",))
    shared = (_gateway("pair-prod", "prod"), _gateway("pair-staging", "staging"))
    check_differences(tmp_path / "p", KNOWN, ("EC2.13", "LG-NET-11"), settings=settings, shared=shared)
    assert len(KNOWN) == 2
