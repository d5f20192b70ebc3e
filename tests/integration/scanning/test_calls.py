"""What an error of AWS means for an audit."""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from integration.scanning.calls import Call, Cause, Failure, Trouble, trouble_of


def refused(code: str) -> ClientError:
    """Return what a service answers with."""
    return ClientError({"Error": {"Code": code, "Message": "hunter2"}}, "DescribeDBInstances")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refused("AccessDenied"), Trouble(Cause.DENIED, "AccessDenied")),
        (refused("UnauthorizedOperation"), Trouble(Cause.DENIED, "UnauthorizedOperation")),
        (refused("403"), Trouble(Cause.DENIED, "403")),
        (refused("Throttling"), Trouble(Cause.THROTTLED, "Throttling")),
        (refused("RequestLimitExceeded"), Trouble(Cause.THROTTLED, "RequestLimitExceeded")),
        (refused("AuthFailure"), Trouble(Cause.DISABLED_REGION, "AuthFailure")),
        (refused("InvalidClientTokenId"), Trouble(Cause.DISABLED_REGION, "InvalidClientTokenId")),
        (refused("ExpiredToken"), Trouble(Cause.EXPIRED, "ExpiredToken")),
        (refused("NotFoundException"), Trouble(Cause.REFUSED, "NotFoundException")),
        (ReadTimeoutError(endpoint_url="https://x"), Trouble(Cause.TIMED_OUT, "ReadTimeoutError")),
        (ConnectTimeoutError(endpoint_url="https://x"), Trouble(Cause.TIMED_OUT, "ConnectTimeoutError")),
        (EndpointConnectionError(endpoint_url="https://x"), Trouble(Cause.UNREACHABLE, "EndpointConnectionError")),
        (NoCredentialsError(), Trouble(Cause.REFUSED, "NoCredentialsError")),
        (ResponseParserError("<html"), Trouble(Cause.UNPARSABLE, "ResponseParserError")),
        (KeyError("DescribeResult"), Trouble(Cause.UNPARSABLE, "KeyError")),
    ],
)
def test_every_error_has_a_cause(error: Exception, expected: Trouble) -> None:
    """Each kind of failure is told apart, and its text, which may quote anything, is left out."""
    assert trouble_of(error) == expected


def test_a_failure_names_call_and_permission() -> None:
    """Whoever reads it knows which call failed, where, why, and what to allow."""
    call = Call("s3", "GetPublicAccessBlock", "eu-west-1", '{"Bucket":"logs"}')
    failure = Failure(call, Cause.DENIED, "AccessDenied")
    assert str(failure) == (
        's3:GetPublicAccessBlock {"Bucket":"logs"} in eu-west-1 was denied (AccessDenied); '
        "it needs s3:GetBucketPublicAccessBlock"
    )
    assert failure.to_json()["permission"] == "s3:GetBucketPublicAccessBlock"


def test_who_one_is_needs_no_permission() -> None:
    """Nothing has to be allowed for the first call."""
    failure = Failure(Call("sts", "GetCallerIdentity", "eu-west-1"), Cause.EXPIRED)
    assert str(failure) == "sts:GetCallerIdentity in eu-west-1 came after the credentials had expired"
