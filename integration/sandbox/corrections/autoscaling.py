"""Application Auto Scaling: the tags of scalable targets."""

import json
from collections.abc import Callable
from typing import Any, Final

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError

from integration.sandbox.corrections.registry import corrects, provides
from integration.sandbox.corrections.shelves import shelf

_API: Final = "Application Auto Scaling API reference, "
_SHELF: Final = "tags of scalable targets"

_Method = Callable[[ApplicationAutoScalingResponse], str]


@corrects(
    ApplicationAutoScalingResponse,
    "register_scalable_target",
    fact="A scalable target is registered with its tags; one that is there keeps those that it has",
    source=_API + "RegisterScalableTarget, read 2026-11-30",
)
def _register(original: Any, response: ApplicationAutoScalingResponse) -> Any:
    answer = original(response)
    tags = json.loads(response.body).get("Tags", {})
    shelf(response.applicationautoscaling_backend, _SHELF).setdefault(
        json.loads(answer)["ScalableTargetARN"], {"tags": tags}
    )
    return answer


@corrects(
    ApplicationAutoscalingBackend,
    "deregister_scalable_target",
    fact="The tags of a scalable target go with it",
    source=_API + "DeregisterScalableTarget",
)
def _deregister(original: Any, backend: ApplicationAutoscalingBackend, *args: Any, **given: Any) -> Any:
    before = {each.arn for targets in backend.targets.values() for each in targets.values()}
    answer = original(backend, *args, **given)
    left = {each.arn for targets in backend.targets.values() for each in targets.values()}
    for arn in before - left:
        shelf(backend, _SHELF).pop(arn, None)
    return answer


def _tags_of(response: ApplicationAutoScalingResponse) -> tuple[dict[str, str], dict[str, Any]]:
    given: dict[str, Any] = json.loads(response.body)
    found = shelf(response.applicationautoscaling_backend, _SHELF).get(given["ResourceARN"])
    if found is None:
        raise JsonRESTError("ResourceNotFoundException", f"{given['ResourceARN']} is not there")
    return found["tags"], given


def _provide(name: str) -> Callable[[_Method], _Method]:
    words = "".join(part.title() for part in name.split("_"))
    return provides(ApplicationAutoScalingResponse, name, fact=f"The operation {words} is there", source=_API + words)


@_provide("tag_resource")
def _tag(response: ApplicationAutoScalingResponse) -> str:
    tags, given = _tags_of(response)
    tags |= given["Tags"]
    return "{}"


@_provide("untag_resource")
def _untag(response: ApplicationAutoScalingResponse) -> str:
    tags, given = _tags_of(response)
    for key in given["TagKeys"]:
        tags.pop(key, None)
    return "{}"


@_provide("list_tags_for_resource")
def _list(response: ApplicationAutoScalingResponse) -> str:
    return json.dumps({"Tags": _tags_of(response)[0]})
