"""KMS keys and their aliases."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, leave, put
from integration.sandbox.types.tags import dropped_tags, tags_from, wanted_tags

_LONGEST_WINDOW_DAYS: Final = 30


def _create_key(subject: Subject) -> str:
    given = subject.given("description", "keyUsage", "policy", "multiRegion")
    if "customerMasterKeySpec" in subject.inputs:
        given["KeySpec"] = subject.inputs["customerMasterKeySpec"]
    check = subject.inputs.get("bypassPolicyLockoutSafetyCheck") is True
    created = subject.aws.kms.create_key(**given, BypassPolicyLockoutSafetyCheck=check)
    return created["KeyMetadata"]["KeyId"]


def _read_key(subject: Subject) -> Properties:
    kms = subject.aws.kms
    found = kms.describe_key(KeyId=subject.id)["KeyMetadata"]
    if found["KeyState"] == "PendingDeletion":
        raise GoneError
    rotation: Any = kms.get_key_rotation_status(KeyId=subject.id)
    tags = kms.list_resource_tags(KeyId=subject.id)["Tags"]
    return {
        "arn": found["Arn"],
        "customerMasterKeySpec": found["KeySpec"],
        "description": found["Description"],
        "enableKeyRotation": rotation["KeyRotationEnabled"],
        "isEnabled": found["Enabled"],
        "keyId": found["KeyId"],
        "keyUsage": found.get("KeyUsage", "ENCRYPT_DECRYPT"),
        "multiRegion": found.get("MultiRegion", False),
        "policy": kms.get_key_policy(KeyId=subject.id, PolicyName="default")["Policy"],
        "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
        "tagsAll": tags_from(tags, "TagKey", "TagValue"),
    }


def _delete_key(subject: Subject) -> None:
    days = int(subject.inputs.get("deletionWindowInDays") or _LONGEST_WINDOW_DAYS)
    subject.aws.kms.schedule_key_deletion(KeyId=subject.id, PendingWindowInDays=days)


def _set_description(subject: Subject) -> None:
    subject.aws.kms.update_key_description(KeyId=subject.id, Description=subject.inputs.get("description") or "")


def _set_policy(subject: Subject) -> None:
    subject.aws.kms.put_key_policy(KeyId=subject.id, PolicyName="default", Policy=subject.inputs["policy"])


def _set_rotation(subject: Subject) -> None:
    if subject.inputs.get("enableKeyRotation") is not True:
        subject.aws.kms.disable_key_rotation(KeyId=subject.id)
        return
    days = subject.inputs.get("rotationPeriodInDays")
    given: Any = {} if days is None else {"RotationPeriodInDays": int(days)}
    subject.aws.kms.enable_key_rotation(KeyId=subject.id, **given)


def _set_enabled(subject: Subject) -> None:
    if subject.inputs.get("isEnabled") is False:
        subject.aws.kms.disable_key(KeyId=subject.id)
    else:
        subject.aws.kms.enable_key(KeyId=subject.id)


def _set_tags(subject: Subject) -> None:
    if dropped := dropped_tags(subject):
        subject.aws.kms.untag_resource(KeyId=subject.id, TagKeys=dropped)
    tags: Any = [{"TagKey": key, "TagValue": value} for key, value in wanted_tags(subject).items()]
    if tags:
        subject.aws.kms.tag_resource(KeyId=subject.id, Tags=tags)


def _create_alias(subject: Subject) -> str:
    name = str(subject.inputs["name"])
    subject.aws.kms.create_alias(AliasName=name, TargetKeyId=subject.inputs["targetKeyId"])
    return name


def _read_alias(subject: Subject) -> Properties:
    pages = subject.aws.kms.get_paginator("list_aliases").paginate()
    found = next((each for page in pages for each in page["Aliases"] if each["AliasName"] == subject.id), None)
    if found is None:
        raise GoneError
    key = found["TargetKeyId"]
    return {
        "arn": found["AliasArn"],
        "name": subject.id,
        "targetKeyArn": subject.arn("kms", f"key/{key}"),
        "targetKeyId": key,
    }


def _set_target(subject: Subject) -> None:
    subject.aws.kms.update_alias(AliasName=subject.id, TargetKeyId=subject.inputs["targetKeyId"])


def _delete_alias(subject: Subject) -> None:
    subject.aws.kms.delete_alias(AliasName=subject.id)


def _put_policy(subject: Subject) -> str:
    id_ = str(subject.inputs["keyId"])
    subject.aws.kms.put_key_policy(KeyId=id_, PolicyName="default", Policy=subject.inputs["policy"])
    return id_


def _change_policy(subject: Subject) -> None:
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    if subject.aws.kms.describe_key(KeyId=subject.id)["KeyMetadata"]["KeyState"] == "PendingDeletion":
        raise GoneError
    found = subject.aws.kms.get_key_policy(KeyId=subject.id, PolicyName="default")["Policy"]
    return {"keyId": subject.id, "policy": found}


def _replicate(subject: Subject) -> str:
    arn = str(subject.inputs["primaryKeyArn"])
    primary = subject.aws.elsewhere(arn.split(":")[3])
    given = subject.given("description", "policy")
    made: Any = primary.kms.replicate_key(KeyId=arn, ReplicaRegion=subject.place.region, **given)
    return str(made["ReplicaKeyMetadata"]["KeyId"])


def _read_replica(subject: Subject) -> Properties:
    found: Any = subject.aws.kms.describe_key(KeyId=subject.id)["KeyMetadata"]
    if found["KeyState"] == "PendingDeletion":
        raise GoneError
    return {
        "arn": found["Arn"],
        "keyId": found["KeyId"],
        "policy": subject.aws.kms.get_key_policy(KeyId=subject.id, PolicyName="default")["Policy"],
        "primaryKeyArn": found["MultiRegionConfiguration"]["PrimaryKey"]["Arn"],
        "tagsAll": tags_from(subject.aws.kms.list_resource_tags(KeyId=subject.id)["Tags"], "TagKey", "TagValue"),
    }


HANDLERS: Final = (
    Handler(
        type="aws:kms/key:Key",
        create=_create_key,
        read=_read_key,
        delete=_delete_key,
        fixed=("customerMasterKeySpec", "keyUsage", "multiRegion"),
        updates={"description": _set_description, "policy": _set_policy},
        settings={
            **put(_set_rotation, "enableKeyRotation", "rotationPeriodInDays"),
            "isEnabled": _set_enabled,
            "tagsAll": _set_tags,
        },
        ignored={
            "bypassPolicyLockoutSafetyCheck": "a switch of the call that creates the key, no setting of it",
            "deletionWindowInDays": "used when the key is deleted",
        },
    ),
    Handler(
        type="aws:kms/keyPolicy:KeyPolicy",
        create=_put_policy,
        read=_read_policy,
        delete=leave,
        fixed=("keyId",),
        updates={"policy": _change_policy},
        ignored={"bypassPolicyLockoutSafetyCheck": "a switch of the call, no setting of the key"},
    ),
    Handler(
        type="aws:kms/replicaKey:ReplicaKey",
        create=_replicate,
        read=_read_replica,
        delete=_delete_key,
        fixed=("primaryKeyArn",),
        updates={"policy": _set_policy},
        settings={"tagsAll": _set_tags},
        ignored={"deletionWindowInDays": "used when the key is deleted"},
    ),
    Handler(
        type="aws:kms/alias:Alias",
        create=_create_alias,
        read=_read_alias,
        delete=_delete_alias,
        fixed=("name",),
        updates=put(_set_target, "targetKeyId"),
    ),
)
