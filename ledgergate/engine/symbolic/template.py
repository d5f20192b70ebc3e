"""Templates of identities: text with placeholders for inputs, the place and minted digits.

`{name}` is an input (dotted for nested ones), `{name|filter}` a part of it, `{name=text}` has a default,
`{name=@account}` a default from the place. `{partition}`, `{region}`, `{account}`, `{dns}`, `{id}` and `{arn}`
are what they say; `{hex16}`, `{ec2}`, `{uuid}` and the like are minted, `{hex16:salt}` for a second one.

Runs inside the program's interpreter: standard library only.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from ledgergate.engine import wire
from ledgergate.engine.symbolic.filters import FILTERS
from ledgergate.engine.symbolic.mint import maker
from ledgergate.engine.symbolic.place import Place

_PLACEHOLDER: Final = re.compile(r"\{([\w.]+)(?::(\w+))?(?:\|(\w+))?(?:=([^}]*))?\}")
_KMS_KEY: Final = "kmskey"
_OPTIONAL: Final = {
    "busdash": "(?:.*?-)?",
    "buspath": "(?:.*?/)?",
    "colon": "(?::.*?)?",
    "comma": "(?:,.*?)?",
    "slashed": "(?:/.*?)?",
    "underscored": "(?:_.*?)?",
}
"""Filter → what it leaves in a text, for taking the text apart."""

_PLACE: Final = {"partition": "[a-z-]+", "region": "[a-z0-9-]*", "account": r"\d*", "dns": "[a-z.]+"}
"""Part of the place → what it looks like."""


class Subject(Protocol):
    """What a template speaks about."""

    place: Place

    def value(self, name: str) -> wire.Wire:
        """Return an input, the id or the ARN; None when absent, the unknown sentinel when nobody knows."""
        ...

    def minted(self, salt: str) -> str | None:
        """Return digits to mint from, or None where nothing may be minted."""
        ...


Part = Callable[[Subject], str | None]


class Template:
    """A compiled template.

    Args:
        text: The template.
    """

    __slots__ = ("_parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts: list[str | Part] = []
        position = 0
        for found in _PLACEHOLDER.finditer(text):
            if found.start() > position:
                self._parts.append(text[position : found.start()])
            self._parts.append(_part(*found.groups()))
            position = found.end()
        if position < len(text):
            self._parts.append(text[position:])

    def render(self, subject: Subject) -> str | None:
        """Return the text; None when something is absent, the unknown sentinel when something is unknown."""
        done: list[str] = []
        for part in self._parts:
            text = part if isinstance(part, str) else part(subject)
            if text is None or text == wire.UNKNOWN:
                return text
            done.append(text)
        return "".join(done)

    def pattern(self, expand: Mapping[str, "Template"]) -> str:
        """Return a regular expression that takes a rendered text apart; plain placeholders are its groups.

        Args:
            expand: Placeholder → the template that stands for it.
        """
        seen: set[str] = set()
        return _pattern(self, expand, seen)


def _pattern(template: Template, expand: Mapping[str, Template], seen: set[str]) -> str:
    done: list[str] = []
    position = 0
    for found in _PLACEHOLDER.finditer(template.text):
        name, salt, chosen, default = found.groups()
        done.append(re.escape(template.text[position : found.start()]))
        position = found.end()
        if name in expand:
            done.append(_pattern(expand[name], expand, seen))
        elif chosen in _OPTIONAL:
            done.append(_OPTIONAL[chosen])
        elif chosen or default is not None or salt or maker(name) or "." in name or name == _KMS_KEY:
            done.append(".*?")
        elif name in seen:
            done.append(f"(?P={name})")
        else:
            seen.add(name)
            done.append(f"(?P<{name}>{_PLACE.get(name, '.+?')})")
    done.append(re.escape(template.text[position:]))
    return "".join(done)


def _part(name: str, salt: str | None, chosen: str | None, default: str | None) -> Part:
    if name in _PLACE:
        read: Part = _place_part(name)
    elif name == _KMS_KEY:
        read = _kms_key
    else:
        make = maker(name)
        if make is not None:
            return lambda subject: None if (digits := subject.minted(salt or "")) is None else make(digits)
        read = _value_part(name)
    pick = FILTERS[chosen] if chosen else None
    return lambda subject: _finish(read(subject), subject, pick, default)


def _finish(
    text: str | None, subject: Subject, pick: Callable[[str, Place], str | None] | None, default: str | None
) -> str | None:
    if text is None:
        if default is None:
            return None
        return str(getattr(subject.place, default[1:])) if default.startswith("@") else default
    if text == wire.UNKNOWN or pick is None:
        return text
    return pick(text, subject.place)


def _place_part(name: str) -> Part:
    return lambda subject: str(getattr(subject.place, name))


def _value_part(name: str) -> Part:
    return lambda subject: as_text(subject.value(name))


def _kms_key(subject: Subject) -> str | None:
    digits = subject.minted("")
    if digits is None:
        return None
    multi_region = subject.value("multiRegion") is True
    kind = maker("hex32" if multi_region else "uuid")
    return f"mrk-{kind(digits)}" if multi_region and kind else kind(digits) if kind else None


def as_text(value: wire.Wire) -> str | None:
    """Return a wire value as it stands in an identity; lists are sorted and joined by colons."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, list):
        texts = [as_text(item) for item in value]
        if wire.UNKNOWN in texts:
            return wire.UNKNOWN
        return ":".join(sorted(text for text in texts if text is not None))
    return None
