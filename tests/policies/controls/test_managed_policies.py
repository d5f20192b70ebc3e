"""The policies of AWS that count as every permission are those whose documents say so."""

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data

from ledgergate.finding import Status
from policies.controls.iam.policy import EVERYTHING, admin_statement_absent
from policies.facts.iam import Grants
from policies.facts.policy_documents import PolicyDocument
from policies.iam_document import parse_identity_policy


def test_every_managed_policy_that_allows_everything_is_named() -> None:
    """Attached it fails as it does when a program writes it itself, and no other policy of AWS does."""
    kept = json.loads(aws_managed_policies_data)
    written = {name: Grants(documents=(_document(each["Document"]),)) for name, each in kept.items()}
    failing = {name for name, grants in written.items() if _fails(grants)}
    attached = {name for name, each in kept.items() if _fails(Grants(attached_arns=(_arn(name, each["Path"]),)))}

    assert failing == attached == {*EVERYTHING}


def _document(document: object) -> PolicyDocument:
    return PolicyDocument(statements=parse_identity_policy(document))


def _arn(name: str, path: str) -> str:
    return f"arn:aws:iam::aws:policy{path}{name}"


def _fails(grants: Grants) -> bool:
    return admin_statement_absent.judge(grants, None).status is Status.FAIL
