"""DynamoDB tables, with the replicas in other Regions that they state."""

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.tags import retag, tags_from

_UNITS: Final = {"ReadCapacityUnits": "readCapacity", "WriteCapacityUnits": "writeCapacity"}
_GONE: Final = "ResourceNotFoundException"


def _create(subject: Subject) -> str:
    wanted = subject.inputs
    keys = [
        {"AttributeName": wanted[name], "KeyType": kind}
        for name, kind in (("hashKey", "HASH"), ("rangeKey", "RANGE"))
        if wanted.get(name)
    ]
    attributes = [{"AttributeName": each["name"], "AttributeType": each["type"]} for each in wanted["attributes"]]
    given: dict[str, Any] = {
        "TableName": wanted["name"],
        "KeySchema": keys,
        "AttributeDefinitions": attributes,
        "DeletionProtectionEnabled": wanted.get("deletionProtectionEnabled") is True,
        "SSESpecification": _encryption(wanted),
        **_billing(wanted),
    }
    if wanted.get("streamEnabled"):
        given["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": wanted.get("streamViewType")}
    subject.aws.of("dynamodb").create_table(**given)
    return str(wanted["name"])


def _encryption(wanted: Properties) -> dict[str, Any]:
    asked: Mapping[str, Any] = wanted.get("serverSideEncryption") or {}
    key = {"KMSMasterKeyId": asked["kmsKeyArn"]} if asked.get("kmsKeyArn") else {}
    return {"Enabled": True, "SSEType": "KMS", **key} if asked.get("enabled") else {"Enabled": False}


def _billing(wanted: Properties) -> dict[str, Any]:
    if wanted.get("billingMode") == "PAY_PER_REQUEST":
        return {"BillingMode": "PAY_PER_REQUEST"}
    return {
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": {call: int(wanted.get(name) or 1) for call, name in _UNITS.items()},
    }


def _change(subject: Subject) -> None:
    wanted = subject.inputs
    subject.aws.of("dynamodb").update_table(
        TableName=subject.id,
        DeletionProtectionEnabled=wanted.get("deletionProtectionEnabled") is True,
        SSESpecification=_encryption(wanted),
        **_billing(wanted),
    )


def _recover(subject: Subject) -> None:
    enabled = subject.inputs["pointInTimeRecovery"]["enabled"] is True
    subject.aws.of("dynamodb").update_continuous_backups(
        TableName=subject.id, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled}
    )


def _replicate(subject: Subject) -> None:
    before = {each["regionName"] for each in subject.before.get("replicas") or ()}
    wanted = {each["regionName"]: each for each in subject.inputs.get("replicas") or ()}
    dynamodb = subject.aws.of("dynamodb")
    for region in sorted(before - wanted.keys()):
        dynamodb.update_table(TableName=subject.id, ReplicaUpdates=[{"Delete": {"RegionName": region}}])
    for region, each in wanted.items():
        verb = "Update" if region in before else "Create"
        dynamodb.update_table(TableName=subject.id, ReplicaUpdates=[{verb: _replica(region, each.get("kmsKeyArn"))}])


def _replica(region: str, key: str | None) -> dict[str, str]:
    return {"RegionName": region, **({"KMSMasterKeyId": key} if key else {})}


def _found(subject: Subject) -> Any:
    try:
        return subject.aws.of("dynamodb").describe_table(TableName=subject.id)["Table"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == _GONE:
            raise GoneError from None
        raise


def _read(subject: Subject) -> Properties:
    dynamodb, found = subject.aws.of("dynamodb"), _found(subject)
    encryption = found.get("SSEDescription", {})
    recovery = dynamodb.describe_continuous_backups(TableName=subject.id)["ContinuousBackupsDescription"]
    status = recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    keys = {each["KeyType"]: each["AttributeName"] for each in found["KeySchema"]}
    return {
        "arn": found["TableArn"],
        "attributes": [
            {"name": each["AttributeName"], "type": each["AttributeType"]} for each in found["AttributeDefinitions"]
        ],
        "billingMode": found["BillingModeSummary"]["BillingMode"],
        "deletionProtectionEnabled": found["DeletionProtectionEnabled"],
        "hashKey": keys["HASH"],
        "name": found["TableName"],
        "pointInTimeRecovery": {"enabled": status == "ENABLED"},
        "rangeKey": keys.get("RANGE", ""),
        **{name: found["ProvisionedThroughput"][call] for call, name in _UNITS.items()},
        "replicas": [
            {"regionName": each["RegionName"], "kmsKeyArn": each.get("KMSMasterKeyId", "")}
            for each in found.get("Replicas", ())
        ],
        "serverSideEncryption": {"enabled": bool(encryption), "kmsKeyArn": encryption.get("KMSMasterKeyArn", "")},
        "streamArn": found.get("LatestStreamArn", ""),
        "streamEnabled": bool(found.get("StreamSpecification")),
        "tagsAll": tags_from(dynamodb.list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"]),
    }


def _tag(subject: Subject) -> None:
    arn, dynamodb = subject.arn("dynamodb", f"table/{subject.id}"), subject.aws.of("dynamodb")
    retag(
        subject,
        lambda tags: dynamodb.tag_resource(
            ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
        ),
        lambda keys: dynamodb.untag_resource(ResourceArn=arn, TagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("dynamodb").delete_table(TableName=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:dynamodb/table:Table",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("attributes", "hashKey", "name", "rangeKey", "streamEnabled", "streamViewType"),
        updates=put(
            _change,
            "billingMode",
            "deletionProtectionEnabled",
            "readCapacity",
            "serverSideEncryption",
            "writeCapacity",
        ),
        settings={"pointInTimeRecovery": _recover, "replicas": _replicate, "tagsAll": _tag},
    ),
)
