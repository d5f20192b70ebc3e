"""Asks AWS: each call once, no faster than allowed, and every outcome kept."""

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from integration.scanning.calls import MALFORMED, Call, CallFailedError, Cause, Failure, Trouble, trouble_of
from integration.scanning.limits import Limits
from integration.scanning.outcome import Outcome
from integration.scanning.redaction import fit_to_keep
from integration.scanning.shapes import misfit
from integration.session import Clients, region_of

P = ParamSpec("P")
R = TypeVar("R")


class Line(Protocol):
    """Where calls are answered: AWS, or the evidence of an earlier scan."""

    def outcome(self, call: Call, operation: Callable[..., Any], parameters: Mapping[str, Any]) -> Outcome:
        """Return how a call ends; nothing is raised but what is a defect."""
        ...


class LiveLine:
    """Sends calls to AWS.

    Args:
        limits: How fast.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def outcome(self, call: Call, operation: Callable[..., Any], parameters: Mapping[str, Any]) -> Outcome:
        """See `Line.outcome`."""
        self._limits.take(call.region, call.service)
        try:
            answer = operation(**parameters)
        except (ClientError, BotoCoreError, ResponseParserError, *MALFORMED) as error:
            return Outcome(call, trouble=trouble_of(error))
        # Readers see what is kept, so that a replay judges exactly what the scan has judged.
        return Outcome(call, answer=fit_to_keep(answer, _shape_of(call, operation)))


Keep = Callable[[Outcome], None]


class Asker:
    """Makes each call once, whoever asks for it and however often.

    Args:
        line: Where it is answered.
        keep: Given every outcome, once.
    """

    def __init__(self, line: Line, keep: Keep) -> None:
        self._line = line
        self._keep = keep
        self._asked: dict[Call, Future[Outcome]] = {}
        self._asking = threading.Lock()

    def outcome(self, operation: Callable[..., Any], parameters: Mapping[str, Any]) -> Outcome:
        """Return how a call ended; who asks second waits for who asked first."""
        call = _call_of(operation, parameters)
        with self._asking:
            asked = self._asked.get(call)
            first = asked is None
            if asked is None:
                asked = self._asked[call] = Future()
        if first:
            try:
                found = _readable(self._line.outcome(call, operation, parameters), operation)
                self._keep(found)
                asked.set_result(found)
            except BaseException as error:
                asked.set_exception(error)
                raise
        return asked.result()


def _call_of(operation: Callable[..., Any], parameters: Mapping[str, Any]) -> Call:
    client = cast("Any", operation).__self__
    name = client.meta.method_to_api_mapping[operation.__name__]
    text = json.dumps(parameters, sort_keys=True, separators=(",", ":"))
    return Call(client.meta.service_model.service_name, name, region_of(client), text)


def _shape_of(call: Call, operation: Callable[..., Any]) -> Any:
    return cast("Any", operation).__self__.meta.service_model.operation_model(call.operation).output_shape


def _readable(found: Outcome, operation: Callable[..., Any]) -> Outcome:
    """Return an outcome; where its answer is of other types than the service documents, that nobody can read it."""
    wrong = misfit(found.answer, _shape_of(found.call, operation)) if found.answer is not None else ""
    return Outcome(found.call, trouble=Trouble(Cause.UNPARSABLE, wrong.lstrip(" ."))) if wrong else found


@dataclass(frozen=True, slots=True)
class Paging:
    """How an operation is paged.

    Args:
        token: Parameter that asks for a further page.
        result: Members that carry the items; a page without one of them is no page.
        answered: Member of an answer that names the further page; empty where it is called like the parameter.
        within: Member of an answer that is the page; empty where the answer itself is.
        counted: Member that says how many items a page has, of a service that leaves an empty list out; empty for none.
        may_lack: Whether the service leaves an empty list out and says nothing else of it.
    """

    token: str
    result: tuple[str, ...]
    answered: str = ""
    within: str = ""
    counted: str = ""
    may_lack: bool = False

    def page_of(self, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the page that an answer is, or None where it is none."""
        page = answer.get(self.within) if self.within else answer
        if not isinstance(page, Mapping):
            return None
        empty = self.may_lack or (bool(self.counted) and page.get(self.counted) == 0)
        whole = all(isinstance(page.get(name), list) or (empty and name not in page) for name in self.result)
        return page if whole else None


