"""Corrections of networks and of what lies in them: what AWS answers, and moto does not."""

from typing import Any

import boto3
import pytest

from tests.integration.sandbox.cases import Case, answers


def _block_of_snapshots(session: boto3.Session) -> Any:
    ec2: Any = session.client("ec2", region_name="us-east-1")
    said = [ec2.get_snapshot_block_public_access_state()["State"]]
    said.append(ec2.enable_snapshot_block_public_access(State="block-all-sharing")["State"])
    said.append(ec2.get_snapshot_block_public_access_state()["State"])
    said.append(ec2.disable_snapshot_block_public_access()["State"])
    return [*said, ec2.get_snapshot_block_public_access_state()["State"]]


def _cache_in_a_network(session: boto3.Session) -> tuple[Any, str]:
    cache: Any = session.client("elasticache", region_name="us-east-1")
    ec2: Any = session.client("ec2", region_name="us-east-1")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
    cache.create_cache_subnet_group(CacheSubnetGroupName="data", CacheSubnetGroupDescription="-", SubnetIds=subnets[:2])
    return cache, ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]


def _groups_of_a_cluster(session: boto3.Session) -> Any:
    cache, group = _cache_in_a_network(session)
    node = {"CacheNodeType": "cache.t3.micro", "NumCacheNodes": 1, "Engine": "memcached"}
    cache.create_cache_cluster(CacheClusterId="pages", SecurityGroupIds=[group], **node)
    (found,) = cache.describe_cache_clusters()["CacheClusters"]
    cache.delete_cache_cluster(CacheClusterId="pages")
    return [each["SecurityGroupId"] == group for each in found.get("SecurityGroups", [])]


def _members_of_a_group(session: boto3.Session) -> Any:
    cache, group = _cache_in_a_network(session)
    placed = {"CacheSubnetGroupName": "data", "SecurityGroupIds": [group]}
    cache.create_replication_group(ReplicationGroupId="sessions", ReplicationGroupDescription="-", **placed)
    (replicated,) = cache.describe_replication_groups()["ReplicationGroups"]
    told = [
        (each["ReplicationGroupId"], each["CacheSubnetGroupName"], [one["Status"] for one in each["SecurityGroups"]])
        for each in cache.describe_cache_clusters()["CacheClusters"]
        if each["CacheClusterId"] in replicated["MemberClusters"]
    ]
    cache.delete_replication_group(ReplicationGroupId="sessions")
    return told, cache.describe_cache_clusters()["CacheClusters"]


def _subnets_deleted(session: boto3.Session) -> Any:
    cache, _ = _cache_in_a_network(session)
    cache.delete_cache_subnet_group(CacheSubnetGroupName="data")
    return cache.describe_cache_subnet_groups(CacheSubnetGroupName="data")


def _way_without_groups(session: boto3.Session) -> Any:
    efs: Any = session.client("efs", region_name="us-east-1")
    ec2: Any = session.client("ec2", region_name="us-east-1")
    system = efs.create_file_system(CreationToken="books")["FileSystemId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = efs.create_mount_target(FileSystemId=system, SubnetId=subnet)["MountTargetId"]
    ids = efs.describe_mount_target_security_groups(MountTargetId=made)["SecurityGroups"]
    return [each["GroupName"] for each in ec2.describe_security_groups(GroupIds=ids)["SecurityGroups"]]


def _nodes_of_subnets(session: boto3.Session) -> Any:
    emr: Any = session.client("emr", region_name="us-east-1")
    ec2: Any = session.client("ec2", region_name="us-east-1")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]][:2]
    ec2.modify_subnet_attribute(SubnetId=subnets[0], MapPublicIpOnLaunch={"Value": False})
    primary = {"InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1}
    seen = []
    for subnet in subnets:
        placed = {"InstanceGroups": [primary], "Ec2SubnetId": subnet, "KeepJobFlowAliveWhenNoSteps": True}
        id_ = emr.run_job_flow(Name="reports", ReleaseLabel="emr-7.0.0", Instances=placed)["JobFlowId"]
        (node,) = emr.list_instances(ClusterId=id_, InstanceGroupTypes=["MASTER"])["Instances"]
        seen.append("PublicIpAddress" in node)
    return seen


def _traffic_in_groups(session: boto3.Session) -> Any:
    ec2: Any = session.client("ec2", region_name="us-east-1")
    logs: Any = session.client("logs", region_name="us-east-1")
    logs.create_log_group(logGroupName="/traffic")
    arn = logs.describe_log_groups()["logGroups"][0]["arn"].removesuffix(":*")
    watched = {"ResourceIds": [ec2.describe_vpcs()["Vpcs"][0]["VpcId"]], "ResourceType": "VPC", "TrafficType": "ALL"}
    for named in (arn, f"{arn}-of-nobody"):
        ec2.create_flow_logs(**watched, LogDestination=named, DeliverLogsPermissionArn="arn:aws:iam::1:role/flow")
    return [each["DeliverLogsStatus"] for each in ec2.describe_flow_logs()["FlowLogs"]]


def _left_of_a_gateway(session: boto3.Session) -> Any:
    ec2: Any = session.client("ec2", region_name="us-east-1")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    seen = []
    for _ in range(2):
        held = ec2.describe_network_interfaces()["NetworkInterfaces"]
        seen.append((len(held), "AssociationId" in ec2.describe_addresses()["Addresses"][0]))
        ec2.delete_nat_gateway(NatGatewayId=made)
    return seen


def _left_of_a_network(session: boto3.Session) -> Any:
    ec2: Any = session.client("ec2", region_name="us-east-1")
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    own = [{"Name": "vpc-id", "Values": [made]}]
    before = len(ec2.describe_network_acls(Filters=own)["NetworkAcls"])
    ec2.delete_vpc(VpcId=made)
    kept = ec2.describe_network_acls()["NetworkAcls"]
    return before, sum(each["VpcId"] == made for each in kept), len(kept)


CASES = (
    Case(_left_of_a_gateway, [(1, True), (0, False)], ("EC2Backend.delete_nat_gateway",)),
    Case(_left_of_a_network, (1, 0, 1), ("EC2Backend.delete_vpc",)),
    Case(_traffic_in_groups, ["SUCCESS", "FAILED"], ("EC2Backend.create_flow_logs",)),
    Case(_nodes_of_subnets, [False, True], ("ElasticMapReduceBackend.run_instances",)),
    Case(_groups_of_a_cluster, [True], ("CacheCluster.__init__",)),
    Case(
        _members_of_a_group,
        ([("sessions", "data", ["active"])], []),
        ("ElastiCacheBackend.describe_cache_clusters",),
    ),
    Case(_subnets_deleted, "CacheSubnetGroupNotFoundFault", ("ElastiCacheResponse.delete_cache_subnet_group",)),
    Case(_way_without_groups, ["default"], ("EFSBackend.create_mount_target",)),
    Case(
        _block_of_snapshots,
        ["unblocked", "block-all-sharing", "block-all-sharing", "unblocked", "unblocked"],
        (
            "EC2Response.disable_snapshot_block_public_access",
            "EC2Response.enable_snapshot_block_public_access",
            "EC2Response.get_snapshot_block_public_access_state",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws
