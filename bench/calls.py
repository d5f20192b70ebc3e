"""The calls that no audit can avoid, in a thread pool, with nothing but boto3: what the audit is measured against.

`calls.py all` makes them where the environment leads, `calls.py none` makes the clients only. Prints how many it made.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import boto3
from botocore.config import Config

_REGION: Final = "us-east-1"
_WORKERS: Final = 16
_SERVICES: Final = ("s3", "iam", "ec2", "rds", "kms", "logs", "resourcegroupstaggingapi")
_LISTS: Final = (
    "describe_db_cluster_endpoints",
    "describe_db_instances",
    "describe_db_cluster_parameter_groups",
    "describe_db_cluster_snapshots",
    "describe_event_subscriptions",
    "describe_global_clusters",
    "describe_option_groups",
    "describe_db_parameter_groups",
    "describe_db_proxies",
    "describe_db_proxy_endpoints",
    "describe_db_snapshots",
    "describe_db_subnet_groups",
)
_NETWORK: Final = (
    "describe_addresses",
    "describe_flow_logs",
    "describe_internet_gateways",
    "describe_managed_prefix_lists",
    "describe_nat_gateways",
    "describe_network_acls",
    "describe_route_tables",
    "describe_subnets",
    "describe_vpc_endpoints",
    "describe_vpcs",
)
_IDENTITY: Final = (
    "list_instance_profiles",
    "list_open_id_connect_providers",
    "list_saml_providers",
    "list_server_certificates",
    "list_virtual_mfa_devices",
)
_KINDS: Final = ["User", "Role", "Group", "LocalManagedPolicy"]


def make_clients(session: boto3.Session) -> list[Any]:
    """Return clients of the services."""
    make: Any = session.client
    config = Config(max_pool_connections=_WORKERS)
    return [make(name, config=config, region_name=_REGION) for name in _SERVICES]


def call_all(session: boto3.Session) -> int:
    """Make every call; return how many there were."""
    made: list[str] = []

    def count(**given: Any) -> None:
        made.append(given["event_name"])

    session.events.register("before-call", count)
    s3, iam, ec2, rds, kms, logs, tagging = make_clients(session)
    with ThreadPoolExecutor(_WORKERS) as pool:
        identities = pool.submit(_pages, iam, "get_account_authorization_details", Filter=_KINDS)
        clusters = pool.submit(_pages, rds, "describe_db_clusters")
        pool.submit(_pages, ec2, "describe_security_groups")
        pool.submit(_pages, logs, "describe_log_groups")
        pool.submit(_pages, tagging, "get_resources")
        keys = pool.submit(_pages, kms, "list_keys")
        for client, names in ((rds, _LISTS), (ec2, _NETWORK), (iam, _IDENTITY)):
            for name in names:
                pool.submit(getattr(client, name))
        for bucket in (each for page in _pages(s3, "list_buckets", BucketRegion=_REGION) for each in page["Buckets"]):
            pool.submit(s3.get_public_access_block, Bucket=bucket["Name"])
            pool.submit(s3.get_bucket_tagging, Bucket=bucket["Name"])
        for policy in (each for page in identities.result() for each in page["Policies"]):
            pool.submit(iam.list_policy_tags, PolicyArn=policy["Arn"])
        for key in {cluster["KmsKeyId"] for page in clusters.result() for cluster in page["DBClusters"]}:
            pool.submit(kms.describe_key, KeyId=key)
        for key in (each for page in keys.result() for each in page["Keys"]):
            pool.submit(kms.list_resource_tags, KeyId=key["KeyId"])
    return len(made)


def _pages(client: Any, operation: str, **parameters: Any) -> list[Any]:
    return list(client.get_paginator(operation).paginate(**parameters))


def main(mode: str) -> None:
    """Run one mode and print what it counted."""
    session = boto3.Session(region_name=_REGION)
    calls = call_all(session) if mode == "all" else len(make_clients(session))
    sys.stdout.write(json.dumps({"calls": calls}))


if __name__ == "__main__":
    main(*sys.argv[1:])
