"""What a program prints: read to the end, kept short, without secrets."""

import base64
import json
import re
import threading
from collections.abc import Iterator, Sequence
from typing import IO, Final
from urllib.parse import quote

_KEPT_BYTES: Final = 16 * 1024
_LINE_LENGTH: Final = 400
_LEAST_SPELLED: Final = 6
_CUT: Final = re.compile(r"[ \[]*(?:…|\.{3,})\]? ?")
"""Where somebody else shortened a text: the program, pydantic, `reprlib`, `textwrap`."""
SHORTEST_SECRET: Final = 3
"""Shorter secrets are left in texts: hiding every `1` would hide everything."""


def redact(text: str, secrets: Sequence[str]) -> str:
    """Replace every secret value in a text, as the Pulumi CLI does.

    Args:
        text: Any text.
        secrets: Values to hide, longest first.
    """
    for value in secrets:
        if len(value) >= SHORTEST_SECRET:
            text = text.replace(value, "[secret]")
    for cut in reversed(list(_CUT.finditer(text))):
        before, after = text[: cut.start()], text[cut.end() :]
        for value in secrets:
            if len(value) > _LEAST_SPELLED:
                before, after = _without_beginning(before, value), _without_end(after, value)
        text = f"{before}{cut[0]}{after}"
    return text


def _without_beginning(text: str, secret: str) -> str:
    """Hide the beginning of a secret where a text ends with it."""
    start = text.find(secret[:_LEAST_SPELLED], max(0, len(text) - len(secret)))
    while start >= 0:
        if secret.startswith(text[start:]):
            return f"{text[:start]}[secret]"
        start = text.find(secret[:_LEAST_SPELLED], start + 1)
    return text


def _without_end(text: str, secret: str) -> str:
    """Hide the end of a secret where a text begins with it."""
    start = text.rfind(secret[-_LEAST_SPELLED:], 0, len(secret))
    while start >= 0:
        end = start + _LEAST_SPELLED
        if secret.endswith(text[:end]):
            return f"[secret]{text[end:]}"
        start = text.rfind(secret[-_LEAST_SPELLED:], 0, end - 1)
    return text


def spellings(secret: str) -> tuple[str, ...]:
    """Return a secret and the forms in which programs most often print it: encoded, quoted, turned round, by line.

    Args:
        secret: Value to hide; a short one has no other forms, since they would hide what is none.
    """
    if len(secret) < _LEAST_SPELLED:
        return (secret,)
    content = secret.encode()
    encoded = (each(content).decode().rstrip("=") for each in (base64.b64encode, base64.urlsafe_b64encode))
    return (
        secret,
        secret[::-1],
        content.hex(),
        quote(secret),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        *encoded,
        *_lines(secret),
    )


def _lines(secret: str) -> Iterator[str]:
    """Yield the lines of a secret that has several."""
    lines = secret.splitlines()
    for line in map(str.strip, lines) if len(lines) > 1 else ():
        if len(line) >= _LEAST_SPELLED:
            yield line
            yield json.dumps(line)[1:-1]


def last_lines(text: str, count: int) -> list[str]:
    """Return the end of a text, ready for a terminal: each line cut, control characters replaced."""
    lines = text.strip().splitlines()[-count:]
    shown = ("".join(sign if sign.isprintable() or sign == "\t" else "\ufffd" for sign in line) for line in lines)
    return [line if len(line) <= _LINE_LENGTH else f"{line[:_LINE_LENGTH]}…" for line in shown]


class Tail:
    """Reads a stream in the background and keeps its end.

    Args:
        stream: What the process prints.
        secrets: Texts to hide, longest first.
    """

    def __init__(self, stream: IO[bytes] | None, secrets: Sequence[str]) -> None:
        self._kept = bytearray()
        self._dropped = False
        self._secrets = tuple(secrets)
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[bytes] | None) -> None:
        if stream is None:
            return
        with stream:
            while chunk := stream.read(1 << 16):
                self._kept += chunk
                if len(self._kept) > _KEPT_BYTES:
                    self._dropped = True
                    del self._kept[:-_KEPT_BYTES]

    def finish(self, timeout_s: float = 2.0) -> None:
        """Wait until the stream has ended; a process that cannot be ended is not waited for."""
        self._thread.join(timeout_s)

    def text(self, secrets: Sequence[str] = ()) -> str:
        """Return the end of the output.

        Args:
            secrets: Further texts to hide.
        """
        hidden = sorted({*self._secrets, *secrets}, key=len, reverse=True)
        text = self._kept.decode("utf-8", "replace")
        if self._dropped:
            text = "…\n" + _without_rest(text.lstrip("\ufffd"), hidden)
        return redact(text, hidden)


def _without_rest(text: str, secrets: Sequence[str]) -> str:
    """Take off the end of a secret whose beginning was dropped."""
    for value in secrets:
        for start in range(1, len(value)):
            if text.startswith(value[start:]):
                return text[len(value) - start :]
    return text
