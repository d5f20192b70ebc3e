"""The account that is furnished, and what everything in it has in common."""

from typing import Any, Final

import boto3

from policies.settings import Settings

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"
_FAR: Final = "us-west-2"
SYSTEM: Final = "estate"
SETTINGS: Final = Settings(
    account_id=ACCOUNT,
    project_tag="x",
    regions=(REGION, _FAR),
    global_database_regions=(_FAR, "eu-west-1"),
    system=SYSTEM,
    cloudfront_entry_systems=(SYSTEM,),
    copied_backup_systems=(SYSTEM,),
    environment_mode_systems=(SYSTEM,),
    multi_region_key_systems=(SYSTEM,),
    replicated_bucket_systems=(SYSTEM,),
)
_TELLING: Final = {"Environment": "dev", "ManagedBy": "Pulumi"}
TAGS: Final = [{"Key": key, "Value": _TELLING.get(key, "x")} for key in SETTINGS.required_tags]
STORE_TAGS: Final = [*TAGS, {"Key": "DataClassification", "Value": "internal"}]
OBSERVED_AT: Final = "2026-11-21T00:00:00Z"


def key(session: boto3.Session, *, everywhere: bool = False) -> str:
    """Create a key of the account, and return its ARN; one that may have replicas for what is copied elsewhere."""
    tags: Any = [{"TagKey": each["Key"], "TagValue": each["Value"]} for each in TAGS]
    kms = session.client("kms")
    arn = kms.create_key(Tags=tags, MultiRegion=everywhere)["KeyMetadata"]["Arn"]
    kms.enable_key_rotation(KeyId=arn)
    if everywhere:
        kms.replicate_key(KeyId=arn, ReplicaRegion=_FAR)
    return arn
