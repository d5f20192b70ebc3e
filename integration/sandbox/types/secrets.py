"""Secrets Manager: secrets, their policies and what they hold."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.tags import as_tags, retag, tags_from

_WINDOW_DAYS: Final = 30


def _create_secret(subject: Subject) -> str:
    given = subject.given("name", "description", "kmsKeyId")
    return str(subject.aws.of("secretsmanager").create_secret(**given)["ARN"])


def _read_secret(subject: Subject) -> Properties:
    client = subject.aws.of("secretsmanager")
    found = client.describe_secret(SecretId=subject.id)
    if found.get("DeletedDate"):
        raise GoneError
    return {
        "arn": found["ARN"],
        "description": found.get("Description", ""),
        "kmsKeyId": found.get("KmsKeyId", ""),
        "name": found["Name"],
        "policy": client.get_resource_policy(SecretId=subject.id).get("ResourcePolicy", ""),
        "replicas": [_replica(each) for each in found.get("ReplicationStatus", ())],
        "tagsAll": tags_from(found.get("Tags", ())),
    }


def _replica(found: Any) -> dict[str, Any]:
    return {
        "kmsKeyId": found.get("KmsKeyId", ""),
        "region": found["Region"],
        "status": found.get("Status", ""),
        "statusMessage": found.get("StatusMessage", ""),
    }


def _change_secret(subject: Subject) -> None:
    given: Any = {"Description": "", **subject.given("description", "kmsKeyId")}
    subject.aws.of("secretsmanager").update_secret(SecretId=subject.id, **given)


def _set_secret_policy(subject: Subject) -> None:
    client = subject.aws.of("secretsmanager")
    if policy := subject.inputs.get("policy"):
        client.put_resource_policy(SecretId=subject.id, ResourcePolicy=policy)
    else:
        client.delete_resource_policy(SecretId=subject.id)


def _set_tags(subject: Subject) -> None:
    client = subject.aws.of("secretsmanager")
    retag(
        subject,
        lambda tags: client.tag_resource(SecretId=subject.id, Tags=as_tags(tags)),
        lambda keys: client.untag_resource(SecretId=subject.id, TagKeys=keys),
    )


def _delete_secret(subject: Subject) -> None:
    wanted = subject.inputs.get("recoveryWindowInDays")
    days = _WINDOW_DAYS if wanted is None else int(wanted)
    how: Any = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    client = subject.aws.of("secretsmanager")
    copies = client.describe_secret(SecretId=subject.id).get("ReplicationStatus", ())
    if regions := [each["Region"] for each in copies]:
        client.remove_regions_from_replication(SecretId=subject.id, RemoveReplicaRegions=regions)
    client.delete_secret(SecretId=subject.id, **how)


def _set_replicas(subject: Subject) -> None:
    wanted = {each["region"]: each for each in subject.inputs.get("replicas") or ()}
    client = subject.aws.of("secretsmanager")
    there = {each["Region"] for each in client.describe_secret(SecretId=subject.id).get("ReplicationStatus", ())}
    if dropped := sorted(there - wanted.keys()):
        client.remove_regions_from_replication(SecretId=subject.id, RemoveReplicaRegions=dropped)
    if added := [_copy(each) for region, each in wanted.items() if region not in there]:
        client.replicate_secret_to_regions(SecretId=subject.id, AddReplicaRegions=added)


def _copy(wanted: Any) -> dict[str, str]:
    return {"Region": wanted["region"], **({"KmsKeyId": wanted["kmsKeyId"]} if wanted.get("kmsKeyId") else {})}


def _put_policy(subject: Subject) -> str:
    arn = str(subject.inputs["secretArn"])
    subject.aws.of("secretsmanager").put_resource_policy(SecretId=arn, ResourcePolicy=subject.inputs["policy"])
    return arn


def _change_policy(subject: Subject) -> None:
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    found = subject.aws.of("secretsmanager").get_resource_policy(SecretId=subject.id)
    if "ResourcePolicy" not in found:
        raise GoneError
    return {"policy": found["ResourcePolicy"], "secretArn": subject.id}


def _drop_policy(subject: Subject) -> None:
    subject.aws.of("secretsmanager").delete_resource_policy(SecretId=subject.id)


def _put_version(subject: Subject) -> str:
    given = subject.given("secretString", "secretBinary")
    if stages := subject.inputs.get("versionStages"):
        given["VersionStages"] = stages
    made = subject.aws.of("secretsmanager").put_secret_value(SecretId=subject.inputs["secretId"], **given)
    return f"{made['ARN']}|{made['VersionId']}"


def _read_version(subject: Subject) -> Properties:
    secret, _, version = subject.id.partition("|")
    found = subject.aws.of("secretsmanager").get_secret_value(SecretId=secret, VersionId=version)
    held = {name: found[key] for name, key in (("secretString", "SecretString"),) if key in found}
    return {
        **held,
        "arn": found["ARN"],
        "secretId": secret,
        "versionId": version,
        "versionStages": found["VersionStages"],
    }


def _leave_version(_subject: Subject) -> None:
    """Leave the value: AWS keeps the last one until its secret goes."""


HANDLERS: Final = (
    Handler(
        type="aws:secretsmanager/secret:Secret",
        create=_create_secret,
        read=_read_secret,
        delete=_delete_secret,
        fixed=("name",),
        updates=put(_change_secret, "description", "kmsKeyId"),
        settings={"policy": _set_secret_policy, "replicas": _set_replicas, "tagsAll": _set_tags},
        ignored={"recoveryWindowInDays": "used when the secret is deleted"},
    ),
    Handler(
        type="aws:secretsmanager/secretPolicy:SecretPolicy",
        create=_put_policy,
        read=_read_policy,
        delete=_drop_policy,
        fixed=("secretArn",),
        updates={"policy": _change_policy},
        ignored={"blockPublicPolicy": "a switch of the call that puts a policy, no setting of the secret"},
    ),
    Handler(
        type="aws:secretsmanager/secretVersion:SecretVersion",
        create=_put_version,
        read=_read_version,
        delete=_leave_version,
        fixed=("secretBinary", "secretId", "secretString", "versionStages"),
    ),
)
