"""The system under drill over HTTP: where numbered records are written, and in a rehearsal where it is broken."""

import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

from runbooks.errors import DrillError, NotYetError

_THIS_MACHINE: Final = ("127.0.0.1", "::1", "localhost")


class HttpService:
    """A service that takes numbered records: `POST /heartbeats`, `GET /heartbeats`, `GET /readers`.

    A service on this machine is never asked through a proxy, whatever the environment says.

    Args:
        url: Where it listens.
        timeout_s: Seconds of the wall after which it does not answer.

    Raises:
        DrillError: The URL is no HTTP address.
    """

    def __init__(self, url: str, timeout_s: float = 1.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise DrillError(f"{url!r} is no http or https address")
        proxies: dict[str, str] | None = {} if parts.hostname in _THIS_MACHINE else None
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s

    def write(self, number: int) -> bool:
        """Write a record, and tell whether the service acknowledged it: that it was created, and nothing less."""
        try:
            status, _ = self._answer("POST", "/heartbeats", {"number": number})
        except NotYetError:
            return False
        return status == HTTPStatus.CREATED

    def numbers(self) -> frozenset[int]:
        """Return the numbers of the records that the store holds.

        Raises:
            NotYetError: The service does not answer.
        """
        return frozenset(self._call("GET", "/heartbeats")["numbers"])

    def reads(self) -> bool:
        """Tell whether readers answer."""
        try:
            self._call("GET", "/readers")
        except NotYetError:
            return False
        return True

    def _call(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        return self._answer(method, path, data)[1]

    def _answer(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self._url + path, body, method=method)  # noqa: S310 - checked at the start
        try:
            with self._opener.open(request, timeout=self._timeout_s) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                raise NotYetError(f"{method} {path} was answered with {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            raise NotYetError(f"{method} {path} was not answered: {type(error).__name__}") from None


class RehearsalControl(HttpService):
    """The switch of a rehearsal: loses a zone, and brings it back."""

    def lost_zone(self) -> str:
        """Return the zone that is lost now; empty when none is."""
        return str(self._call("GET", "/fault")["zone"])

    def lose_zone(self, zone: str, for_s: float) -> None:
        """Lose a zone; it comes back by itself after a while, whatever becomes of the runner."""
        self._call("POST", "/fault", {"zone": zone, "for_s": for_s})

    def restore_zone(self) -> None:
        """Bring the lost zone back."""
        self._call("DELETE", "/fault")

    def end(self) -> None:
        """End the rehearsal's process; it may be gone already."""
        with contextlib.suppress(NotYetError):
            self._call("DELETE", "/world")
