"""The network of the payment system."""

import json
from ipaddress import IPv4Network

import pytest

from ledgergate.graph import Graph
from tests.infra.recording import Recording

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def tiers(graph: Graph) -> dict[str, str]:
    """Return subnet id → tier."""
    return {subnet.id: subnet.inputs["tags"]["Tier"] for subnet in graph.of_type("aws:ec2/subnet:Subnet")}


def default_routes(graph: Graph) -> dict[str, set[str]]:
    """Return tier → kinds of gateway that 0.0.0.0/0 leads to."""
    found: dict[str, set[str]] = {}
    for link in graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation"):
        ways = found.setdefault(tiers(graph)[link.inputs["subnetId"]], set())
        for route in graph.of_type("aws:ec2/route:Route"):
            if route.inputs["routeTableId"] == link.inputs["routeTableId"]:
                ways |= {key for key in ("gatewayId", "natGatewayId") if key in route.inputs}
    return found


@pytest.mark.requirement("B-05")
def test_every_tier_has_a_subnet_in_three_zones(payments: Recording) -> None:
    """Public, private and data subnets stand in the same three zones, inside the VPC."""
    (vpc,) = payments.graph.of_type("aws:ec2/vpc:Vpc")
    subnets = [subnet.inputs for subnet in payments.graph.of_type("aws:ec2/subnet:Subnet")]

    assert all(IPv4Network(found["cidrBlock"]).subnet_of(IPv4Network(vpc.inputs["cidrBlock"])) for found in subnets)
    assert sorted((found["tags"]["Tier"], found["availabilityZone"]) for found in subnets) == [
        (tier, f"us-east-1{letter}") for tier in ("data", "private", "public") for letter in "abc"
    ]


@pytest.mark.requirement("B-05")
def test_no_subnet_hands_out_public_addresses(payments: Recording) -> None:
    """An interface gets a public address only where somebody asks for one."""
    assert {s.inputs["mapPublicIpOnLaunch"] for s in payments.graph.of_type("aws:ec2/subnet:Subnet")} == {False}


@pytest.mark.requirement("B-06")
@pytest.mark.requirement("B-31")
def test_each_tier_has_its_own_way_out(payments: Recording) -> None:
    """Public subnets use the internet gateway, private ones NAT, data subnets have no way out."""
    assert default_routes(payments.graph) == {"public": {"gatewayId"}, "private": {"natGatewayId"}, "data": set()}


@pytest.mark.requirement("B-05")
def test_every_subnet_has_a_route_table_of_its_tier(payments: Recording) -> None:
    """No subnet falls back to the main route table."""
    links = payments.graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")

    assert sorted(link.inputs["subnetId"] for link in links) == sorted(tiers(payments.graph))


def test_default_security_group_admits_nothing(payments: Recording) -> None:
    """What lands in the default group by mistake can reach nobody."""
    (group,) = payments.graph.of_type("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")

    assert (group.inputs["ingress"], group.inputs["egress"]) == ([], [])


@pytest.mark.requirement("B-08")
@pytest.mark.requirement("B-68")
def test_all_traffic_is_recorded_for_a_year(payments: Recording) -> None:
    """The flow log takes accepted and refused traffic of the VPC into an encrypted group that keeps it 365 days."""
    graph = payments.graph
    (vpc,) = graph.of_type("aws:ec2/vpc:Vpc")
    (flow_log,) = graph.of_type("aws:ec2/flowLog:FlowLog")
    groups = {f"arn/LogGroup/{group.name}": group.inputs for group in graph.of_type(LOG_GROUP)}
    group = groups[flow_log.inputs["logDestination"]]

    assert (flow_log.inputs["vpcId"], flow_log.inputs["trafficType"]) == (vpc.id, "ALL")
    assert (group["retentionInDays"], group["kmsKeyId"]) == (365, "arn/Key/logs")


@pytest.mark.requirement("B-56")
def test_flow_log_delivery_may_write_to_its_group_only(payments: Recording) -> None:
    """The delivery role names the group it writes to, and only this account's flow logs may take the role."""
    (role,) = (r for r in payments.graph.of_type("aws:iam/role:Role") if r.name == "flow-log")
    (policy,) = (p for p in payments.graph.of_type("aws:iam/rolePolicy:RolePolicy") if p.name == "flow-log")
    (group,) = (g for g in payments.graph.of_type(LOG_GROUP) if g.name == "flow-log")
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]["Condition"]
    write, find = json.loads(policy.inputs["policy"])["Statement"]
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{group.inputs['name']}"

    assert trust["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    assert write["Resource"] == [arn, f"{arn}:log-stream:*"]
    assert find["Action"] == "logs:DescribeLogGroups"


TO_REGISTRY = {("frontend", "0.0.0.0/0", 443), ("backend", "0.0.0.0/0", 443)}


@pytest.mark.requirement("B-09")
@pytest.mark.requirement("B-23")
def test_only_placeholders_are_fetched_from_the_internet(payments: Recording) -> None:
    """Tasks reach beyond the VPC only where their image comes from a public registry, which production forbids."""
    outside = {rule for rule in rules(payments.graph, EGRESS) if "/" in rule[1] and rule[1][0].isdigit()}

    assert outside == (TO_REGISTRY if payments.graph.stack == "dev" else set())


@pytest.mark.requirement("B-09")
def test_traffic_follows_the_chain(payments: Recording) -> None:
    """CloudFront reaches the balancer, the balancer the tasks, the API the database; each end names the other."""
    assert rules(payments.graph, INGRESS) == {
        ("pl-cloudfront", "balancer", 443),
        ("balancer", "frontend", 3000),
        ("balancer", "backend", 8080),
        ("backend", "database", 5432),
        ("VPC", "endpoints", 443),
    }
    assert rules(payments.graph, EGRESS) - TO_REGISTRY == {
        ("balancer", "frontend", 3000),
        ("balancer", "backend", 8080),
        ("backend", "database", 5432),
        ("frontend", "endpoints", 443),
        ("backend", "endpoints", 443),
        ("gate", "endpoints", 443),
        ("frontend", "prefixListId/VpcEndpoint/endpoints-s3", 443),
        ("backend", "prefixListId/VpcEndpoint/endpoints-s3", 443),
    }


def rules(graph: Graph, type_: str) -> set[tuple[str, str, int]]:
    """Return (source, target, port) of the rules of one direction, groups by their short names."""
    (vpc,) = graph.of_type("aws:ec2/vpc:Vpc")
    names = {
        group.id: group.inputs["name"].split("-")[1] for group in graph.of_type("aws:ec2/securityGroup:SecurityGroup")
    }
    names[vpc.inputs["cidrBlock"]] = "VPC"
    found = set()
    for rule in graph.of_type(type_):
        given = rule.inputs
        assert given["ipProtocol"] == "tcp"
        assert given["fromPort"] == given["toPort"]
        own = names[given["securityGroupId"]]
        (peer,) = (given[key] for key in ("referencedSecurityGroupId", "prefixListId", "cidrIpv4") if key in given)
        ends = (names.get(peer, peer), own) if type_ == INGRESS else (own, names.get(peer, peer))
        found.add((*ends, int(given["fromPort"])))
    return found


@pytest.mark.requirement("B-09")
def test_groups_carry_no_inline_rules(payments: Recording) -> None:
    """Inline rules would fight with the separate ones, so there are none."""
    for group in payments.graph.of_type("aws:ec2/securityGroup:SecurityGroup"):
        assert {"ingress", "egress"}.isdisjoint(group.inputs)


@pytest.mark.requirement("B-10")
@pytest.mark.requirement("B-11")
def test_calls_to_aws_stay_inside_the_vpc(payments: Recording) -> None:
    """Every service in use has an endpoint that takes over its public name, in every private subnet."""
    interfaces = [
        endpoint.inputs
        for endpoint in payments.graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
        if endpoint.inputs["vpcEndpointType"] == "Interface"
    ]
    private = sorted(subnet for subnet, tier in tiers(payments.graph).items() if tier == "private")

    assert {endpoint["serviceName"].removeprefix("com.amazonaws.us-east-1.") for endpoint in interfaces} >= {
        *("ecr.api", "ecr.dkr", "logs"),
        *("secretsmanager", "ssm", "kms", "sts", "rds", "ecs", "xray"),
    }
    assert all(endpoint["privateDnsEnabled"] and sorted(endpoint["subnetIds"]) == private for endpoint in interfaces)


@pytest.mark.requirement("B-10")
@pytest.mark.requirement("B-12")
def test_s3_is_reached_by_route_from_every_inner_subnet(payments: Recording) -> None:
    """The S3 gateway hangs on the route tables of the private and data subnets."""
    graph = payments.graph
    (gateway,) = (e for e in graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint") if e.name == "endpoints-s3")
    inner = {
        link.inputs["routeTableId"]
        for link in graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
        if tiers(graph)[link.inputs["subnetId"]] != "public"
    }

    assert gateway.inputs["vpcEndpointType"] == "Gateway"
    assert set(gateway.inputs["routeTableIds"]) == inner


@pytest.mark.requirement("B-10")
@pytest.mark.requirement("B-56")
def test_s3_gateway_carries_data_to_own_buckets_only(payments: Recording) -> None:
    """Through the endpoint the account's own principals reach its own buckets, and tasks read image layers."""
    (gateway,) = (e for e in payments.graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint") if e.name == "endpoints-s3")
    allowed = {"Effect": "Allow", "Principal": "*"}
    both = {"aws:PrincipalAccount": "123456789012", "aws:ResourceAccount": "123456789012"}
    layers = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"

    assert json.loads(gateway.inputs["policy"])["Statement"] == [
        {"Sid": "OwnBuckets", **allowed, "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": both}},
        {"Sid": "ImageLayers", **allowed, "Action": "s3:GetObject", "Resource": layers},
    ]
