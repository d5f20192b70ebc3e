"""The recorder of AWS Config: what it records, where the record goes, and whether it runs."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put

_CHANNEL: Final = {
    "s3BucketName": "s3BucketName",
    "s3KeyPrefix": "s3KeyPrefix",
    "s3KmsKeyArn": "s3KmsKeyArn",
    "snapshotDeliveryProperties": "configSnapshotDeliveryProperties",
    "snsTopicArn": "snsTopicARN",
}
"""Setting of a channel as programs write it → as the calls of AWS Config do."""

_GROUP: Final = frozenset({"allSupported", "includeGlobalResourceTypes", "resourceTypes"})
_DEFAULT: Final = "default"


def _name(subject: Subject) -> str:
    return str(subject.inputs.get("name", _DEFAULT))


def _group(inputs: Properties) -> dict[str, Any]:
    return {name: value for name, value in inputs.get("recordingGroup", {}).items() if value is not None}


def _refuse_group(inputs: Properties) -> str:
    unknown = sorted(name for name, value in _group(inputs).items() if name not in _GROUP and value)
    return f"the sandbox holds no {', '.join(unknown)} of a recordingGroup" if unknown else ""


def _put_recorder(subject: Subject) -> str:
    recorder = {"name": _name(subject), "roleARN": subject.inputs["roleArn"]}
    held = {name: value for name, value in _group(subject.inputs).items() if name in _GROUP}
    subject.aws.of("config").put_configuration_recorder(
        ConfigurationRecorder={**recorder, **({"recordingGroup": held} if held else {})}
    )
    return _name(subject)


def _change_recorder(subject: Subject) -> None:
    _put_recorder(subject)


def _read_recorder(subject: Subject) -> Properties:
    config = subject.aws.of("config")
    (found,) = config.describe_configuration_recorders(ConfigurationRecorderNames=[subject.id])[
        "ConfigurationRecorders"
    ]
    held = {name: value for name, value in found["recordingGroup"].items() if name in _GROUP}
    return {"name": found["name"], "roleArn": found["roleARN"], "recordingGroup": held}


def _delete_recorder(subject: Subject) -> None:
    subject.aws.of("config").delete_configuration_recorder(ConfigurationRecorderName=subject.id)


def _put_channel(subject: Subject) -> str:
    wanted = subject.inputs
    channel = {call: wanted[name] for name, call in _CHANNEL.items() if wanted.get(name) is not None}
    subject.aws.of("config").put_delivery_channel(DeliveryChannel={"name": _name(subject), **channel})
    return _name(subject)


def _change_channel(subject: Subject) -> None:
    _put_channel(subject)


def _read_channel(subject: Subject) -> Properties:
    config = subject.aws.of("config")
    (found,) = config.describe_delivery_channels(DeliveryChannelNames=[subject.id])["DeliveryChannels"]
    return {"name": found["name"], **{name: found[call] for name, call in _CHANNEL.items() if call in found}}


def _delete_channel(subject: Subject) -> None:
    subject.aws.of("config").delete_delivery_channel(DeliveryChannelName=subject.id)


def _run(subject: Subject) -> str:
    config, name = subject.aws.of("config"), str(subject.inputs["name"])
    if subject.inputs["isEnabled"]:
        config.start_configuration_recorder(ConfigurationRecorderName=name)
    else:
        config.stop_configuration_recorder(ConfigurationRecorderName=name)
    return name


def _change_run(subject: Subject) -> None:
    _run(subject)


def _read_run(subject: Subject) -> Properties:
    config = subject.aws.of("config")
    (found,) = config.describe_configuration_recorder_status(ConfigurationRecorderNames=[subject.id])[
        "ConfigurationRecordersStatus"
    ]
    return {"name": found["name"], "isEnabled": found["recording"]}


def _stop(subject: Subject) -> None:
    subject.aws.of("config").stop_configuration_recorder(ConfigurationRecorderName=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:cfg/recorder:Recorder",
        create=_put_recorder,
        read=_read_recorder,
        delete=_delete_recorder,
        fixed=("name",),
        updates=put(_change_recorder, "recordingGroup", "roleArn"),
        refuses=_refuse_group,
    ),
    Handler(
        type="aws:cfg/deliveryChannel:DeliveryChannel",
        create=_put_channel,
        read=_read_channel,
        delete=_delete_channel,
        fixed=("name",),
        updates=put(_change_channel, *_CHANNEL),
    ),
    Handler(
        type="aws:cfg/recorderStatus:RecorderStatus",
        create=_run,
        read=_read_run,
        delete=_stop,
        fixed=("name",),
        updates=put(_change_run, "isEnabled"),
    ),
)
