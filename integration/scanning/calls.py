"""A call of AWS, and what can go wrong with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)

from integration.scanning.permissions import action_of
from integration.session import RegionNotListedError


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """One request.

    Args:
        service: botocore's name of the service, `s3`.
        operation: Name of the API operation, `GetPublicAccessBlock`.
        region: Region of the client.
        parameters: Its parameters as canonical JSON.
    """

    service: str
    operation: str
    region: str
    parameters: str = "{}"

    def __str__(self) -> str:
        about = f" {self.parameters}" if self.parameters != "{}" else ""
        return f"{self.service}:{self.operation}{about} in {self.region}"


class Cause(StrEnum):
    """Why a call gave no answer."""

    DENIED = "denied"
    THROTTLED = "throttled"
    TIMED_OUT = "timed out"
    UNREACHABLE = "unreachable"
    DISABLED_REGION = "disabled Region"
    EXPIRED = "credentials expired"
    UNPARSABLE = "unparsable"
    NOT_LISTED = "Region not listed"
    REFUSED = "refused"
    NOT_RECORDED = "not recorded"


_SAID: Final = {
    Cause.DENIED: "was denied",
    Cause.THROTTLED: "was throttled until the attempts were used up",
    Cause.TIMED_OUT: "timed out",
    Cause.UNREACHABLE: "could not be reached",
    Cause.DISABLED_REGION: "was not answered: the Region is not enabled for this account",
    Cause.EXPIRED: "came after the credentials had expired",
    Cause.UNPARSABLE: "gave an answer that nobody can read",
    Cause.NOT_LISTED: "was not made: its Region is not on the list of those that may be asked",
    Cause.REFUSED: "was refused",
    Cause.NOT_RECORDED: "is not in the evidence",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that gave no usable answer.

    Args:
        call: The call.
        cause: Why.
        code: The service's error code, or the class of the client's error; empty when neither.
    """

    call: Call
    cause: Cause
    code: str = ""

    def __str__(self) -> str:
        code = f" ({self.code})" if self.code else ""
        needed = action_of(self.call.service, self.call.operation)
        needs = f"; it needs {needed}" if needed else ""
        return f"{self.call} {_SAID[self.cause]}{code}{needs}"

    def to_json(self) -> dict[str, str]:
        """Return the failure as JSON data for a finding's evidence."""
        needed = action_of(self.call.service, self.call.operation)
        return {"call": str(self.call), "cause": self.cause.value, "code": self.code, "permission": needed}


class CallFailedError(Exception):
    """A call gave no usable answer.

    Args:
        failure: What happened.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


MALFORMED: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What is raised by whoever meets an answer of another form than the service documents: botocore, or a reader."""

_CODES: Final = {
    Cause.DENIED: """
        403 AccessDenied AccessDeniedException AuthorizationError Forbidden UnauthorizedOperation
    """,
    Cause.DISABLED_REGION: """
        AuthFailure InvalidClientTokenId OptInRequired RegionDisabledException SubscriptionRequiredException
        UnrecognizedClientException
    """,
    Cause.EXPIRED: """
        ExpiredToken ExpiredTokenException RequestExpired TokenRefreshRequired
    """,
    Cause.THROTTLED: """
        BandwidthLimitExceeded EC2ThrottledException PriorRequestNotComplete RequestLimitExceeded RequestThrottled
        RequestThrottledException SlowDown ThrottledException Throttling ThrottlingException TooManyRequestsException
    """,
}

_BY_CODE: Final = {code: cause for cause, codes in _CODES.items() for code in codes.split()}
"""Error code → cause. Credentials have been accepted once before a scan begins, so where a service does not know them
the Region is not enabled. Source: error codes of EC2, IAM, KMS, RDS, S3 and STS in their API references, and those that
botocore 1.44 retries as throttling, read 2026-11-20."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as it is kept.

    Args:
        cause: Why there is no answer.
        code: Error code, or class of the client's error.
    """

    cause: Cause
    code: str


def trouble_of(error: Exception) -> Trouble:
    """Return what an error means that a call raised. Its text is left out: it may quote what was sent."""
    if isinstance(error, ClientError):
        found: Any = error.response.get("Error", {})
        code = str(found.get("Code", ""))
        return Trouble(_BY_CODE.get(code, Cause.REFUSED), code)
    name = type(error).__name__
    if isinstance(error, RegionNotListedError):
        return Trouble(Cause.NOT_LISTED, "")
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError):
        return Trouble(Cause.TIMED_OUT, name)
    if isinstance(error, EndpointConnectionError | HTTPClientError):
        return Trouble(Cause.UNREACHABLE, name)
    return Trouble(Cause.REFUSED if isinstance(error, BotoCoreError) else Cause.UNPARSABLE, name)
