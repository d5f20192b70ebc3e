"""X-Ray: sampling rules."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, Final

from aws_xray_sdk.core import xray_recorder  # type: ignore[import-untyped]  # it has no types
from moto.xray import urls
from moto.xray.responses import XRayResponse

from integration.sandbox.corrections.registry import provides
from integration.sandbox.corrections.shelves import serve, shelf, take_json

# What moto needs of the SDK opens a socket at its import; nobody traces here, and nothing else closes it.
xray_recorder.emitter._socket.close()  # noqa: SLF001 - it has no way to be closed

_SHELF: Final = "sampling rules"

_OPERATIONS: Final = (
    "CreateSamplingRule",
    "GetSamplingRules",
    "UpdateSamplingRule",
    "DeleteSamplingRule",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
)

serve(urls, XRayResponse, *(f"{{0}}/{name}$" for name in _OPERATIONS))

_Method = Callable[[XRayResponse], str]


def _provide(name: str) -> Callable[[_Method], _Method]:
    words = "".join(part.title() for part in name.split("_"))
    return provides(XRayResponse, name, fact=f"The operation {words} is there", source=f"X-Ray API reference, {words}")


def _record(rule: dict[str, Any]) -> str:
    return json.dumps({"SamplingRuleRecord": {"SamplingRule": rule["rule"], "CreatedAt": rule["at"]}})


@_provide("create_sampling_rule")
def _create(response: XRayResponse) -> str:
    given = response.request_params
    name = given["SamplingRule"]["RuleName"]
    arn = f"arn:{response.partition}:xray:{response.region}:{response.current_account}:sampling-rule/{name}"
    tags = {each["Key"]: each["Value"] for each in given.get("Tags", ())}
    made = {"rule": {**given["SamplingRule"], "RuleARN": arn}, "at": dt.datetime.now(dt.UTC).timestamp(), "tags": tags}
    shelf(response.xray_backend, _SHELF)[arn] = made
    return _record(made)


def _named(response: XRayResponse, given: dict[str, Any]) -> dict[str, Any]:
    rules = shelf(response.xray_backend, _SHELF)
    name = given.get("RuleName")
    key = given.get("RuleARN") or next((arn for arn, each in rules.items() if each["rule"]["RuleName"] == name), "")
    found: dict[str, Any] = take_json(response.xray_backend, _SHELF, key)
    return found


@_provide("get_sampling_rules")
def _list(response: XRayResponse) -> str:
    held = shelf(response.xray_backend, _SHELF).values()
    return json.dumps(
        {"SamplingRuleRecords": [{"SamplingRule": each["rule"], "CreatedAt": each["at"]} for each in held]}
    )


@_provide("update_sampling_rule")
def _update(response: XRayResponse) -> str:
    held = _named(response, response.request_params["SamplingRuleUpdate"])
    held["rule"] |= response.request_params["SamplingRuleUpdate"]
    return _record(held)


@_provide("delete_sampling_rule")
def _delete(response: XRayResponse) -> str:
    held = _named(response, response.request_params)
    del shelf(response.xray_backend, _SHELF)[held["rule"]["RuleARN"]]
    return _record(held)


@_provide("tag_resource")
def _tag(response: XRayResponse) -> str:
    held = take_json(response.xray_backend, _SHELF, response.request_params["ResourceARN"])
    held["tags"] |= {each["Key"]: each["Value"] for each in response.request_params["Tags"]}
    return "{}"


@_provide("untag_resource")
def _untag(response: XRayResponse) -> str:
    held = take_json(response.xray_backend, _SHELF, response.request_params["ResourceARN"])
    for key in response.request_params["TagKeys"]:
        held["tags"].pop(key, None)
    return "{}"


@_provide("list_tags_for_resource")
def _tags(response: XRayResponse) -> str:
    held = take_json(response.xray_backend, _SHELF, response.request_params["ResourceARN"])
    return json.dumps({"Tags": [{"Key": key, "Value": value} for key, value in held["tags"].items()]})
