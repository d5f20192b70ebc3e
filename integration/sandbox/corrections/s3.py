"""S3: what a new bucket has without being asked."""

import json
from typing import Any, Final

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response

from integration.sandbox.corrections.registry import corrects

_ENCRYPTED: Final = {
    "Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
}


@corrects(
    FakeBucket,
    "__init__",
    fact="A new bucket encrypts with the service's key, blocks all public access and knows no access lists",
    source="Amazon S3 user guide, default encryption (since 2023-01-05) and block public access (since 2023-04-28)",
)
def _new_bucket(original: Any, bucket: FakeBucket, *args: Any, **kwargs: Any) -> None:
    original(bucket, *args, **kwargs)
    bucket.encryption = dict(_ENCRYPTED)
    bucket.public_access_block = PublicAccessBlock("true", "true", "true", "true")
    bucket.ownership_rule = "BucketOwnerEnforced"  # type: ignore[assignment]  # moto keeps text, whatever it declares


@corrects(
    S3Backend,
    "delete_bucket_encryption",
    fact="Deleting a bucket's encryption settings resets them to the service's key",
    source="Amazon S3 API reference, DeleteBucketEncryption",
)
def _encryption_reset(_original: Any, backend: S3Backend, bucket_name: str) -> None:
    backend.get_bucket(bucket_name).encryption = dict(_ENCRYPTED)


@corrects(
    FakeBucket,
    "_log_permissions_enabled_policy",
    fact="Logging to a bucket without access lists is accepted before that bucket's policy admits the delivery",
    source="Amazon S3 user guide, permissions for log delivery; programs deploy both in any order",
)
def _logging_accepted(original: Any, bucket: FakeBucket, target_bucket: FakeBucket, target_prefix: str | None) -> Any:
    enforced: Any = target_bucket.ownership_rule
    return enforced == "BucketOwnerEnforced" or original(bucket, target_bucket, target_prefix)


@corrects(
    FakeBucket,
    "get_permission",
    fact="A statement with a condition speaks about the requests that meet it; here nobody can tell, so about none",
    source="AWS IAM user guide, condition elements of a policy",
)
def _without_conditions(_original: Any, bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    document = json.loads(bucket.policy) if bucket.policy else {"Statement": []}
    listed = document["Statement"]
    statements = listed if isinstance(listed, list) else [listed]
    plain = [each for each in statements if not each.get("Condition")]
    return IAMPolicy(json.dumps({**document, "Statement": plain})).is_action_permitted(action, resource)


@corrects(
    S3Response,
    "serialized",
    fact="A list of buckets says where each of them is",
    source="Amazon S3 API reference, ListBuckets, BucketRegion, read 2026-11-30",
)
def _with_regions(original: Any, response: S3Response, found: Any) -> Any:
    for each in found.result.get("Buckets", ()) if response.data.get("Action") == "ListBuckets" else ():
        each["BucketRegion"] = response.backend.get_bucket(each["Name"]).region_name
    return original(response, found)


@corrects(
    S3Response,
    "get_bucket_replication",
    fact="A bucket tells the rules of its replication as they were written",
    source="Amazon S3 API reference, GetBucketReplication; read 2026-11-30",
)
def _replication_as_written(original: Any, response: S3Response) -> Any:
    original(response)
    held: Any = response.backend.get_bucket_replication(response.bucket_name)
    everything = {"Prefix": ""}
    rules = [
        {**rule, **({"Filter": rule["Filter"] or everything} if "Filter" in rule else {})} for rule in held["Rule"]
    ]
    for each in (rule["Filter"] for rule in rules if "Filter" in rule):
        each.update({name: "" for name, value in each.items() if value is None})
    written = {"ReplicationConfiguration": {"Role": held["Role"], "Rules": rules}}
    return response.serialized(ActionResult(written))
