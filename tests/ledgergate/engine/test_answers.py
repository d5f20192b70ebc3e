"""The monitor answers recorded calls of a program as the real engine answered them, without the SDK in between."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import callback_pb2, resource_pb2

from ledgergate.engine import monitor as engine
from ledgergate.engine.deployment import Deployment
from ledgergate.engine.transforms import Callbacks
from tests.ledgergate.engine.recordings.comparison import differences
from tests.ledgergate.engine.recordings.standin import Standin
from tests.ledgergate.engine.recordings.table import FOLDER, STACK_OUTPUTS, Recording, read_table

UUID: Final = re.compile(r"(^|::)(?!04da6b54)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
"""An id that a provider got by chance, not the unknown."""
REQUESTS: Final = {
    "RegisterResource": resource_pb2.RegisterResourceRequest,
    "RegisterResourceOutputs": resource_pb2.RegisterResourceOutputsRequest,
    "ReadResource": resource_pb2.ReadResourceRequest,
    "Invoke": resource_pb2.ResourceInvokeRequest,
}
CALLED: Final = [recording for recording in read_table() if recording.kept is not None]


def recorded(recording: Recording) -> Mapping[str, Any]:
    """Return the calls of a recorded run with their answers, and what its transforms returned."""
    assert recording.kept is not None
    return recording.kept


class RecordedCallbacks(Callbacks):
    """Returns what the program's transforms had returned."""

    def __init__(self, transforms: list[dict[str, Any]]) -> None:
        super().__init__()
        self._answers = {(row["token"], row["type"], row["name"]): row["answer"] for row in transforms}

    def call(self, callback: Any, request: Any) -> bytes:
        """See `Callbacks.call`."""
        answer = self._answers[callback.token, request.type, request.name]
        return json_format.ParseDict(answer, resource_pb2.TransformResponse()).SerializeToString()


def monitor_of(recording: Recording, transforms: list[dict[str, Any]]) -> engine.Monitor:
    """Return a monitor for a run like the recorded one."""
    deployment = Deployment(
        recording.program,
        "dev",
        recording.config,
        Standin(**recording.provider),
        preview=recording.mode == "preview",
        root=FOLDER / "programs" / recording.program,
    )
    found = engine.Monitor(deployment, "organization", recording.config, recording.secret_keys, STACK_OUTPUTS.get)
    found._callbacks = RecordedCallbacks(transforms)
    return found


def masked(value: Any) -> Any:
    """Return an answer without the ids that providers get by chance."""
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return UUID.sub(r"\1chance", value) if isinstance(value, str) else value


def answers(recording: Recording) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the name of each call, the recorded answer and ours."""
    content = recorded(recording)
    monitor = monitor_of(recording, content["transforms"])
    for row in content["calls"]:
        name, request = row["call"], row["request"]
        if name == "RegisterStackTransform":
            monitor.RegisterStackTransform(json_format.ParseDict(request, callback_pb2.Callback()))
        elif name in REQUESTS:
            ours = getattr(monitor, name)(json_format.ParseDict(request, REQUESTS[name]()))
            yield f"{name} {request.get('name') or request.get('tok', '')}", row["answer"], as_recorded(name, ours)


def as_recorded(call: str, answer: Any) -> dict[str, Any]:
    """Return one of our answers as JSON data; the recorded engine does not know the id of a read yet."""
    found: dict[str, Any] = json_format.MessageToDict(answer)
    if call == "ReadResource":
        found.pop("id", None)
    return found


@pytest.mark.parametrize("recording", CALLED, ids=lambda recording: recording.name)
def test_answers_are_the_recorded_ones(recording: Recording) -> None:
    """Every registration, read and call of the recorded run gets the recorded answer."""
    for index, (name, theirs, ours) in enumerate(answers(recording)):
        assert differences(f"{index} {name}", {"": masked(theirs)}, {"": masked(ours)}) == {}


def test_recorded_calls_are_all_there() -> None:
    """All runs whose calls were kept are compared."""
    calls = [row["call"] for recording in CALLED for row in recorded(recording)["calls"]]
    assert (len(CALLED), calls.count("RegisterResource"), calls.count("Invoke")) == (34, 138, 23)


@pytest.mark.parametrize("recording", CALLED, ids=lambda recording: recording.name)
def test_deployment_is_introduced_as_recorded(recording: Recording) -> None:
    """The program learns the same about its stack; no feature is promised that the real engine does not have."""
    content = recorded(recording)
    [theirs] = [row["answer"] for row in content["calls"] if row["call"] == "GetDeploymentInfo"]
    ours = json_format.MessageToDict(monitor_of(recording, []).GetDeploymentInfo(None))
    for info in (ours, theirs):
        info["configSecretKeys"] = sorted(info.get("configSecretKeys", ()))
    assert set(ours.pop("supportedFeatures")) <= set(theirs["supportedFeatures"])
    left_to_the_launcher = {"supportedFeatures", "parallel"}
    assert ours == {key: value for key, value in theirs.items() if key not in left_to_the_launcher}
