"""Databases and what they are made of."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, REGION, STORE_TAGS, TAGS, key

PASSES: Final = frozenset({"LG-ENC-02", "LG-NET-04", "RDS.13", "RDS.2", "RDS.20"})
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Create a cluster and an instance, both encrypted and private."""
    rds: Any = session.client("rds")
    key_arn = key(session)
    owner = {"MasterUsername": "root", "MasterUserPassword": "opened-to-nobody"}
    encrypted = {"StorageEncrypted": True, "KmsKeyId": key_arn, "Tags": STORE_TAGS}
    rds.create_db_cluster(DBClusterIdentifier="books", Engine="aurora-postgresql", **owner, **encrypted)
    rds.create_db_instance(
        DBInstanceIdentifier="copies",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        Engine="postgres",
        PubliclyAccessible=False,
        **owner,
        **encrypted,
    )
    subnets = [each["SubnetId"] for each in session.client("ec2").describe_subnets()["Subnets"]]
    rds.create_db_subnet_group(
        DBSubnetGroupName="books", DBSubnetGroupDescription="-", SubnetIds=subnets[:2], Tags=TAGS
    )
    rds.create_event_subscription(
        SubscriptionName="books",
        SnsTopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:books",
        SourceType="db-instance",
        Enabled=True,
        Tags=TAGS,
    )
    rds.create_db_parameter_group(
        DBParameterGroupName="books", DBParameterGroupFamily="postgres16", Description="-", Tags=TAGS
    )
