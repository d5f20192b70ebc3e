"""The pool: tasks lead to tasks, one that fails hides nobody, a defect is no finding."""

import threading
from collections.abc import Iterable

import pytest

from integration.scanning.asker import Asker, Desk
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Place, Reading, Subject, Task, Unread
from integration.scanning.scan import Carrier, first_tasks, places_of, scan
from tests.integration.scanning.lines import PLACE, Answer, CannedLine, nobody


def subject(name: str) -> Subject:
    """Return a subject of the test."""
    return Subject(PLACE.arn("s3", name), "aws:s3/bucket:Bucket", PLACE)


def carrier(line: CannedLine | None = None, workers: int = 4) -> Carrier:
    """Return a carrier whose calls are answered by the test."""
    return Carrier(nobody(), Asker(line or CannedLine({}), lambda _: None), PLACE.region, workers)


def fact(name: str) -> Observed:
    """Return a fact of the test."""
    return Observed(subject(name), name)


def test_tasks_lead_to_tasks() -> None:
    """Everything that tasks yield is worked through, at whatever depth, with fewer threads than tasks."""

    def split(depth: int, name: str) -> Task:
        def read(_: Desk) -> Iterable[Task | Observed]:
            return [split(depth - 1, name + side) for side in "ab"] if depth else [fact(name)]

        return Task(subject(name), (str,), read)

    found = list(scan(carrier(workers=2), [split(6, "")]))
    assert len({each.subject for each in found}) == len(found) == 64


def test_one_failure_hides_nobody() -> None:
    """A task that fails says so for its own subject; what it had found before stays found."""

    def torn(desk: Desk) -> Iterable[Observed]:
        yield fact("before")
        desk.one(desk.aws.s3.get_bucket_tagging, Bucket="x")

    def fine(_: Desk) -> Iterable[Observed]:
        yield fact("other")

    line = CannedLine({"GetBucketTagging": Trouble(Cause.DENIED, "AccessDenied")})
    tasks = [Task(subject("torn"), (str,), torn), Task(subject("fine"), (str,), fine)]
    found = list(scan(carrier(line), tasks))
    assert {each.fact for each in found if isinstance(each, Observed)} == {"before", "other"}
    (unread,) = (each for each in found if isinstance(each, Unread))
    assert (unread.subject, unread.facts, unread.failure.cause) == (subject("torn"), (str,), Cause.DENIED)
    assert unread.calls == (unread.failure.call,)


def test_an_answer_that_no_reader_expects_is_unparsable() -> None:
    """Whatever a reader stumbles over in an answer is put down to the call that it came from."""

    def read(desk: Desk) -> Iterable[Observed]:
        answer = desk.one(desk.aws.s3.get_bucket_tagging, Bucket="x")
        yield fact(answer["TagSet"][0]["Key"])

    answers: list[Answer] = [{}, {"TagSet": None}, {"TagSet": []}, {"TagSet": ["text"]}]
    for answer in answers:
        (found,) = scan(carrier(CannedLine({"GetBucketTagging": answer})), [Task(subject("x"), (str,), read)])
        assert isinstance(found, Unread)
        assert (found.failure.cause, found.failure.call.operation) == (Cause.UNPARSABLE, "GetBucketTagging")


def test_a_defect_is_raised() -> None:
    """What went wrong before anything was asked is no answer of AWS, and not silently undecided."""

    def broken(_: Desk) -> Iterable[Observed]:
        raise KeyError("a defect")

    with pytest.raises(KeyError, match="a defect"):
        list(scan(carrier(), [Task(subject("x"), (str,), broken)]))


def test_no_more_threads_than_asked_for() -> None:
    """The pool is bounded, however many tasks there are."""
    running, most, guard = [0], [0], threading.Lock()

    def read(_: Desk) -> Iterable[Observed]:
        with guard:
            running[0] += 1
            most[0] = max(most[0], running[0])
        yield fact("x")
        with guard:
            running[0] -= 1

    assert len(list(scan(carrier(workers=3), [Task(subject("x"), (str,), read)] * 200))) == 200
    assert most[0] <= 3


def test_progress_ends_where_everything_is_through() -> None:
    """What is told of the progress never runs backwards and ends complete."""
    told: list[tuple[int, int]] = []
    tasks = [Task(subject("x"), (str,), lambda _: [fact("x")])] * 5
    list(scan(carrier(), tasks, lambda done, known: told.append((done, known))))
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_each_service_begins_where_it_lives() -> None:
    """A regional service begins in every Region, a global one once, and one whose facts nobody wants nowhere."""
    begun: list[tuple[str, str]] = []

    def reading(service: str, fact_: type, *, regional: bool) -> Reading:
        def begin(place: Place, _: frozenset[type]) -> Iterable[Task]:
            begun.append((service, place.region))
            return ()

        return Reading(service, regional, {fact_: ()}, begin)

    readings = [reading("a", str, regional=True), reading("b", str, regional=False), reading("c", int, regional=True)]
    list(first_tasks(readings, places_of("1" * 12, ["r1", "r2"]), frozenset({str})))
    assert begun == [("a", "r1"), ("a", "r2"), ("b", "")]
