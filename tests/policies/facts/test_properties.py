"""Taking one property out of a resource: normal forms, unknowns, secrets, values that have no place there."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from ledgergate.values import SYMBOL_MARK, UNKNOWN, Asset, Secret
from policies.facts.properties import (
    attribute,
    flag,
    has_secret,
    identities,
    identity,
    literal,
    literals,
    records,
    region_of,
    settings_of,
    whole,
)
from tests.policies.graphs import BUCKET, graph, provider, resource

MINTED: Final = f"id-{SYMBOL_MARK}"
READERS: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "flag": lambda settings: flag(settings, "p", default=False),
    "whole": lambda settings: whole(settings, "p", default=0),
    "identity": lambda settings: identity(settings, "p"),
    "literal": lambda settings: literal(settings, "p"),
    "identities": lambda settings: identities(settings, "p"),
    "literals": lambda settings: literals(settings, "p"),
    "records": lambda settings: records(settings, "p", dict),
}
every_reader = pytest.mark.parametrize("read", READERS.values(), ids=READERS)


@every_reader
def test_unknown_stays_unknown(read: Callable[[dict[str, Any]], Any]) -> None:
    """No reader takes an unknown for a value or for absence, not even a secret one."""
    assert read({"p": UNKNOWN}) == UNKNOWN
    assert read({"p": Secret(UNKNOWN)}) == UNKNOWN


@every_reader
def test_misplaced_value_is_refused_without_being_shown(read: Callable[[dict[str, Any]], Any]) -> None:
    """A value of a wrong type raises, and the message names the property alone."""
    with pytest.raises(ValueError, match=r"^p is (no|not a|not an) [a-z ]+$"):
        read({"p": Asset("asset", "", "text")})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("true", True),
        ("false", False),
        (None, False),
        (MINTED, UNKNOWN),
        (Secret("true"), Secret(value=True)),
    ],
)
def test_flag_has_one_form(value: object, expected: object) -> None:
    """Flags come as booleans, and as text from a provider's inputs."""
    assert flag({"p": value}, "p", default=False) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(443.0, 443), ("443", 443), ("-1", -1), (None, 7), (MINTED, UNKNOWN), (Secret(1.0), Secret(1))],
)
def test_whole_number_has_one_form(value: object, expected: object) -> None:
    """Numbers are doubles on the wire and whole in a fact."""
    assert whole({"p": value}, "p", default=7) == expected
    assert isinstance(whole({"p": 443.0}, "p", default=None), int)


@pytest.mark.parametrize("value", [1.5, True, "x"])
def test_number_that_is_not_whole_is_refused(value: object) -> None:
    """Half a port is no port."""
    with pytest.raises(ValueError, match="p is not a whole number"):
        whole({"p": value}, "p", default=None)


def test_minted_text_is_an_identity_and_no_literal() -> None:
    """What the symbolic provider made up names something, and says nothing else."""
    assert identity({"p": MINTED}, "p") == MINTED
    assert literal({"p": MINTED}, "p") == UNKNOWN
    assert identities({"p": [MINTED, UNKNOWN]}, "p") == (MINTED, UNKNOWN)
    assert literals({"p": ["a", MINTED]}, "p") == ("a", UNKNOWN)


def test_settings_are_inputs_before_outputs() -> None:
    """What the service filled in counts only where nobody knows what was asked for."""
    asked = resource(BUCKET, "b", {"acl": "private"}, outputs={"acl": "private", "policy": "filled in"})

    assert "policy" not in settings_of(asked)
    assert settings_of(resource(BUCKET, "b", outputs={"policy": "x"})) == {"policy": "x"}


def test_attribute_is_output_before_input() -> None:
    """What a resource turned out to be is its output; an unknown output leaves what was asked for."""
    assert attribute(resource(BUCKET, "b", {"bucket": "asked"}, outputs={"bucket": "given"}), "bucket") == "given"
    assert attribute(resource(BUCKET, "b", {"bucket": "asked"}, outputs={"bucket": UNKNOWN}), "bucket") == "asked"
    assert attribute(resource(BUCKET, "b", outputs={"arn": UNKNOWN}), "arn") == UNKNOWN


def test_region_is_unknown_when_nobody_says() -> None:
    """Without a Region of its own or of its provider nobody knows where a resource is."""
    subject = resource(BUCKET, "b")

    assert region_of(graph(subject), subject) == "eu-west-1"
    assert region_of(graph(provider(None), subject), subject) == UNKNOWN
    assert (
        region_of(graph(resource(BUCKET, "b", {"region": MINTED})), resource(BUCKET, "b", {"region": MINTED}))
        == UNKNOWN
    )


def test_secret_is_found_at_any_depth() -> None:
    """A secret in a list in an object makes the whole suspect."""
    assert has_secret({"a": [{"b": Secret("x")}]})
    assert not has_secret({"a": [{"b": "x"}], "c": UNKNOWN})
