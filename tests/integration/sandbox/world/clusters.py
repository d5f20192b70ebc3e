"""An Aurora cluster in moto."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import boto3
from moto import mock_aws

ACCOUNT: Final = "123456789012"
"""The account whose credentials nobody stated."""

_ENGINE: Final = "aurora-postgresql"


@contextlib.contextmanager
def cluster_in_moto(name: str) -> Iterator[Any]:
    """Yield a client of RDS in us-east-1 with a cluster of three instances, `<name>-0` to `<name>-2`, a zone each."""
    with mock_aws():
        client = boto3.client("rds", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        client.create_db_cluster(
            DBClusterIdentifier=name, Engine=_ENGINE, MasterUsername="u", MasterUserPassword="password"
        )
        for tier, zone in enumerate("abc"):
            client.create_db_instance(
                DBInstanceIdentifier=f"{name}-{tier}",
                DBClusterIdentifier=name,
                Engine=_ENGINE,
                DBInstanceClass="db.serverless",
                AvailabilityZone=f"us-east-1{zone}",
                PromotionTier=tier,
            )
        yield client
