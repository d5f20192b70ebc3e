"""The least policy allows what a scan calls, and nothing else."""

import json
from typing import Any

import botocore.session
import pytest

from integration.auditing.permissions import explain
from integration.auditing.request import Request
from integration.readers import operations_for
from integration.sandbox import Sandbox
from integration.scanning.permissions import action_of, least_policy
from policies.catalogue import load_catalogue
from tests.integration.estate import ACCOUNT, connections_to, furnish, scanned

CONDITIONAL = {
    "iam:ListMFADeviceTags",
    "iam:ListRoleTags",
    "iam:ListSAMLProviderTags",
    "iam:ListServerCertificateTags",
    "iam:ListUserTags",
    "rds:ListTagsForResource",
}
"""Calls that depend on what there is to ask about."""


def actions(policy: dict[str, Any]) -> set[str]:
    """Return every action of a policy."""
    return {action for statement in policy["Statement"] for action in statement["Action"]}


@pytest.mark.parametrize("control", ["LG-ENC-02", "LG-IAM-01", "LG-NET-02", "LG-TAG-01", "S3.8"])
def test_a_scan_for_one_control_uses_its_policy_up(control: str) -> None:
    """Each permission is used by a call of a scan, and each call has its permission."""
    allowed = actions(least_policy(operations_for(each.fact for each in load_catalogue().select([control]))))
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        furnish(sandbox.session())
        calls = scanned(connections_to(sandbox.session()), select=(control,)).calls
    used = {action_of(call.service, call.operation) for call in calls}
    assert used <= allowed
    assert allowed - used <= CONDITIONAL


def test_no_action_changes_anything() -> None:
    """The policy of all controls together reads; API Gateway calls by their HTTP verb what it allows."""
    found = actions(least_policy(operations_for()))
    assert all(action.partition(":")[2].startswith(("BatchGet", "Describe", "GET", "Get", "List")) for action in found)


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed can be pasted: a policy, scoped where the services know how."""
    assert explain(Request(select=("S3.8",))) == 0
    assert json.loads(capsys.readouterr().out) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": "*"},
            {"Effect": "Allow", "Action": ["s3:GetBucketPublicAccessBlock"], "Resource": "arn:aws:s3:::*"},
        ],
    }
    assert explain(Request(select=("S3.88",))) == 2


def test_every_declared_call_exists() -> None:
    """A name that botocore does not know would be a permission that nobody has."""
    loader = botocore.session.Session()
    for name in operations_for():
        service, _, operation = name.partition(":")
        assert operation in loader.get_service_model(service).operation_names
