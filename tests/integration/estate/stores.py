"""Stores and clusters in a network that are no databases: a cache, a way to files, a warehouse and nodes."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import STORE_TAGS, TAGS
from tests.integration.estate.networks import guard

PASSES: Final = frozenset({"EMR.1", "LG-NET-03", "LG-NET-05", "Redshift.15"})
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Create one of each, behind security groups and without public addresses."""
    client: Any = session.client
    subnets = [each["SubnetId"] for each in client("ec2").describe_subnets()["Subnets"]]
    cache = client("elasticache")
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="sessions", CacheSubnetGroupDescription="-", SubnetIds=subnets[:2], Tags=TAGS
    )
    placed = {"CacheSubnetGroupName": "sessions", "Tags": STORE_TAGS}
    cache.create_replication_group(
        ReplicationGroupId="sessions",
        ReplicationGroupDescription="-",
        SecurityGroupIds=[guard(session, 6379)],
        **placed,
    )
    node = {"CacheNodeType": "cache.t3.micro", "NumCacheNodes": 1, "Engine": "memcached"}
    cache.create_cache_cluster(CacheClusterId="pages", SecurityGroupIds=[guard(session, 11211)], **node, **placed)
    _way_to_files(client("efs"), subnets[0], guard(session, 2049))
    client("redshift").create_cluster(
        ClusterIdentifier="warehouse",
        NodeType="ra3.large",
        MasterUsername="owner",
        MasterUserPassword="Not-a-real-0ne",
        VpcSecurityGroupIds=[guard(session, 5439)],
        Tags=STORE_TAGS,
    )
    primary = {"InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1}
    nodes = {"InstanceGroups": [primary], "Ec2SubnetId": subnets[0], "KeepJobFlowAliveWhenNoSteps": True}
    client("emr").run_job_flow(Name="reports", ReleaseLabel="emr-7.0.0", Instances=nodes, Tags=STORE_TAGS)
    # EMR makes groups of its own for its nodes.
    groups = [each["GroupId"] for each in client("ec2").describe_security_groups()["SecurityGroups"]]
    client("ec2").create_tags(Resources=groups, Tags=TAGS)


def _way_to_files(efs: Any, subnet: str, group: str) -> None:
    """Let one of the file systems that are backed up be reached."""
    found = efs.describe_file_systems()["FileSystems"][0]["FileSystemId"]
    efs.create_mount_target(FileSystemId=found, SubnetId=subnet, SecurityGroups=[group])
