"""Raw answers on disk: written while a scan runs, private, and judged again without AWS."""

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from integration.scanning.calls import Call, Cause, Trouble
from integration.scanning.outcome import Outcome, outcome_from_json
from ledgergate.errors import LedgergateError

SCHEMA: Final = 1
SCAN_FILE: Final = "scan.json"
ANSWERS_FILE: Final = "answers.jsonl"
FINDINGS_FILE: Final = "findings.jsonl"

_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILE: Final = 0o600


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
        try:
            path.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise LedgergateError(f"--evidence {path}: the folder is not empty", "Name one that does not exist.")
            path.chmod(_PRIVATE_FOLDER)
            self._answers = os.fdopen(_private(path / ANSWERS_FILE), "w", encoding="utf-8")
        except OSError as error:
            raise LedgergateError(f"--evidence {path}: cannot be written: {error.strerror}") from None

    def keep(self, outcome: Outcome) -> None:
        """Append how a call ended."""
        line = json.dumps(outcome.to_json(), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        with self._writing:
            self._answers.write(line + "\n")

    def close(self, scan: Mapping[str, Any], findings: str) -> None:
        """Write what the scan was about and what was found; without these two a folder is no evidence.

        Args:
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
            _write(self.path / SCAN_FILE, json.dumps({"schema": SCHEMA, **scan}, indent=1, sort_keys=True) + "\n")
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
    """

    scan: Mapping[str, Any]
    outcomes: Mapping[Call, Outcome]

    def outcome(self, call: Call, _operation: Callable[..., Any], _parameters: Mapping[str, Any]) -> Outcome:
        """Return how a call ended then; one that was not made has no answer now."""
        return self.outcomes.get(call) or Outcome(call, trouble=Trouble(Cause.NOT_RECORDED, ""))


def recordings_in(path: Path) -> Iterator[Recording]:
    """Yield the evidence in a folder, or in the folders below it.

    Raises:
        LedgergateError: There is none, or it cannot be read.
    """
    found = sorted(path.rglob(SCAN_FILE)) if path.is_dir() else []
    if not found:
        hint = f"Name what --evidence wrote: a folder that holds {SCAN_FILE}, or one above it."
        raise LedgergateError(f"--replay {path}: there is no evidence of a finished scan", hint)
    for file in found:
        yield _read(file.parent)


def _read(folder: Path) -> Recording:
    try:
        scan = json.loads((folder / SCAN_FILE).read_text(encoding="utf-8"))
        with (folder / ANSWERS_FILE).open(encoding="utf-8") as lines:
            outcomes = [outcome_from_json(json.loads(line)) for line in lines]
    except OSError as error:
        raise LedgergateError(f"--replay {folder}: cannot be read: {error.strerror}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise LedgergateError(f"--replay {folder}: it is not what --evidence writes: {type(error).__name__}") from None
    if not isinstance(scan, dict) or scan.get("schema") != SCHEMA:
        raise LedgergateError(f"--replay {folder}: {SCAN_FILE} is of another schema than {SCHEMA}")
    return Recording(scan, {each.call: each for each in outcomes})
