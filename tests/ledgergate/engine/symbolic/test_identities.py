"""The table of identities names real types, gives well-formed ARNs, and covers what controls ask for."""

import re
from pathlib import Path

import pytest
from pulumi.runtime import rpc

from ledgergate import values
from ledgergate.engine.symbolic import identities
from ledgergate.engine.symbolic.identities import identity_of
from ledgergate.engine.symbolic.outputs import Subject
from ledgergate.engine.symbolic.place import Place
from ledgergate.engine.symbolic.template import Template

REPOSITORY = Path(__file__).parents[4]
PLACE = Place("aws", "eu-west-1", "123456789012")
ARN = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|)?:\S+")
WORDS = {
    "acceleratorArn": "arn:aws:globalaccelerator::123456789012:accelerator/a",
    "direction": "INBOUND",
    "globalTableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
    "listenerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/1/2",
    "loadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/1",
    "loadBalancerType": "network",
    "path": "/",
    "primaryKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mrk-1",
    "productArn": "arn:aws:securityhub:eu-west-1::product/aws/guardduty",
    "protocolType": "HTTP",
    "scope": "REGIONAL",
    "standardsArn": "arn:aws:securityhub:eu-west-1::standards/pci-dss/v/4.0.1",
    "streamArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
    "topic": "arn:aws:sns:eu-west-1:123456789012:alerts",
}


class AnyInputs(dict[str, object]):
    """Inputs that hold a fitting value for every property."""

    def get(self, key: str, default: object = None) -> object:
        """Return a value, or nested inputs."""
        return self if key == "details" else WORDS.get(key, f"v-{key.lower()}" if default is None else default)


def subject(type_: str, urn: str = "urn") -> Subject:
    """Return a resource of a type with all its inputs given."""
    return Subject(urn, AnyInputs(), PLACE, identity_of(type_))


TYPES = sorted(identities.types())


def sdk_types() -> set[str]:
    """Return every type token of the SDKs that are imported."""
    modules = [module for several in rpc._RESOURCE_MODULES.values() for module in several]
    return {type_ for module in modules for type_ in getattr(module, "mod_info", {}).get("classes", {})}


def test_types_are_those_of_the_sdk() -> None:
    """No row is for a type that the provider does not have."""
    known = sdk_types()
    assert [type_ for type_ in TYPES if type_.startswith("aws:") and type_ not in known] == []


@pytest.mark.parametrize("type_", TYPES)
def test_every_row_gives_an_id_and_an_arn(type_: str) -> None:
    """Each template can be rendered, and each ARN has the six parts of one."""
    found = subject(type_)
    assert found.identifier()
    identity = identity_of(type_)
    assert identity is not None
    if identity.arn is not None:
        arn = found.value("arn")
        assert isinstance(arn, str)
        assert ARN.fullmatch(arn), arn


@pytest.mark.parametrize("type_", TYPES)
def test_ids_that_are_minted_differ_and_carry_the_mark(type_: str) -> None:
    """An id that does not come from inputs belongs to one resource and can be recognised."""
    one, other = subject(type_, "urn:one").identifier(), subject(type_, "urn:other").identifier()
    identity = identity_of(type_)
    assert identity is not None
    secret = "{suffix6}" in (identity.arn.text if identity.arn else "") and identity.ids[0].text == "{arn}"
    assert one == other or values.is_symbolic(one) or secret


