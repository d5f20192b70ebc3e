"""IAM's policy language: statements and wildcards."""

import contextlib
import json
import re
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.values import UNKNOWN, Secret
from policies.iam_document import (
    MalformedPolicyError,
    Statement,
    covers_every_action,
    covers_every_resource,
    matches,
    parse_identity_policy,
)

ALLOW: Final = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}

names = st.text("ab9Z-", min_size=8, max_size=12)
actions = st.builds("{}:{}".format, names, names)
arns = st.builds("arn:aws:{}:{}:111122223333:{}/{}".format, names, names, names, names)
wild_patterns = st.text("*?:", max_size=6)


def test_text_and_list_are_one_form() -> None:
    """A single statement, action or resource is a list of one."""
    one = parse_identity_policy(json.dumps({"Statement": ALLOW}))
    many = parse_identity_policy({"Statement": [{**ALLOW, "Action": ["s3:GetObject"], "Resource": ["*"]}]})

    assert one == many == (Statement(actions=("s3:GetObject",), resources=("*",)),)


def test_secret_part_makes_the_whole_secret() -> None:
    """A secret inside a document could be quoted with any part of it."""
    parsed = parse_identity_policy({"Statement": [{**ALLOW, "Resource": Secret("arn:aws:s3:::hush")}]})

    assert isinstance(parsed, Secret)
    assert "hush" not in repr(parsed)


def test_unknown_statement_stays_in_its_place() -> None:
    """The statements beside an unknown one are still judged."""
    assert parse_identity_policy({"Statement": [UNKNOWN, ALLOW]})[0] == UNKNOWN


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ({**ALLOW, "NotAction": "s3:*"}, "one of Action and NotAction"),
        ({"Effect": "Allow", "Action": "*"}, "one of Resource and NotResource"),
        ({**ALLOW, "Effect": "allow"}, "neither Allow nor Deny"),
        ({**ALLOW, "action": "*"}, "keys that an identity policy has"),
        ({**ALLOW, "Principal": "*"}, "keys that an identity policy has"),
        ({**ALLOW, "Action": {"s3": "*"}}, "Action is neither a text nor a list of texts"),
        ({**ALLOW, "Action": ["s3:*", 3]}, "Action is neither a text nor a list of texts"),
    ],
)
def test_statement_that_iam_refuses_is_malformed(statement: dict[str, Any], complaint: str) -> None:
    """Whatever IAM would refuse is named, never read in a way that IAM would not."""
    with pytest.raises(MalformedPolicyError, match=complaint):
        parse_identity_policy({"Statement": statement})


def test_repeated_key_is_malformed() -> None:
    """Of two Actions in one statement, JSON parsers take either."""
    text = '{"Statement": {"Effect": "Allow", "Action": "*", "Action": "s3:GetObject", "Resource": "*"}}'

    with pytest.raises(MalformedPolicyError, match="occurs twice"):
        parse_identity_policy(text)


@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_any_text_parses_or_is_malformed(text: str) -> None:
    """No policy text ends a run."""
    with contextlib.suppress(MalformedPolicyError):
        parse_identity_policy(text)


@given(actions, st.data())
def test_wildcard_matches_what_it_replaces(action: str, data: st.DataObject) -> None:
    """A star stands for any part, a question mark for one character, letter case aside."""
    start = data.draw(st.integers(0, len(action) - 1))
    end = data.draw(st.integers(start, len(action)))

    assert matches(f"{action[:start]}*{action[end:]}", action.upper())
    assert matches(f"{action[:start]}?{action[start + 1 :]}", action)
    assert not matches(f"{action}?", action)


@given(st.text("ab.+*?:", max_size=8), st.text("ab.+:", max_size=8))
def test_wildcards_agree_with_a_plain_regular_expression(pattern: str, text: str) -> None:
    """Everything but the two wildcards stands for itself."""
    expected = re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text, re.IGNORECASE)

    assert matches(pattern, text) is (expected is not None)


@pytest.mark.parametrize("pattern", ["*", "**", "*:*", "?*", "*:?*", "**:**"])
def test_every_action_is_recognised(pattern: str) -> None:
    """There is more than one way to write everything."""
    assert covers_every_action(pattern)


@pytest.mark.parametrize("pattern", ["", "s3:*", "*:Get*", "*:*:*", "?:?", "*:", ":*", "i*", "*m:*"])
def test_part_of_the_actions_is_not_every_action(pattern: str) -> None:
    """A pattern with a name in it, or one that no action has the form of, is not everything."""
    assert not covers_every_action(pattern)


@given(wild_patterns, st.lists(actions, min_size=4, max_size=4))
def test_every_action_means_each_one(pattern: str, some: list[str]) -> None:
    """A pattern of wildcards covers every action exactly when each action of some length matches it."""
    assert covers_every_action(pattern) is all(matches(pattern, action) for action in some)


@pytest.mark.parametrize(
    "pattern", ["*", "**", "?*", "arn:*", "arn:aws:*", "ARN:aws:*", "arn:*:*:*:*:*", "arn:aws-cn:*:*:*:*"]
)
def test_every_resource_is_recognised(pattern: str) -> None:
    """A pattern that every ARN of a partition matches is a star in disguise."""
    assert covers_every_resource(pattern)


@pytest.mark.parametrize(
    "pattern", ["", "?", "arn:aws:s3:::*", "arn:aws:*:::*", "arn:aws:s3:*", "arn:aws:*:eu-west-1:*:*", "ledger*"]
)
def test_part_of_the_resources_is_not_every_resource(pattern: str) -> None:
    """One service, one Region or one bucket is bounded."""
    assert not covers_every_resource(pattern)


@given(st.sampled_from(["", "arn:", "arn:aws:"]), wild_patterns, st.lists(arns, min_size=2, max_size=2))
def test_every_resource_means_each_one(start: str, pattern: str, some: list[str]) -> None:
    """A pattern that is said to cover every resource matches each ARN."""
    if covers_every_resource(start + pattern):
        assert all(matches(start + pattern, arn) for arn in some)
