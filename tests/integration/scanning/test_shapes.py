"""Which answers have the types of their service's model."""

from typing import Any

import pytest

from integration.scanning.redaction import fit_to_keep
from integration.scanning.shapes import misfit
from ledgergate.evidence.redaction import REDACTED
from tests.integration.scanning.test_redaction import shape_of


@pytest.mark.parametrize(
    ("service", "operation", "answer", "wrong"),
    [
        ("kms", "DescribeKey", {"KeyMetadata": {"Arn": {"a": 1}}}, ".KeyMetadata.Arn is no string"),
        ("kms", "DescribeKey", {"KeyMetadata": {"Enabled": None}}, ".KeyMetadata.Enabled is no boolean"),
        ("kms", "DescribeKey", {"KeyMetadata": {"Enabled": 1}}, ".KeyMetadata.Enabled is no boolean"),
        ("kms", "DescribeKey", {"KeyMetadata": {"Enabled": REDACTED}}, ".KeyMetadata.Enabled is no boolean"),
        ("kms", "DescribeKey", {"KeyMetadata": {"CreationDate": "soon"}}, ".KeyMetadata.CreationDate is no timestamp"),
        ("kms", "DescribeKey", {"KeyMetadata": []}, ".KeyMetadata is no structure"),
        ("kms", "DescribeKey", [], " is no structure"),
        ("rds", "DescribeDBClusters", {"DBClusters": {}}, ".DBClusters is no list"),
        ("rds", "DescribeDBClusters", {"DBClusters": [{"Port": "1"}]}, ".DBClusters[].Port is no integer"),
        ("rds", "DescribeDBClusters", {"DBClusters": [{"Port": True}]}, ".DBClusters[].Port is no integer"),
        ("sqs", "GetQueueAttributes", {"Attributes": {"Policy": {}}}, ".Attributes{} is no string"),
        ("sqs", "GetQueueAttributes", {"Attributes": []}, ".Attributes is no map"),
    ],
)
def test_what_does_not_fit(service: str, operation: str, answer: Any, wrong: str) -> None:
    """It is told where, and of which type it should be."""
    assert misfit(answer, shape_of(service, operation)) == wrong


@pytest.mark.parametrize(
    ("service", "operation", "answer"),
    [
        ("kms", "DescribeKey", {"KeyMetadata": {"Enabled": False, "CreationDate": "2026-11-30T00:00:00+00:00"}}),
        ("kms", "DescribeKey", {"Unheard": 1}),
        ("s3", "GetBucketLocation", {"LocationConstraint": None}),
        (
            "iam",
            "GetAccountAuthorizationDetails",
            {"RoleDetailList": [{"AssumeRolePolicyDocument": {"Statement": []}}]},
        ),
        ("ec2", "DescribeInstanceAttribute", {"UserData": REDACTED}),
        ("sqs", "GetQueueAttributes", {"Attributes": {"Policy": "{}"}}),
    ],
)
def test_what_fits(service: str, operation: str, answer: dict[str, Any]) -> None:
    """What botocore makes of an answer fits, and so does what was hidden in it and what the model does not know yet."""
    assert misfit(answer, shape_of(service, operation)) == ""
    assert misfit(fit_to_keep(answer, shape_of(service, operation)), shape_of(service, operation)) == ""


def test_what_has_no_shape_fits() -> None:
    """An operation without an answer in its model has none to compare with."""
    assert misfit({"a": 1}, None) == ""
