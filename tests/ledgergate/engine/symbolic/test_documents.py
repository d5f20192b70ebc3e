"""Policy documents written as objects become the text that the provider makes of them."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine import wire
from ledgergate.engine.symbolic.documents import with_document_texts
from tests.ledgergate.engine.running import named, run_text

ROLE = "aws:iam/role:Role"
DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
TEXTS = st.text(max_size=5).filter(lambda text: text not in (wire.UNKNOWN, wire.SIGNATURE))
VALUES = st.recursive(TEXTS | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner))

PROGRAM = """\
import pulumi_aws as aws

trust = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}
role = aws.iam.Role("worker", assume_role_policy=trust)
bucket = aws.s3.Bucket("logs")
aws.iam.RolePolicy("reads", role=role.id, policy=aws.iam.PolicyDocumentArgs(
    version=aws.iam.PolicyDocumentVersion.POLICY_DOCUMENT_VERSION_2012_10_17,
    statement=[aws.iam.PolicyStatementArgs(
        effect=aws.iam.PolicyStatementEffect.ALLOW, action="s3:GetObject", resource=bucket.arn)]))
"""


def test_a_program_may_write_documents_as_objects(tmp_path: Path) -> None:
    """Dictionaries and the classes of the SDK arrive as JSON, references followed."""
    found = run_text(tmp_path, PROGRAM)
    trust = json.loads(named(found, "worker").inputs["assumeRolePolicy"])
    policy = json.loads(named(found, "reads").inputs["policy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert policy["Statement"][0]["Resource"] == named(found, "logs").outputs["arn"]


@given(inner=VALUES)
def test_the_text_says_what_the_object_said(inner: object) -> None:
    """Nothing is lost or changed on the way."""
    (text,) = with_document_texts(ROLE, {"assumeRolePolicy": {"Statement": inner}}).values()
    assert json.loads(text) == {"Statement": inner}


def test_unknown_and_secret_parts_spread_over_the_text() -> None:
    """Half a document is no document, and a secret part makes all of it secret."""

    def text(part: object) -> object:
        return with_document_texts(ROLE, {"assumeRolePolicy": {**DOCUMENT, "Id": part}})["assumeRolePolicy"]

    assert text(wire.UNKNOWN) == wire.UNKNOWN
    assert text(wire.secret(wire.UNKNOWN)) == wire.secret(wire.UNKNOWN)
    hidden = text(wire.secret("hush"))
    assert wire.is_secret(hidden)
    assert json.loads(wire.plain(hidden)) == {**DOCUMENT, "Id": "hush"}


def test_only_properties_that_take_documents_are_written() -> None:
    """Text stays as it is, and so does an object where the class wants another thing."""
    inputs = {"assumeRolePolicy": "{}", "tags": {"Owner": "x"}, "name": {"a": 1}}
    assert with_document_texts(ROLE, inputs) is inputs
