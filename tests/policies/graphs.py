"""Small graphs written by hand, in the forms in which the stages deliver them."""

from collections.abc import Mapping
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource

BUCKET: Final = "aws:s3/bucket:Bucket"
ACCESS_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
KEY: Final = "aws:kms/key:Key"
ALIAS: Final = "aws:kms/alias:Alias"
CLUSTER: Final = "aws:rds/cluster:Cluster"
INSTANCE: Final = "aws:rds/instance:Instance"
GLOBAL_CLUSTER: Final = "aws:rds/globalCluster:GlobalCluster"
POLICY: Final = "aws:iam/policy:Policy"
ROLE: Final = "aws:iam/role:Role"
PROVIDER: Final = "pulumi:providers:aws"
PROVIDER_URN: Final = "urn:pulumi:dev::bank::pulumi:providers:aws::default"


def provider(region: str | None = "eu-west-1", name: str = "default", **inputs: Any) -> Resource:
    """Return an aws provider resource."""
    settings = {"region": region, **inputs} if region else inputs
    return resource(PROVIDER, name, kind=Kind.PROVIDER, inputs=settings, provider="")


def resource(
    type_: str,
    name: str,
    inputs: Mapping[str, Any] | None = None,
    *,
    outputs: Mapping[str, Any] | None = None,
    kind: Kind = Kind.CUSTOM,
    provider: str = PROVIDER_URN,
    **fields: Any,
) -> Resource:
    """Return a resource of stack `dev` of program `bank`."""
    return Resource(
        urn=f"urn:pulumi:dev::bank::{type_}::{name}",
        type=type_,
        name=name,
        kind=kind,
        inputs=inputs or {},
        outputs=outputs or {},
        provider=provider,
        **fields,
    )


def graph(*resources: Resource) -> Graph:
    """Return a graph of these resources and a default provider in eu-west-1, unless one is among them."""
    own = () if any(each.urn == PROVIDER_URN for each in resources) else (provider(),)
    return Graph("bank", "dev", (*own, *resources))
