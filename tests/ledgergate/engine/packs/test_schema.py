"""JSON schema of policy configuration: each keyword demands what it says, unknown ones are refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine.packs.schema import SchemaError, violations

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
TYPES = ("array", "boolean", "null", "number", "object", "string")


@pytest.mark.parametrize(
    ("schema", "good", "bad", "said"),
    [
        ({"type": "number"}, 1.5, True, "Invalid type. Expected: number, given: boolean"),
        ({"type": "integer"}, 2.0, 2.5, "Invalid type. Expected: integer, given: number"),
        ({"type": ["string", "null"]}, None, 1, "Invalid type. Expected: string/null, given: integer"),
        ({"enum": ["a", 1]}, 1.0, "b", '(root) must be one of the following: "a", 1'),
        ({"enum": [1]}, 1, True, "(root) must be one of the following: 1"),
        ({"const": 1}, 1, 2, "(root) does not match: 1"),
        ({"minimum": 3.0}, 3, 2, "Must be greater than or equal to 3"),
        ({"maximum": 3}, 3, 4, "Must be less than or equal to 3"),
        ({"exclusiveMinimum": 3}, 4, 3, "Must be greater than 3"),
        ({"exclusiveMaximum": 3}, 2, 3, "Must be less than 3"),
        ({"multipleOf": 0.5}, 1.5, 1.2, "Must be a multiple of 0.5"),
        ({"minLength": 2}, "ab", "a", "String length must be greater than or equal to 2"),
        ({"maxLength": 1}, "a", "ab", "String length must be less than or equal to 1"),
        ({"pattern": "^a+$"}, "aa", "b", "Does not match pattern '^a+$'"),
        ({"minItems": 1}, [1], [], "Array must have at least 1 items"),
        ({"maxItems": 1}, [1], [1, 2], "Array must have at most 1 items"),
        ({"uniqueItems": True}, [1, True], [1, 2, 1], "array items[0,2] must be unique"),
        ({"items": {"type": "string"}}, ["a"], ["a", 1], "1: Invalid type. Expected: string, given: integer"),
        ({"required": ["a"]}, {"a": 1}, {}, "a is required"),
        ({"properties": {"a": {"minimum": 1}}}, {"a": 1}, {"a": 0}, "a: Must be greater than or equal to 1"),
        ({"additionalProperties": False}, {}, {"b": 1}, "Additional property b is not allowed"),
        ({"additionalProperties": {"maximum": 1}}, {"b": 1}, {"b": 2}, "b: Must be less than or equal to 1"),
        ({"properties": {"a": False}}, {}, {"a": 1}, "a: False always fails validation"),
    ],
)
def test_keywords_demand_what_they_say(schema: dict[str, Any], good: Any, bad: Any, said: str) -> None:
    """A value that keeps the demand passes, one that does not gives the engine's sentence."""
    assert (list(violations(good, schema)), list(violations(bad, schema))) == ([], [said])


def test_paths_lead_into_the_value() -> None:
    """A violation deep inside names the way there."""
    schema = {"properties": {"rules": {"items": {"properties": {"days": {"type": "integer"}}}}}}
    found = list(violations({"rules": [{"days": 1}, {"days": "x"}]}, schema))
    assert found == ["rules.1.days: Invalid type. Expected: integer, given: string"]


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"$ref": "#/x"}, r"`\$ref` in the schema of the configuration cannot be checked"),
        ({"format": "email"}, "`format` in the schema"),
        ({"type": "decimal"}, "`decimal` is not a JSON type"),
        ({"items": [{}]}, "a list of schemas for the items of the configuration cannot be checked"),
    ],
)
def test_demands_that_are_not_understood_are_refused(schema: dict[str, Any], message: str) -> None:
    """A keyword that is not known raises instead of letting everything through."""
    with pytest.raises(SchemaError, match=message):
        list(violations(["x"], schema))


@given(JSON)
def test_notes_demand_nothing(value: Any) -> None:
    """Titles, descriptions and defaults refuse no value; neither does the schema `true`."""
    assert list(violations(value, {"title": "t", "description": "d", "default": 1})) == []
    assert list(violations(value, schema=True)) == []


@given(JSON)
def test_every_value_has_exactly_one_type(value: Any) -> None:
    """Of the JSON types exactly one accepts a value: a truth value is no number."""
    assert len([type_ for type_ in TYPES if not list(violations(value, {"type": type_}))]) == 1
