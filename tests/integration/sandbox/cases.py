"""A difference between AWS and moto, as the tests of the corrections state it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from integration.sandbox import Sandbox
from tests.integration.sandbox.conftest import ACCOUNT


@dataclass(frozen=True, slots=True)
class Case:
    """One difference.

    Args:
        probe: Asks an empty account; whatever it raises is an answer too.
        aws: What AWS answers.
        covers: Names of the methods of moto that are corrected for it.
    """

    probe: Callable[[boto3.Session], Any]
    aws: Any
    covers: tuple[str, ...]


def answer(case: Case, session: boto3.Session) -> Any:
    """Return what the probe gives, or what went wrong."""
    try:
        return case.probe(session)
    except ClientError as error:
        return error.response["Error"]["Code"]
    except (NotImplementedError, LookupError) as error:
        return error


def answers(case: Case) -> tuple[Any, Any]:
    """Return what the sandbox answers, and what moto by itself does."""
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        ours = answer(case, sandbox.session())
    with mock_aws():
        return ours, answer(case, boto3.Session(region_name="us-east-1"))
