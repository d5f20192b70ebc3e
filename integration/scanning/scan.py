"""`scan`: the facts about what an account holds in some places, and what could not be read of it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from queue import SimpleQueue

from integration.scanning.asker import Asker, Desk
from integration.scanning.calls import MALFORMED, CallFailedError, Cause, Failure
from integration.scanning.observed import Found, Observed, Place, Reading, Task, Unread
from integration.session import Connections


@dataclass(frozen=True, slots=True)
class Carrier:
    """Where a scan runs: threads of this process.

    Args:
        connections: Makes the clients.
        asker: Makes the calls.
        home: Region whose clients answer for what belongs to no Region.
        workers: Calls that are under way at once, >= 1.
        now: When the account is looked at.
    """

    connections: Connections
    asker: Asker
    home: str
    workers: int = 16
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def desk(self, task: Task) -> Desk:
        """Return where a task asks."""
        region = task.subject.place.region or self.home
        return Desk(self.asker, self.connections.clients(region), list(task.calls), self.now)


def places_of(account: str, regions: Iterable[str], partition: str = "aws") -> list[Place]:
    """Return the places of an account: the one without a Region first."""
    return [Place(account, region, partition) for region in ("", *regions)]


def first_tasks(readings: Iterable[Reading], places: Iterable[Place], facts: frozenset[type]) -> Iterator[Task]:
    """Yield the tasks that a scan begins with: each service in each place that can hold its resources."""
    where = list(places)
    for reading in readings:
        wanted = facts & reading.gives.keys()
        if wanted:
            for place in where:
                if bool(place.region) is reading.regional:
                    yield from reading.begin(place, wanted)


def scan(
    carrier: Carrier, tasks: Iterable[Task], on_step: Callable[[int, int], None] | None = None
) -> Iterator[Observed | Unread]:
    """Yield every fact, in the order in which they come in.

    One pool of threads works through services, Regions and resources alike. No task waits for another one.

    Args:
        carrier: Where it runs.
        tasks: What to begin with.
        on_step: Told how many tasks are through and how many are known.
    """
    found: SimpleQueue[Found | BaseException | None] = SimpleQueue()
    known = done = 0
    pool = ThreadPoolExecutor(carrier.workers, thread_name_prefix="scan")
    try:
        for task in tasks:
            known += 1
            pool.submit(_work, carrier, task, found)
        while done < known:
            each = found.get()
            if isinstance(each, BaseException):
                raise each
            if each is None:
                done += 1
                if on_step is not None:
                    on_step(done, known)
            elif isinstance(each, Task):
                known += 1
                pool.submit(_work, carrier, each, found)
            else:
                yield each
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _work(carrier: Carrier, task: Task, found: "SimpleQueue[Found | BaseException | None]") -> None:
    try:
        for each in _read(carrier.desk(task), task):
            found.put(each)
    except BaseException as error:  # noqa: BLE001 - raised again where the results are read
        found.put(error)
    finally:
        found.put(None)


def _read(desk: Desk, task: Task) -> Iterator[Found]:
    """Yield what a task finds; where it fails, that the rest could not be read."""
    try:
        for each in task.read(desk):
            yield replace(each, calls=(*desk.calls, *(call for call in each.calls if call not in desk.calls)))
    except CallFailedError as error:
        yield Unread(task.subject, task.facts, error.failure, tuple(desk.calls))
    except MALFORMED:
        if not desk.calls:
            raise
        yield Unread(task.subject, task.facts, Failure(desk.calls[-1], Cause.UNPARSABLE), tuple(desk.calls))
