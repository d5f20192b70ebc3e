"""Where buckets are copied to."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, whole

_WORDS: Final = {"Id": "ID", "ReplicaKmsKeyId": "ReplicaKmsKeyID"}
"""Names that S3 writes in capitals."""


def _put(subject: Subject) -> str:
    bucket = str(subject.inputs["bucket"])
    rules = [_written(pascal(whole(rule))) for rule in subject.inputs["rules"]]
    configuration = {"Role": subject.inputs["role"], "Rules": rules}
    subject.aws.s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=configuration)  # type: ignore[arg-type]  # as the program wrote it
    return bucket


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {_WORDS.get(name, name): _written(item) for name, item in value.items() if item is not None}
    return value


def _change(subject: Subject) -> None:
    _put(subject)


def _read(subject: Subject) -> Properties:
    found: Any = subject.aws.s3.get_bucket_replication(Bucket=subject.id)["ReplicationConfiguration"]
    return {"bucket": subject.id, "role": found["Role"], "rules": [_shown(camel(rule)) for rule in found["Rules"]]}


def _shown(value: Any) -> Any:
    words = {"iD": "id", "replicaKmsKeyID": "replicaKmsKeyId"}
    if isinstance(value, dict):
        return {words.get(name, name): _shown(item) for name, item in value.items()}
    return value


def _delete(subject: Subject) -> None:
    subject.aws.s3.delete_bucket_replication(Bucket=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        create=_put,
        read=_read,
        delete=_delete,
        fixed=("bucket",),
        updates=put(_change, "role", "rules"),
        ignored={"token": "given once, to replicate a locked bucket"},
    ),
)
