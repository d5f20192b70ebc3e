"""The pipe between the gate and the process that holds program and engine: JSON messages, length first."""

import json
import os
import socket
import struct
import threading
from collections.abc import Mapping
from typing import Any, Final

_LENGTH: Final = struct.Struct(">I")


class ChannelClosedError(Exception):
    """The other end is gone."""


class Channel:
    """One end of the pipe.

    Args:
        connection: A connected stream socket.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._owner = os.getpid()
        self._lock = threading.Lock()

    def send(self, message: Mapping[str, Any]) -> None:
        """Send one message; a forked copy of the process sends nothing.

        Raises:
            ChannelClosedError: Nobody reads any more.
        """
        if os.getpid() != self._owner:
            return
        body = json.dumps(message, separators=(",", ":")).encode()
        try:
            self._socket.sendall(_LENGTH.pack(len(body)) + body)
        except OSError as error:
            raise ChannelClosedError from error

    def receive(self) -> dict[str, Any]:
        """Wait for one message.

        Raises:
            ChannelClosedError: The other end closed before a whole message came.
        """
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        message: dict[str, Any] = json.loads(self._read(length))
        return message

    def ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Send a question and wait for its answer; one question at a time."""
        with self._lock:
            self.send(message)
            return self.receive()

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _read(self, count: int) -> bytes:
        received = bytearray()
        while len(received) < count:
            try:
                chunk = self._socket.recv(min(count - len(received), 1 << 20))
            except OSError as error:
                raise ChannelClosedError from error
            if not chunk:
                raise ChannelClosedError
            received += chunk
        return bytes(received)
