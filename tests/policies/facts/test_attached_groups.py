"""Security groups of stores and other holders, with rules from wherever they are declared."""

from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.attached_groups import ELSEWHERE, attached_groups
from policies.facts.ec2_subnets import SubnetAddresses, subnet_addresses_from_graph
from policies.facts.elasticache_networks import PlacedCache, placed_cache_from_graph
from policies.facts.emr import NodeSubnet, node_cluster_from_graph
from policies.facts.guarded_stores import (
    guarded_cache_from_graph,
    guarded_database_from_graph,
    guarded_files_from_graph,
    guarded_nodes_from_graph,
    guarded_warehouse_from_graph,
)
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import CLUSTER, INSTANCE, graph, resource

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
MEMBER: Final = "aws:elasticache/cluster:Cluster"
SUBNET: Final = "aws:ec2/subnet:Subnet"
SSH: Final = {"protocol": "tcp", "fromPort": 22, "toPort": 22}
OWN: Final = resource(GROUP, "own", {"ingress": [{**SSH, "cidrBlocks": ["10.0.0.0/8"]}]}, id="sg-1")


def holder(ids: Any, *depends_on: Resource) -> Resource:
    """Return a database in these groups."""
    urns = tuple(each.urn for each in depends_on)
    inputs = {"engine": "aurora-postgresql", "vpcSecurityGroupIds": ids}
    return resource(CLUSTER, "db", inputs, property_dependencies={"vpcSecurityGroupIds": urns})


def groups(ids: Any, *others: Resource, depends_on: tuple[Resource, ...] = ()) -> Any:
    """Return the groups that a database names."""
    subject = holder(ids, *depends_on)
    return attached_groups(graph(subject, *others), subject, "vpcSecurityGroupIds")


def separate(name: str, owner: Any, cidr: str, **inputs: Any) -> Resource:
    """Return an ingress rule of the older kind."""
    return resource(RULE, name, {**SSH, "type": "ingress", "securityGroupId": owner, "cidrBlocks": [cidr], **inputs})


def test_rules_come_from_wherever_they_are_declared() -> None:
    """Rules inside the group and beside it are one; those of another group and egress rules are left out."""
    new = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 1, "toPort": 1, "cidrIpv4": "10.3.0.0/16"}
    (found,) = groups(
        ["sg-1"],
        OWN,
        separate("old", "sg-1", "10.2.0.0/16"),
        separate("out", "sg-1", "0.0.0.0/0", type="egress"),
        separate("other", "sg-2", "0.0.0.0/0"),
        resource(INGRESS_RULE, "new", new),
        resource(GROUP, "another", {"name": "another"}, id="sg-2"),
    )
    assert [each.cidr_blocks for each in found.ingress.rules] == [("10.0.0.0/8",), ("10.2.0.0/16",), ("10.3.0.0/16",)]


def test_what_nobody_knows_of_a_group_is_a_rule_that_is_not_known() -> None:
    """A rule whose group comes later may be its own; rules that come later are no empty list."""
    (loose,) = groups(["sg-1"], OWN, separate("loose", UNKNOWN, "0.0.0.0/0"))
    (later,) = groups(["sg-1"], resource(GROUP, "own", {"ingress": UNKNOWN}, id="sg-1"))
    (hidden,) = groups(["sg-1"], resource(GROUP, "own", {"ingress": Secret([SSH])}, id="sg-1"))

    assert loose.ingress.unsure[0].rule == UNKNOWN
    assert later.ingress.rules == UNKNOWN
    assert isinstance(hidden.ingress.rules[0], Secret)


def test_groups_that_the_stack_does_not_create() -> None:
    """A group of another stack and one that is looked up show their rules in the account alone."""
    looked_up = resource(GROUP, "own", outputs={"ingress": []}, id="sg-1", kind=Kind.READ)

    assert groups(["sg-9"]) == groups(["sg-1"], looked_up) == (ELSEWHERE,)


def test_unknown_ids() -> None:
    """The one group that a list depends on is meant; two are nobody's, and a list that comes later is unknown."""
    other = resource(GROUP, "other", {"name": "other"})

    assert groups([UNKNOWN], OWN, depends_on=(OWN,))[0].in_stack
    assert groups([UNKNOWN, UNKNOWN], OWN, other, depends_on=(OWN, other)) == (UNKNOWN, UNKNOWN)
    assert groups(UNKNOWN) == UNKNOWN
    assert groups(None) == ()
    assert groups(Secret(["sg-1"]), OWN)[0].in_stack


