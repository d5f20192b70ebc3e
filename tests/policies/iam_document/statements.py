"""Statements and patterns made at random, and what a control would answer about them."""

from typing import Any, Final

from hypothesis import strategies as st

from policies.iam_document import Condition, Principal, PrincipalKind, Qualifier, Statement

OWN: Final = "111122223333"
OTHER: Final = "444455556666"

patterns = st.text("ab*?:", max_size=6)
plain_texts = st.text("abc:", max_size=6)

_KEYS: Final = ("aws:sourceaccount", "aws:sourcearn", "aws:principalorgid", "aws:sourceip", "aws:referer")
_VALUES: Final = (OWN, "o-a1b2c3d4e5", f"arn:aws:sns:*:{OWN}:*", "arn:aws:s3:::ledger", "10.0.0.0/16", "*", "0.0.0.0/0")
_OPERATORS: Final = ("StringEquals", "StringLike", "ArnLike", "IpAddress", "StringNotEquals", "Null")

conditions = st.builds(
    Condition,
    operator=st.sampled_from(_OPERATORS),
    key=st.sampled_from(_KEYS),
    values=st.lists(st.sampled_from(_VALUES), max_size=2).map(tuple),
    qualifier=st.sampled_from(Qualifier),
    if_exists=st.booleans(),
)
principals = st.builds(
    Principal,
    kind=st.sampled_from(PrincipalKind),
    name=st.sampled_from(("*", OWN, f"arn:aws:iam::{OTHER}:root", "lambda.amazonaws.com")),
)
names = st.lists(st.sampled_from(("*", "s3:*", "s3:Get*", "s3:GetObject", "kms:Decrypt")), min_size=1).map(tuple)
arns = st.lists(st.sampled_from(("*", "arn:aws:s3:::ledger", "arn:aws:s3:::ledger/*")), min_size=1).map(tuple)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Draw a statement of a resource policy."""
    pairs: dict[str, Any] = {}
    for pair, values in (
        ("principals", st.lists(principals, min_size=1).map(tuple)),
        ("actions", names),
        ("resources", arns),
    ):
        pairs[draw(st.sampled_from((pair, f"not_{pair}")))] = draw(values)
    found = draw(st.lists(conditions, max_size=2))
    return Statement(effect=draw(st.sampled_from(("Allow", "Deny"))), conditions=tuple(found), **pairs)


policies = st.lists(statements(), max_size=4).map(tuple)
