"""Real programs through the engine: a network as it should be passes, and each thing changed fails its control."""

from pathlib import Path
from typing import Final

import pytest

from ledgergate.engine.launcher import Evaluation
from ledgergate.finding import Stage, Status
from policies.catalogue import load_catalogue
from policies.runner import judge
from policies.settings import Settings
from tests.ledgergate.engine.running import run_text

_GOOD: Final = """
import pulumi_aws as aws
vpc = aws.ec2.Vpc("main", cidr_block="10.1.0.0/16", tags={"Environment": "prod"})
other = aws.ec2.Vpc("other", cidr_block="10.2.0.0/16", tags={"Environment": "production"})
aws.ec2.VpcPeeringConnection("join", vpc_id=vpc.id, peer_vpc_id=other.id)
data = aws.ec2.Subnet(
    "data", vpc_id=vpc.id, cidr_block="10.1.1.0/24", map_public_ip_on_launch=False, tags={"Tier": "data"}
)
gateway = aws.ec2.InternetGateway("out", vpc_id=vpc.id)
table = aws.ec2.RouteTable("data", vpc_id=vpc.id)
aws.ec2.RouteTableAssociation("data", subnet_id=data.id, route_table_id=table.id)
open_ = aws.ec2.RouteTable("open", vpc_id=vpc.id)
aws.ec2.Route("open", route_table_id=open_.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
logs = aws.cloudwatch.LogGroup("flows")
for each in (vpc, other):
    aws.ec2.FlowLog(f"flows-{each._name}", vpc_id=each.id, traffic_type="ALL", log_destination=logs.arn)
aws.ec2.VpcEndpoint("s3", vpc_id=vpc.id, service_name="com.amazonaws.us-east-1.s3", route_table_ids=[table.id])
for name in ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "kms", "sts"):
    service = f"com.amazonaws.us-east-1.{name}"
    kind = {"vpc_endpoint_type": "Interface", "private_dns_enabled": True}
    aws.ec2.VpcEndpoint(name, vpc_id=vpc.id, service_name=service, **kind)
app, db = (aws.ec2.SecurityGroup(name, vpc_id=vpc.id) for name in ("app", "db"))
aws.vpc.SecurityGroupIngressRule(
    "db", security_group_id=db.id, ip_protocol="tcp",
    from_port=5432, to_port=5432, referenced_security_group_id=app.id,
)
cluster = aws.rds.Cluster("db", engine="aurora-postgresql", vpc_security_group_ids=[db.id])
caches = aws.elasticache.SubnetGroup("caches", subnet_ids=[data.id])
aws.elasticache.ReplicationGroup("cache", description="-", subnet_group_name=caches.name, port=5432)
place = {"instance_profile": "x", "subnet_id": data.id}
aws.emr.Cluster("hadoop", release_label="emr-7.0.0", service_role="x", ec2_attributes=place)
aws.redshift.Cluster("warehouse", cluster_identifier="w", node_type="ra3.large", vpc_security_group_ids=[db.id])
office = aws.ec2.ManagedPrefixList("office", address_family="IPv4", max_entries=2, entries=[{"cidr": "10.9.0.0/16"}])
aws.ec2.ManagedPrefixListEntry("branch", prefix_list_id=office.id, cidr="10.8.0.0/16")
aws.ec2.SecurityGroup("web", vpc_id=vpc.id, ingress=[
    {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": ["::/0"]},
    {"protocol": "tcp", "from_port": 8080, "to_port": 8080, "prefix_list_ids": [office.id]},
    {"protocol": "tcp", "from_port": cluster.port, "to_port": cluster.port, "cidr_blocks": [vpc.cidr_block]},
])
"""

_RULE: Final = '"from_port": 443, "to_port": 443'
_CHANGES: Final = {
    "EC2.13": ("web", _RULE, '"from_port": 20, "to_port": 25'),
    "EC2.14": ("web", _RULE, '"from_port": 3389, "to_port": 3389'),
    "EC2.53": ("web", _RULE, '"from_port": 22, "to_port": 22'),
    "EC2.54": ("web", _RULE, '"from_port": 22, "to_port": 22'),
    "EC2.15": ("data", "map_public_ip_on_launch=False", "map_public_ip_on_launch=True"),
    "LG-NET-01": ("data", 'Route("open", route_table_id=open_.id', 'Route("open", route_table_id=table.id'),
    "LG-NET-02": ("web", 'cidr="10.8.0.0/16"', 'cidr="0.0.0.0/0"'),
    "LG-NET-03": ("db", "referenced_security_group_id=app.id", "cidr_ipv4=vpc.cidr_block"),
    "LG-NET-05": ("cache", "subnet_group_name=caches.name, ", ""),
    "LG-NET-06": ("main", 'traffic_type="ALL"', 'traffic_type="REJECT"'),
    "LG-NET-07": ("main", "route_table_ids=[table.id]", "route_table_ids=[open_.id]"),
    "LG-NET-11": ("join", '"Environment": "production"', '"Environment": "staging"'),
    "EMR.1": ("hadoop", "map_public_ip_on_launch=False", "map_public_ip_on_launch=True"),
    "Redshift.15": (
        "warehouse",
        "from_port=5432, to_port=5432, referenced_security_group_id=app.id",
        'from_port=5000, to_port=6000, cidr_ipv4="0.0.0.0/0"',
    ),
}
"""Control → the resource it is about, what is changed in the program, and into what."""


def judged(found: Evaluation, *controls: str, system: str = "payments") -> dict[tuple[str, str], Status]:
    """Return (control, logical name) → what it says, as the gate judges."""
    selected = load_catalogue().select(controls)
    settings = Settings(system=system)
    findings = judge(found.graph, selected, settings, stage=Stage.DESIGN, observed_at="2026-12-01T00:00:00Z")
    return {(each.control, each.resource.rpartition("::")[2]): each.status for each in findings}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Status]:
    """Return what the controls say of the program as it should be."""
    return judged(run_text(tmp_path_factory.mktemp("good"), _GOOD), *_CHANGES)


@pytest.mark.parametrize("control", _CHANGES)
def test_whole_network_passes(control: str, good: dict[tuple[str, str], Status]) -> None:
    """A network with everything that is demanded passes every control of it."""
    assert good[control, _CHANGES[control][0]] is Status.PASS


@pytest.mark.parametrize("control", _CHANGES)
def test_one_change_fails_its_control(control: str, tmp_path: Path) -> None:
    """One wrong line fails the control that it breaks, on the resource that it breaks."""
    name, old, new = _CHANGES[control]
    text = _GOOD.replace(old, new)
    assert text != _GOOD

    assert judged(run_text(tmp_path, text), control)[control, name] is Status.FAIL


_OPEN: Final = """
import pulumi_aws as aws
vpc = aws.ec2.Vpc("main", cidr_block="10.1.0.0/16")
db = aws.rds.Cluster("db", engine="aurora-postgresql")
later = {"protocol": "tcp", "from_port": db.port, "to_port": db.port}
anybody = {"cidr_blocks": ["0.0.0.0/0"]}
ssh = {"protocol": "tcp", "from_port": 22, "to_port": 22}
def group(name, *rules): aws.ec2.SecurityGroup(name, vpc_id=vpc.id, ingress=[*rules])
group("ssh-beside", {**later, "cidr_blocks": [vpc.cidr_block]}, {**ssh, **anybody})
group("udp", {**later, "protocol": "udp", **anybody})
group("private", {**later, "cidr_blocks": [vpc.cidr_block]})
group("tls", {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": [vpc.ipv6_cidr_block]})
group("tcp", {**later, **anybody})
group("unseen", {**ssh, "prefix_list_ids": ["pl-1234"]})
group("unseen-tls", {"protocol": "tcp", "from_port": 443, "to_port": 443, "prefix_list_ids": ["pl-1234"]})
edge = aws.ec2.get_managed_prefix_list(name="com.amazonaws.global.cloudfront.origin-facing")
group("edge", {**ssh, "prefix_list_ids": [edge.id]})
"""


def test_what_is_not_known_matters_only_where_it_decides(tmp_path: Path) -> None:
    """A certain violation wins, a certain pass is one, and what only the account shows is left to the audit."""
    said = judged(run_text(tmp_path, _OPEN), "LG-NET-02")

    assert {name: status for (_, name), status in said.items()} == {
        "ssh-beside": Status.FAIL,
        "udp": Status.FAIL,
        "private": Status.PASS,
        "tls": Status.PASS,
        "tcp": Status.UNKNOWN,
        "unseen": Status.DEFERRED,
        "unseen-tls": Status.PASS,
        "edge": Status.PASS,
    }
