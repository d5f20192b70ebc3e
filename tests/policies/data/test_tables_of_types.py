"""The tables of types name types of the installed provider."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from policies.data.write_global_types import read_global_types
from policies.facts.given_names import unchosen_names
from policies.facts.regions import global_types
from policies.facts.tagging import tag_forms


@pytest.mark.parametrize("service", ["cfg", "cloudfront", "iam", "route53", "s3"])
def test_global_types_are_those_without_a_region(service: str) -> None:
    """Services with global types, with both, and with one that means something else by its Region."""
    spec = find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        pytest.fail("pulumi-aws belongs to the tools of the tests")
    written = {token for token in global_types() if token.startswith(f"aws:{service}/")}

    assert set(read_global_types(Path(spec.origin).parent / service)) == written


def test_every_type_in_a_table_exists() -> None:
    """A misspelt token would never be met."""
    assert (unchosen_names() | global_types()) - tag_forms().keys() == frozenset()
