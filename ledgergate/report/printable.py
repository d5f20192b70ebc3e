"""Texts of a program made safe to show."""


def printable(text: str) -> str:
    """Return a text that changes nothing on a terminal: what cannot be printed is escaped, lines are joined."""
    return text if text.isprintable() else "".join(map(_shown, text))


def printable_lines(text: str) -> str:
    """Return `printable` of each line, the line ends kept."""
    return "\n".join(map(printable, text.splitlines()))


def shortened(text: str, longest: int = 400) -> str:
    """Return a text of so many characters at most, and a mark where something is left out."""
    return text if len(text) <= longest else f"{text[:longest]} [...]"


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else character.encode("unicode_escape").decode("ascii")
