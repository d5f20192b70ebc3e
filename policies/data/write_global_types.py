"""Write `global_types.txt` from the installed pulumi-aws: `python -m policies.data.write_global_types`."""

import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from policies.data.write_taggable_types import read_parameters

TABLE = Path(__file__).with_name("global_types.txt")

_OTHER_MEANING = """
aws:arcregionswitch/plan:Plan
aws:cfg/aggregateAuthorization:AggregateAuthorization
aws:cloudformation/stackSetInstance:StackSetInstance
aws:invoicing/invoiceUnit:InvoiceUnit
aws:servicequotas/template:Template
aws:ssmincidents/replicationSet:ReplicationSet
"""
"""Types whose `region` is not where they are managed. Source: properties of pulumi-aws 7.51.1, read 2026-11-30."""

HEADER = """\
# Every resource type of pulumi-aws {version} that has no input `region`, or means something else by it.
# Source: constructors of pulumi-aws {version}, read {day}. Written by policies/data/write_global_types.py.
"""


def main() -> int:
    """Write the table beside this file and say how many types it holds."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        sys.stderr.write("pulumi-aws is not installed\n")
        return 2
    tokens = sorted(read_global_types(Path(spec.origin).parent))
    header = HEADER.format(version=importlib.metadata.version("pulumi-aws"), day=datetime.now(tz=UTC).date())
    TABLE.write_text(header + "".join(f"{token}\n" for token in tokens), encoding="utf-8")
    sys.stdout.write(f"{len(tokens)} types written to {TABLE.name}\n")
    return 0


def read_global_types(package: Path) -> Iterator[str]:
    """Yield the token of each resource class in the package's sources that takes no Region of its own."""
    other_meaning = _OTHER_MEANING.split()
    for token, parameters in read_parameters(package):
        if "region" not in parameters or token in other_meaning:
            yield token


if __name__ == "__main__":
    sys.exit(main())
