"""What calls Lambda functions: their addresses, what feeds them, and where failures go."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, single, whole, without_nothing


def _create_url(subject: Subject) -> str:
    wanted = subject.inputs
    given = {"FunctionName": wanted["functionName"], "AuthType": wanted["authorizationType"]}
    subject.aws.of("lambda").create_function_url_config(**given, **subject.given("invokeMode"))
    return str(wanted["functionName"])


def _read_url(subject: Subject) -> Properties:
    found = subject.aws.of("lambda").get_function_url_config(FunctionName=subject.id)
    return {
        "authorizationType": found["AuthType"],
        "functionArn": found["FunctionArn"],
        "functionName": subject.inputs["functionName"],
        "functionUrl": found["FunctionUrl"],
    }


def _change_url(subject: Subject) -> None:
    authorization = subject.inputs["authorizationType"]
    subject.aws.of("lambda").update_function_url_config(FunctionName=subject.id, AuthType=authorization)


def _delete_url(subject: Subject) -> None:
    subject.aws.of("lambda").delete_function_url_config(FunctionName=subject.id)


_CONFIG: Final = ("destinationConfig", "maximumEventAgeInSeconds", "maximumRetryAttempts")


def _put_config(subject: Subject) -> str:
    name = subject.inputs["functionName"]
    given = whole(without_nothing(pascal(subject.given(*_CONFIG))))
    subject.aws.of("lambda").put_function_event_invoke_config(FunctionName=name, **given)
    return str(name)


def _change_config(subject: Subject) -> None:
    # Moto adds a second configuration where Lambda replaces the first.
    _delete_config(subject)
    _put_config(subject)


def _read_config(subject: Subject) -> Properties:
    found = subject.aws.of("lambda").get_function_event_invoke_config(FunctionName=subject.id)
    held = {name: found[pascal(name)] for name in _CONFIG if pascal(name) in found}
    return {"functionName": subject.id, **{name: camel(value) for name, value in held.items()}}


def _delete_config(subject: Subject) -> None:
    subject.aws.of("lambda").delete_function_event_invoke_config(FunctionName=subject.id)


_MAPPING: Final = ("batchSize", "bisectBatchOnFunctionError", "enabled", "functionResponseTypes")


def _create_mapping(subject: Subject) -> str:
    given = whole(subject.given("eventSourceArn", "functionName", "startingPosition", *_MAPPING))
    return str(subject.aws.of("lambda").create_event_source_mapping(**given)["UUID"])


def _read_mapping(subject: Subject) -> Properties:
    found: Any = subject.aws.of("lambda").get_event_source_mapping(UUID=subject.id)
    if found.get("State") == "Deleting":
        raise GoneError
    return {
        "batchSize": found["BatchSize"],
        "bisectBatchOnFunctionError": found.get("BisectBatchOnFunctionError", False),
        "enabled": found["State"] == "Enabled",
        "eventSourceArn": found["EventSourceArn"],
        "functionArn": found["FunctionArn"],
        "functionResponseTypes": found.get("FunctionResponseTypes", []),
        "uuid": found["UUID"],
    }


def _change_mapping(subject: Subject) -> None:
    subject.aws.of("lambda").update_event_source_mapping(UUID=subject.id, **whole(subject.given(*_MAPPING)))


def _delete_mapping(subject: Subject) -> None:
    subject.aws.of("lambda").delete_event_source_mapping(UUID=subject.id)


HANDLERS: Final = (
    Handler(
        type=single("lambda", "FunctionUrl"),
        create=_create_url,
        read=_read_url,
        delete=_delete_url,
        fixed=("functionName", "invokeMode"),
        updates=put(_change_url, "authorizationType"),
    ),
    Handler(
        type=single("lambda", "FunctionEventInvokeConfig"),
        create=_put_config,
        read=_read_config,
        delete=_delete_config,
        fixed=("functionName",),
        updates=put(_change_config, *_CONFIG),
    ),
    Handler(
        type=single("lambda", "EventSourceMapping"),
        create=_create_mapping,
        read=_read_mapping,
        delete=_delete_mapping,
        fixed=("eventSourceArn", "functionName", "startingPosition"),
        updates=put(_change_mapping, *_MAPPING),
    ),
)
