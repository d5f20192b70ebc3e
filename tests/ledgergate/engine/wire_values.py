"""Hypothesis strategies for wire values."""

from hypothesis import strategies as st

from ledgergate.engine import wire

URNS = st.builds(
    lambda type_, name: f"urn:pulumi:dev::project::{type_}::{name}",
    st.sampled_from(["aws:s3/bucket:Bucket", "app:Service", "app:Service$aws:sqs/queue:Queue"]),
    st.text("abc-::/é", min_size=1, max_size=8),
)
KEYS = st.text(max_size=6).filter(lambda key: key != wire.SIGNATURE)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=8).filter(lambda text: text != wire.UNKNOWN)

PLAIN = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
"""Values without any special form."""


def _references(_inner: st.SearchStrategy[wire.Wire]) -> st.SearchStrategy[wire.Wire]:
    ids = st.sampled_from([{}, {"id": "bucket-1"}, {"id": wire.UNKNOWN}])
    return st.builds(lambda urn, id_: {wire.SIGNATURE: wire.RESOURCE, "urn": urn, **id_}, URNS, ids)


def _secrets(inner: st.SearchStrategy[wire.Wire]) -> st.SearchStrategy[wire.Wire]:
    known = inner.filter(lambda value: not wire.is_secret(value))
    return known.map(lambda value: {wire.SIGNATURE: wire.SECRET, "value": value})


REGISTERED = st.recursive(
    SCALARS | st.just(wire.UNKNOWN),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3) | _secrets(inner) | _references(inner)
    ),
    max_leaves=8,
)
"""Values as a program registers them: unknowns, secrets and references at any depth."""
