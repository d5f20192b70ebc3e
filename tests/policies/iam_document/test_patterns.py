"""Patterns of the policy language: inclusion and meeting, exact whatever the wildcards."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policies.iam_document import covers, has_variable, has_wildcard, matches, overlaps
from tests.policies.iam_document.statements import patterns, plain_texts

SHORT = ["".join(each) for size in range(5) for each in itertools.product("abz:", repeat=size)]


@given(patterns)
def test_covering_is_reflexive(pattern: str) -> None:
    """A pattern matches what it matches."""
    assert covers(pattern, pattern)


@given(patterns, patterns, patterns)
@example("*", "a?*", "ab")
def test_covering_is_transitive(one: str, two: str, three: str) -> None:
    """What covers a pattern covers all that the pattern covers."""
    if covers(one, two) and covers(two, three):
        assert covers(one, three)


@given(patterns, plain_texts)
def test_covering_a_plain_text_is_matching_it(pattern: str, text: str) -> None:
    """Without wildcards in it, a text is covered exactly when it is matched."""
    assert covers(pattern, text) is overlaps(pattern, text) is matches(pattern, text)


@given(patterns, patterns)
@example("a?*", "a*b")
@example("?*", "*?")
@example("*a*", "*ab*")
def test_covering_means_each_text(pattern: str, other: str) -> None:
    """Whatever the one matches the other matches too; a pattern that is not covered shows it with some text."""
    texts = [text for text in SHORT if matches(other, text)]

    if covers(pattern, other):
        assert all(matches(pattern, text) for text in texts)
        assert overlaps(pattern, other)


@given(st.text("ab*?", max_size=3), st.text("ab*?", max_size=3))
def test_short_patterns_are_compared_exactly(pattern: str, other: str) -> None:
    """Among patterns of three signs, texts of seven show every difference."""
    texts = ["".join(each) for size in range(8) for each in itertools.product("abz", repeat=size)]
    of_the_other = [text for text in texts if matches(other, text)]

    assert covers(pattern, other) is all(matches(pattern, text) for text in of_the_other)
    assert overlaps(pattern, other) is any(matches(pattern, text) for text in of_the_other)


@given(patterns, patterns)
def test_meeting_has_no_direction(one: str, two: str) -> None:
    """Two patterns meet each other."""
    assert overlaps(one, two) is overlaps(two, one)


@pytest.mark.parametrize(
    ("pattern", "other", "covered", "met"),
    [
        ("s3:*", "S3:Get*", True, True),
        ("s3:Get*", "s3:*Object", False, True),
        ("kms:ReEncrypt*", "kms:ReEncryptFrom", True, True),
        ("s3:Put*", "s3:Get*", False, False),
        ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::ann/*", False, True),
        ("arn:aws:s3:::*", "arn:aws:s3:::${aws:username}/*", True, True),
        ("arn:aws:s3:::${aws:username}", "arn:aws:s3:::${aws:username}", True, True),
        ("arn:aws:s3:::a${*}", "arn:aws:s3:::ab", False, False),
    ],
)
def test_pattern_as_people_write_it(pattern: str, other: str, *, covered: bool, met: bool) -> None:
    """Letter case is put aside, and a variable may stand for anything but covers nothing."""
    assert (covers(pattern, other), overlaps(pattern, other)) == (covered, met)


def test_letter_case_counts_where_it_does() -> None:
    """Names in ARNs that differ in case are two names."""
    assert not covers("arn:aws:sns:*:*:Ledger", "arn:aws:sns:*:*:ledger", fold_case=False)


def test_long_patterns_take_no_time() -> None:
    """Many stars do not multiply."""
    assert not covers("*a" * 40 + "b", "*a" * 60)
    assert overlaps("*a" * 40, "a*" * 40)


def test_escaped_wildcard_is_none() -> None:
    """`${*}` is a star, not a variable; both kinds count as not plain, since the text does not say one thing."""
    assert not has_variable("a${*}b")
    assert has_variable("${aws:username}")
    assert has_wildcard("${aws:username}")
    assert not has_wildcard("plain")
