"""Lambda: settings of a function that moto takes and forgets, its policy as Lambda writes it, and its addresses."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from moto.awslambda import urls
from moto.awslambda.models import LambdaFunction
from moto.awslambda.policy import Policy
from moto.awslambda.responses import LambdaResponse

from integration.sandbox.corrections.registry import corrects, provides
from integration.sandbox.corrections.shelves import serve

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


_CONDITIONS: Final = {
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
}
"""Parameter of AddPermission → operator and key of the condition that it becomes."""


@corrects(
    Policy,
    "decode_policy",
    fact="A permission keeps each of its conditions, and names accounts by their root and services as services",
    source="AddPermission, AWS Lambda API reference, and resource-based policies, developer guide, read 2026-11-30",
)
def _statement(original: Any, policy: Policy, given: dict[str, Any]) -> Policy:
    conditions: dict[str, dict[str, str]] = {}
    for parameter, (operator, key) in _CONDITIONS.items():
        if parameter in given:
            conditions.setdefault(operator, {})[key] = given.pop(parameter)
    principal = given.pop("Principal")
    made: Policy = original(policy, given)
    (statement,) = made.statements
    statement["Principal"] = _principal(principal)
    if conditions:
        statement["Condition"] = conditions
    return made


def _principal(name: str) -> Any:
    if name == "*":
        return name
    if re.fullmatch(r"\d{12}", name):
        return {"AWS": f"arn:aws:iam::{name}:root"}
    return {"AWS" if name.startswith("arn:") else "Service": name}


@provides(
    LambdaResponse,
    "list_function_url_configs",
    fact="The addresses of a function are listed",
    source="AWS Lambda API reference, ListFunctionUrlConfigs, read 2026-11-30",
)
def _addresses(response: LambdaResponse) -> str:
    function = response.backend.get_function(unquote(response.path.split("/")[-2]))
    found = [function.url_config.to_dict()] if function.url_config else []
    return json.dumps({"FunctionUrlConfigs": found})


serve(urls, LambdaResponse, r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/urls$")
