"""The file in which the probe outside the runner writes down what it sees."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from ledgergate.evidence.samples import Sample, parse_samples


@dataclass(frozen=True, slots=True)
class SampleFile:
    """The samples on disk, one JSON line each.

    Args:
        path: The file; it may not be there yet.
    """

    path: Path

    def read(self) -> tuple[Sample, ...]:
        """Return the samples; a line that is being written is left out."""
        return parse_samples(self._content())

    def digest(self, count: int) -> str:
        """Return the SHA-256 over the first samples, hex: the probe goes on while somebody measures.

        Args:
            count: How many they are.
        """
        return hashlib.sha256(b"".join(self._content().splitlines(keepends=True)[:count])).hexdigest()

    def _content(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""


def render_sample(sample: Sample) -> bytes:
    """Return the line of a sample."""
    row = {"at": round(sample.at, 3), "number": sample.number, "ok": sample.ok, "steady": round(sample.steady, 3)}
    return json.dumps(row).encode() + b"\n"
