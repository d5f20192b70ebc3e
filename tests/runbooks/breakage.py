"""Makes a call of a boto3 client fail in every way that AWS and the network know."""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError


class Kind(StrEnum):
    """How a call fails."""

    DENIED = "denied"
    THROTTLED = "throttled"
    GARBLED = "garbled"
    UNREACHABLE = "unreachable"
    NOT_SENT = "not sent"
    ANSWER_LOST = "answer lost"
    """It was carried out, and nobody heard of it."""


_ANSWERS: Final = {
    Kind.DENIED: (403, b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"),
    Kind.THROTTLED: (
        400,
        b"<ErrorResponse><Error><Code>Throttling</Code><Message>slow</Message></Error></ErrorResponse>",
    ),
    Kind.GARBLED: (200, b"<html>a captive portal"),
}


class _Raw(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        """Yield everything."""
        yield self.read()


@dataclass
class Breakage:
    """Makes one call of a client fail; counts and names them all.

    Args:
        at: Number of the call; -1 for none.
        kind: How it fails.
    """

    at: int = -1
    kind: Kind = Kind.NOT_SENT
    names: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def of(self, client: Any) -> Iterator[None]:
        """Break a client, or whatever else has botocore's events, while the block runs."""
        events = client.events if hasattr(client, "events") else client.meta.events
        events.register_first("before-call", self._count)
        events.register_first("before-send", self._before)
        events.register_first("after-call", self._after)
        try:
            yield
        finally:
            events.unregister("before-call", self._count)
            events.unregister("before-send", self._before)
            events.unregister("after-call", self._after)

    @property
    def _is_now(self) -> bool:
        return len(self.names) - 1 == self.at

    def _count(self, model: Any, **_: Any) -> None:
        self.names.append(model.name)

    def _before(self, request: Any, **_: Any) -> AWSResponse | None:
        if not self._is_now or self.kind is Kind.ANSWER_LOST:
            return None
        if self.kind is Kind.NOT_SENT:
            raise ConnectTimeoutError(endpoint_url=request.url)
        if self.kind is Kind.UNREACHABLE:
            raise EndpointConnectionError(endpoint_url=request.url)
        status, body = _ANSWERS[self.kind]
        return AWSResponse(request.url, status, HTTPHeaders(), _Raw(body))

    def _after(self, **_: Any) -> None:
        if self._is_now and self.kind is Kind.ANSWER_LOST:
            raise ReadTimeoutError(endpoint_url="https://aws")
