"""Stores in networks: who reaches databases, caches, files, warehouses and clusters, and whom snapshots reach."""

from pathlib import Path
from typing import Any, Final

from tests.integration.differential.cases import Case, check
from tests.integration.differential.test_rds_servers import cluster, instance
from tests.integration.programs_as_data import Wanted, ref

_VPC: Final = Wanted("aws:ec2/vpc:Vpc", "network", {"cidrBlock": "10.0.0.0/16"})
_APP: Final = Wanted(
    "aws:ec2/securityGroup:SecurityGroup", "app", {"name": "app", "description": "-", "vpcId": ref("network")}
)
_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_GROUP_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"


def _subnet(name: str, number: int, tier: str, **more: Any) -> Wanted:
    given = {
        "vpcId": ref("network"),
        "cidrBlock": f"10.0.{number}.0/24",
        "availabilityZone": f"us-east-1{'ab'[number % 2]}",
    }
    return Wanted("aws:ec2/subnet:Subnet", name, {**given, "tags": {"Tier": tier}, **more})


def _table(subnet: str, **route: Any) -> tuple[Wanted, ...]:
    name = f"{subnet}-table"
    parts = [Wanted("aws:ec2/routeTable:RouteTable", name, {"vpcId": ref("network")})]
    if route:
        given = {"routeTableId": ref(name), "destinationCidrBlock": "0.0.0.0/0", **route}
        parts.append(Wanted("aws:ec2/route:Route", f"{name}-out", given))
    used = {"subnetId": ref(subnet), "routeTableId": ref(name)}
    return (*parts, Wanted("aws:ec2/routeTableAssociation:RouteTableAssociation", f"{name}-used", used))


_SHARED: Final = (
    _VPC,
    Wanted("aws:ec2/internetGateway:InternetGateway", "internet", {"vpcId": ref("network")}),
    _subnet("data", 0, "data"),
    *_table("data"),
    _subnet("other-data", 1, "data", mapPublicIpOnLaunch=False),
    *_table("other-data"),
    _subnet("front", 2, "public", mapPublicIpOnLaunch=True),
    *_table("front", gatewayId=ref("internet")),
    _APP,
)


def _guard(name: str, *rules: dict[str, Any]) -> tuple[Wanted, ...]:
    """Return a security group with rules beside it."""
    group = Wanted(
        "aws:ec2/securityGroup:SecurityGroup", name, {"name": name, "description": "-", "vpcId": ref("network")}
    )
    beside = tuple(
        Wanted(_RULE, f"{name}-{number}", {"securityGroupId": ref(name), "ipProtocol": "tcp", **each})
        for number, each in enumerate(rules)
    )
    return (group, *beside)


def _from_app(port: int, last: int | None = None) -> dict[str, Any]:
    return {"referencedSecurityGroupId": ref("app"), "fromPort": port, "toPort": port if last is None else last}


def _from(block: str, port: int, **more: Any) -> dict[str, Any]:
    name = "cidrIpv6" if ":" in block else "cidrIpv4"
    return {name: block, "fromPort": port, "toPort": port, **more}


Built = tuple[tuple[Wanted, ...], Case]
"""What a case needs, which comes first, and the case."""


def _guarded(title: str, made: Wanted, verdict: str, *rules: dict[str, Any], more: tuple[Wanted, ...] = ()) -> Built:
    return (*_guard(f"{made.name}-guard", *rules), *more), Case(title, (made,), {"LG-NET-03": verdict})


def _by(name: str) -> list[dict[str, str]]:
    return [ref(f"{name}-guard")]


def _database(title: str, name: str, verdict: str, *rules: dict[str, Any], **more: Any) -> Built:
    return _guarded(title, cluster(name, vpcSecurityGroupIds=_by(name), **more), verdict, *rules)


def _alone(title: str, name: str, verdict: str, *rules: dict[str, Any]) -> Built:
    return _guarded(title, instance(name, vpcSecurityGroupIds=_by(name)), verdict, *rules)


def _cache(title: str, name: str, verdict: str, *rules: dict[str, Any], **more: Any) -> Built:
    given = {"replicationGroupId": name, "description": "-", "securityGroupIds": _by(name), **more}
    return _guarded(title, Wanted(_REPLICATED, name, given), verdict, *rules)


