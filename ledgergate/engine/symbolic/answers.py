"""Answers that the user gives for function calls: `--answers FILE`.

Runs inside the program's interpreter: standard library only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledgergate.engine import wire


class AnswersError(ValueError):
    """The answers are not of the form that is asked for; the text is shown to the user."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Args:
        token: Function token, `aws:ec2/getVpc:getVpc`.
        args: Arguments that a call must have, among others; camelCase.
        result: Result properties, camelCase.
    """

    token: str
    args: Mapping[str, wire.Wire] = field(default_factory=dict)
    result: Mapping[str, wire.Wire] = field(default_factory=dict)


def parse_answers(entries: Iterable[Any]) -> tuple[Answer, ...]:
    """Check answers as they come from YAML or JSON.

    Raises:
        AnswersError: An entry is not `{token, args, result}`.
    """
    return tuple(_parse(number, entry) for number, entry in enumerate(entries, start=1))


def find_answer(answers: Iterable[Answer], token: str, args: Mapping[str, wire.Wire]) -> Answer | None:
    """Return the first answer that fits a call: its token, and all arguments that it names are equal."""
    for answer in answers:
        if answer.token == token and all(args.get(key) == value for key, value in answer.args.items()):
            return answer
    return None


def _parse(number: int, entry: Any) -> Answer:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("token"), str):
        raise AnswersError(f"answer {number} has no function token, such as aws:ec2/getVpc:getVpc")
    unknown = sorted(set(entry) - {"token", "args", "result"})
    if unknown:
        raise AnswersError(
            f"answer {number} ({entry['token']}) has a key that is not token, args or result: {unknown[0]}"
        )
    args, result = entry.get("args") or {}, entry.get("result")
    if not isinstance(args, Mapping) or not isinstance(result, Mapping):
        raise AnswersError(f"answer {number} ({entry['token']}) needs a result, and args if any, as mappings")
    return Answer(entry["token"], args, result)