def test_every_type_that_policies_name_has_a_row() -> None:
    """A control can join any resource that it knows of; the one of names reads names alone, and joins nothing."""
    token = re.compile(r'"(aws:[a-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+)"')
    named = {
        found
        for path in (REPOSITORY / "policies").rglob("*.py")
        if path.name != "naming.py"
        for found in token.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(named & sdk_types() - set(TYPES)) == []


A = "arn:aws:{}:eu-west-1:123456789012:{}"


@pytest.mark.parametrize(
    ("type_", "inputs", "id_", "arn"),
    [
        ("aws:s3/bucket:Bucket", {"bucket": "logs"}, "logs", "arn:aws:s3:::logs"),
        ("aws:s3/bucketAcl:BucketAcl", {"bucket": "logs", "acl": "private"}, "logs,private", None),
        ("aws:s3/bucketVersioning:BucketVersioning", {"bucket": "logs"}, "logs", None),
        ("aws:kms/alias:Alias", {"name": "alias/pan"}, "alias/pan", A.format("kms", "alias/pan")),
        ("aws:iam/role:Role", {"name": "app"}, "app", "arn:aws:iam::123456789012:role/app"),
        ("aws:iam/role:Role", {"name": "app", "path": "/x/y/"}, "app", "arn:aws:iam::123456789012:role/x/y/app"),
        (
            "aws:iam/policy:Policy",
            {"name": "p"},
            "arn:aws:iam::123456789012:policy/p",
            "arn:aws:iam::123456789012:policy/p",
        ),
        ("aws:iam/rolePolicy:RolePolicy", {"role": "app", "name": "p"}, "app:p", None),
        ("aws:rds/cluster:Cluster", {"clusterIdentifier": "pay"}, "pay", A.format("rds", "cluster:pay")),
        ("aws:rds/clusterInstance:ClusterInstance", {"identifier": "pay-1"}, "pay-1", A.format("rds", "db:pay-1")),
        ("aws:rds/subnetGroup:SubnetGroup", {"name": "pay"}, "pay", A.format("rds", "subgrp:pay")),
        (
            "aws:rds/globalCluster:GlobalCluster",
            {"globalClusterIdentifier": "g"},
            "g",
            "arn:aws:rds::123456789012:global-cluster:g",
        ),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "/app"}, "/app", A.format("logs", "log-group:/app")),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"name": "a"}, "a", A.format("cloudwatch", "alarm:a")),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "r"}, "r", A.format("events", "rule/r")),
        (
            "aws:cloudwatch/eventRule:EventRule",
            {"name": "r", "eventBusName": "b"},
            "b/r",
            A.format("events", "rule/b/r"),
        ),
        ("aws:lambda/function:Function", {"name": "f"}, "f", A.format("lambda", "function:f")),
        (
            "aws:lambda/alias:Alias",
            {"name": "live", "functionName": A.format("lambda", "function:f")},
            A.format("lambda", "function:f:live"),
            A.format("lambda", "function:f:live"),
        ),
        (
            "aws:sqs/queue:Queue",
            {"name": "q.fifo"},
            "https://sqs.eu-west-1.amazonaws.com/123456789012/q.fifo",
            A.format("sqs", "q.fifo"),
        ),
        ("aws:sns/topic:Topic", {"name": "t"}, A.format("sns", "t"), A.format("sns", "t")),
        ("aws:sns/topicPolicy:TopicPolicy", {"arn": A.format("sns", "t")}, A.format("sns", "t"), A.format("sns", "t")),
        ("aws:dynamodb/table:Table", {"name": "orders"}, "orders", A.format("dynamodb", "table/orders")),
        (
            "aws:dynamodb/tableReplica:TableReplica",
            {"globalTableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders"},
            "orders:us-east-1",
            A.format("dynamodb", "table/orders"),
        ),
        ("aws:ecs/cluster:Cluster", {"name": "c"}, A.format("ecs", "cluster/c"), A.format("ecs", "cluster/c")),
        (
            "aws:ecs/service:Service",
            {"name": "s", "cluster": A.format("ecs", "cluster/c")},
            A.format("ecs", "service/c/s"),
            A.format("ecs", "service/c/s"),
        ),
        ("aws:ecs/taskDefinition:TaskDefinition", {"family": "f"}, "f", A.format("ecs", "task-definition/f:1")),
        ("aws:ecr/repository:Repository", {"name": "team/app"}, "team/app", A.format("ecr", "repository/team/app")),
        ("aws:eks/cluster:Cluster", {"name": "k"}, "k", A.format("eks", "cluster/k")),
        ("aws:kinesis/stream:Stream", {"name": "s"}, A.format("kinesis", "stream/s"), A.format("kinesis", "stream/s")),
        ("aws:ssm/parameter:Parameter", {"name": "/a/b"}, "/a/b", A.format("ssm", "parameter/a/b")),
        ("aws:ssm/parameter:Parameter", {"name": "a"}, "a", A.format("ssm", "parameter/a")),
        ("aws:backup/vault:Vault", {"name": "v"}, "v", A.format("backup", "backup-vault:v")),
        (
            "aws:cloudtrail/trail:Trail",
            {"name": "t"},
            A.format("cloudtrail", "trail/t"),
            A.format("cloudtrail", "trail/t"),
        ),
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            {"replicationGroupId": "r"},
            "r",
            A.format("elasticache", "replicationgroup:r"),
        ),
        ("aws:opensearch/domain:Domain", {"domainName": "d"}, A.format("es", "domain/d"), A.format("es", "domain/d")),
        (
            "aws:sfn/stateMachine:StateMachine",
            {"name": "m"},
            A.format("states", "stateMachine:m"),
            A.format("states", "stateMachine:m"),
        ),
        (
            "aws:route53/record:Record",
            {"zoneId": "Z1", "name": "Pay.example.com", "type": "A", "setIdentifier": "eu"},
            "Z1_pay.example.com_A_eu",
            None,
        ),
        (
            "aws:rds/proxyTarget:ProxyTarget",
            {"dbProxyName": "p", "targetGroupName": "default", "dbInstanceIdentifier": "i"},
            "p/default/RDS_INSTANCE/i",
            None,
        ),
        ("aws:wafv2/webAclAssociation:WebAclAssociation", {"webAclArn": "w", "resourceArn": "r"}, "w,r", None),
        ("aws:elb/listenerPolicy:ListenerPolicy", {"loadBalancerName": "l", "loadBalancerPort": 443.0}, "l:443", None),
        (
            "aws:inspector2/enabler:Enabler",
            {"accountIds": ["2", "1"], "resourceTypes": ["ECR", "EC2"]},
            "1:2-EC2:ECR",
            None,
        ),
    ],
)
def test_ids_and_arns_are_those_of_aws(type_: str, inputs: dict[str, object], id_: str, arn: str | None) -> None:
    """What the program can name, it names as AWS would, so that joins by value hold."""
    found = Subject("urn", inputs, PLACE, identity_of(type_))
    assert (found.identifier(), found.value("arn")) == (id_, arn)


