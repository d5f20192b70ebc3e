"""Transforms receive what the real engine sends them, and what they return is taken over."""

import json
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import resource_pb2

from ledgergate.engine import wire
from ledgergate.engine.assets import with_hashes
from ledgergate.engine.options import options_of_request
from ledgergate.engine.transforms import Callbacks, as_outputs, run_transforms, transform_request
from tests.ledgergate.engine.recordings.comparison import differences, sorted_lists
from tests.ledgergate.engine.recordings.table import FOLDER
from tests.ledgergate.engine.wire_values import KEYS, REGISTERED

RECORDED: list[dict[str, Any]] = json.loads((FOLDER / "transforms.json").read_text(encoding="utf-8"))


def registration(row: dict[str, Any]) -> Any:
    """Return the recorded `RegisterResourceRequest`."""
    return json_format.ParseDict(row["request"], resource_pb2.RegisterResourceRequest())


def hashed(request: Any) -> dict[str, Any]:
    """Return its properties as the engine hands them on: with the hashes of files."""
    inputs = wire.from_struct(request.object)
    return {key: with_hashes(value, FOLDER / "programs" / "estate") for key, value in inputs.items()}


@pytest.mark.parametrize(
    "row", RECORDED, ids=lambda row: f"{row['recording']}-{row['request']['type']}-{row['request']['name']}"
)
def test_request_is_the_recorded_one(row: dict[str, Any]) -> None:
    """Properties and options of a registration reach a transform as the real engine sent them."""
    request = registration(row)
    ours = json_format.MessageToDict(transform_request(request, hashed(request)))
    recorded = {key: row["request"][key] for key in ("type", "name", "parent", "custom") if key in row["request"]}
    expected = sorted_lists({**recorded, **row["transform"]})
    assert differences("transform", {"": expected}, {"": {"options": {}, **ours}}) == {}


def test_all_recorded_transforms_are_compared() -> None:
    """The table holds every different request of both recorded runs."""
    assert len(RECORDED) == 52


@given(st.dictionaries(KEYS, REGISTERED, max_size=3))
def test_output_values_lead_back_to_the_registration(values: dict[str, Any]) -> None:
    """A transform that changes nothing changes nothing: secrets and unknowns come back as they were."""
    shown = {key: as_outputs(value) for key, value in values.items()}
    back = {key: wire.without_outputs(value) for key, value in shown.items()}
    assert {key: wire.flatten_references(value) for key, value in back.items()} == {
        key: wire.flatten_references(value) for key, value in values.items()
    }


@given(REGISTERED)
def test_transforms_see_no_sentinel(value: Any) -> None:
    """Neither the unknown's text nor a secret's wrapper reaches a transform."""
    text = json.dumps(as_outputs(value))
    assert wire.UNKNOWN not in text
    assert wire.SECRET not in text


class Answers(Callbacks):
    """Answers each call with the next message."""

    def __init__(self, *answers: resource_pb2.TransformResponse) -> None:
        super().__init__()
        self._answers = iter(answers)
        self.seen: list[dict[str, Any]] = []

    def call(self, callback: Any, request: Any) -> bytes:
        """See `Callbacks.call`."""
        self.seen.append(wire.from_struct(request.properties))
        return next(self._answers).SerializeToString()


def test_each_transform_gets_the_result_of_the_one_before() -> None:
    """Properties travel from one transform to the next; one without options leaves them as they were."""
    first = resource_pb2.TransformResponse(properties=wire.to_struct({"a": 2.0}))
    second = resource_pb2.TransformResponse(
        properties=wire.to_struct({"a": {wire.SIGNATURE: wire.OUTPUT}}),
        options=resource_pb2.TransformResourceOptions(protect=True),
    )
    callbacks = Answers(first, second)
    request = resource_pb2.RegisterResourceRequest(type="a:b:C", name="c", ignoreChanges=["x"])
    message = transform_request(request, {"a": 1.0})
    inputs, options = run_transforms(callbacks, [None, None], message, options_of_request(request))
    assert callbacks.seen == [{"a": 1.0}, {"a": 2.0}]
    assert inputs == {"a": wire.UNKNOWN}
    assert (options.protect, options.ignore_changes) == (True, ())
