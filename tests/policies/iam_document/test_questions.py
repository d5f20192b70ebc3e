"""What controls ask of statements: whom they reach, what binds them, what they deny."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given

from policies.facts.properties import UNKNOWN
from policies.iam_document import (
    SOURCE_KEYS,
    Condition,
    Principal,
    PrincipalKind,
    Qualifier,
    Statement,
    account_of,
    binds,
    covers_action,
    covers_resource,
    denied_without_tls,
    exempt_from_denial,
    federated_principals,
    foreign_principals,
    is_denied_to_everyone,
    is_public,
    letting,
    parse_resource_policy,
    service_principals,
    speaks_of_every_action,
    speaks_of_every_resource,
    touches_action,
    touches_resource,
)
from policies.view import Reads, UnknownReadError, view_of
from tests.policies.iam_document.statements import OTHER, OWN, conditions, policies, statements

EVERYONE: Final = (Principal(name="*"),)
SEND: Final = Statement(principals=EVERYONE, actions=("sqs:SendMessage",), resources=("*",))
BUCKET: Final = ("arn:aws:s3:::ledger", "arn:aws:s3:::ledger/*")
PLAIN: Final = Condition(operator="Bool", key="aws:securetransport", values=("false",))
TLS: Final = Statement(effect="Deny", principals=EVERYONE, actions=("s3:*",), resources=BUCKET, conditions=(PLAIN,))


def on(key: str, *found: str, operator: str = "StringEquals", **fields: Any) -> Condition:
    """Return a condition on a key."""
    return Condition(operator=operator, key=key, values=found, **fields)


@pytest.mark.parametrize(
    "condition",
    [
        on("aws:sourceaccount", OWN),
        on("aws:sourceaccount", OWN, operator="StringLike"),
        on("aws:principalorgid", "o-a1b2c3d4e5"),
        on("aws:principalorgpaths", "o-a1b2c3d4e5/r-1/*", operator="StringLike", qualifier=Qualifier.ANY),
        on("aws:sourcearn", f"arn:aws:sns:*:{OWN}:*", operator="ArnLike"),
        on("aws:sourcearn", f"arn:aws:sns:eu-west-1:{OWN}:*", operator="StringLike"),
        on("aws:sourcearn", "arn:aws:s3:::ledger", operator="ArnEquals"),
        on("aws:sourcearn", "arn:aws:s3:::ledger/*", operator="ArnLike"),
        on("aws:sourcevpce", "vpce-1", "vpce-2"),
        on("kms:calleraccount", OWN),
        on("aws:userid", "AROAEXAMPLE:*", operator="StringLike"),
        on("aws:sourceip", "192.0.2.0/24", "2001:db8::/32", operator="IpAddress"),
    ],
)
def test_condition_that_names_somebody_binds(condition: Condition) -> None:
    """An account, an organisation, a source or a network is somebody."""
    assert binds(condition)


@pytest.mark.parametrize(
    "condition",
    [
        on("aws:sourceaccount", "*", operator="StringLike"),
        on("aws:sourceaccount", "1111*", operator="StringLike"),
        on("aws:sourceaccount", OWN, "*", operator="StringLike"),
        on("aws:sourceaccount"),
        on("aws:sourceaccount", OWN, if_exists=True),
        on("aws:sourceaccount", OWN, qualifier=Qualifier.ALL),
        on("aws:sourceaccount", OWN, operator="StringNotEquals"),
        on("aws:sourceaccount", "false", operator="Null"),
        on("aws:principalorgid", "${aws:PrincipalTag/org}"),
        on("aws:principalorgpaths", "*/r-1/", operator="StringLike"),
        on("aws:sourcearn", "arn:aws:s3:::*", operator="ArnLike"),
        on("aws:sourcearn", "arn:aws:s3:::ledger*", operator="ArnLike"),
        on("aws:sourcearn", "arn:aws:sns:*:*:ledger", operator="ArnLike"),
        on("aws:sourcearn", "ledger", operator="StringEquals"),
        # A StringLike wildcard runs over colons: arn:aws:lambda:eu-west-1:<any>:function:111122223333:x would match.
        on("aws:sourcearn", f"arn:aws:lambda:*:{OWN}:*", operator="StringLike"),
        on("aws:sourceip", "0.0.0.0/0", operator="IpAddress"),
        on("aws:sourceip", "0.0.0.0/1", "128.0.0.0/1", operator="IpAddress"),
        on("aws:sourceip", "here", operator="IpAddress"),
        on("aws:sourceip", "192.0.2.0/24", operator="NotIpAddress"),
        on("aws:referer", "secret"),
        on("aws:vpcsourceip", "10.0.0.0/16", operator="IpAddress"),
        on("kms:viaservice", "s3.eu-west-1.amazonaws.com"),
    ],
)
def test_condition_that_anybody_can_meet_does_not_bind(condition: Condition) -> None:
    """A wildcard, a negation, an IfExists or a key that everybody can bring along names nobody."""
    assert not binds(condition)


def test_keys_that_bind_are_chosen_by_the_question() -> None:
    """Against the confused deputy only the source counts; a control may add a key of its service."""
    assert not binds(on("aws:principalorgid", "o-a1b2c3d4e5"), SOURCE_KEYS)
    assert binds(on("kms:viaservice", "s3.eu-west-1.amazonaws.com"), {"kms:viaservice"})
    assert not binds(on("kms:viaservice", "*", operator="StringLike"), {"kms:viaservice"})
    context = on("kms:encryptioncontext:aws:logs:arn", f"arn:aws:logs:*:{OWN}:*", operator="StringLike")
    assert binds(context, {context.key})
    assert not binds(replace(context, values=("arn:aws:logs:*:*:*",)), {context.key})


def test_everyone_is_public_unless_bound() -> None:
    """An Allow to everyone, in whatever form, is public without a condition that binds."""
    assert is_public(SEND)
    assert is_public(replace(SEND, principals=(Principal(name=OWN), Principal(name="*"))))
    assert is_public(replace(SEND, principals=None, not_principals=(Principal(name=OWN),)))
    assert not is_public(replace(SEND, effect="Deny"))
    assert not is_public(replace(SEND, principals=(Principal(name=OWN),)))
    assert not is_public(replace(SEND, conditions=(on("aws:referer", "x"), on("aws:sourceaccount", OWN))))
    assert not is_public(replace(SEND, principals=None))


@given(policies, statements())
def test_more_statements_never_make_a_policy_less_public(policy: tuple[Statement, ...], more: Statement) -> None:
    """A policy is public as soon as one statement is."""
    assert any(map(is_public, (*policy, more))) >= any(map(is_public, policy))


@given(statements(), conditions)
def test_more_conditions_never_make_a_statement_more_public(statement: Statement, condition: Condition) -> None:
    """All conditions must hold, so another one can only take somebody out."""
    assert is_public(replace(statement, conditions=(*statement.conditions, condition))) <= is_public(statement)


@given(statements(), conditions)
def test_more_values_never_make_a_condition_bind(statement: Statement, condition: Condition) -> None:
    """Any value of a condition is enough for it, so another one can only let somebody in."""
    wider = replace(condition, values=(*condition.values, "*"))

    assert not binds(wider)


def test_principals_are_told_apart() -> None:
    """Services and identity providers are no accounts; unique ids and canonical users are nobody's own."""
    found = replace(
        SEND,
        principals=(
            Principal(name="*"),
            Principal(name=OWN),
            Principal(name=f"arn:aws:iam::{OWN}:role/a"),
            Principal(name=f"arn:aws:iam::{OTHER}:root"),
            Principal(name="AIDAEXAMPLE"),
            Principal(kind=PrincipalKind.CANONICAL_USER, name="79a59df9"),
            Principal(kind=PrincipalKind.SERVICE, name="sns.amazonaws.com"),
            Principal(kind=PrincipalKind.FEDERATED, name="accounts.google.com"),
        ),
    )

    assert foreign_principals(found, {OWN}) == (f"arn:aws:iam::{OTHER}:root", "AIDAEXAMPLE", "79a59df9")
    assert service_principals(found) == ("sns.amazonaws.com",)
    assert federated_principals(found) == ("accounts.google.com",)
    assert account_of(Principal(name="arn:aws:iam::*:root")) == ""


