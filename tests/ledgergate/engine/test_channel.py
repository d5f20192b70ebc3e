"""Messages pass the pipe whole, whoever sends them at the same time."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledgergate.engine.channel import Channel, ChannelClosedError


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    """Give both ends of a pipe."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), Channel(theirs)


def answer_all(channel: Channel) -> None:
    """Answer each question with itself until the other end is closed."""
    while True:
        try:
            channel.send(channel.receive())
        except ChannelClosedError:
            return


def test_questions_of_several_threads(ends: tuple[Channel, Channel]) -> None:
    """Each thread gets the answer to its own question, however large the others' are."""
    near, far = ends
    server = threading.Thread(target=answer_all, args=(far,))
    server.start()
    questions = [{"number": number, "text": "x" * (number % 7) * 100_000} for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(near.ask, questions))
    near.close()
    server.join()
    assert answers == questions


def test_message_beside_a_question(ends: tuple[Channel, Channel]) -> None:
    """A message sent while another thread is asking does not fall into the middle of its question."""
    near, far = ends
    asking = threading.Thread(target=near.ask, args=({"kind": "question", "text": "x" * 5_000_000},))
    asking.start()
    near_sent = threading.Thread(target=near.send, args=({"kind": "result", "text": "y" * 5_000_000},))
    near_sent.start()
    received = {message["kind"]: set(message["text"]) for message in (far.receive(), far.receive())}
    far.send({})
    asking.join()
    near_sent.join()
    assert received == {"question": {"x"}, "result": {"y"}}


def test_closed_end(ends: tuple[Channel, Channel]) -> None:
    """A reader learns that nobody will write any more, even in the middle of a message; a writer that nobody reads."""
    near, far = ends
    near._socket.sendall((100).to_bytes(8) + b"{")
    near.close()
    with pytest.raises(ChannelClosedError):
        far.receive()
    with pytest.raises(ChannelClosedError):
        far.send({"text": "x"})


def test_foreign_words(ends: tuple[Channel, Channel]) -> None:
    """What is no message, because a program wrote into the pipe, ends the talk instead of confusing it."""
    near, far = ends
    near._socket.sendall((7).to_bytes(8) + b"nothing")
    with pytest.raises(ChannelClosedError):
        far.receive()


def test_forked_copy_is_silent(ends: tuple[Channel, Channel]) -> None:
    """A copy of the process that has the pipe neither writes into it nor takes its answers."""
    near, far = ends
    near._owner = os.getpid() + 1
    far.send({"for": "the owner"})
    with pytest.raises(ChannelClosedError):
        near.ask({"from": "the copy"})
    near._owner = os.getpid()
    assert near.receive() == {"for": "the owner"}


def test_replaced_json_functions(ends: tuple[Channel, Channel], monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that replaces `json.dumps` does not change what is sent."""
    near, far = ends
    monkeypatch.setattr(json, "dumps", lambda *_args, **_settings: "nonsense")
    monkeypatch.setattr(json, "loads", lambda *_args, **_settings: "nonsense")
    near.send({"plain": [1, None, "ü"]})
    assert far.receive() == {"plain": [1, None, "ü"]}
