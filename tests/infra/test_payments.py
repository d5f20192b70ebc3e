"""What holds for every resource of the payment system."""

import inspect
import json
from collections.abc import Iterator

import pulumi_aws as aws
import pytest

from ledgergate.graph import Kind, Resource
from tests.infra.recording import Recording

STORES = (
    "aws:backup/vault:Vault",
    "aws:s3/bucket:Bucket",
    "aws:rds/cluster:Cluster",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ecr/repository:Repository",
    "aws:secretsmanager/secret:Secret",
    "aws:ssm/parameter:Parameter",
)
NAMES = {
    "aws:appautoscaling/policy:Policy": "name",
    "aws:backup/plan:Plan": "name",
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": "name",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": "name",
    "aws:backup/selection:Selection": "name",
    "aws:backup/vault:Vault": "name",
    "aws:cfg/rule:Rule": "name",
    "aws:cloudfront/originAccessControl:OriginAccessControl": "name",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": "name",
    "aws:cloudwatch/eventRule:EventRule": "name",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "name",
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": "name",
    "aws:cloudwatch/logGroup:LogGroup": "name",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "name",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyName",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "name",
    "aws:ec2/securityGroup:SecurityGroup": "name",
    "aws:ecr/repository:Repository": "name",
    "aws:ecs/cluster:Cluster": "name",
    "aws:ecs/service:Service": "name",
    "aws:ecs/taskDefinition:TaskDefinition": "family",
    "aws:iam/role:Role": "name",
    "aws:iam/rolePolicy:RolePolicy": "name",
    "aws:kms/alias:Alias": "name",
    "aws:lambda/function:Function": "name",
    "aws:lb/loadBalancer:LoadBalancer": "name",
    "aws:lb/targetGroup:TargetGroup": "name",
    "aws:rds/cluster:Cluster": "clusterIdentifier",
    "aws:rds/clusterInstance:ClusterInstance": "identifier",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": "name",
    "aws:rds/subnetGroup:SubnetGroup": "name",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:secretsmanager/secret:Secret": "name",
    "aws:sns/topic:Topic": "name",
    "aws:ssm/parameter:Parameter": "name",
    "aws:wafv2/webAcl:WebAcl": "name",
    "aws:xray/samplingRule:SamplingRule": "ruleName",
}
"""Type → input that AWS would fill with a name of its own."""


def accepts(resource: Resource, input_: str) -> bool:
    """Tell whether the resource's class takes this input; only those of AWS are asked."""
    provider, package, name = resource.type.split(":")
    if provider != "aws":
        return False
    module = package.partition("/")[0]
    class_ = getattr(getattr(aws, "lambda_" if module == "lambda" else module), name)
    return input_ in inspect.signature(class_._internal_init).parameters


def custom(recording: Recording) -> Iterator[Resource]:
    """Yield what AWS will hold."""
    return (resource for resource in recording.graph if resource.kind is Kind.CUSTOM)


def test_program_gives_no_warning(payments: Recording) -> None:
    """No input is deprecated, no option misplaced."""
    assert payments.warnings == ()


@pytest.mark.requirement("B-83")
def test_every_resource_belongs_to_a_component(payments: Recording) -> None:
    """Resources stand below the component that made them, never loose in the stack."""
    loose = [r.urn for r in custom(payments) if "ledgergate:components:" not in r.parent]

    assert loose == []


@pytest.mark.requirement("B-03")
def test_every_regional_resource_names_its_region(payments: Recording) -> None:
    """No resource leaves its Region to the provider, and only copies of backups are in another one."""
    regions = {
        resource.urn: resource.inputs.get("region") for resource in custom(payments) if accepts(resource, "region")
    }
    elsewhere = {urn.rpartition("::")[2] for urn, region in regions.items() if region != "us-east-1"}

    assert set(regions.values()) == {"us-east-1", "us-west-2"}
    assert elsewhere == {"backup-copy"}


def test_every_taggable_resource_says_whose_it_is(payments: Recording) -> None:
    """Each resource that takes tags carries all the tags that the system owes."""
    wanted = {
        "Environment": payments.graph.stack,
        "Owner": "payments-platform",
        "CostCenter": "cc-4100",
        "ManagedBy": "Pulumi",
        "Project": "payments",
        "Compliance": "pci-dss",
    }
    bare = [r.urn for r in custom(payments) if accepts(r, "tags") and not wanted.items() <= r.inputs["tags"].items()]

    assert bare == []


