"""The pipe between the gate and the process that holds program and engine: JSON messages, length first.

Runs inside the program's interpreter: standard library only.
"""

import json
import os
import socket
import struct
import threading
from collections.abc import Mapping
from typing import Any, Final

_LENGTH: Final = struct.Struct(">Q")
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode
"""Bound here once: a program that replaces `json.dumps` must not change what the engine sends."""


class ChannelClosedError(Exception):
    """The other end is gone, or this is a forked copy of the process that has it."""


class Channel:
    """One end of the pipe.

    Args:
        connection: A connected stream socket.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._owner = os.getpid()
        self._sending = threading.Lock()
        self._asking = threading.Lock()

    def send(self, message: Mapping[str, Any]) -> None:
        """Send one message; a message of another thread waits until it is through.

        Raises:
            ChannelClosedError: Nobody reads any more.
        """
        self._demand_owner()
        body = _encode(message).encode()
        try:
            with self._sending:
                self._socket.sendall(_LENGTH.pack(len(body)))
                self._socket.sendall(body)
        except OSError as error:
            raise ChannelClosedError from error

    def receive(self) -> dict[str, Any]:
        """Wait for one message.

        Raises:
            ChannelClosedError: The other end closed before a whole message came, or something else wrote into it.
        """
        self._demand_owner()
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        try:
            message: dict[str, Any] = _decode(self._read(length).decode())
        except ValueError as error:
            raise ChannelClosedError from error
        return message

    def ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Send a question and wait for its answer; one question at a time."""
        with self._asking:
            self.send(message)
            return self.receive()

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _demand_owner(self) -> None:
        """Keep a forked copy from mixing its words into those of the process that has the pipe."""
        if os.getpid() != self._owner:
            raise ChannelClosedError

    def _read(self, count: int) -> bytearray:
        received = bytearray()
        while len(received) < count:
            try:
                chunk = self._socket.recv(min(count - len(received), 1 << 20))
            except OSError as error:
                raise ChannelClosedError from error
            if not chunk:
                raise ChannelClosedError
            received += chunk
        return received
