"""Policy documents come out as the provider renders and merges them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine.provider import ProviderError
from ledgergate.engine.symbolic.policy_document import policy_document


def statement(**args: Any) -> dict[str, Any]:
    """Return the one statement that a call with one statement gives."""
    (found,) = json.loads(policy_document({"statements": [args]})["json"])["Statement"]
    return dict(found)


def text(*statements: dict[str, Any], **document: Any) -> str:
    """Return a document as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **document})


def test_document_is_rendered_byte_for_byte() -> None:
    """Indentation, order of keys and the id are those of the provider."""
    found = policy_document(
        {
            "statements": [
                {
                    "sid": "Read",
                    "actions": ["s3:ListBucket", "s3:GetObject"],
                    "resources": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
                    "principals": [{"type": "AWS", "identifiers": ["*"]}],
                    "conditions": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]}],
                }
            ]
        }
    )
    assert (
        found["json"]
        == """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": [
        "s3:ListBucket",
        "s3:GetObject"
      ],
      "Resource": [
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::b"
      ],
      "Principal": {
        "AWS": "*"
      },
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "true"
        }
      }
    }
  ]
}"""
    )
    assert found["minifiedJson"] == json.dumps(json.loads(found["json"]), separators=(",", ":"))
    assert found["id"] == "1208836425"


def test_empty_call_gives_a_version_alone() -> None:
    """A document without statements is one, as the provider says."""
    assert policy_document({})["minifiedJson"] == '{"Version":"2012-10-17"}'


def test_single_values_are_strings_and_sets_are_sorted() -> None:
    """Duplicates go, one element stands alone, several stand in reverse order."""
    found = statement(actions=["s3:Get", "s3:Put", "s3:Get"], notResources=["arn:b"], effect="Deny")
    assert found == {"Effect": "Deny", "Action": ["s3:Put", "s3:Get"], "NotResource": "arn:b"}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([{"type": "*", "identifiers": ["*"]}], "*"),
        ([{"type": "AWS", "identifiers": ["*"]}], {"AWS": "*"}),
        (
            [{"type": "Service", "identifiers": ["b", "a"]}, {"type": "AWS", "identifiers": ["c"]}],
            {"AWS": "c", "Service": ["b", "a"]},
        ),
        (
            [{"type": "AWS", "identifiers": ["a"]}, {"type": "AWS", "identifiers": ["c", "b"]}],
            {"AWS": ["a", "c", "b"]},
        ),
        ([{"type": "AWS", "identifiers": ["a"]}, {"type": "AWS", "identifiers": ["b"]}], {"AWS": ["a", "b"]}),
        ([{"type": "AWS", "identifiers": ["a"]}, {"type": "AWS", "identifiers": ["a"]}], {"AWS": "a"}),
    ],
)
def test_principals_are_grouped(blocks: list[dict[str, Any]], expected: Any) -> None:
    """Blocks of one type become one entry; only the anonymous principal stands without its type."""
    assert statement(principals=blocks)["Principal"] == expected
    assert statement(notPrincipals=blocks)["NotPrincipal"] == expected


def test_conditions_are_grouped() -> None:
    """Values of one test and variable come together in the order of the program."""
    blocks = [
        {"test": "StringEquals", "variable": "aws:b", "values": ["2", "1"]},
        {"test": "StringEquals", "variable": "aws:a", "values": ["x"]},
        {"test": "StringEquals", "variable": "aws:b", "values": ["0"]},
    ]
    assert statement(conditions=blocks)["Condition"] == {"StringEquals": {"aws:a": "x", "aws:b": ["2", "1", "0"]}}


def test_policy_variables_are_written_with_an_ampersand() -> None:
    """`&{…}` becomes IAM's own `${…}`."""
    assert statement(resources=["arn:aws:s3:::b/&{aws:username}"])["Resource"] == "arn:aws:s3:::b/${aws:username}"


def test_signs_of_html_are_escaped_as_go_does() -> None:
    """The text is equal to the real one where Python's encoder would differ."""
    found = policy_document({"statements": [{"sid": "a", "resources": ["é<&>"]}]})
    assert '"Resource": "é\\u003c\\u0026\\u003e"' in found["json"]


