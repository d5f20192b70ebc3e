"""Under which property a type carries its physical name, and how far that name must be unique."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Reach(StrEnum):
    """Within what a physical name stands for one resource."""

    REGION = "its Region"
    ACCOUNT = "its account"
    WORLD = "the world"


@dataclass(frozen=True, slots=True)
class NameRule:
    """How resources of a type are named.

    Args:
        property: camelCase property that holds the physical name.
        reach: Within what it is unique.
        folds_case: Whether names that differ only in case are one name.
    """

    property: str
    reach: Reach = Reach.REGION
    folds_case: bool = False


def _rules(lines: str, reach: Reach, *, folds_case: bool = False) -> dict[str, NameRule]:
    pairs = (line.split() for line in lines.split("\n") if line.strip())
    return {type_: NameRule(property_, reach, folds_case) for type_, property_ in pairs}


_WORLD: Final = """
aws:s3/bucket:Bucket bucket
aws:s3/bucketV2:BucketV2 bucket
"""

_ACCOUNT: Final = """
aws:cloudfront/cachePolicy:CachePolicy name
aws:cloudfront/function:Function name
aws:cloudfront/originAccessControl:OriginAccessControl name
aws:cloudfront/originRequestPolicy:OriginRequestPolicy name
aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy name
aws:cloudwatch/dashboard:Dashboard dashboardName
aws:rds/globalCluster:GlobalCluster globalClusterIdentifier
"""

_IAM: Final = """
aws:iam/group:Group name
aws:iam/instanceProfile:InstanceProfile name
aws:iam/policy:Policy name
aws:iam/role:Role name
aws:iam/user:User name
"""

_REGION: Final = """
aws:alb/loadBalancer:LoadBalancer name
aws:alb/targetGroup:TargetGroup name
aws:athena/workgroup:Workgroup name
aws:autoscaling/group:Group name
aws:backup/vault:Vault name
aws:cloudtrail/trail:Trail name
aws:cloudwatch/compositeAlarm:CompositeAlarm alarmName
aws:cloudwatch/eventBus:EventBus name
aws:cloudwatch/logGroup:LogGroup name
aws:cloudwatch/metricAlarm:MetricAlarm name
aws:codebuild/project:Project name
aws:codepipeline/pipeline:Pipeline name
aws:dax/cluster:Cluster clusterName
aws:dms/replicationInstance:ReplicationInstance replicationInstanceId
aws:docdb/cluster:Cluster clusterIdentifier
aws:dynamodb/table:Table name
aws:ec2/keyPair:KeyPair keyName
aws:ec2/launchTemplate:LaunchTemplate name
aws:ecr/repository:Repository name
aws:ecs/cluster:Cluster name
aws:eks/cluster:Cluster name
aws:elasticache/cluster:Cluster clusterId
aws:elasticache/parameterGroup:ParameterGroup name
aws:elasticache/replicationGroup:ReplicationGroup replicationGroupId
aws:elasticache/subnetGroup:SubnetGroup name
aws:elasticache/user:User userId
aws:elb/loadBalancer:LoadBalancer name
aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream name
aws:kinesis/stream:Stream name
aws:kms/alias:Alias name
aws:lambda/function:Function name
aws:lb/loadBalancer:LoadBalancer name
aws:lb/targetGroup:TargetGroup name
aws:memorydb/cluster:Cluster name
aws:mq/broker:Broker brokerName
aws:msk/cluster:Cluster clusterName
aws:neptune/cluster:Cluster clusterIdentifier
aws:opensearch/domain:Domain domainName
aws:rds/cluster:Cluster clusterIdentifier
aws:rds/clusterInstance:ClusterInstance identifier
aws:rds/clusterParameterGroup:ClusterParameterGroup name
aws:rds/instance:Instance identifier
aws:rds/optionGroup:OptionGroup name
aws:rds/parameterGroup:ParameterGroup name
aws:rds/proxy:Proxy name
aws:rds/subnetGroup:SubnetGroup name
aws:redshift/cluster:Cluster clusterIdentifier
aws:sagemaker/endpoint:Endpoint name
aws:sagemaker/endpointConfiguration:EndpointConfiguration name
aws:sagemaker/model:Model name
aws:scheduler/scheduleGroup:ScheduleGroup name
aws:secretsmanager/secret:Secret name
aws:sfn/activity:Activity name
aws:sfn/stateMachine:StateMachine name
aws:sns/topic:Topic name
aws:sqs/queue:Queue name
aws:ssm/document:Document name
aws:ssm/parameter:Parameter name
"""

NAMES: Final[Mapping[str, NameRule]] = MappingProxyType(
    {
        **_rules(_WORLD, Reach.WORLD),
        **_rules(_ACCOUNT, Reach.ACCOUNT),
        **_rules(_IAM, Reach.ACCOUNT, folds_case=True),
        **_rules(_REGION, Reach.REGION),
    }
)
"""Type token → rule. A type is here only when the name alone names the resource within its reach; names that
count within a parent (an ECS service, a security group) are not.

Source: the services' API references (create operations), properties of pulumi-aws 7.51.1, read 2026-11-20.
"""

IDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aws:backup/restoreTestingPlan:RestoreTestingPlan": "name",
        "aws:cloudwatch/logDeliverySource:LogDeliverySource": "name",
        "aws:kms/key:Key": "keyId",
        "aws:kms/replicaExternalKey:ReplicaExternalKey": "keyId",
        "aws:kms/replicaKey:ReplicaKey": "keyId",
    }
)
"""Type token → output that holds the id by which other resources may name it: one that the service chooses, or a name
that follows rules of its own, and so no pattern for names. A pack is told no ids but these."""
