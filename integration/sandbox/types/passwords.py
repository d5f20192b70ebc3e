"""Random passwords, which no service holds: the sandbox draws them itself."""

import secrets
import string
from collections.abc import Iterator
from typing import Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject

_SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"
"""The provider's own choice. Source: `random_password`, attribute `override_special`, read 2026-11-30."""

_CLASSES: Final = (
    ("lower", string.ascii_lowercase, "minLower"),
    ("upper", string.ascii_uppercase, "minUpper"),
    ("numeric", string.digits, "minNumeric"),
    ("special", _SPECIAL, "minSpecial"),
)
"""Switch of a class of characters, the characters, and how many of them there must be."""


def _create(subject: Subject) -> str:
    # The provider's id is "none" for every password; here it has to tell one from another.
    id_ = secrets.token_hex(16)
    subject.aws.made[id_] = {"result": _draw(subject.inputs)}
    return id_


def _draw(wanted: Properties) -> str:
    classes = list(_classes(wanted))
    drawn = [secrets.choice(characters) for characters, least in classes for _ in range(least)]
    everything = "".join(characters for characters, _ in classes)
    drawn += [secrets.choice(everything) for _ in range(int(wanted["length"]) - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def _classes(wanted: Properties) -> Iterator[tuple[str, int]]:
    """Yield the characters of each class that is wanted, and how many of them there must be."""
    for switch, characters, least in _CLASSES:
        given = wanted.get(switch)
        if switch == "numeric" and given is None:
            given = wanted.get("number")
        if given is not False:
            own = wanted.get("overrideSpecial") if switch == "special" else None
            yield own or characters, int(wanted.get(least) or 0)


def read_made(subject: Subject) -> Properties:
    """Return what the sandbox made itself, and what it was made with.

    Raises:
        GoneError: It made nothing under this id.
    """
    if subject.id not in subject.aws.made:
        raise GoneError
    return {**subject.inputs, **subject.aws.made[subject.id]}


def forget_made(subject: Subject) -> None:
    """Forget what the sandbox made itself."""
    subject.aws.made.pop(subject.id, None)


HANDLERS: Final = (
    Handler(
        type="random:index/randomPassword:RandomPassword",
        create=_create,
        read=read_made,
        delete=forget_made,
        fixed=(
            "keepers",
            "length",
            "number",
            "overrideSpecial",
            *(name for switch, _, least in _CLASSES for name in (switch, least)),
        ),
    ),
)
