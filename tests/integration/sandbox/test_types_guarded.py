"""Stores in networks, and their snapshots: changed in the sandbox as the program changes them."""

from typing import Any

import pytest

from integration.sandbox import Sandbox
from tests.integration.sandbox.changes import Change
from tests.integration.sandbox.lives import kind, live
from tests.integration.sandbox.stacks import Wanted
from tests.integration.sandbox.surroundings import CLUSTER, GROUP, NETWORK, OTHER_GROUP

INSTANCE = Wanted(
    "aws:rds/instance:Instance",
    {
        "identifier": "alone",
        "engine": "postgres",
        "instanceClass": "db.t3.micro",
        "allocatedStorage": 20,
        "username": "owner",
        "password": "not-a-real-one",
        "skipFinalSnapshot": True,
    },
    "alone",
)
SUBNETS = Wanted(
    "aws:elasticache/subnetGroup:SubnetGroup",
    {"name": "Sessions", "subnetIds": ["$subnet-0.id", "$subnet-1.id"]},
    "cache-subnets",
)
SYSTEM = Wanted("aws:efs/fileSystem:FileSystem", {"creationToken": "books", "encrypted": True}, "system")
GUARDED = (*NETWORK, GROUP, OTHER_GROUP)
TAGS: dict[str, Any] = {"tags": {"B": "2"}}
TAGGED = {"tagsAll": {"B": "2"}}

CHANGES = (
    Change(
        "aws:rds/snapshot:Snapshot",
        {"dbSnapshotIdentifier": "once", "dbInstanceIdentifier": "$alone.id", "sharedAccounts": ["444455556666"]},
        {"sharedAccounts": ["777788889999"], **TAGS},
        TAGGED,
        (INSTANCE,),
    ),
    Change(
        "aws:rds/clusterSnapshot:ClusterSnapshot",
        {"dbClusterSnapshotIdentifier": "once", "dbClusterIdentifier": "$cluster.id", "tags": {"A": "1"}},
        {"sharedAccounts": ["all"], **TAGS},
        TAGGED,
        (CLUSTER,),
    ),
    Change(SUBNETS.type, {**SUBNETS.inputs, "tags": {"A": "1"}}, TAGS, {**TAGGED, "name": "sessions"}, NETWORK),
    Change(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        {
            "replicationGroupId": "sessions",
            "description": "one",
            "port": 6380,
            "securityGroupIds": ["$group.id"],
            "subnetGroupName": "$cache-subnets.name",
            "tags": {"A": "1"},
        },
        {"description": "two", **TAGS},
        {**TAGGED, "port": 6380, "securityGroupIds": ["$group.id"], "subnetGroupName": "sessions"},
        (*GUARDED, SUBNETS),
    ),
    Change(
        "aws:elasticache/cluster:Cluster",
        {
            "clusterId": "pages",
            "engine": "memcached",
            "nodeType": "cache.t3.micro",
            "numCacheNodes": 1,
            "securityGroupIds": ["$group.id"],
            "subnetGroupName": "$cache-subnets.name",
            "tags": {"A": "1"},
        },
        TAGS,
        {**TAGGED, "securityGroupIds": ["$group.id"], "subnetGroupName": "sessions"},
        (*GUARDED, SUBNETS),
    ),
    Change(
        "aws:efs/mountTarget:MountTarget",
        {"fileSystemId": "$system.id", "subnetId": "$subnet-0.id", "securityGroups": ["$group.id"]},
        {"securityGroups": ["$other-group.id"]},
        around=(*GUARDED, SYSTEM),
    ),
    Change(
        "aws:redshift/cluster:Cluster",
        {
            "clusterIdentifier": "warehouse",
            "nodeType": "ra3.large",
            "masterUsername": "owner",
            "masterPassword": "Not-a-real-0ne",
            "port": 5440,
            "skipFinalSnapshot": True,
            "vpcSecurityGroupIds": ["$group.id"],
            "tags": {"A": "1"},
        },
        {"vpcSecurityGroupIds": ["$other-group.id"], **TAGS},
        {**TAGGED, "port": 5440},
        GUARDED,
    ),
    Change(
        "aws:emr/cluster:Cluster",
        {
            "name": "reports",
            "releaseLabel": "emr-7.0.0",
            "serviceRole": "emr",
            "ec2Attributes": {"subnetId": "$subnet-0.id", "instanceProfile": "nodes"},
            "masterInstanceGroup": {"instanceType": "m5.xlarge"},
            "tags": {"A": "1"},
        },
        TAGS,
        TAGGED,
        NETWORK,
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.type.rpartition("/")[0] + kind(change))
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)