@pytest.mark.parametrize(
    ("type_", "id_", "arn"),
    [
        ("aws:kms/key:Key", r"[0-9a-f-]{36}", A.format("kms", "key/{id}")),
        ("aws:ec2/vpc:Vpc", r"vpc-[0-9a-f]{17}", A.format("ec2", "vpc/{id}")),
        ("aws:ec2/securityGroup:SecurityGroup", r"sg-[0-9a-f]{17}", A.format("ec2", "security-group/{id}")),
        ("aws:efs/fileSystem:FileSystem", r"fs-[0-9a-f]{17}", A.format("elasticfilesystem", "file-system/{id}")),
        ("aws:guardduty/detector:Detector", r"[0-9a-f]{32}", A.format("guardduty", "detector/{id}")),
        (
            "aws:cloudfront/distribution:Distribution",
            r"E[0-9A-F]{16}",
            "arn:aws:cloudfront::123456789012:distribution/{id}",
        ),
        ("aws:cognito/userPool:UserPool", r"eu-west-1_[0-9a-f]{16}", A.format("cognito-idp", "userpool/{id}")),
    ],
)
def test_minted_ids_look_like_those_of_aws(type_: str, id_: str, arn: str) -> None:
    """An id that AWS would make has the service's form, and the ARN ends in it."""
    found = Subject("urn", {}, PLACE, identity_of(type_))
    assert re.fullmatch(id_, found.identifier())
    assert found.value("arn") == arn.format(id=found.identifier())


def test_secret_ends_in_six_characters() -> None:
    """A secret's ARN matches the pattern with six question marks that policies use."""
    found = Subject("urn", {"name": "db/login"}, PLACE, identity_of("aws:secretsmanager/secret:Secret"))
    assert re.fullmatch(
        re.escape(A.format("secretsmanager", "secret:db/login-")) + "[0-9a-zA-Z]{6}", found.identifier()
    )


def test_multi_region_key_is_recognisable() -> None:
    """A multi-Region key's id begins with `mrk-`, and its replica has the same."""
    key = Subject("urn", {"multiRegion": True}, PLACE, identity_of("aws:kms/key:Key"))
    replica = Subject("urn:2", {"primaryKeyArn": key.value("arn")}, PLACE, identity_of("aws:kms/replicaKey:ReplicaKey"))
    assert key.identifier().startswith("mrk-")
    assert replica.identifier() == key.identifier()


def test_default_group_is_that_of_its_vpc() -> None:
    """The default security group that a program adopts is the one that its VPC names."""
    vpc = Subject("urn:vpc", {}, PLACE, identity_of("aws:ec2/vpc:Vpc"))
    group = Subject(
        "urn", {"vpcId": vpc.identifier()}, PLACE, identity_of("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    )
    assert group.identifier() == Template("sg-{ec2}").render(vpc)


def test_unknown_input_leaves_the_id_unknown() -> None:
    """A name that nobody knows yet gives neither id nor ARN."""
    found = Subject(
        "urn", {"bucket": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}, PLACE, identity_of("aws:s3/bucket:Bucket")
    )
    assert found.identifier() == ""


def test_unreadable_row_is_refused() -> None:
    """A mistake in the table stops the tests, not a user's run."""
    with pytest.raises(ValueError, match="cannot be read: a b"):
        identities._parse_output("a b")