@given(statements())
def test_what_is_covered_is_touched(statement: Statement) -> None:
    """A statement that holds all of something holds some of it."""
    for action in ("s3:*", "s3:GetObject", "kms:Decrypt"):
        assert covers_action(statement, action) <= touches_action(statement, action)
    for resource in ("*", *BUCKET):
        assert covers_resource(statement, resource) <= touches_resource(statement, resource)


@given(statements())
def test_statement_about_everything_touches_each_thing(statement: Statement) -> None:
    """What no list bounds is reached, but for what is left out."""
    if speaks_of_every_action(statement) and statement.actions is not None:
        assert covers_action(statement, "*")
    if speaks_of_every_resource(statement) and statement.resources is not None:
        assert covers_resource(statement, "arn:aws:s3:::ledger")


@given(policies, statements())
def test_letting_grows_with_the_policy(policy: tuple[Statement, ...], more: Statement) -> None:
    """Another statement takes nothing away."""
    assert (
        list(letting((*policy, more), "s3:GetObject"))[: len(found := list(letting(policy, "s3:GetObject")))] == found
    )


def test_letting_names_what_lets() -> None:
    """A NotAction lets what it does not leave out."""
    every = Statement(not_actions=("iam:*",), resources=("*",))
    one = Statement(actions=("s3:GetObject",), resources=(BUCKET[1],))

    assert list(letting((one, every), "kms:Decrypt")) == [(2, every)]
    assert list(letting((one, every), "s3:Get*", "arn:aws:s3:::ledger/a")) == [(1, one), (2, every)]
    assert not list(letting((every,), "iam:PassRole"))


