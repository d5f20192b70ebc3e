"""Shows what a journal promises: what was appended is there, what was changed is refused, one runner at a time."""

import errno
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledgergate.evidence import GENESIS, seal
from ledgergate.evidence.heads import head_file
from runbooks.errors import JournalError
from runbooks.events import Acted, Closed, Event, Intent, Noted, Passed, Stopping, Undoing, Undone
from runbooks.journal import create_journal, open_journal, read_journal
from runbooks.model import Outcome
from runbooks.progress import progress_of

STEPS = st.sampled_from(["fault", "move", "traffic"])
TIMES = st.floats(0, 1e10, allow_nan=False)
STATES = st.dictionaries(st.text(max_size=5), st.integers(-9, 9) | st.text(max_size=5) | st.booleans(), max_size=2)
SHARES = st.floats(0, 1, exclude_max=True)
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


PATIENCE_S: Final = 600.0


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
        """Die within a write: only a part of the line, never its end, reaches the disk, and no head seals it."""
        whole, head = self.path.read_bytes(), head_file(self.path).read_bytes()
        self.journal.append(event)
        self.journal.close()
        line = self.path.read_bytes()[len(whole) :]
        self.path.write_bytes(whole + line[: int(len(line) * share)])
        head_file(self.path).write_bytes(head)
        self.journal = open_journal(self.path)
        assert self.journal.torn_bytes == int(len(line) * share)

    @rule(event=EVENTS)
    def die_before_the_head(self, event: Event) -> None:
        """Die between a line and its head: the line counts, and is sealed when the journal is opened again."""
        head = head_file(self.path).read_bytes()
        self.journal.append(event)
        self.expected.append(event)
        self.journal.close()
        head_file(self.path).write_bytes(head)
        self.journal = open_journal(self.path)
        assert head_file(self.path).read_bytes() != head

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
    @rule(share=SHARES, by=st.integers(1, 255))
    def change_a_byte(self, share: float, by: int) -> None:
        """Change one byte of any line, the last one too: the journal is refused."""
        changed = bytearray(self.path.read_bytes())
        changed[int(share * len(changed))] ^= by
        self._is_refused(bytes(changed))

    @precondition(lambda self: self.expected)
    @rule(share=SHARES)
    def drop_lines(self, share: float) -> None:
        """Drop lines at the beginning or at the end, all of them too, or cut into the end: the journal is refused."""
        content = self.path.read_bytes()
        lines = content.splitlines(keepends=True)
        count = 1 + int(share * len(lines))
        self._is_refused(b"".join(lines[count:]))
        self._is_refused(b"".join(lines[:-count]))
        self._is_refused(content[: -1 - int(share * len(lines[-1]))])

    @precondition(lambda self: self.expected)
    @rule()
    def lose_the_head(self) -> None:
        """Remove what seals the end: the journal is refused."""
        head = head_file(self.path).read_bytes()
        head_file(self.path).unlink()
        self._is_refused(self.path.read_bytes())
        head_file(self.path).write_bytes(head)
        self.journal.close()
        self.journal = open_journal(self.path)

    def _is_refused(self, content: bytes) -> None:
        before = self.path.read_bytes()
        self.path.write_bytes(content)
        with pytest.raises(JournalError):
            read_journal(self.path)
        with pytest.raises(JournalError):
            open_journal(self.path)
        self.path.write_bytes(before)

    @invariant()
    def holds_what_was_appended(self) -> None:
        """The file holds the events in order, and the journal stands where they lead."""
        if hasattr(self, "journal"):
            events = read_journal(self.path)
            assert [replace(event, wall=0.0) for event in events] == self.expected
            assert all(abs(event.wall - time.time()) < PATIENCE_S for event in events)
            assert self.journal.progress == progress_of(events)

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
    """The line is forced to disk, then its head, so that what follows never happens without them."""
    forced: list[tuple[bytes, bytes]] = []
    path = tmp_path / "drill.jsonl"
    with create_journal(path) as journal:
        before = head_file(path).read_bytes()
        monkeypatch.setattr(
            "runbooks.journal.os.fsync", lambda _: forced.append((path.read_bytes(), head_file(path).read_bytes()))
        )
        journal.append(Noted(at=1.0, text="now"))
    assert forced == [(path.read_bytes(), before), (path.read_bytes(), head_file(path).read_bytes())]


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
    with pytest.raises(JournalError, match="cannot be read: No such file"):
        open_journal(tmp_path / "drill.jsonl")