def test_later_documents_replace_statements_with_the_same_sid() -> None:
    """Sources come first, then the call's own statements, then overrides; statements without a sid add up."""
    found = policy_document(
        {
            "policyId": "mine",
            "sourcePolicyDocuments": [
                text(
                    {"Sid": "A", "Effect": "Allow", "Action": "s3:*"}, {"Effect": "Allow", "Action": "a:b"}, Id="source"
                ),
                None,
                text({"Sid": "B", "Effect": "Allow", "Action": "b:*"}),
            ],
            "statements": [{"sid": "A", "effect": "Deny", "actions": ["s3:Put"]}],
            "overridePolicyDocuments": [text({"Sid": "B", "Effect": "Deny", "NotAction": "b:c"}), None],
        }
    )
    document = json.loads(found["json"])
    assert document["Id"] == "mine"
    assert document["Statement"] == [
        {"Sid": "A", "Effect": "Deny", "Action": "s3:Put"},
        {"Effect": "Allow", "Action": "a:b"},
        {"Sid": "B", "Effect": "Deny", "NotAction": "b:c"},
    ]


def test_merged_statements_are_normalised() -> None:
    """Principals and conditions of source documents come out in the provider's form; unknown keys go."""
    source = text(
        {
            "Effect": "Allow",
            "Principal": {"Service": ["a", "b"], "AWS": "x"},
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": True}, "StringLike": {"k": ["v"]}},
            "Comment": "no such key",
        },
        {"Effect": "Allow", "Principal": "*"},
    )
    first, second = json.loads(policy_document({"sourcePolicyDocuments": [source]})["json"])["Statement"]
    assert first == {
        "Effect": "Allow",
        "Principal": {"AWS": "x", "Service": ["b", "a"]},
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringLike": {"k": "v"}},
    }
    assert second["Principal"] == "*"


def test_old_version_can_be_asked_for_and_is_raised_by_a_newer_source() -> None:
    """The latest version among the documents wins."""
    assert policy_document({"version": "2008-10-17"})["minifiedJson"] == '{"Version":"2008-10-17"}'
    newer = policy_document({"version": "2008-10-17", "sourcePolicyDocuments": [text()]})
    assert newer["minifiedJson"] == '{"Version":"2012-10-17"}'


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"statements": [{"sid": "A"}, {"sid": "A"}]}, r"duplicate Sid \(A\)\. Remove the Sid"),
        (
            {"sourcePolicyDocuments": [text({"Sid": "A"}), text({"Sid": "A"})]},
            r"source document 1: duplicate Sid \(A\)",
        ),
        ({"sourcePolicyDocuments": ["{"]}, "merging source document 0"),
        ({"overridePolicyDocuments": ['{"Statement": {"Sid": "A"}}']}, "override document 0: Statement is not a list"),
        ({"overridePolicyDocuments": ["[]"]}, "override document 0: Statement is not a list"),
        ({"statements": [{"effect": "allow"}]}, "expected effect to be one of"),
        ({"statements": [{"principals": [{"type": "AWS"}]}]}, "missing required argument: identifiers"),
        ({"statements": [{"conditions": [{"test": "Bool", "values": []}]}]}, "missing required argument: variable"),
        ({"statements": [{"sid": "a b"}]}, "must only include alphanumeric characters"),
        ({"version": "2008-10-17", "statements": [{"resources": ["&{x}"]}]}, "not supported in document version"),
    ],
)
def test_what_the_provider_refuses_is_refused(args: dict[str, Any], message: str) -> None:
    """A program that would fail against AWS fails here, with the same words."""
    with pytest.raises(ProviderError, match=message):
        policy_document(args)


NAMES = st.lists(st.text(min_size=1, max_size=5).filter(lambda name: "&{" not in name), min_size=1, max_size=3)


@given(NAMES, NAMES, st.sampled_from(["Allow", "Deny"]))
def test_rendering_is_stable_under_merging(actions: list[str], resources: list[str], effect: str) -> None:
    """A document that goes through a second call as its source comes out the same."""
    first = policy_document({"statements": [{"actions": actions, "resources": resources, "effect": effect}]})
    again = policy_document({"sourcePolicyDocuments": [first["json"]]})
    assert again["json"] == first["json"]