@pytest.mark.parametrize(
    "policy",
    [
        (TLS,),
        (SEND, replace(TLS, actions=("*",), resources=("*",))),
        (replace(TLS, resources=BUCKET[:1]), replace(TLS, resources=BUCKET[1:])),
        (replace(TLS, conditions=(replace(PLAIN, values=("False",), if_exists=True),)),),
        (replace(TLS, conditions=(on("s3:tlsversion", "1.2", operator="NumericLessThan", if_exists=True),)),),
        (replace(TLS, conditions=()),),
        (replace(TLS, actions=None, not_actions=("kms:*",)),),
    ],
)
def test_plain_requests_are_denied(policy: tuple[Statement, ...]) -> None:
    """Every form that denies all of the bucket to everyone without TLS counts."""
    assert denied_without_tls(policy, "s3:*", BUCKET)


@pytest.mark.parametrize(
    "policy",
    [
        (),
        (replace(TLS, effect="Allow"),),
        (replace(TLS, resources=BUCKET[1:]),),
        (replace(TLS, actions=("s3:Get*",)),),
        (replace(TLS, actions=None, not_actions=("s3:Put*",)),),
        (replace(TLS, principals=(Principal(name=OWN),)),),
        (replace(TLS, principals=None, not_principals=(Principal(name=OWN),)),),
        (replace(TLS, conditions=(replace(PLAIN, values=("true",)),)),),
        (replace(TLS, conditions=(PLAIN, on("aws:sourceaccount", OWN))),),
        (replace(TLS, conditions=(on("s3:tlsversion", "1.2", operator="NumericLessThan"),)),),
        (replace(TLS, conditions=(on("aws:securetransport", "true", operator="StringNotEquals"),)),),
    ],
)
def test_denial_that_leaves_plain_requests_through_does_not_count(policy: tuple[Statement, ...]) -> None:
    """Fewer actions, resources, principals or requests are not all of them."""
    assert not denied_without_tls(policy, "s3:*", BUCKET)


@given(policies, statements())
def test_denial_stays_whatever_is_added(policy: tuple[Statement, ...], more: Statement) -> None:
    """A Deny wins over every Allow, so more statements never lift it."""
    assert denied_without_tls((*policy, more), "s3:Get*", BUCKET) >= denied_without_tls(policy, "s3:Get*", BUCKET)


def test_denial_names_whom_it_spares() -> None:
    """NotPrincipal and conditions on the principal's ARN spare somebody; another condition spares too much."""
    denial = Statement(effect="Deny", principals=EVERYONE, actions=("backup:*",), resources=("*",))
    role = f"arn:aws:iam::{OWN}:role/backup"
    spared = on("aws:principalarn", role, operator="ArnNotLike")

    assert exempt_from_denial(denial, "backup:Delete*", "*") == ()
    assert is_denied_to_everyone(denial, "backup:DeleteRecoveryPoint", "*")
    assert exempt_from_denial(replace(denial, conditions=(spared,)), "backup:Delete*", "*") == (role,)
    by_name = replace(denial, principals=None, not_principals=(Principal(name=role),))
    assert exempt_from_denial(by_name, "backup:Delete*", "*") == (role,)
    assert exempt_from_denial(replace(denial, conditions=(PLAIN,)), "backup:Delete*", "*") is None
    assert exempt_from_denial(replace(denial, principals=(Principal(name=OWN),)), "backup:Delete*", "*") is None
    assert exempt_from_denial(denial, "s3:*", "*") is None
    assert exempt_from_denial(replace(denial, effect="Allow"), "backup:Delete*", "*") is None


@pytest.mark.parametrize(
    "changes", [{"effect": UNKNOWN}, {"principals": UNKNOWN}, {"principals": (UNKNOWN,)}, {"conditions": UNKNOWN}]
)
def test_unknown_part_stops_the_question(changes: dict[str, Any]) -> None:
    """A control that asks about what nobody knows gets no answer, so it is undecided."""
    with pytest.raises(UnknownReadError):
        is_public(view_of(replace(SEND, **changes), Reads()))


def test_unknown_part_that_is_not_needed_does_not_stop_it() -> None:
    """A Deny is not public, whoever its principals are."""
    assert not is_public(view_of(replace(SEND, effect="Deny", principals=UNKNOWN), Reads()))


def test_questions_read_a_parsed_policy() -> None:
    """From text to answer."""
    (statement,) = parse_resource_policy(
        '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sns:Publish", "Resource": "*",'
        ' "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}}}'
    )

    assert not is_public(statement)
