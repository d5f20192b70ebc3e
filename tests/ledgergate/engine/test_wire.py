"""Wire values survive the way through protobuf, and each special form has one reading."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine import wire
from tests.ledgergate.engine.wire_values import KEYS, PLAIN, REGISTERED

SECRET_TEXT: dict[str, Any] = {wire.SIGNATURE: wire.SECRET, "value": "hush"}
REFERENCE: dict[str, Any] = {wire.SIGNATURE: wire.RESOURCE, "urn": "urn:pulumi:dev::p::app:Box::box"}


@given(st.dictionaries(KEYS, REGISTERED, max_size=4))
def test_structs_give_back_what_they_took(values: dict[str, Any]) -> None:
    """A struct made from properties reads as the same properties, and survives being sent."""
    struct = wire.to_struct(values)
    sent = type(struct).FromString(struct.SerializeToString())
    assert wire.from_struct(sent) == values


def test_numbers_and_truth_values_stay_apart() -> None:
    """True does not become 1, nor 1 true, though Python holds them equal."""
    found = wire.from_struct(wire.to_struct({"flag": True, "count": 1, "none": None, "empty": {}, "list": []}))
    assert [type(value) for value in found.values()] == [bool, float, type(None), dict, list]


def test_what_is_no_wire_data_is_refused() -> None:
    """An object that has no form on the wire raises and names its type."""
    with pytest.raises(TypeError, match="a set has no form on the wire"):
        wire.to_struct({"values": {1, 2}})


@given(REGISTERED)
def test_plain_values_hold_no_secret_and_keep_unknowns(value: Any) -> None:
    """Taking secrets off leaves none behind, loses no unknown and does nothing a second time."""
    found = wire.plain(value)
    assert not wire.has_secret(found)
    assert wire.has_unknown(found) == wire.has_unknown(value)
    assert wire.plain(found) == found


@given(PLAIN)
def test_plain_data_is_every_view_of_itself(value: Any) -> None:
    """A value without special forms is changed by none of the readings."""
    assert wire.is_plain_data(value)
    readings = (wire.plain, wire.without_outputs, wire.flatten_references)
    assert [reading(value) for reading in readings] == [value, value, value]


@given(REGISTERED)
def test_plain_data_is_recognised(value: Any) -> None:
    """Whatever is called plain data holds neither a secret nor an unknown."""
    if wire.is_plain_data(value):
        assert not wire.has_secret(value)
        assert not wire.has_unknown(value)


@pytest.mark.parametrize(
    ("value", "unknown", "secret"),
    [
        (wire.UNKNOWN, True, False),
        ("known", False, False),
        (SECRET_TEXT, False, True),
        ({wire.SIGNATURE: wire.SECRET, "value": wire.UNKNOWN}, True, True),
        ({wire.SIGNATURE: wire.OUTPUT}, True, False),
        ({wire.SIGNATURE: wire.OUTPUT, "secret": True}, True, True),
        ({wire.SIGNATURE: wire.OUTPUT, "value": 1.0, "secret": True}, False, True),
        ({wire.SIGNATURE: wire.OUTPUT, "value": None}, False, False),
        ({wire.SIGNATURE: 7.0, "value": wire.UNKNOWN}, False, False),
    ],
)
def test_forms_tell_what_they_are(value: Any, *, unknown: bool, secret: bool) -> None:
    """Each form is unknown or not, secret or not, as the SDK reads it."""
    assert (wire.is_unknown(value), wire.is_secret(value)) == (unknown, secret)


def test_a_secret_is_wrapped_once() -> None:
    """Wrapping a secret again changes nothing, so that taking it off once is enough."""
    assert wire.secret(wire.secret("hush")) == SECRET_TEXT


@pytest.mark.parametrize(
    ("output", "registered"),
    [
        ({}, wire.UNKNOWN),
        ({"value": "a"}, "a"),
        ({"value": "hush", "secret": True}, SECRET_TEXT),
        ({"secret": True}, {wire.SIGNATURE: wire.SECRET, "value": wire.UNKNOWN}),
        ({"value": {wire.SIGNATURE: wire.OUTPUT}, "secret": True}, wire.secret(wire.UNKNOWN)),
        ({"value": [{wire.SIGNATURE: wire.OUTPUT, "value": "b"}]}, ["b"]),
    ],
)
def test_output_values_become_what_a_registration_carries(output: dict[str, Any], registered: Any) -> None:
    """An output value is a secret, an unknown or its value, nested ones too."""
    assert wire.without_outputs({wire.SIGNATURE: wire.OUTPUT, **output}) == registered


def test_dependencies_inside_output_values_are_found() -> None:
    """The URNs of an output value count, wherever it lies."""
    inner = {wire.SIGNATURE: wire.OUTPUT, "value": "a", "dependencies": ["urn:2"]}
    outer = {wire.SIGNATURE: wire.OUTPUT, "value": [inner], "dependencies": ["urn:1"]}
    assert sorted(wire.output_dependencies({"list": [outer, "x"]})) == ["urn:1", "urn:2"]


@pytest.mark.parametrize(
    ("extra", "flat"),
    [({}, REFERENCE["urn"]), ({"id": "bucket-1"}, "bucket-1"), ({"id": ""}, wire.UNKNOWN)],
    ids=["component", "custom", "not created"],
)
def test_references_become_ids_or_urns(extra: dict[str, Any], flat: str) -> None:
    """A pack sees the id of a custom resource, an unknown before there is one, and a component's URN."""
    assert wire.flatten_references({"what": [{**REFERENCE, **extra}]}) == {"what": [flat]}


@given(REGISTERED)
def test_flattened_values_hold_no_reference(value: Any) -> None:
    """No resource reference is left at any depth, not even inside a secret."""
    found: list[Any] = []
    wire.map_signed(wire.flatten_references(value), (wire.RESOURCE,), found.append)
    assert found == []


@given(REGISTERED)
def test_secret_texts_are_those_that_plain_values_would_show(value: Any) -> None:
    """Every text named as secret is one that stands in the value once its secrets are taken off."""
    shown: list[str] = []

    def collect(item: Any) -> None:
        if isinstance(item, str):
            shown.append(item)
        for inner in item.values() if isinstance(item, dict) else item if isinstance(item, list) else ():
            collect(inner)

    collect(wire.plain(value))
    assert set(wire.secret_texts(value)) <= set(shown)
    assert wire.has_secret(value) or not set(wire.secret_texts(value))
