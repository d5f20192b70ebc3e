"""Raw answers on disk: written while a scan runs, private, and judged again without AWS."""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from integration.scanning.calls import Call, Cause, Trouble
from integration.scanning.outcome import Outcome, outcome_from_json
from ledgergate.errors import LedgergateError

SCHEMA: Final = 1
INDEX_FILE: Final = "index.json"
SCAN_FILE: Final = "scan.json"
ANSWERS_FILE: Final = "answers.jsonl"
FINDINGS_FILE: Final = "findings.jsonl"

ParsedT = TypeVar("ParsedT")

_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was to be scanned.

    Args:
        name: What it is called in reports.
        folder: Name of the folder of its evidence; empty where there is none.
        scan_sha256: Digest of the file that ends its evidence; empty where its scan did not come to its end.
        error: Why it was not scanned; empty where it was, or was interrupted.
    """

    name: str
    folder: str = ""
    scan_sha256: str = ""
    error: str = ""


class Index:
    """The folder that takes the evidence of one call of the audit, and the list of what it was to scan.

    Args:
        path: The folder; made, readable by its owner alone.

    Raises:
        LedgergateError: It holds something already, or cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: list[Entry] = []
        _new_folder(path)

    def open(self, name: str) -> "Folder":
        """Return a folder for the evidence of one scan."""
        return Folder(self.path / name.replace("/", "."))

    def add(self, entry: Entry) -> None:
        """Note what became of one scan."""
        self._entries.append(entry)

    def close(self) -> None:
        """Write the list; without it a folder is no evidence.

        Raises:
            LedgergateError: It cannot be written.
        """
        listed = {"schema": SCHEMA, "targets": [asdict(entry) for entry in self._entries]}
        try:
            _write(self.path / INDEX_FILE, json.dumps(listed, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        except OSError as error:
            raise LedgergateError(f"--evidence {self.path}: cannot be written: {error.strerror}") from None


def _new_folder(path: Path) -> None:
    try:
        path.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise LedgergateError(f"--evidence {path}: the folder is not empty", "Name one that does not exist.")
        path.chmod(_PRIVATE_FOLDER)
    except OSError as error:
        raise LedgergateError(f"--evidence {path}: cannot be written: {error.strerror}") from None


class Folder:
    """A folder that takes the evidence of one scan.

    Args:
        path: The folder; made, readable by its owner alone.

    Raises:
        LedgergateError: It holds something already, or cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        _new_folder(path)
        try:
            self._answers = os.fdopen(_private(path / ANSWERS_FILE), "w", encoding="utf-8")
        except OSError as error:
            raise LedgergateError(f"--evidence {path}: cannot be written: {error.strerror}") from None

    def keep(self, outcome: Outcome) -> None:
        """Append how a call ended."""
        line = json.dumps(outcome.to_json(), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        with self._writing:
            self._answers.write(line + "\n")

    def close(self, name: str, scan: Mapping[str, Any], findings: str) -> Entry:
        """Write what the scan was about and what was found, and return what the index must know of it.

        Args:
            name: What the scanned is called in reports.
            scan: JSON data.
            findings: JSON Lines.

        Raises:
            LedgergateError: They cannot be written.
        """
        try:
            with self._writing:
                self._answers.flush()
                os.fsync(self._answers.fileno())
                self._answers.close()
            _write(self.path / FINDINGS_FILE, findings)
            digests = {f"{file}_sha256": _digest(self.path / f"{file}.jsonl") for file in ("answers", "findings")}
            written = {"schema": SCHEMA, **scan, **digests}
            _write(self.path / SCAN_FILE, json.dumps(written, indent=1, sort_keys=True) + "\n")
            return Entry(name, self.path.name, _digest(self.path / SCAN_FILE))
        except OSError as error:
            raise LedgergateError(f"--evidence {self.path}: cannot be written: {error.strerror}") from None

    def abandon(self) -> None:
        """Let go of the files of a scan that did not come to its end."""
        self._answers.close()


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)


def _write(path: Path, text: str) -> None:
    with os.fdopen(_private(path), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True)
class Recording:
    """The evidence of an earlier scan; a `Line` that answers from it.

    Args:
        scan: What the scan was about.
        outcomes: How each call ended.
        findings: What it found, as JSON data.
    """

    scan: Mapping[str, Any]
    outcomes: Mapping[Call, Outcome]
    findings: tuple[Mapping[str, Any], ...]

    def outcome(self, call: Call, _operation: Callable[..., Any], _parameters: Mapping[str, Any]) -> Outcome:
        """Return how a call ended then; one that was not made has no answer now."""
        return self.outcomes.get(call) or Outcome(call, trouble=Trouble(Cause.NOT_RECORDED, ""))


def recordings_in(path: Path) -> Iterator[tuple[Entry, Recording | None]]:
    """Yield what was to be scanned, and its evidence where the scan came to its end.

    Raises:
        LedgergateError: There is none, something in the folder is not in its index, or something was changed.
    """
    entries = _entries(path)
    _demand_names(path, {INDEX_FILE, *(entry.folder for entry in entries if entry.folder)})
    for entry in entries:
        yield entry, _read(path / entry.folder, entry) if entry.scan_sha256 else None


def _demand_names(path: Path, listed: set[str]) -> None:
    """Refuse a folder that holds something else, more or less than what was written there."""
    there = {each.name for each in path.iterdir()}
    if there != listed:
        names = ", ".join(sorted(there ^ listed))
        raise LedgergateError(f"--replay {path}: {names}: folder and {INDEX_FILE} do not fit together", _HINT)


_HINT: Final = f"Name what --evidence wrote, whole: a folder that holds {INDEX_FILE}."


def _entries(path: Path) -> list[Entry]:
    if not (path / INDEX_FILE).is_file():
        raise LedgergateError(f"--replay {path}: there is no evidence of an audit that came to its end", _HINT)
    try:
        index = json.loads((path / INDEX_FILE).read_text(encoding="utf-8"))
        entries = [Entry(**{str(key): str(value) for key, value in each.items()}) for each in index["targets"]]
    except OSError as error:
        raise LedgergateError(f"--replay {path}: cannot be read: {error.strerror}") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LedgergateError(f"--replay {path}: {INDEX_FILE} is malformed: {type(error).__name__}") from None
    if index.get("schema") != SCHEMA:
        raise LedgergateError(f"--replay {path}: {INDEX_FILE} is of another schema than {SCHEMA}")
    if not entries:
        raise LedgergateError(f"--replay {path}: {INDEX_FILE} lists nothing that was to be scanned")
    return entries


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(folder: Path, entry: Entry) -> Recording:
    try:
        _demand_names(folder, {SCAN_FILE, ANSWERS_FILE, FINDINGS_FILE})
        scan = _parsed(folder / SCAN_FILE, entry.scan_sha256, _scan)
        outcomes = _parsed(folder / ANSWERS_FILE, scan["answers_sha256"], _outcomes)
        findings = _parsed(folder / FINDINGS_FILE, scan["findings_sha256"], _findings)
    except OSError as error:
        raise LedgergateError(f"--replay {folder}: cannot be read: {error.strerror}") from None
    return Recording(scan, outcomes, findings)


def _parsed(path: Path, digest: str, parse: Callable[[IO[str]], ParsedT]) -> ParsedT:
    _demand_digest(path, digest)
    try:
        with path.open(encoding="utf-8") as file:
            return parse(file)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LedgergateError(f"--replay {path}: it is not what --evidence writes: {type(error).__name__}") from None


def _scan(file: IO[str]) -> Mapping[str, Any]:
    scan: dict[str, Any] = json.load(file)
    if scan["schema"] != SCHEMA:
        raise LedgergateError(f"--replay {file.name}: it is of another schema than {SCHEMA}")
    return {**scan, **{name: str(scan[name]) for name in ("answers_sha256", "findings_sha256")}}


def _outcomes(file: IO[str]) -> Mapping[Call, Outcome]:
    outcomes = [outcome_from_json(json.loads(line)) for line in file]
    return {each.call: each for each in outcomes}


def _findings(file: IO[str]) -> tuple[Mapping[str, Any], ...]:
    findings: list[dict[str, Any]] = [json.loads(line) for line in file]
    return tuple({**each, "control": str(each["control"])} for each in findings)


def _demand_digest(path: Path, digest: str) -> None:
    if _digest(path) != digest:
        raise LedgergateError(f"--replay {path}: it is not what the scan wrote", "Take the evidence from its archive.")