def _nodes_of(title: str, name: str, verdict: str, *rules: dict[str, Any], **more: Any) -> Built:
    given = {"clusterId": name, **_ALONE, "securityGroupIds": _by(name), **more}
    return _guarded(title, Wanted("aws:elasticache/cluster:Cluster", name, given), verdict, *rules)


def _files(title: str, name: str, verdict: str, *rules: dict[str, Any]) -> Built:
    system = Wanted("aws:efs/fileSystem:FileSystem", f"{name}-system", {"creationToken": name})
    given = {"fileSystemId": ref(system.name), "subnetId": ref("data"), "securityGroups": _by(name)}
    made = Wanted("aws:efs/mountTarget:MountTarget", name, given)
    return _guarded(title, made, verdict, *rules, more=(system,))


_REPLICATED: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_ALONE: Final = {"engine": "memcached", "nodeType": "cache.t3.micro", "numCacheNodes": 1}
_MYSQL: Final = {"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.05.2"}

STORES: Final = (
    _database("queries from a group", "by-group", "pass", _from_app(5432)),
    _database("nothing let in", "closed", "pass"),
    _database("queries from a network", "by-network", "fail", _from_app(5432), _from("10.0.0.0/16", 5432)),
    _database("more than its port", "wide", "fail", _from_app(5432, 5433)),
    _database("another port", "other-port", "fail", _from_app(22)),
    _database("MySQL's port", "mysql", "pass", _from_app(3306), **_MYSQL),
    _database("PostgreSQL's port for MySQL", "mixed", "fail", _from_app(5432), **_MYSQL),
    _database("a port of its own", "own-port", "pass", _from_app(6432), port=6432),
    ((), Case("no group, which means the default one", (cluster("bare"),), {"LG-NET-03": "fail"})),
    _alone("an instance", "alone", "pass", _from_app(5432)),
    _alone("an instance for everybody", "public-alone", "fail", _from("0.0.0.0/0", 5432)),
    _cache("a cache", "cache", "pass", _from_app(6379)),
    _cache("a cache for a network", "cache-wide", "fail", _from("10.0.0.0/16", 6379)),
    _cache("a cache on its own port", "cache-port", "pass", _from_app(6380), port=6380),
    _nodes_of("a cache of Memcached", "pages-by-group", "pass", _from_app(11211)),
    _nodes_of("a cache of Memcached for a network", "pages-wide", "fail", _from("10.0.0.0/16", 11211)),
    _nodes_of("the port of Redis for Memcached", "pages-other", "fail", _from_app(6379)),
    _nodes_of("one node of Redis", "single", "pass", _from_app(6379), engine="redis"),
    _files("a way to files", "files", "pass", _from_app(2049)),
    _files("a way to files for a network", "files-wide", "fail", _from("10.0.0.0/16", 2049)),
)


def _checked(folder: Path, built: tuple[Built, ...]) -> None:
    needed = [each for parts, _ in built for each in parts]
    check(folder / "p", [case for _, case in built], shared=(*_SHARED, *needed))


def test_stores(tmp_path: Path) -> None:
    """A store has the rules of its security groups on the port that it listens on."""
    _checked(tmp_path, STORES)


def _warehouse(title: str, name: str, verdict: str, *rules: dict[str, Any], **more: Any) -> Built:
    login = {"masterUsername": "owner", "masterPassword": "Not-a-real-0ne", "skipFinalSnapshot": True}
    given = {"clusterIdentifier": name, "nodeType": "ra3.large", "vpcSecurityGroupIds": _by(name), **login, **more}
    made = Wanted("aws:redshift/cluster:Cluster", name, given)
    return _guard(f"{name}-guard", *rules), Case(title, (made,), {"Redshift.15": verdict})


WAREHOUSES: Final = (
    _warehouse("from one network", "inside", "pass", _from("10.0.0.0/8", 5439)),
    _warehouse("from the internet", "outside", "fail", _from("0.0.0.0/0", 5439)),
    _warehouse("from IPv6", "outside-six", "fail", _from("::/0", 5439)),
    _warehouse("another port from the internet", "beside", "pass", _from("0.0.0.0/0", 443)),
    _warehouse("a port of its own", "moved", "pass", _from("0.0.0.0/0", 5439), port=5440),
    _warehouse("its own port from the internet", "moved-outside", "fail", _from("0.0.0.0/0", 5440), port=5440),
    _warehouse("from a group", "grouped", "pass", _from_app(5439)),
)


