"""One change of each type, and what is to be seen of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integration.sandbox import Action
from tests.integration.sandbox.stacks import Wanted
from tests.integration.sandbox.surroundings import (
    ADDRESS,
    BUCKET,
    CLUSTER,
    DATABASE,
    GROUP,
    INSTANCE_PARAMETERS,
    INTERNET,
    KEY,
    LOGS,
    NAT,
    NETWORK,
    OTHER_GROUP,
    OTHER_KEY,
    OTHER_PARAMETERS,
    OTHER_VPC,
    PARAMETERS,
    ROLE,
    SUBNET_GROUP,
    SUBNETS,
    TABLE,
    VPC,
)


def policy(action: str) -> str:
    """Return a document as IAM and S3 write it."""
    return (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "'
        + action
        + '", "Resource": "*"}]}'
    )


def trust(service: str) -> str:
    """Return a document that lets a service use a role."""
    who = f'{{"Service": "{service}.amazonaws.com"}}'
    return policy("sts:AssumeRole").replace('{"AWS": "*"}', who).replace(', "Resource": "*"', "")


def grants(action: str) -> str:
    """Return a document without a principal."""
    return policy(action).replace('"Principal": {"AWS": "*"}, ', "")


@dataclass(frozen=True, slots=True)
class Change:
    """A resource before and after a change of its program.

    Args:
        type: Type token.
        before: Its inputs.
        after: Inputs that change; None takes one away.
        seen: Outputs that are none of the inputs: property → value.
        around: What it needs.
        action: What the change makes of it.
    """

    type: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    seen: Mapping[str, Any] = field(default_factory=dict)
    around: tuple[Wanted, ...] = ()
    action: Action = Action.UPDATED

    @property
    def label(self) -> str:
        """Its type and its place in the table."""
        return f"{self.type.rpartition(':')[2]}-{CHANGES.index(self)}"


def _bucket(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    type_ = f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}"
    return Change(type_, {"bucket": "$bucket.id", **before}, after, around=(BUCKET,))


def _encryption(key: str) -> dict[str, Any]:
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}
    return {"rules": [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}]}


def _lifecycle(days: int) -> dict[str, Any]:
    rule = {
        "id": "retention",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
        "expiration": {"days": days},
        "noncurrentVersionExpiration": {"noncurrentDays": days},
        "transitions": [{"days": 30, "storageClass": "GLACIER_IR"}],
    }
    return {"rules": [rule]}


def _lock(days: int) -> dict[str, Any]:
    return {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": days}}}


def _flags(*, on: bool) -> dict[str, Any]:
    return dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), on)


def _rule(port: int) -> dict[str, Any]:
    return {
        "protocol": "tcp",
        "fromPort": port,
        "toPort": port,
        "cidrBlocks": ["10.0.0.0/8"],
        "ipv6CidrBlocks": [],
        "prefixListIds": [],
        "securityGroups": [],
        "self": False,
        "description": "why",
    }


CLUSTER_WITH = {**CLUSTER.inputs, "backupRetentionPeriod": 7, "dbClusterParameterGroupName": "$first.name"}
MEMBER = {**DATABASE, "identifier": "member", "clusterIdentifier": "$cluster.id", "instanceClass": "db.r6g.large"}
ALONE = {
    "identifier": "alone",
    "engine": "postgres",
    "engineVersion": "17.4",
    "instanceClass": "db.t3.micro",
    "allocatedStorage": 20,
    "username": "owner",
    "password": "not-a-real-one",
    "skipFinalSnapshot": True,
}
SIDES = {"securityGroupId": "$group.id", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
INTERFACE = {
    "vpcId": "$vpc.id",
    "vpcEndpointType": "Interface",
    "serviceName": "com.amazonaws.us-east-1.kms",
    "subnetIds": ["$subnet-0.id"],
    "securityGroupIds": ["$group.id"],
    "privateDnsEnabled": True,
}
GATEWAY = {
    "vpcId": "$vpc.id",
    "vpcEndpointType": "Gateway",
    "serviceName": "com.amazonaws.us-east-1.s3",
    "routeTableIds": ["$table.id"],
    "policy": policy("s3:GetObject"),
}
OTHER_TABLE = Wanted(TABLE.type, TABLE.inputs, "other-table")

CHANGES = (
    Change(
        ROLE.type,
        {**ROLE.inputs, "description": "old", "maxSessionDuration": 3600, "tags": {"A": "1"}},
        {"description": "new", "maxSessionDuration": 7200, "assumeRolePolicy": trust("ec2"), "tags": {}},
        {"tagsAll": {}},
    ),
    Change(
        "aws:iam/rolePolicy:RolePolicy",
        {"name": "p", "role": "$role.name", "policy": grants("s3:GetObject")},
        {"policy": grants("s3:PutObject")},
        around=(ROLE,),
    ),
    Change(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"role": "$role.name", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        {"policyArn": "arn:aws:iam::aws:policy/SecurityAudit"},
        around=(ROLE,),
        action=Action.REPLACED,
    ),
    Change(
        KEY.type,
        {"description": "old", "enableKeyRotation": True, "rotationPeriodInDays": 365, "policy": policy("kms:*")},
        {"description": "new", "rotationPeriodInDays": 90, "policy": policy("kms:Decrypt"), "tags": {"A": "1"}},
        {"tagsAll": {"A": "1"}, "isEnabled": True},
    ),
    Change(KEY.type, {"enableKeyRotation": True}, {"enableKeyRotation": False, "isEnabled": False}),
    Change(
        "aws:kms/alias:Alias",
        {"name": "alias/data", "targetKeyId": "$key.id"},
        {"targetKeyId": "$other-key.id"},
        around=(KEY, OTHER_KEY),
    ),
    Change(BUCKET.type, {"bucket": "tagged", "tags": {"A": "1"}}, {"tags": {"B": "2"}}, {"tagsAll": {"B": "2"}}),
    Change(BUCKET.type, {"bucket": "tagged", "tags": {"A": "1"}}, {"tags": {}}, {"tagsAll": {}}),
    Change(
        BUCKET.type,
        {"bucket": "moved", "region": "us-east-1"},
        {"region": "eu-west-1"},
        {"bucketRegion": "eu-west-1"},
        action=Action.REPLACED,
    ),
    _bucket("BucketPolicy", {"policy": policy("s3:GetObject")}, {"policy": policy("s3:PutObject")}),
    _bucket("BucketPublicAccessBlock", _flags(on=True), _flags(on=False)),
    _bucket(
        "BucketOwnershipControls",
        {"rule": {"objectOwnership": "ObjectWriter"}},
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
    ),
    _bucket("BucketServerSideEncryptionConfiguration", _encryption("first"), _encryption("second")),
    _bucket(
        "BucketVersioning",
        {"versioningConfiguration": {"status": "Enabled", "mfaDelete": "Disabled"}},
        {"versioningConfiguration": {"status": "Suspended", "mfaDelete": "Disabled"}},
    ),
    _bucket("BucketLogging", {"targetBucket": "the-bucket", "targetPrefix": "a/"}, {"targetPrefix": "b/"}),
    _bucket("BucketObjectLockConfiguration", _lock(1), _lock(2)),
    _bucket("BucketLifecycleConfiguration", _lifecycle(60), _lifecycle(90)),
    Change(
        LOGS.type,
        {"name": "/a", "retentionInDays": 30, "kmsKeyId": "$key.arn", "tags": {"A": "1"}},
        {"retentionInDays": 365, "kmsKeyId": "$other-key.arn", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        (KEY, OTHER_KEY),
    ),
    Change(
        LOGS.type,
        {"name": "/a", "retentionInDays": 30, "kmsKeyId": "$key.arn"},
        {"retentionInDays": None, "kmsKeyId": None},
        {"retentionInDays": 0, "kmsKeyId": ""},
        (KEY,),
    ),
    Change(
        VPC.type,
        {**VPC.inputs, "enableDnsSupport": True, "enableDnsHostnames": True, "tags": {"A": "1", "B": "2"}},
        {"enableDnsSupport": False, "enableDnsHostnames": False, "tags": {"B": "3"}},
        {"tagsAll": {"B": "3"}},
    ),
    Change(
        SUBNETS[0].type, {**SUBNETS[0].inputs, "mapPublicIpOnLaunch": True}, {"mapPublicIpOnLaunch": False}, {}, (VPC,)
    ),
    Change(
        "aws:ec2/flowLog:FlowLog",
        {
            "vpcId": "$vpc.id",
            "trafficType": "ALL",
            "logDestinationType": "cloud-watch-logs",
            "logDestination": "$logs.arn",
            "iamRoleArn": "$role.arn",
            "maxAggregationInterval": 60,
        },
        {"trafficType": "REJECT", "logDestination": "$other-logs.arn"},
        around=(VPC, LOGS, Wanted(LOGS.type, {"name": "/other"}, "other-logs"), ROLE),
        action=Action.REPLACED,
    ),
    Change(INTERNET.type, INTERNET.inputs, {"vpcId": "$other.id"}, around=(VPC, OTHER_VPC)),
    Change(ADDRESS.type, {"domain": "vpc", "tags": {"A": "1"}}, {"tags": {"A": "2"}}, {"tagsAll": {"A": "2"}}),
    Change(
        NAT.type,
        {**NAT.inputs, "connectivityType": "public", "availabilityMode": "zonal"},
        {"subnetId": "$subnet-1.id", "allocationId": "$other-address.id"},
        around=(*NETWORK, ADDRESS, Wanted(ADDRESS.type, ADDRESS.inputs, "other-address")),
        action=Action.REPLACED,
    ),
    Change(TABLE.type, TABLE.inputs, {"tags": {"A": "1"}}, {"tagsAll": {"A": "1"}}, (VPC,)),
    Change(
        "aws:ec2/route:Route",
        {"routeTableId": "$table.id", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "$internet.id"},
        {"gatewayId": None, "natGatewayId": "$nat.id"},
        {"state": "active"},
        (*NETWORK, INTERNET, ADDRESS, NAT, TABLE),
    ),
    Change(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        {"subnetId": "$subnet-0.id", "routeTableId": "$table.id"},
        {"subnetId": "$subnet-1.id"},
        around=(*NETWORK, TABLE),
        action=Action.REPLACED,
    ),
    Change(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        INTERFACE,
        {
            "subnetIds": ["$subnet-1.id"],
            "securityGroupIds": ["$other-group.id"],
            "privateDnsEnabled": False,
            "tags": {"A": "1"},
        },
        {"tagsAll": {"A": "1"}, "prefixListId": ""},
        (*NETWORK, GROUP, OTHER_GROUP),
    ),
    Change(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        GATEWAY,
        {"routeTableIds": ["$other-table.id"], "policy": policy("s3:*")},
        {"privateDnsEnabled": False},
        (VPC, TABLE, OTHER_TABLE),
    ),
    Change(
        GROUP.type,
        {**GROUP.inputs, "ingress": [_rule(443)], "egress": [_rule(80)]},
        {"ingress": [_rule(8443)], "egress": [_rule(81)], "tags": {"A": "1"}},
        {"tagsAll": {"A": "1"}},
        (VPC,),
    ),
    Change(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        {"vpcId": "$vpc.id", "ingress": [], "egress": []},
        {"ingress": [_rule(443)]},
        around=(VPC,),
    ),
    Change(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {**SIDES, "cidrIpv4": "10.0.0.0/8", "description": "why"},
        {"cidrIpv4": "10.0.0.0/16"},
        around=(VPC, GROUP),
        action=Action.REPLACED,
    ),
    Change(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        {**SIDES, "referencedSecurityGroupId": "$other-group.id"},
        {"tags": {"A": "1"}},
        {"tagsAll": {"A": "1"}},
        (VPC, GROUP, OTHER_GROUP),
    ),
    Change(
        SUBNET_GROUP.type,
        {**SUBNET_GROUP.inputs, "description": "old"},
        {"description": "new", "subnetIds": ["$subnet-1.id", "$subnet-2.id"], "tags": {"A": "1"}},
        {"tagsAll": {"A": "1"}},
        NETWORK,
    ),
    Change(
        PARAMETERS.type,
        {
            **PARAMETERS.inputs,
            "parameters": [
                {"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"},
                {"name": "log_statement", "value": "ddl", "applyMethod": "immediate"},
            ],
        },
        {"parameters": [{"name": "log_statement", "value": "all", "applyMethod": "pending-reboot"}]},
    ),
    Change(
        CLUSTER.type,
        CLUSTER_WITH,
        {
            "backupRetentionPeriod": 30,
            "copyTagsToSnapshot": True,
            "databaseInsightsMode": "advanced",
            "dbClusterParameterGroupName": "$second.name",
            "enabledCloudwatchLogsExports": ["postgresql"],
            "iamDatabaseAuthenticationEnabled": True,
            "performanceInsightsEnabled": True,
            "performanceInsightsRetentionPeriod": 465,
            "preferredBackupWindow": "03:00-04:00",
            "preferredMaintenanceWindow": "sun:04:30-sun:05:30",
            "tags": {"A": "1"},
        },
        {"tagsAll": {"A": "1"}},
        (PARAMETERS, OTHER_PARAMETERS),
    ),
    Change(
        "aws:rds/clusterInstance:ClusterInstance",
        MEMBER,
        {"instanceClass": "db.r6g.xlarge", "promotionTier": 3, "publiclyAccessible": True, "copyTagsToSnapshot": True},
        {"writer": True},
        (CLUSTER,),
    ),
    Change(
        "aws:rds/instance:Instance",
        ALONE,
        {
            "instanceClass": "db.t3.small",
            "backupRetentionPeriod": 14,
            "deletionProtection": False,
            "multiAz": True,
            "parameterGroupName": "$instance-parameters.name",
        },
        around=(INSTANCE_PARAMETERS,),
    ),
)
