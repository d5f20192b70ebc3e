"""Shows what a journal promises: what was appended is there, what was changed is refused, one runner at a time."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledgergate.evidence import GENESIS, seal
from runbooks.errors import JournalError
from runbooks.events import Acted, Closed, Event, Intent, Noted, Passed, Stopping, Undoing, Undone
from runbooks.journal import create_journal, one_runner, open_journal, read_journal
from runbooks.model import Outcome
from runbooks.progress import progress_of

STEPS = st.sampled_from(["fault", "move", "traffic"])
TIMES = st.floats(0, 1e10, allow_nan=False)
STATES = st.dictionaries(st.text(max_size=5), st.integers(-9, 9) | st.text(max_size=5) | st.booleans(), max_size=2)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Intent, at=TIMES, step=STEPS, before=STATES, wanted=STATES, undo=st.text(max_size=5)),
    st.builds(Acted, at=TIMES, step=STEPS),
    st.builds(Passed, at=TIMES, step=STEPS, note=st.text(max_size=5)),
    st.builds(Stopping, at=TIMES, outcome=st.sampled_from(Outcome), reason=st.text(max_size=5)),
    st.builds(Undoing, at=TIMES, step=STEPS),
    st.builds(Undone, at=TIMES, step=STEPS),
    st.builds(Noted, at=TIMES, text=st.text(max_size=20)),
    st.builds(Closed, at=TIMES, outcome=st.sampled_from(Outcome)),
)


class JournalModel(RuleBasedStateMachine):
    """A journal beside a plain list, through appends, crashes, torn ends and changed bytes."""

    @initialize(target_folder=st.uuids())
    def begin(self, target_folder: object) -> None:
        """Create an empty journal."""
        self.path = _FOLDER / f"{target_folder}.jsonl"
        self.path.unlink(missing_ok=True)
        self.journal = create_journal(self.path)
        self.expected: list[Event] = []

    @rule(event=EVENTS)
    def append(self, event: Event) -> None:
        """Append an event."""
        self.journal.append(event)
        self.expected.append(event)

    @rule()
    def open_again(self) -> None:
        """Go on in another process."""
        self.journal.close()
        self.journal = open_journal(self.path)

    @rule(event=EVENTS, share=st.floats(0, 0.99))
    def die_while_writing(self, event: Event, share: float) -> None:
        """Die within a write: only a part of the line, never its end, reaches the disk."""
        whole = self.path.read_bytes()
        self.journal.append(event)
        self.journal.close()
        line = self.path.read_bytes()[len(whole) :]
        self.path.write_bytes(whole + line[: int(len(line) * share)])
        self.journal = open_journal(self.path)
        assert self.journal.torn_bytes == int(len(line) * share)

    @rule(event=EVENTS, part=st.integers(0, 30))
    def run_out_of_disk(self, event: Event, part: int) -> None:
        """Fail within a write: nothing of the line remains, and the next one can be written."""
        write = os.write

        def full(descriptor: int, data: bytes) -> int:
            write(descriptor, data[:part])
            raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("runbooks.journal.os.write", full)
            with pytest.raises(JournalError, match="No space left"):
                self.journal.append(event)

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def change_a_byte(self, data: st.DataObject) -> None:
        """Change one byte that a later line vouches for, or drop a line: the journal is refused."""
        content = self.path.read_bytes()
        last = content.rfind(b"\n", 0, -1) + 1
        if last == 0:
            return
        at = data.draw(st.integers(0, last - 1))
        changed = bytearray(content)
        changed[at] ^= data.draw(st.integers(1, 255))
        self.path.write_bytes(changed)
        with pytest.raises(JournalError):
            read_journal(self.path)
        self.path.write_bytes(content[content.find(b"\n") + 1 :])
        with pytest.raises(JournalError):
            open_journal(self.path)
        self.path.write_bytes(content)

    @invariant()
    def holds_what_was_appended(self) -> None:
        """The file holds the events in order, and the journal stands where they lead."""
        if hasattr(self, "journal"):
            assert list(read_journal(self.path)) == self.expected
            assert self.journal.progress == progress_of(self.expected)

    def teardown(self) -> None:
        """Close the file."""
        if hasattr(self, "journal"):
            self.journal.close()


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    globals()["_FOLDER"] = tmp_path_factory.mktemp("journals")


_FOLDER = Path()
TestJournal = pytest.mark.usefixtures("_folder")(JournalModel.TestCase)
TestJournal.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)


def test_an_event_is_on_disk_before_append_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is forced to disk, so that what follows never happens without it."""
    forced: list[bytes] = []
    path = tmp_path / "drill.jsonl"
    with create_journal(path) as journal:
        monkeypatch.setattr("runbooks.journal.os.fsync", lambda _: forced.append(path.read_bytes()))
        journal.append(Noted(at=1.0, text="now"))
    assert forced == [path.read_bytes()]


def test_a_journal_is_never_overwritten(tmp_path: Path) -> None:
    """A new drill does not take the place of an old one's record."""
    create_journal(tmp_path / "drill.jsonl").close()
    with pytest.raises(JournalError, match="exists already"):
        create_journal(tmp_path / "drill.jsonl")


def test_a_line_that_is_no_event_is_refused(tmp_path: Path) -> None:
    """A chain that holds something else than a drill's events is not run."""
    line, _ = seal(1, GENESIS, {"kind": "surprise"})
    (tmp_path / "drill.jsonl").write_bytes(line)
    with pytest.raises(JournalError, match="no event of a drill"):
        open_journal(tmp_path / "drill.jsonl")


def test_a_missing_journal_is_one_sentence(tmp_path: Path) -> None:
    """A wrong path is a user's mistake."""
    with pytest.raises(JournalError, match="cannot be opened: No such file"):
        open_journal(tmp_path / "drill.jsonl")


HOLD = """
import sys, pathlib
from runbooks.journal import one_runner
with one_runner(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_runner_is_refused_until_the_first_is_gone_even_by_a_kill(tmp_path: Path) -> None:
    """The lock belongs to the process, so that no crash leaves it behind."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(JournalError, match=f"by process {holder.pid}"), one_runner(tmp_path):
            pass
        holder.kill()
    with one_runner(tmp_path):
        assert int((tmp_path / "runner.lock").read_text()) == os.getpid()
