"""The comparison of requests finds every difference that matters and none that does not."""

from typing import Any

import pytest

from tests.ledgergate.engine.recordings.comparison import differences, sorted_lists


@pytest.mark.parametrize(
    ("recorded", "ours"),
    [
        ({"n": 30}, {"n": 30.0}),
        ({"dependencies": ["a", "b"]}, {"dependencies": ("b", "a")}),
        ({"p": {"urns": ["a", "b"]}}, {"p": {"urns": ["b", "a"]}}),
    ],
)
def test_same(recorded: dict[str, Any], ours: dict[str, Any]) -> None:
    """Numbers are compared by value, sets without their order."""
    assert differences("analyze", {"urn": recorded}, {"urn": ours}) == {}


@pytest.mark.parametrize(
    ("recorded", "ours", "path", "text"),
    [
        ({"flag": True}, {"flag": 1}, "flag", "recorded True, ours 1"),
        ({"flag": 0}, {"flag": False}, "flag", "recorded 0, ours False"),
        ({"a": {"b": 1}}, {"a": {}}, "a.b", "recorded 1, ours nothing"),
        ({"a": {}}, {"a": {"b": None}}, "a.b", "recorded nothing, ours None"),
        ({"list": [1, 2]}, {"list": [2, 1]}, "list.0", "recorded 1, ours 2"),
        ({"list": [1]}, {"list": [1, 2]}, "list", "recorded [1], ours [1, 2]"),
        ({"a": {}}, {"a": []}, "a", "recorded {}, ours []"),
    ],
)
def test_different(recorded: dict[str, Any], ours: dict[str, Any], path: str, text: str) -> None:
    """A value, a type, an order or a length that differs is found at its place."""
    assert differences("analyze", {"urn": recorded}, {"urn": ours})["analyze", "urn", path] == text


def test_resources_on_one_side_only() -> None:
    """A resource that only one side asked about is a difference of its own."""
    assert differences("stack", {"a": {}}, {"b": {}}) == {
        ("stack", "a", ""): "never asked",
        ("stack", "b", ""): "not in the recording",
    }


def test_only_lists_of_urns_are_sorted() -> None:
    """A property that happens to bear the name of a set keeps its order when it holds other things."""
    value = {"aliases": [{"b": 1}, {"a": 1}], "urns": ["b", "a"]}
    assert sorted_lists(value) == {"aliases": [{"b": 1}, {"a": 1}], "urns": ["a", "b"]}
