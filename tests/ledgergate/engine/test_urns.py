"""URNs are built and taken apart as the engine does it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine import urns

TYPES = st.sampled_from(["aws:s3/bucket:Bucket", "app:msg:Queue", "pulumi:providers:aws", "a:b"])
NAMES = st.text("ab-/:.é", min_size=1, max_size=8)
STACK = urns.make_urn("dev", "estate", "", urns.STACK_TYPE, "estate-dev")


@given(st.lists(st.tuples(TYPES, NAMES), min_size=1, max_size=4))
def test_types_chain_from_the_outermost_component(nesting: list[tuple[str, str]]) -> None:
    """A URN names every type from the outermost parent inwards, and gives its own type and name back."""
    urn = STACK
    for type_, name in nesting:
        urn = urns.make_urn("dev", "estate", urn, type_, name)
    assert urns.qualified_type(urn) == "$".join(type_ for type_, _ in nesting)
    assert (urns.type_of(urn), urns.name_of(urn)) == nesting[-1]
    assert urn.startswith("urn:pulumi:dev::estate::")


def test_recorded_urn_of_a_nested_queue() -> None:
    """A queue in a component in a component has the URN that the real engine gave it."""
    service = urns.make_urn("dev", "estate", STACK, "estate:app:Service", "pay")
    queue = urns.make_urn("dev", "estate", service, "estate:msg:Queue", "pay-q")
    assert urns.make_urn("dev", "estate", queue, "aws:sqs/queue:Queue", "pay-q-dlq") == (
        "urn:pulumi:dev::estate::estate:app:Service$estate:msg:Queue$aws:sqs/queue:Queue::pay-q-dlq"
    )


@pytest.mark.parametrize(
    ("version", "name"),
    [("7.51.1", "default_7_51_1"), ("", "default"), ("1.0.0-alpha.1", "default_1_0_0_alpha_1")],
)
def test_default_providers_are_named_after_their_version(version: str, name: str) -> None:
    """The provider that the engine makes by itself carries the package's version in its name."""
    assert urns.default_provider_name(version) == name


@pytest.mark.parametrize(
    ("type_", "package"),
    [("aws:s3/bucket:Bucket", "aws"), ("pulumi:providers:aws", "aws"), (urns.REFERENCE_TYPE, "pulumi")],
)
def test_package_that_serves_a_type(type_: str, package: str) -> None:
    """A provider resource belongs to the package that it serves."""
    assert urns.package_of(type_) == package


def test_what_is_no_urn_has_no_type() -> None:
    """A text that is no URN gives an empty type instead of an error."""
    assert urns.qualified_type("not a urn") == ""
