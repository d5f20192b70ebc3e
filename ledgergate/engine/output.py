"""What a program prints: read to the end, kept short, without secrets."""

import threading
from collections.abc import Sequence
from typing import IO, Final

_KEPT_BYTES: Final = 16 * 1024
SHORTEST_SECRET: Final = 3
"""Shorter secrets are left in texts: hiding every `1` would hide everything."""


def redact(text: str, secrets: Sequence[str]) -> str:
    """Replace every secret value in a text, as the Pulumi CLI does."""
    for value in secrets:
        if len(value) >= SHORTEST_SECRET:
            text = text.replace(value, "[secret]")
    return text


class Tail:
    """Reads a stream in the background and keeps its end.

    Args:
        stream: What the process prints.
        secrets: Texts to hide, longest first.
    """

    def __init__(self, stream: IO[bytes] | None, secrets: Sequence[str]) -> None:
        self._kept = bytearray()
        self._dropped = False
        self._secrets = secrets
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
        """Wait until the stream has ended; a process that outlived its group is not waited for."""
        self._thread.join(timeout_s)

    def text(self) -> str:
        """Return the end of the output."""
        start = "…\n" if self._dropped else ""
        return start + redact(self._kept.decode("utf-8", "replace"), self._secrets)