@pytest.mark.parametrize(
    ("type_", "inputs", "port"),
    [
        (CLUSTER, {"engine": "aurora-postgresql"}, 5432),
        (CLUSTER, {"engine": "aurora-mysql"}, 3306),
        (INSTANCE, {"engine": "mariadb"}, 3306),
        (INSTANCE, {"engine": "oracle-ee"}, None),
        (INSTANCE, {"engine": "postgres", "port": "6432"}, 6432),
        (INSTANCE, {"engine": "postgres", "port": UNKNOWN}, UNKNOWN),
        (INSTANCE, {"engine": f"postgres-{SYMBOL_MARK}"}, UNKNOWN),
    ],
)
def test_port_of_a_database(type_: str, inputs: dict[str, Any], port: object) -> None:
    """The port that is stated, else that of the engine."""
    subject = resource(type_, "db", inputs)

    assert guarded_database_from_graph(graph(subject), subject).port == port
    shown = resource(type_, "db", outputs=inputs)
    assert guarded_database_from_graph(graph(shown), shown).port == port


def test_ports_of_other_stores() -> None:
    """Each kind of store has a port of its own."""
    cache = resource(CACHE, "cache", {"securityGroupIds": ["sg-1"]})
    files = resource("aws:efs/mountTarget:MountTarget", "files", {"securityGroups": ["sg-1"]})
    house = resource("aws:redshift/cluster:Cluster", "house", {"port": 5440.0, "vpcSecurityGroupIds": ["sg-1"]})
    stack = graph(OWN, cache, files, house)
    found: list[Any] = [
        guarded_cache_from_graph(stack, cache),
        guarded_files_from_graph(stack, files),
        guarded_warehouse_from_graph(stack, house),
    ]
    assert [each.port for each in found] == [6379, 2049, 5440]
    assert [len(each.groups) for each in found] == [1, 1, 1]


@pytest.mark.parametrize(
    ("inputs", "port", "member"),
    [
        ({"engine": "memcached"}, 11211, False),
        ({"engine": "redis"}, 6379, False),
        ({"engine": "valkey", "port": 6380}, 6380, False),
        ({"engine": UNKNOWN}, UNKNOWN, False),
        ({"replicationGroupId": "sessions"}, 6379, True),
        ({"replicationGroupId": UNKNOWN}, 6379, True),
    ],
)
def test_a_cache_without_replication(inputs: dict[str, Any], port: object, *, member: bool) -> None:
    """Its port is stated or its engine's; one that names a replication group is part of that."""
    subject = resource(MEMBER, "pages", {"securityGroupIds": ["sg-1"], **inputs})
    found = guarded_nodes_from_graph(graph(OWN, subject), subject)
    assert (found.port, found.member, len(found.groups)) == (port, member, 1)


def test_subnets_of_an_emr_cluster() -> None:
    """One subnet or several, of the stack or not; none where it names none."""
    public = resource(SUBNET, "public", {"mapPublicIpOnLaunch": True}, id="subnet-1")

    def subnets(attributes: Any) -> Any:
        subject = resource("aws:emr/cluster:Cluster", "hadoop", {"ec2Attributes": attributes})
        return node_cluster_from_graph(graph(subject, public), subject).subnets

    here, elsewhere = NodeSubnet(addresses=SubnetAddresses(public=True)), NodeSubnet(in_stack=False, addresses=UNKNOWN)
    assert subnets({"subnetId": "subnet-1"}) == subnets([{"subnetIds": ["subnet-1"]}]) == (here,)
    assert subnets({"subnetIds": ["subnet-1", "subnet-9"]}) == (here, elsewhere)
    assert subnets({"subnetId": UNKNOWN}) == subnets({"subnetIds": UNKNOWN}) == (UNKNOWN,)
    assert (subnets(None), subnets({}), subnets(UNKNOWN)) == ((), (), UNKNOWN)


def test_addresses_of_subnets() -> None:
    """A subnet gives no public address by itself, a default one does."""
    default = "aws:ec2/defaultSubnet:DefaultSubnet"
    written = [(SUBNET, None), (default, None), (default, False), (SUBNET, UNKNOWN)]
    subjects = [resource(type_, "s", {"mapPublicIpOnLaunch": value}) for type_, value in written]

    assert [subnet_addresses_from_graph(graph(), each).public for each in subjects] == [False, True, False, UNKNOWN]


def test_place_of_a_cache() -> None:
    """A group of the stack shows its subnets; the default one, another stack's and a later one do not."""
    subnet = resource(SUBNET, "data", {"vpcId": "vpc-1", "tags": {"Tier": "data"}}, id="subnet-1")
    group = resource("aws:elasticache/subnetGroup:SubnetGroup", "caches", {"name": "caches", "subnetIds": ["subnet-1"]})

    def place(name: Any, type_: str = CACHE, **inputs: Any) -> PlacedCache:
        subject = resource(type_, "cache", {"subnetGroupName": name, **inputs})
        return placed_cache_from_graph(graph(subject, subnet, group), subject)

    assert [each.tier for each in place("caches").subnets] == ["data"]
    assert place("caches").group_in_stack
    assert place("Default") == PlacedCache(group_name="default", group_in_stack=False)
    assert place(None).group_name == ""
    assert place(UNKNOWN).group_in_stack == UNKNOWN
    assert place("caches", MEMBER, replicationGroupId="a").member
