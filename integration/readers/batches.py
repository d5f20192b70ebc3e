"""Names or ARNs in batches, for calls that take some at once."""

from collections.abc import Iterator, Sequence


def batches(names: Sequence[str], size: int) -> Iterator[list[str]]:
    """Yield as many names at once as one call takes."""
    for start in range(0, len(names), size):
        yield [*names[start : start + size]]
