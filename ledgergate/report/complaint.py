"""What goes to standard error."""

import sys

from ledgergate.report.printable import printable_lines


def complain(text: str, kind: str = "error") -> None:
    """Print a sentence to standard error, with nothing in it that changes a terminal."""
    print(f"{kind}: {printable_lines(text)}", file=sys.stderr)  # noqa: T201 - where errors belong
