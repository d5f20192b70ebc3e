"""Corrections of networks and of what lies in them: what AWS answers, and moto does not."""

from typing import Any

import boto3
import pytest

from tests.integration.sandbox.cases import Case, answers


def _block_of_snapshots(session: boto3.Session) -> Any:
    ec2: Any = session.client("ec2", region_name="us-east-1")
    said = [ec2.get_snapshot_block_public_access_state()["State"]]
    said.append(ec2.enable_snapshot_block_public_access(State="block-all-sharing")["State"])
    said.append(ec2.get_snapshot_block_public_access_state()["State"])
    said.append(ec2.disable_snapshot_block_public_access()["State"])
    return [*said, ec2.get_snapshot_block_public_access_state()["State"]]


CASES = (
    Case(
        _block_of_snapshots,
        ["unblocked", "block-all-sharing", "block-all-sharing", "unblocked", "unblocked"],
        (
            "EC2Response.disable_snapshot_block_public_access",
            "EC2Response.enable_snapshot_block_public_access",
            "EC2Response.get_snapshot_block_public_access_state",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws
