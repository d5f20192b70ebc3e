"""What of a stack is drawn where: a table for people, read by `picture.py`. A new type is a new row.

A type that no row names is counted under "also there"; it is never left out in silence.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Section(StrEnum):
    """Part of a Region that is named on the picture; what has subnets is drawn in its VPC instead."""

    WORLDWIDE = "Worldwide"
    NETWORK = "Network"
    COMPUTE = "Compute"
    STORAGE = "Storage"
    KEYS = "Keys and secrets"
    WATCH = "Logs and alarms"
    BACKUP = "Backups"
    IMAGES = "Images"


class Tier(StrEnum):
    """What the default route of a subnet makes it: to the internet, out only, or none."""

    PUBLIC = "public"
    PRIVATE = "private"
    DATA = "data"


class Kind(StrEnum):
    """What flows along an arrow."""

    REQUEST = "request"
    START = "needed to start"
    RECORD = "log, event, alarm"
    COPY = "backup, copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRule:
    """A type that is a box.

    Args:
        type: Type token.
        title: What engineers call it; `{name}` is its logical name.
        section: Where it is drawn when it has no subnets.
        together: Whether all of a place are one box, with their number.
        tier: Tier of its VPC, for what belongs to a VPC and to no subnet.
        noun: What one is called where their number is told.
        parts: Part's type → what one is called, where the box tells their number.
        count: Property that tells how many run, and what one is called.
        told: Property, value, and what the box says where it has that value.
        entered: Property with the host names under which the internet calls it; empty when it does not.
    """

    type: str
    title: str
    section: Section
    together: bool = False
    tier: Tier | None = None
    noun: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    count: tuple[str, str] | None = None
    told: tuple[tuple[str, str | bool, str], ...] = ()
    entered: str = ""


@dataclass(frozen=True, slots=True)
class PartOf:
    """A type that is inside the box of what its property refers to."""

    type: str
    path: str


@dataclass(frozen=True, slots=True)
class UsedBy:
    """A type that is inside the box of what refers to it."""

    type: str
    user: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRule:
    """A reference along which something flows.

    Args:
        type: Type that refers.
        path: Property, or a path into it (`rules[].targetVaultName`); "" is a dependency that no property has.
        to: Type that is referred to.
        kind: What flows.
        back: Whether it flows from what is referred to.
        port: Whether the arrow tells the rule's port.
    """

    type: str
    path: str
    to: str
    kind: Kind
    back: bool = False
    port: bool = False


VPC: Final = "aws:ec2/vpc:Vpc"
SUBNET: Final = "aws:ec2/subnet:Subnet"
KEY: Final = "aws:kms/key:Key"
ROUTE: Final = "aws:ec2/route:Route"
ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"

_ACL: Final = "aws:wafv2/webAcl:WebAcl"
_BUCKET: Final = "aws:s3/bucket:Bucket"
_CLUSTER: Final = "aws:rds/cluster:Cluster"
_DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
_EGRESS: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
_FUNCTION: Final = "aws:lambda/function:Function"
_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
_INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_LOAD_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
_LOGS: Final = "aws:cloudwatch/logGroup:LogGroup"
_PARAMETER: Final = "aws:ssm/parameter:Parameter"
_PLAN: Final = "aws:backup/plan:Plan"
_SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token
_SERVICE: Final = "aws:ecs/service:Service"
_TARGETS: Final = "aws:lb/targetGroup:TargetGroup"
_TASKS: Final = "aws:ecs/taskDefinition:TaskDefinition"
_TOPIC: Final = "aws:sns/topic:Topic"
_VAULT: Final = "aws:backup/vault:Vault"

BOXES: Final = (
    BoxRule(type=_ACL, title="WAF {name}", section=Section.WORLDWIDE),
    BoxRule(type=_DISTRIBUTION, title="CloudFront {name}", section=Section.WORLDWIDE, entered="aliases"),
    BoxRule(type="aws:iam/role:Role", title="IAM roles", section=Section.WORLDWIDE, together=True, noun="roles"),
    BoxRule(
        type="aws:ec2/internetGateway:InternetGateway",
        title="Internet gateway",
        section=Section.NETWORK,
        tier=Tier.PUBLIC,
    ),
    BoxRule(
        type="aws:ec2/natGateway:NatGateway",
        title="NAT gateways",
        section=Section.NETWORK,
        together=True,
        noun="gateways",
    ),
    BoxRule(
        type=_LOAD_BALANCER,
        title="Load balancer",
        section=Section.NETWORK,
        told=(("internal", True, "internal"), ("internal", False, "internet-facing")),
    ),
    BoxRule(type=_SERVICE, title="ECS {name}", section=Section.COMPUTE, count=("desiredCount", "tasks")),
    BoxRule(type=_FUNCTION, title="Lambda {name}", section=Section.COMPUTE),
    BoxRule(type=_ENDPOINT, title="VPC endpoints", section=Section.NETWORK, together=True, noun="services"),
    BoxRule(
        type=_CLUSTER,
        title="Aurora {name}",
        section=Section.STORAGE,
        parts=(("aws:rds/clusterInstance:ClusterInstance", "instances"),),
    ),
    BoxRule(type=_BUCKET, title="S3 {name}", section=Section.STORAGE),
    BoxRule(type=_LOGS, title="CloudWatch Logs", section=Section.WATCH, together=True, noun="groups"),
    BoxRule(type="aws:cloudwatch/eventRule:EventRule", title="EventBridge {name}", section=Section.WATCH),
    BoxRule(
        type="aws:cloudwatch/metricAlarm:MetricAlarm",
        title="CloudWatch alarms",
        section=Section.WATCH,
        together=True,
        noun="alarms",
    ),
    BoxRule(type=_TOPIC, title="SNS {name}", section=Section.WATCH),
    BoxRule(type="aws:cfg/rule:Rule", title="AWS Config", section=Section.WATCH, together=True, noun="rules"),
    BoxRule(type="aws:xray/samplingRule:SamplingRule", title="X-Ray {name}", section=Section.WATCH),
    BoxRule(type=_SECRET, title="Secret {name}", section=Section.KEYS),
    BoxRule(type=_PARAMETER, title="Parameters", section=Section.KEYS, together=True, noun="settings"),
    BoxRule(type=KEY, title="KMS keys", section=Section.KEYS, together=True, noun="keys"),
    BoxRule(
        type=_VAULT,
        title="Vault {name}",
        section=Section.BACKUP,
        parts=((_PLAN, "plans"), ("aws:backup/restoreTestingPlan:RestoreTestingPlan", "restore tests")),
    ),
    BoxRule(
        type="aws:ecr/repository:Repository",
        title="ECR",
        section=Section.IMAGES,
        together=True,
        noun="repositories",
    ),
)
"""In the order in which a section shows them."""

PARTS: Final = (
    PartOf(SUBNET, "vpcId"),
    PartOf(ROUTE_TABLE, "vpcId"),
    PartOf(ROUTE, "routeTableId"),
    PartOf(ASSOCIATION, "routeTableId"),
    PartOf("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpcId"),
    PartOf("aws:ec2/flowLog:FlowLog", "vpcId"),
    UsedBy("aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway", "allocationId"),
    UsedBy(_GROUP, _LOAD_BALANCER, "securityGroups"),
    UsedBy(_GROUP, _SERVICE, "networkConfiguration"),
    UsedBy(_GROUP, _FUNCTION, "vpcConfig"),
    UsedBy(_GROUP, _ENDPOINT, "securityGroupIds"),
    UsedBy(_GROUP, _CLUSTER, "vpcSecurityGroupIds"),
    PartOf(_INGRESS, "securityGroupId"),
    PartOf(_EGRESS, "securityGroupId"),
    UsedBy("aws:cloudfront/vpcOrigin:VpcOrigin", _DISTRIBUTION, "origins"),
    UsedBy("aws:cloudfront/originAccessControl:OriginAccessControl", _DISTRIBUTION, "origins"),
    UsedBy("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", _DISTRIBUTION, "defaultCacheBehavior"),
    UsedBy("random:index/randomPassword:RandomPassword", _DISTRIBUTION, "origins"),
    UsedBy("random:index/randomPassword:RandomPassword", "aws:lb/listenerRule:ListenerRule", "conditions"),
    PartOf("aws:cloudwatch/logDeliverySource:LogDeliverySource", "resourceArn"),
    PartOf("aws:cloudwatch/logDelivery:LogDelivery", "deliverySourceName"),
    PartOf("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "deliveryDestinationConfiguration"),
    PartOf("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "resourceArn"),
    PartOf("aws:lb/listener:Listener", "loadBalancerArn"),
    PartOf("aws:lb/listenerRule:ListenerRule", "listenerArn"),
    UsedBy(_TARGETS, _SERVICE, "loadBalancers"),
    UsedBy("aws:ecs/cluster:Cluster", _SERVICE, "cluster"),
    UsedBy(_TASKS, _SERVICE, "taskDefinition"),
    PartOf("aws:appautoscaling/target:Target", "resourceId"),
    PartOf("aws:appautoscaling/policy:Policy", "resourceId"),
    PartOf("aws:iam/rolePolicy:RolePolicy", "role"),
    PartOf("aws:rds/clusterInstance:ClusterInstance", "clusterIdentifier"),
    UsedBy("aws:rds/clusterParameterGroup:ClusterParameterGroup", _CLUSTER, "dbClusterParameterGroupName"),
    UsedBy("aws:rds/subnetGroup:SubnetGroup", _CLUSTER, "dbSubnetGroupName"),
    PartOf("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucket"),
    PartOf("aws:s3/bucketLogging:BucketLogging", "bucket"),
    PartOf("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "bucket"),
    PartOf("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket"),
    PartOf("aws:s3/bucketPolicy:BucketPolicy", "bucket"),
    PartOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket"),
    PartOf("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "bucket"),
    PartOf("aws:s3/bucketVersioning:BucketVersioning", "bucket"),
    PartOf("aws:cloudwatch/eventTarget:EventTarget", "rule"),
    PartOf("aws:cloudwatch/logMetricFilter:LogMetricFilter", "logGroupName"),
    PartOf("aws:sns/topicPolicy:TopicPolicy", "arn"),
    PartOf("aws:secretsmanager/secretVersion:SecretVersion", "secretId"),
    PartOf("aws:kms/alias:Alias", "targetKeyId"),
    PartOf("aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository"),
    PartOf("aws:backup/vaultPolicy:VaultPolicy", "backupVaultName"),
    PartOf(_PLAN, "rules[].targetVaultName"),
    PartOf("aws:backup/selection:Selection", "planId"),
    PartOf("aws:backup/restoreTestingPlan:RestoreTestingPlan", "recoveryPointSelection"),
    PartOf("aws:backup/restoreTestingSelection:RestoreTestingSelection", "restoreTestingPlanName"),
)

FLOWS: Final = (
    FlowRule(type=_DISTRIBUTION, path="webAclId", to=_ACL, kind=Kind.REQUEST),
    FlowRule(type=_DISTRIBUTION, path="origins", to=_BUCKET, kind=Kind.REQUEST),
    FlowRule(type=_DISTRIBUTION, path="origins", to=_LOAD_BALANCER, kind=Kind.REQUEST),
    FlowRule(
        type="aws:cloudfront/vpcOrigin:VpcOrigin",
        path="vpcOriginEndpointConfig",
        to=_LOAD_BALANCER,
        kind=Kind.REQUEST,
    ),
    FlowRule(type="aws:lb/listenerRule:ListenerRule", path="actions", to=_TARGETS, kind=Kind.REQUEST),
    FlowRule(type=_EGRESS, path="referencedSecurityGroupId", to=_GROUP, kind=Kind.REQUEST, port=True),
    FlowRule(type=_EGRESS, path="prefixListId", to=_ENDPOINT, kind=Kind.REQUEST, port=True),
    FlowRule(type=_INGRESS, path="referencedSecurityGroupId", to=_GROUP, kind=Kind.REQUEST, back=True, port=True),
    FlowRule(type=_SERVICE, path="deploymentConfiguration", to=_FUNCTION, kind=Kind.START),
    FlowRule(type=_TASKS, path="containerDefinitions", to=_SECRET, kind=Kind.START),
    FlowRule(type=_TASKS, path="containerDefinitions", to=_PARAMETER, kind=Kind.START),
    FlowRule(type=_TASKS, path="containerDefinitions", to=_LOGS, kind=Kind.RECORD),
    FlowRule(type="aws:ecs/cluster:Cluster", path="configuration", to=_LOGS, kind=Kind.RECORD),
    FlowRule(type=_FUNCTION, path="loggingConfig", to=_LOGS, kind=Kind.RECORD),
    FlowRule(type=_CLUSTER, path="", to=_LOGS, kind=Kind.RECORD),
    FlowRule(type="aws:ec2/flowLog:FlowLog", path="logDestination", to=_LOGS, kind=Kind.RECORD),
    FlowRule(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        path="logDestinationConfigs",
        to=_LOGS,
        kind=Kind.RECORD,
    ),
    FlowRule(
        type="aws:cloudwatch/logDelivery:LogDelivery",
        path="deliveryDestinationArn",
        to="aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        kind=Kind.RECORD,
    ),
    FlowRule(type=_LOAD_BALANCER, path="accessLogs", to=_BUCKET, kind=Kind.RECORD),
    FlowRule(type="aws:s3/bucketLogging:BucketLogging", path="targetBucket", to=_BUCKET, kind=Kind.RECORD),
    FlowRule(type="aws:cloudwatch/eventTarget:EventTarget", path="arn", to=_LOGS, kind=Kind.RECORD),
    FlowRule(type="aws:cloudwatch/metricAlarm:MetricAlarm", path="alarmActions", to=_TOPIC, kind=Kind.RECORD),
    FlowRule(type="aws:backup/selection:Selection", path="resources", to=_CLUSTER, kind=Kind.COPY, back=True),
    FlowRule(type=_PLAN, path="rules[].copyActions[].destinationVaultArn", to=_VAULT, kind=Kind.COPY),
)

ENCRYPTED: Final = (
    (_BUCKET, "serverSideEncryptionConfiguration"),
    ("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "rules"),
    (_CLUSTER, "kmsKeyId"),
    (_SECRET, "kmsKeyId"),
    (_LOGS, "kmsKeyId"),
    (_PARAMETER, "keyId"),
    (_TOPIC, "kmsMasterKeyId"),
    (_VAULT, "kmsKeyArn"),
    (_FUNCTION, "kmsKeyArn"),
    ("aws:ecr/repository:Repository", "encryptionConfigurations"),
)
"""Type and property that name the key under which a box's data lie."""
