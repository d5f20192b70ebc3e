"""Shows the real thing: processes that are killed, a probe that lives on, a service that stops answering."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from integration.sandbox.world import Event, Times, World, load_times
from integration.sandbox.world.service import served, service_routes
from ledgergate.evidence.samples import back_for_good_at, outage_of
from runbooks.clock import ScaledClock
from runbooks.drills.aurora_writer_zone_loss import SOAK_S
from runbooks.events import Acted, Intent, Measured
from runbooks.journal import read_journal
from runbooks.model import Outcome
from runbooks.probes import ProbeProcess
from runbooks.progress import progress_of
from runbooks.samples import SampleFile
from tests.integration.sandbox.world.test_model import INSTANCES

ROOT: Final = Path(__file__).resolve().parents[2]
STORE: Final = "tests/runbooks/programs/store"
DRILL: Final = "aurora-writer-zone-loss"


def until(holds: Callable[[], bool], seconds: float = 150.0) -> None:
    """Wait until something holds; processes have no fake clock."""
    patience = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < patience, "it took too long"
        time.sleep(0.02)


def begun(journal: Path) -> "subprocess.Popen[str]":
    """Start a rehearsal of the drill as a user would."""
    arguments = ["run", DRILL, "--program", STORE, "--journal", str(journal), "--scale", "30", "--quiet"]
    return subprocess.Popen(
        [sys.executable, "-m", "runbooks", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def called(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Call the command line and wait for its end."""
    command = [sys.executable, "-m", "runbooks", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)


def holds_event(journal: Path, kind: str, step: str) -> bool:
    """Tell whether a journal holds an event of a step."""
    text = journal.read_text() if journal.exists() else ""
    return any(f'"kind":"{kind}"' in line and f'"step":"{step}"' in line for line in text.splitlines())


def leftovers(folder: Path) -> list[str]:
    """Return what lies in a folder beside journal, samples and lock."""
    belongs = (".jsonl", ".head", ".samples", ".lock")
    return sorted(path.name for path in folder.iterdir() if path.suffix not in belongs)


def test_a_killed_drill_is_resumed_and_its_rto_was_measured_all_the_while(tmp_path: Path) -> None:
    """`kill -9` around the fail-over: it took effect once, and the probe has not noticed the death.

    How long that took depends on how busy this machine is; that it is what the probe saw does not.
    """
    journal = tmp_path / "drill.jsonl"
    with begun(journal) as process:
        until(lambda: holds_event(journal, "intent", "fail-over"))
        process.kill()
    assert progress_of(read_journal(journal)).outcome is Outcome.INTERRUPTED
    samples = SampleFile(journal.with_name(journal.name + ".samples"))
    seen = len(samples.read())
    until(lambda: len(samples.read()) > seen + 3)
    done = called("resume", journal, "--quiet")
    events = read_journal(journal)
    closed = progress_of(events).closed
    assert closed is not None
    assert (done.stderr, closed.left) == ("", ())
    assert done.returncode == 0 or closed.reason.endswith("(rehearsal)"), closed.reason
    intents = [event for event in events if isinstance(event, Intent) and event.step == "fail-over"]
    acted = [event for event in events if isinstance(event, Acted) and event.step == "fail-over"]
    assert len(acted) == 1
    # Only what was killed before its call went out is called again.
    assert len(intents) == 1 or acted[0].note == ""
    measured = [event for event in events if isinstance(event, Measured)][-1]
    lost_at = next(event.at for event in events if isinstance(event, Intent) and event.step == "lose-zone")
    counted = samples.read()[: measured.samples]
    assert (measured.lost, measured.rto_s) == (0, outage_of(counted, lost_at, SOAK_S).seconds)
    assert [sample.number for sample in counted] == [*range(1, len(counted) + 1)]
    assert leftovers(tmp_path) == []


def test_a_killed_drill_is_undone(tmp_path: Path) -> None:
    """`kill -9` while the zone is lost: `undo` brings it back, and there is nothing to resume after that."""
    journal = tmp_path / "drill.jsonl"
    with begun(journal) as process:
        until(lambda: holds_event(journal, "acted", "lose-zone"))
        process.kill()
    done = called("undo", journal, "--quiet")
    assert done.returncode == 0
    assert "lose-zone        is as before" in done.stdout
    again = called("resume", journal)
    assert (again.returncode, leftovers(tmp_path)) == (2, [])
    assert "error: " in again.stderr
    assert called("report", journal).returncode == 130


def test_ctrl_c_takes_the_drill_back(tmp_path: Path) -> None:
    """One interrupt is answered with the undos, a report, and 130."""
    journal = tmp_path / "drill.jsonl"
    with begun(journal) as process:
        until(lambda: holds_event(journal, "passed", "fail-over"))
        process.send_signal(signal.SIGINT)
        output, said = process.communicate(timeout=150)
    assert process.returncode == 130
    assert said.startswith("note: stopping: what was done is taken back")
    assert "outcome interrupted: somebody stopped it" in output
    assert "fail-over        is as before" in output
    assert leftovers(tmp_path) == []


def test_a_fault_of_known_length_is_measured_from_outside_to_the_second(tmp_path: Path) -> None:
    """The probe's process sees over HTTP what happened, within a second of the drill's time."""
    clock = ScaledClock(time.time(), 5.0)
    table = load_times()
    at_once = replace(table.spans[Event.RESTART], lowest_s=0.01, highest_s=0.02)
    world = World(INSTANCES, Times({**table.spans, Event.RESTART: at_once}), clock.now)
    samples = SampleFile(tmp_path / "samples")
    with served(service_routes(world)) as url:
        probe = ProbeProcess(url, samples.path, clock)
        probe.start()
        until(lambda: len(samples.read()) > 2)
        since = world.lose_zone("z1", for_s=7.0).since
        until(lambda: back_for_good_at(samples.read(), since, soak_s=4.0) is not None)
        probe.start()
        probe.stop()
    found = outage_of(samples.read(), since, soak_s=4.0)
    assert found.seconds == pytest.approx(7.0, abs=max(found.resolution_s, 1.0))
    numbers = [sample.number for sample in samples.read()]
    assert numbers == sorted(set(numbers))
    assert not probe.runs()
