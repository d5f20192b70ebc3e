"""Environment variables as facts hold them: a name, and what kind of text the value is, never the text."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from policies.facts.properties import UNKNOWN, lift


class Holding(StrEnum):
    """What kind of text a value is."""

    ACCESS_KEY = "an access key id"
    PEM = "a PEM block"
    URL = "a URL with a password"
    CONNECTION = "a connection string with a password"
    ARN = "an ARN"
    NAME = "a name"
    OTHER = "another text"


SECRETS: Final = frozenset({Holding.ACCESS_KEY, Holding.PEM, Holding.URL, Holding.CONNECTION})
"""Kinds that are secrets, whatever their variable is called."""

_FORMS: Final = (
    (Holding.ACCESS_KEY, re.compile(r"(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")),
    (Holding.PEM, re.compile(r"-----BEGIN [A-Z0-9 ]+-----")),
    (Holding.URL, re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s/@]+@", re.IGNORECASE)),
    (Holding.CONNECTION, re.compile(r"(?<![a-z])(password|pwd)\s*=\s*[^\s;]+", re.IGNORECASE)),
    (Holding.ARN, re.compile(r"\Aarn:[a-z-]+:[a-z0-9-]+:[^:\s]*:[^:\s]*:\S+\Z")),
    (Holding.NAME, re.compile(r"\A[A-Za-z0-9/_.+=@-]{1,512}\Z")),
)
"""Kind → form, the first that is found. What a stack calls a resource has the form of a name."""

_HIDDEN: Final = "[redacted]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One environment variable.

    Args:
        name: Its name.
        holds: What kind of text its value is; an audit keeps no value, and so no fact does.
    """

    name: str
    holds: Holding


def variable_of(name: Any, value: Any) -> Variable:
    """Return a variable of a name and a value, either of which may be unknown or secret."""
    return Variable(name=name, holds=lift(value, holding_of))


def holding_of(text: str) -> Any:
    """Return what kind of text a value is; `UNKNOWN` of one that was hidden without saying so."""
    if text.startswith(_HIDDEN):
        return next((kind for kind in Holding if text == f"{_HIDDEN} {kind}"), UNKNOWN)
    return next((kind for kind, form in _FORMS if form.search(text)), Holding.OTHER)


def hidden(text: str) -> str:
    """Return what an audit keeps of a value, of which `holding_of` says the same."""
    return f"{_HIDDEN} {holding_of(text)}"