def test_warehouses(tmp_path: Path) -> None:
    """A warehouse has the rules of its security groups, and of no others."""
    _checked(tmp_path, WAREHOUSES)


def _subnets(name: str, *subnets: str) -> Wanted:
    given = {"name": name, "subnetIds": [ref(each) for each in subnets]}
    return Wanted("aws:elasticache/subnetGroup:SubnetGroup", name, given)


def _placed(title: str, name: str, verdict: str, *subnets: str) -> Built:
    group = _subnets(f"{name}-subnets", *subnets)
    given = {"replicationGroupId": name, "description": "-", "subnetGroupName": ref(group.name, "name")}
    return (group,), Case(title, (Wanted(_REPLICATED, name, given),), {"LG-NET-05": verdict})


def _cluster_in(title: str, name: str, verdict: str, *subnets: str) -> Built:
    group = _subnets(f"{name}-subnets", *subnets)
    given = {"clusterId": name, **_ALONE, "subnetGroupName": ref(group.name, "name")}
    return (group,), Case(title, (Wanted("aws:elasticache/cluster:Cluster", name, given),), {"LG-NET-05": verdict})


_UNPLACED: Final = Wanted(_REPLICATED, "unplaced", {"replicationGroupId": "unplaced", "description": "-"})
CACHES: Final = (
    _placed("data subnets", "apart", "pass", "data", "other-data"),
    _placed("a public subnet", "shown", "fail", "data", "front"),
    ((), Case("no group, which means the default one", (_UNPLACED,), {"LG-NET-05": "fail"})),
    _cluster_in("a cluster in data subnets", "pages", "pass", "data"),
    _cluster_in("a cluster in a public subnet", "pages-shown", "fail", "front"),
)


def test_caches(tmp_path: Path) -> None:
    """A cache is in the subnets of its group, with the routes of their tables."""
    _checked(tmp_path, CACHES)


def _nodes(name: str, subnet: str) -> Wanted:
    given = {
        "name": name,
        "releaseLabel": "emr-7.0.0",
        "serviceRole": "emr",
        "ec2Attributes": {"subnetId": ref(subnet), "instanceProfile": "nodes"},
        "masterInstanceGroup": {"instanceType": "m5.xlarge"},
    }
    return Wanted("aws:emr/cluster:Cluster", name, given)


NODES: Final[tuple[Built, ...]] = (
    ((), Case("a private subnet", (_nodes("hidden", "other-data"),), {"EMR.1": "pass"})),
    ((), Case("a subnet that says nothing", (_nodes("quiet", "data"),), {"EMR.1": "pass"})),
    ((), Case("a subnet with public addresses", (_nodes("seen", "front"),), {"EMR.1": "fail"})),
)


def test_primary_nodes(tmp_path: Path) -> None:
    """What its subnet gives a node by itself, the node has in the account."""
    _checked(tmp_path, NODES)


def _snapshot(name: str, *shared: str) -> Wanted:
    given = {"dbSnapshotIdentifier": name, "dbInstanceIdentifier": ref("source"), "sharedAccounts": [*shared]}
    return Wanted("aws:rds/snapshot:Snapshot", name, {key: value for key, value in given.items() if value})


def _cluster_snapshot(name: str, *shared: str) -> Wanted:
    given = {"dbClusterSnapshotIdentifier": name, "dbClusterIdentifier": ref("books"), "sharedAccounts": [*shared]}
    return Wanted(
        "aws:rds/clusterSnapshot:ClusterSnapshot", name, {key: value for key, value in given.items() if value}
    )


SNAPSHOTS: Final = (
    Case("shared with nobody", (_snapshot("kept"),), {"LG-NET-19": "pass"}),
    Case("shared with an account", (_snapshot("given", "444455556666"),), {"LG-NET-19": "pass"}),
    Case("shared with everybody", (_snapshot("open", "all"),), {"LG-NET-19": "fail"}),
    Case("shared with an account and everybody", (_snapshot("both", "444455556666", "all"),), {"LG-NET-19": "fail"}),
    Case("a cluster's for nobody", (_cluster_snapshot("c-kept"),), {"LG-NET-19": "pass"}),
    Case("a cluster's for everybody", (_cluster_snapshot("c-open", "all"),), {"LG-NET-19": "fail"}),
)


def test_snapshots(tmp_path: Path) -> None:
    """A snapshot tells with whom it is shared."""
    check(tmp_path / "p", SNAPSHOTS, shared=(instance("source"), cluster("books")))