_MORE: Final = ("IsTruncated", "Truncated")
"""Members with which some services say that there is more."""


@dataclass(slots=True)
class Desk:
    """Where one unit of work asks, and what it has asked so far.

    Args:
        asker: Makes the calls.
        aws: Clients of the Region that is read.
        calls: Calls on which what is being read depends.
        now: When the account is looked at; a replay looks at it when the scan did.
    """

    asker: Asker
    aws: Clients
    calls: list[Call] = field(default_factory=list)
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def elsewhere(self, region: str) -> "Desk":
        """Return where to ask in a Region that a resource names; what is asked there counts as asked here."""
        return replace(self, aws=self.aws.elsewhere(region))

    def one(self, operation: Callable[P, R], *_: P.args, **parameters: P.kwargs) -> R:
        """Return the answer of a call.

        Raises:
            CallFailedError: It has none.
        """
        return cast("R", _demanded(self._asked(operation, parameters)))

    def one_or_none(self, absent: str, operation: Callable[P, R], *_: P.args, **parameters: P.kwargs) -> R | None:
        """Return the answer of a call, or None when the service says by the error code `absent` that there is nothing.

        Raises:
            CallFailedError: It has no answer for another reason.
        """
        found = self._asked(operation, parameters)
        if found.trouble is not None and found.trouble.code == absent:
            return None
        return cast("R", _demanded(found))

    def pages(self, paging: Paging, operation: Callable[P, R], *_: P.args, **parameters: P.kwargs) -> Iterator[R]:
        """Yield the pages of a list. While one is looked at, only its own call counts as asked.

        Raises:
            CallFailedError: A page has no answer, or is none.
        """
        before = list(self.calls)
        for page in self._paged(paging, operation, parameters):
            yield page
            self.calls[:] = before

    def every(self, paging: Paging, operation: Callable[P, R], *_: P.args, **parameters: P.kwargs) -> list[R]:
        """Return all pages of a list that is needed as a whole; all its calls count as asked.

        Raises:
            CallFailedError: A page has no answer, or is none.
        """
        return list(self._paged(paging, operation, parameters))

    def _paged(self, paging: Paging, operation: Callable[..., R], parameters: Mapping[str, Any]) -> Iterator[R]:
        asked: dict[str, Any] = dict(parameters)
        seen = set()
        while True:
            found = self._asked(operation, asked)
            answer = _demanded(found)
            page = paging.page_of(answer)
            if page is None:
                raise CallFailedError(Failure(found.call, Cause.UNPARSABLE))
            yield cast("R", answer)
            token = page.get(paging.answered or paging.token)
            if not token:
                if any(page.get(name) for name in _MORE):
                    raise CallFailedError(Failure(found.call, Cause.UNPARSABLE, "there is more, and no way to it"))
                return
            if token in seen:
                raise CallFailedError(Failure(found.call, Cause.UNPARSABLE, "the same page again"))
            seen.add(token)
            asked[paging.token] = token

    def _asked(self, operation: Callable[..., Any], parameters: Mapping[str, Any]) -> Outcome:
        found = self.asker.outcome(operation, parameters)
        if found.call not in self.calls:
            self.calls.append(found.call)
        return found


def _demanded(found: Outcome) -> Mapping[str, Any]:
    """Return the answer of a call.

    Raises:
        CallFailedError: It has none.
    """
    if found.answer is None:
        trouble = found.trouble or Trouble(Cause.UNPARSABLE, "")
        raise CallFailedError(Failure(found.call, trouble.cause, trouble.code))
    return found.answer
