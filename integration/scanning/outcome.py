"""How a call ended, as it is kept and as it is judged: an answer or the trouble with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integration.scanning.calls import Call, Cause, Trouble


@dataclass(frozen=True, slots=True)
class Outcome:
    """One call and how it ended.

    Args:
        call: The call.
        answer: Redacted JSON data; None when there is trouble.
        trouble: Why there is no answer; None when there is one.
    """

    call: Call
    answer: Mapping[str, Any] | None = None
    trouble: Trouble | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as evidence holds it."""
        call = self.call
        request = {"service": call.service, "operation": call.operation, "region": call.region}
        ended: dict[str, Any] = {"answer": self.answer}
        if self.trouble is not None:
            ended = {"error": {"cause": self.trouble.cause.value, "code": self.trouble.code}}
        return {"request": {**request, "parameters": call.parameters}, **ended}


def outcome_from_json(record: Mapping[str, Any]) -> Outcome:
    """Return what `Outcome.to_json` was made of.

    Raises:
        KeyError: Something is missing.
        ValueError: Something is wrong.
        TypeError: Something is of another kind.
    """
    request = record["request"]
    call = Call(**{name: str(request[name]) for name in ("service", "operation", "region", "parameters")})
    if "error" in record:
        error = record["error"]
        return Outcome(call, trouble=Trouble(Cause(error["cause"]), str(error["code"])))
    if not isinstance(record["answer"], Mapping):
        raise TypeError("the answer is no object")
    return Outcome(call, answer=record["answer"])
