"""Lambda: settings of a function that moto takes and forgets."""

from collections.abc import Mapping
from typing import Any, Final

from moto.awslambda.models import LambdaFunction

from integration.sandbox.corrections.registry import corrects

_ATTRIBUTES: Final = {
    "DeadLetterConfig": "dead_letter_config",
    "FileSystemConfigs": "file_system_configs",
    "KMSKeyArn": "kms_key_arn",
    "LoggingConfig": "logging_config",
    "TracingConfig": "tracing_config",
}
"""Setting → attribute of moto's function that holds it."""

_SOURCE: Final = "AWS Lambda API reference, FunctionConfiguration"


def _keep(function: LambdaFunction, given: Mapping[str, Any]) -> None:
    for setting, attribute in _ATTRIBUTES.items():
        if given.get(setting) is not None:
            setattr(function, attribute, given[setting])


@corrects(LambdaFunction, "__init__", fact="A function keeps where it logs and where failures go", source=_SOURCE)
def _created(original: Any, function: LambdaFunction, account_id: str, spec: dict[str, Any], **more: Any) -> None:
    original(function, account_id, spec, **more)
    _keep(function, spec)


@corrects(LambdaFunction, "update_configuration", fact="Key, tracing and logging of a function change", source=_SOURCE)
def _updated(original: Any, function: LambdaFunction, config_updates: dict[str, Any]) -> Any:
    original(function, config_updates)
    _keep(function, config_updates)
    return function.get_configuration()


@corrects(LambdaFunction, "get_configuration", fact="A function says where it logs and how", source=_SOURCE)
def _shown(original: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    shown: dict[str, Any] = original(function, *args, **kwargs)
    for setting in ("DeadLetterConfig", "FileSystemConfigs"):
        if held := getattr(function, _ATTRIBUTES[setting], None):
            shown[setting] = held
    default = {"LogFormat": "Text", "LogGroup": function.logs_group_name}
    shown["LoggingConfig"] = {**default, **getattr(function, "logging_config", {})}
    return shown
