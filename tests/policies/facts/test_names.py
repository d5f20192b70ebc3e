"""The tables of names agree with the installed provider."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from policies.facts.names import IDS, NAMES
from policies.facts.registry import adapters
from policies.facts.tagging import tag_forms


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda found: f"_{found[1].lower()}", name)


def _source(type_: str) -> str:
    spec = find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        pytest.fail("pulumi-aws belongs to the tools of the tests")
    service, _, module = type_.split(":")[1].partition("/")
    folder = {"lambda": "lambda_"}.get(service, service)
    return (Path(spec.origin).parent / folder / f"{_snake(module)}.py").read_text(encoding="utf-8")


def test_every_named_property_exists() -> None:
    """A mistyped property would make every name of the type unknown and every join miss."""
    expected = {type_: rule.property for type_, rule in NAMES.items()} | dict(IDS)
    missing = [(type_, name) for type_, name in expected.items() if f"def {_snake(name)}(self)" not in _source(type_)]

    assert missing == []


def test_every_judged_aws_type_exists() -> None:
    """A mistyped token would leave its resources unjudged without a word."""
    named = {type_ for found in adapters().values() for each in found for type_ in each.types}

    assert {type_ for type_ in named if type_.startswith("aws:") and "*" not in type_} <= set(tag_forms())
