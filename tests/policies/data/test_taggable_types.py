"""The table of taggable types says what the installed provider says."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from policies.data.write_taggable_types import read_forms
from policies.facts.tagging import tag_forms


@pytest.mark.parametrize("service", ["autoscaling", "devopsguru", "inspector", "kms", "s3"])
def test_table_agrees_with_the_installed_provider(service: str) -> None:
    """Services with an odd form and two plain ones: every type, and its form."""
    spec = find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        pytest.fail("pulumi-aws belongs to the tools of the tests")
    written = {token: form for token, form in tag_forms().items() if token.startswith(f"aws:{service}/")}

    assert dict(read_forms(Path(spec.origin).parent / service)) == written
