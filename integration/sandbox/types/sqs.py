"""SQS queues and their policies."""

from typing import Any, Final

from integration.sandbox.handler import Apply, Handler, Properties, Subject
from integration.sandbox.types.shapes import pascal, single
from integration.sandbox.types.tags import retag

_WHOLE: Final = (
    "delaySeconds",
    "kmsDataKeyReusePeriodSeconds",
    "maxMessageSize",
    "messageRetentionSeconds",
    "receiveWaitTimeSeconds",
    "visibilityTimeoutSeconds",
)
_TEXTS: Final = ("kmsMasterKeyId", "policy", "redrivePolicy")
_NAMES: Final = {
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
"""Setting as programs write it → as SQS does, where more than the first letter differs."""


def _attribute(name: str) -> str:
    return str(_NAMES.get(name) or pascal(name))


def _create(subject: Subject) -> str:
    wanted = subject.inputs
    kind = {"FifoQueue": "true"} if wanted.get("fifoQueue") is True else {}
    return str(subject.aws.of("sqs").create_queue(QueueName=wanted["name"], Attributes=kind)["QueueUrl"])


def _read(subject: Subject) -> Properties:
    sqs = subject.aws.of("sqs")
    found: Any = sqs.get_queue_attributes(QueueUrl=subject.id, AttributeNames=["All"])["Attributes"]
    return {
        **{name: found.get(_attribute(name), "") for name in _TEXTS},
        **{name: int(found[_attribute(name)]) for name in _WHOLE if _attribute(name) in found},
        "arn": found["QueueArn"],
        "fifoQueue": found.get("FifoQueue") == "true",
        "name": found["QueueArn"].rpartition(":")[2],
        "sqsManagedSseEnabled": found.get("SqsManagedSseEnabled") == "true",
        "tagsAll": sqs.list_queue_tags(QueueUrl=subject.id).get("Tags", {}),
        "url": subject.id,
    }


def _set(name: str) -> Apply:
    def apply(subject: Subject) -> None:
        value = subject.inputs.get(name)
        text = str(int(value)) if isinstance(value, int | float) and not isinstance(value, bool) else str(value or "")
        subject.aws.of("sqs").set_queue_attributes(QueueUrl=subject.id, Attributes={_attribute(name): text})

    return apply


def _set_managed(subject: Subject) -> None:
    on = "true" if subject.inputs.get("sqsManagedSseEnabled") is True else "false"
    subject.aws.of("sqs").set_queue_attributes(QueueUrl=subject.id, Attributes={"SqsManagedSseEnabled": on})


def _set_tags(subject: Subject) -> None:
    sqs, url = subject.aws.of("sqs"), subject.id
    retag(
        subject,
        lambda tags: sqs.tag_queue(QueueUrl=url, Tags=tags),
        lambda keys: sqs.untag_queue(QueueUrl=url, TagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("sqs").delete_queue(QueueUrl=subject.id)


def _put_policy(subject: Subject) -> str:
    url = str(subject.inputs["queueUrl"])
    subject.aws.of("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": subject.inputs["policy"]})
    return url


def _change_policy(subject: Subject) -> None:
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    found = subject.aws.of("sqs").get_queue_attributes(QueueUrl=subject.id, AttributeNames=["Policy"])
    return {"policy": found.get("Attributes", {}).get("Policy", ""), "queueUrl": subject.id}


def _drop_policy(subject: Subject) -> None:
    subject.aws.of("sqs").set_queue_attributes(QueueUrl=subject.id, Attributes={"Policy": ""})


HANDLERS: Final = (
    Handler(
        type=single("sqs", "Queue"),
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("fifoQueue", "name"),
        settings={
            **{name: _set(name) for name in (*_WHOLE, *_TEXTS)},
            "sqsManagedSseEnabled": _set_managed,
            "tagsAll": _set_tags,
        },
    ),
    Handler(
        type=single("sqs", "QueuePolicy"),
        create=_put_policy,
        read=_read_policy,
        delete=_drop_policy,
        fixed=("queueUrl",),
        updates={"policy": _change_policy},
    ),
)
