"""Resource options reach a pack as the engine words them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import resource_pb2

from ledgergate.engine.options import (
    ResourceOptions,
    options_of_request,
    options_of_transform,
    seconds_of,
)

PARENT = "urn:pulumi:dev::p::app:Box::box"


@pytest.mark.parametrize(
    ("text", "seconds"), [("5m", 300.0), ("1h30m", 5400.0), ("1.5h", 5400.0), ("250ms", 0.25), ("2m0.5s", 120.5)]
)
def test_durations_become_seconds(text: str, seconds: float) -> None:
    """A Go duration is the number of seconds that the engine sends to a pack."""
    assert seconds_of({"create": text}) == {"create": seconds}


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_durations_add_up(hours: int, minutes: int, seconds: int) -> None:
    """Hours, minutes and seconds of one duration are summed."""
    assert seconds_of({"delete": f"{hours}h{minutes}m{seconds}s"}) == {"delete": hours * 3600 + minutes * 60 + seconds}


def test_only_the_three_timeouts_are_sent() -> None:
    """An empty timeout and one that the protocol does not know are left out."""
    assert seconds_of({"create": "", "read": "1m"}) == {}


def test_options_at_their_default_are_absent() -> None:
    """A resource without options sends timeouts only, empty."""
    assert ResourceOptions().for_pack("") == {"customTimeouts": {}}


def test_every_option_has_its_protojson_name() -> None:
    """All options of a registration reach the pack under the names of the recordings."""
    request = resource_pb2.RegisterResourceRequest(
        protect=True,
        ignoreChanges=["tags.Stage"],
        deleteBeforeReplace=True,
        deleteBeforeReplaceDefined=True,
        additionalSecretOutputs=["value"],
        customTimeouts=resource_pb2.RegisterResourceRequest.CustomTimeouts(create="5m"),
    )
    assert options_of_request(request).for_pack(PARENT) == {
        "protect": True,
        "ignoreChanges": ["tags.Stage"],
        "deleteBeforeReplaceDefined": True,
        "deleteBeforeReplace": True,
        "additionalSecretOutputs": ["value"],
        "customTimeouts": {"create": 300.0},
        "parent": PARENT,
    }


def test_a_denied_replacement_order_is_said() -> None:
    """`delete_before_replace=False` differs from saying nothing."""
    request = resource_pb2.RegisterResourceRequest(deleteBeforeReplaceDefined=True)
    assert options_of_request(request).for_pack("") == {"customTimeouts": {}, "deleteBeforeReplaceDefined": True}


SAID = (None, False, True)


@pytest.mark.parametrize(("said", "of_parent"), [(said, of_parent) for said in SAID for of_parent in SAID])
def test_children_take_what_they_do_not_say(*, said: bool | None, of_parent: bool | None) -> None:
    """Protection comes from the parent only where the child says nothing itself."""
    child = ResourceOptions(protect=said, retain_on_delete=said)
    child.inherit(ResourceOptions(protect=of_parent, retain_on_delete=of_parent))
    assert child.protect == child.retain_on_delete == (of_parent if said is None else said)


def test_a_transform_replaces_the_options() -> None:
    """What a transform returns counts, also what it takes away; the version it cannot take away stays."""
    before = ResourceOptions(protect=True, ignore_changes=("a",), version="7.51.1")
    answer = resource_pb2.TransformResourceOptions(protect=False, depends_on=["urn:1"])
    after = options_of_transform(answer, before)
    assert (after.protect, after.ignore_changes, after.depends_on, after.version) == (False, (), ("urn:1",), "7.51.1")
