"""Resource and trust policies: principals and conditions in one form, unknowns where they stand."""

import contextlib
import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.properties import UNKNOWN
from policies.iam_document import (
    Condition,
    MalformedPolicyError,
    Principal,
    PrincipalKind,
    Qualifier,
    Statement,
    parse_resource_policy,
    parse_trust_policy,
)

ALLOW: Final = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
TRUST: Final = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def parsed(**changes: Any) -> Any:
    """Parse a resource policy of one statement."""
    return parse_resource_policy({"Version": "2012-10-17", "Statement": {**ALLOW, **changes}})[0]


def test_every_form_of_everyone_is_one() -> None:
    """The bare star and the star of AWS are the same principal."""
    assert parsed().principals == parsed(Principal={"AWS": ["*"]}).principals == (Principal(name="*"),)


def test_principals_keep_their_kind_and_order() -> None:
    """A text is a list of one, and each kind stays apart."""
    found = parsed(Principal={"Service": ["a.amazonaws.com", "b.amazonaws.com"], "AWS": "111122223333"})

    assert found.principals == (
        Principal(kind=PrincipalKind.SERVICE, name="a.amazonaws.com"),
        Principal(kind=PrincipalKind.SERVICE, name="b.amazonaws.com"),
        Principal(name="111122223333"),
    )


def test_not_principal_stands_in_its_own_field() -> None:
    """Everyone but somebody is not somebody."""
    statement = {key: value for key, value in ALLOW.items() if key != "Principal"}
    found = parse_resource_policy({"Statement": {**statement, "NotPrincipal": {"AWS": "111122223333"}}})[0]

    assert (found.principals, found.not_principals) == (None, (Principal(name="111122223333"),))


def test_repository_policy_has_no_resource() -> None:
    """The policy of a repository speaks about the repository."""
    statement = {key: value for key, value in ALLOW.items() if key != "Resource"}

    assert parse_resource_policy({"Statement": statement})[0].resources is None


def test_condition_is_taken_apart() -> None:
    """Qualifier, operator, IfExists, key and values are told apart, whatever the case of operator and key."""
    found = parsed(
        Condition={
            "ForAnyValue:stringlikeIfExists": {"aws:PrincipalOrgPaths": ["o-1/*", "o-2/*"]},
            "Bool": {"aws:SecureTransport": False},
            "NumericLessThan": {"s3:TlsVersion": 1.2, "s3:max-keys": 7.0},
        }
    ).conditions

    assert found == (
        Condition(
            operator="StringLike",
            key="aws:principalorgpaths",
            values=("o-1/*", "o-2/*"),
            qualifier=Qualifier.ANY,
            if_exists=True,
        ),
        Condition(operator="Bool", key="aws:securetransport", values=("false",)),
        Condition(operator="NumericLessThan", key="s3:tlsversion", values=("1.2",)),
        Condition(operator="NumericLessThan", key="s3:max-keys", values=("7",)),
    )


def test_unknown_stays_where_it_stands() -> None:
    """What is known beside an unknown part is still there."""
    found = parsed(Principal={"AWS": ["*", UNKNOWN], "Service": UNKNOWN})
    assert found.principals == (Principal(name="*"), Principal(name=UNKNOWN), UNKNOWN)

    assert parsed(Principal=UNKNOWN).principals == UNKNOWN
    assert parsed(Condition=UNKNOWN).conditions == UNKNOWN
    assert parsed(Condition={"Bool": UNKNOWN}).conditions == (UNKNOWN,)
    assert parsed(Condition={"StringEquals": {"aws:SourceArn": UNKNOWN}}).conditions[0].values == UNKNOWN
    assert parsed(Condition={"StringEquals": {"aws:SourceArn": ["a", UNKNOWN]}}).conditions[0].values == ("a", UNKNOWN)


def test_minted_names_are_identities_and_minted_wording_is_unknown() -> None:
    """A made-up role or topic is as good as the real one; a made-up flag, service or unique id says nothing."""
    role, topic = (
        f"arn:aws:{service}:111122223333:{kind}-{SYMBOL_MARK}"
        for service, kind in (("iam:", "role/a"), ("sns:eu-west-1", "t"))
    )
    found = parsed(
        Principal={"AWS": [role, f"AIDA{SYMBOL_MARK}"], "Service": f"{SYMBOL_MARK}.amazonaws.com"},
        Condition={"ArnEquals": {"aws:SourceArn": topic}, "Bool": {"aws:SecureTransport": SYMBOL_MARK}},
    )

    assert [each.name for each in found.principals] == [role, UNKNOWN, UNKNOWN]
    assert [each.values for each in found.conditions] == [(topic,), (UNKNOWN,)]


def test_secret_part_makes_the_whole_secret() -> None:
    """A secret principal could be quoted with any part of the document."""
    found = parse_resource_policy({"Statement": {**ALLOW, "Principal": {"AWS": Secret("hush")}}})

    assert isinstance(found, Secret)
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"NotPrincipal": "*"}, "one of Principal and NotPrincipal"),
        ({"NotResource": "*"}, "both Resource and NotResource"),
        ({"Principal": "111122223333"}, "Principal is neither"),
        ({"Principal": {}}, "Principal is neither"),
        ({"Principal": {"Aws": "*"}}, "Principal is neither"),
        ({"Principal": {"AWS": 111122223333.0}}, "Principal is neither a text nor a list of texts"),
        ({"Condition": []}, "Condition is not an object"),
        ({"Condition": {"StringSame": {"a": "b"}}}, "operator that there is not"),
        ({"Condition": {"NullIfExists": {"a": "true"}}}, "operator that there is not"),
        ({"Condition": {"EveryValue:StringEquals": {"a": "b"}}}, "operator that there is not"),
        ({"Condition": {"Bool": ["a"]}}, "not an object of keys"),
        ({"Condition": {"Bool": {"a": {"b": "c"}}}}, "neither a text nor a number nor a flag"),
    ],
)
def test_statement_that_iam_refuses_is_malformed(changes: dict[str, Any], complaint: str) -> None:
    """Whatever IAM would refuse is named, never read in a way that IAM would not."""
    with pytest.raises(MalformedPolicyError, match=complaint):
        parsed(**changes)


def test_unknown_version_is_malformed() -> None:
    """There are two versions of the language."""
    with pytest.raises(MalformedPolicyError, match="Version is neither"):
        parse_resource_policy({"Version": "2012-10-18", "Statement": ALLOW})


def test_trust_policy_takes_no_resource() -> None:
    """A role trusts somebody with itself."""
    assert parse_trust_policy(json.dumps({"Statement": TRUST})) == (
        Statement(
            principals=(Principal(kind=PrincipalKind.SERVICE, name="ec2.amazonaws.com"),), actions=("sts:AssumeRole",)
        ),
    )
    with pytest.raises(MalformedPolicyError, match="keys that a trust policy has"):
        parse_trust_policy({"Statement": {**TRUST, "Resource": "*"}})


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.sampled_from(["*", "AWS", UNKNOWN, Secret("x")]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["AWS", "Service", "Bool", "Null", "a"]), inner),
)


@given(values, values)
def test_any_content_parses_or_is_malformed(principal: Any, condition: Any) -> None:
    """No policy ends a run, whatever stands in it."""
    with contextlib.suppress(MalformedPolicyError):
        parsed(Principal=principal, Condition=condition)
