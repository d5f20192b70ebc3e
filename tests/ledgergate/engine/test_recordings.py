"""The embedded engine says to packs and provider what the real engine said, and ends as it ended."""

from dataclasses import replace

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from ledgergate.engine.packs import PackError, PackHost, load_pack_config
from ledgergate.engine.packs.config import settings_of
from ledgergate.engine.packs.policy import pack_info
from tests.ledgergate.engine.recordings.outcome import ending, recorded_ending, request_differences
from tests.ledgergate.engine.recordings.replay import Replay, replay
from tests.ledgergate.engine.recordings.table import FOLDER, Difference, Recording, read_table

pytestmark = pytest.mark.usefixtures("programs_in_copies")

TABLE = read_table()
COMPARED = [recording for recording in TABLE if not recording.needs_state]
RUN = [recording for recording in COMPARED if not recording.pack_fails]
IN_THREADS = (
    *("cases/component_only-up", "cases/values-preview", "estate/1-preview", "estate/2-up"),
    *("small/mandatory-up", "small/raises-preview", "small/unknown-up"),
)
"""Runs that are compared with the SDK's own thread pool and code paths as well."""


def named(recordings: list[Recording]) -> pytest.MarkDecorator:
    """Return one parameter for each recording."""
    return pytest.mark.parametrize("recording", recordings, ids=lambda recording: recording.name)


def hold(recording: Recording, *, fast: bool) -> None:
    """Compare one replay with its recording: requests, reasons of the known differences, ending."""
    again = replay(recording, fast=fast)
    found = request_differences(recording, again)
    known = {place for difference in recording.differs for place in difference.places}
    assert {place: text for place, text in found.items() if place not in known} == {}
    assert known - set(found) == set(), "these differences are listed and do not occur any more"
    assert ending(recording, again) == recorded_ending(recording)
    assert_configured(recording, again.host)
    assert_printed(recording, again)


def assert_configured(recording: Recording, host: PackHost) -> None:
    """Compare what the packs said about themselves, and how their policies were configured."""
    given = load_pack_config(FOLDER / "packs" / recording.pack_config) if recording.pack_config else {}
    for recorded, pack in zip(recording.expected.get("packs", ()), host.packs, strict=False):
        message = json_format.ParseDict(recorded["info"], analyzer_pb2.AnalyzerInfo())
        assert pack_info(message, pack.info.version) == pack.info
        settings = {
            name: {"enforcementLevel": setting.level.name, "properties": setting.properties}
            for name, setting in settings_of(pack.info, given).items()
        }
        advisory = {"enforcementLevel": "ADVISORY"}
        assert {name: {**advisory, **setting} for name, setting in recorded["configure"].items()} == settings


def assert_printed(recording: Recording, again: Replay) -> None:
    """Compare what a program and its pack printed about their surroundings; Go and Python space JSON differently."""
    for who, lines in recording.expected.get("printed", {}).items():
        output = again.evaluation.output if who == "program" else again.packs[0].pack.output()
        printed = {line.replace(" ", "") for line in output.splitlines()}
        assert {line.replace(" ", "") for line in lines} - printed == set()


@named(RUN)
def test_run_is_the_recorded_one(recording: Recording) -> None:
    """Requests to packs and provider, exit code, resources, errors and violations are the recorded ones."""
    hold(recording, fast=True)


@named([recording for recording in RUN if recording.name in IN_THREADS])
def test_run_in_threads_is_the_recorded_one(recording: Recording) -> None:
    """The same holds when no code of the SDK is replaced and registrations arrive from its threads."""
    hold(recording, fast=False)


@named([recording for recording in COMPARED if recording.pack_fails])
def test_pack_that_cannot_be_used_stops_before_the_program(recording: Recording) -> None:
    """A pack that does not load, or refuses its configuration, gives the recorded message and no run."""
    with pytest.raises(PackError) as caught:
        replay(recording)
    [[*_, recorded]] = recording.expected["errors"]
    assert recorded in f"{caught.value.message}\n{caught.value.output}"
    assert recording.expected["exit_code"] == 1


def test_stale_difference_is_an_error() -> None:
    """A difference that is listed and does not occur fails the comparison."""
    recording = _recording("cases/component_only-preview")
    stale = Difference(("analyze",), "urn:pulumi:dev::cases::cases:a:A::outer", "properties.in", "once it differed")
    with pytest.raises(AssertionError, match="listed and do not occur any more"):
        hold(replace(recording, differs=(stale,)), fast=True)


def test_unlisted_difference_is_an_error() -> None:
    """A difference that is not listed fails the comparison, and the message says where it is."""
    recording = _recording("estate/1-preview")
    with pytest.raises(AssertionError, match="BucketNotification::shared"):
        hold(replace(recording, differs=()), fast=True)


def test_other_registration_is_an_error() -> None:
    """Where no calls to a pack were kept, a resource whose outputs are not the recorded ones fails the comparison."""
    recording = replace(_recording("cases/raise_top-preview"), provider={"only_arn": ["aws:s3/bucket:Bucket"]})
    with pytest.raises(AssertionError, match=r"'register', '.*Bucket::before', 'outputs\.bucket'"):
        hold(recording, fast=True)


def test_more_than_the_ending_is_compared() -> None:
    """Every run is held to requests or to registrations, but for four of which nothing but the output was recorded."""
    kept = {"analyzed", "order"}
    assert {each.name for each in RUN if not kept & set(each.expected) and each.kept is None} == {
        "small/existing-1-up",
        "small/mandatory-preview-diff",
        "small/mandatory-preview-json",
        "small/remediate-preview-show",
    }


def _recording(name: str) -> Recording:
    return next(recording for recording in TABLE if recording.name == name)


def test_table_lists_every_recording() -> None:
    """All 85 recorded runs are in the table: 69 compared, 16 that need a state from before, each with its reason."""
    folder = FOLDER / "expected"
    kept = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.json")}
    assert (len(TABLE), len(COMPARED), len(RUN)) == (85, 69, 66)
    assert len({recording.name for recording in TABLE}) == len(TABLE)
    assert kept == {recording.name for recording in COMPARED}


def test_differences_are_few_and_reasoned() -> None:
    """Only three values differ, and a run that depends on chance says why."""
    differs = [difference for recording in TABLE for difference in recording.differs]
    assert len(differs) == 3
    assert all(difference.reason for difference in differs)
    assert {bool(recording.varies_reason) for recording in TABLE if recording.varies} == {True}
    assert len([recording for recording in TABLE if recording.varies]) == 12