def test_every_data_store_says_what_it_holds(payments: Recording) -> None:
    """Buckets, clusters and log groups carry a class of data."""
    classes = {store.inputs["tags"].get("DataClassification") for store in payments.graph.of_type(*STORES)}

    assert classes <= {"public", "internal", "confidential", "cardholder"}


@pytest.mark.requirement("B-76")
@pytest.mark.requirement("B-77")
def test_every_name_follows_the_pattern(payments: Recording) -> None:
    """No name is left to AWS, and each ends with the suffix; services dictate the names of their log groups.

    Restore tests take underscores in place of hyphens.
    """
    suffix = f"-lg{payments.graph.stack}"
    names = {
        resource.urn: resource.inputs[NAMES[resource.type]].replace("_", "-")
        for resource in payments.graph.of_type(*NAMES)
        if not resource.inputs[NAMES[resource.type]].startswith("/aws/")
    }

    assert [name for name in names.values() if "payment-" not in name or not name.endswith(suffix)] == []


@pytest.mark.requirement("B-76")
def test_types_with_an_explicit_name_are_known(payments: Recording) -> None:
    """A new type that takes a name must be added to the table above, or its names go unchecked."""
    unnamed = {"aws:s3/bucketPolicy:BucketPolicy"}
    named = {
        resource.type
        for resource in custom(payments)
        if any(accepts(resource, key) for key in ("name", "identifier", "clusterIdentifier", "family"))
    }

    assert named - set(NAMES) - unnamed == set()


@pytest.mark.requirement("B-79")
def test_nothing_outlives_a_destroyable_stack(payments: Recording) -> None:
    """No resource is protected or left behind."""
    kept = [r.urn for r in payments.graph if r.options.protect or r.options.retain_on_delete]

    assert kept == []


UNSCOPABLE = {
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ecr:GetAuthorizationToken",
    "ecs:DescribeTaskDefinition",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""Actions that IAM binds to no resource, or that must be allowed before the resource exists."""


@pytest.mark.requirement("B-56")
def test_no_identity_policy_uses_a_wildcard(payments: Recording) -> None:
    """No action is service:*, and a bare star as resource is allowed for actions only that take no other."""
    for policy in payments.graph.of_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            actions, resources = (
                [v] if isinstance(v, str) else v for v in (statement["Action"], statement["Resource"])
            )
            assert not [action for action in actions if action.endswith("*")]
            assert "*" not in resources or set(actions) <= UNSCOPABLE


@pytest.mark.requirement("B-80")
@pytest.mark.requirement("B-81")
def test_stack_exports_what_others_build_on(prod: Recording) -> None:
    """The exports bear exactly the names that were asked for."""
    assert dict(prod.outputs) == {
        "vpcId": "Vpc/network",
        "publicSubnetIds": [f"Subnet/network-public-us-east-1{letter}" for letter in "abc"],
        "privateSubnetIds": [f"Subnet/network-private-us-east-1{letter}" for letter in "abc"],
        "clusterEndpoint": "endpoint/Cluster/database",
        "clusterReaderEndpoint": "readerEndpoint/Cluster/database",
        "albDnsName": "dnsName/LoadBalancer/balancer",
        "ecsClusterEndpoint": "arn/Cluster/cluster",
        "cloudFrontUrl": "https://domainName/Distribution/edge",
        "guardDutyDetectorId": "detector-of-the-account",
        "staticBucketName": "payment-static-lgprod",
        "auditBucketName": "payment-audit-lgprod",
        "accessLogBucketName": "payment-access-logs-lgprod",
    }


@pytest.mark.requirement("B-90")
def test_counts_reach_the_breakdown(prod: Recording) -> None:
    """Production has at least what the breakdown counts of these kinds."""
    least = {
        "aws:ec2/vpc:Vpc": 1,
        "aws:ec2/subnet:Subnet": 6,
        "aws:ec2/natGateway:NatGateway": 3,
        "aws:ec2/eip:Eip": 3,
        "aws:ec2/vpcEndpoint:VpcEndpoint": 4,
        "aws:kms/key:Key": 3,
        "aws:s3/bucket:Bucket": 2,
        "aws:rds/clusterInstance:ClusterInstance": 3,
        "aws:ec2/securityGroup:SecurityGroup": 4,
        "aws:lb/targetGroup:TargetGroup": 2,
        "aws:iam/role:Role": 4,
        "aws:cloudwatch/logGroup:LogGroup": 3,
        "aws:wafv2/webAcl:WebAcl": 1,
        "aws:backup/vault:Vault": 2,
        "aws:backup/plan:Plan": 1,
    }

    assert {type_: count for type_, count in least.items() if len(prod.graph.of_type(type_)) < count} == {}
