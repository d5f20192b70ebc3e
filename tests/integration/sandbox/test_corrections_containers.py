"""Corrections of what holds and runs containers: what AWS answers, and moto does not."""

from typing import Any

import boto3
import pytest

from tests.integration.sandbox.cases import Case, answers


def _of(session: boto3.Session, service: str) -> Any:
    return session.client(service, region_name="us-east-1")  # type: ignore[call-overload]  # any of them


def _key_of_images(session: boto3.Session) -> Any:
    ecr, kms = _of(session, "ecr"), _of(session, "kms")
    found = []
    for name, type_ in (("one", "KMS"), ("two", "KMS_DSSE")):
        made = ecr.create_repository(repositoryName=name, encryptionConfiguration={"encryptionType": type_})
        found.append(made["repository"]["encryptionConfiguration"].get("kmsKey", ""))
    return [kms.describe_key(KeyId=each)["KeyMetadata"]["KeyManager"] for each in found], len({*found})


CASES = (Case(_key_of_images, (["AWS", "AWS"], 1), ("Repository._determine_encryption_config",)),)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws
