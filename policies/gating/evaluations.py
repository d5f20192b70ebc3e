"""Runs the stacks of a call in threads and hands over each as soon as it is there."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from typing import Final

from ledgergate.engine.estate import Estate, StackName, StoppedError
from ledgergate.engine.launcher import Evaluation
from ledgergate.errors import LedgergateError

Ended = tuple[StackName, Evaluation | LedgergateError]
_STOP_LIMIT_S: Final = 5.0
_JOIN_S: Final = 0.05


class Evaluations:
    """The evaluations of some stacks, in the order in which they end.

    Args:
        estate: Evaluates each.
        names: The stacks, in the order to begin them.
        jobs: How many run at once, >= 1.
    """

    def __init__(self, estate: Estate, names: Iterable[StackName], jobs: int) -> None:
        self._estate = estate
        self._waiting = deque(names)
        self._count = len(self._waiting)
        self._ended: SimpleQueue[Ended | BaseException] = SimpleQueue()
        # Daemons: a program that cannot be killed must not keep the gate from ending.
        self._threads = [
            threading.Thread(target=self._work, name=f"stack-{number}", daemon=True)
            for number in range(min(jobs, self._count))
        ]

    def start(self) -> None:
        """Begin; from here on the programs run."""
        for thread in self._threads:
            thread.start()

    def __iter__(self) -> Iterator[Ended]:
        for _ in range(self._count):
            ended = self._ended.get()
            if isinstance(ended, BaseException):
                raise ended
            if not isinstance(ended[1], StoppedError):
                yield ended

    def ended(self) -> Iterator[Ended]:
        """Yield what has ended and was not yet handed over, without waiting."""
        while not self._ended.empty():
            ended = self._ended.get()
            if not isinstance(ended, BaseException) and not isinstance(ended[1], StoppedError):
                yield ended

    def stop(self) -> None:
        """Kill every program and wait until nobody can start another one."""
        self._waiting.clear()
        for _ in range(int(_STOP_LIMIT_S / _JOIN_S)):
            self._estate.stop()
            for thread in self._threads:
                thread.join(_JOIN_S)
            if not any(thread.is_alive() for thread in self._threads):
                return

    def _work(self) -> None:
        while True:
            try:
                name = self._waiting.popleft()
            except IndexError:
                return
            try:
                self._ended.put((name, self._estate.evaluation(name)))
            except LedgergateError as error:
                self._ended.put((name, error))
            except BaseException as error:  # noqa: BLE001 - raised again where the results are read
                self._ended.put(error)
