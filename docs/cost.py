"""Write what the payment system costs a month to docs/cost.md, or check that it is still true.

Amounts come from the graph that the engine captures, prices from prices.toml beside this file.
"""

import datetime as dt
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
# Run as a script, Python sees this folder only.
sys.path.insert(0, str(ROOT))

from docs.quantities import HOURS, Quantity, capacity_bounds, quantities  # noqa: E402 - after the path
from ledgergate.graph import Graph  # noqa: E402 - as above

TABLE: Final = ROOT / "docs" / "cost.md"
PRICES: Final = ROOT / "docs" / "prices.toml"
PROGRAM: Final = ROOT / "infra" / "payments"

ASKED_USD: Final = (425, 650)
"""What the demand B-89 expects of a month."""

_HEAD: Final = """\
# What the payment system costs

Written by `nox -s docs` from the graph of each stack and from [prices.toml](prices.toml). Change those, not this file.
Prices are US dollars on demand in us-east-1, read on the dates below; free allowances and discounts are not taken off.
"""


@dataclass(frozen=True, slots=True)
class Price:
    """One price.

    Args:
        usd: US dollars for one unit.
        source: Where it was read, and of what date it is.
        read: When it was read.
    """

    usd: float
    source: str
    read: dt.date


@dataclass(frozen=True, slots=True)
class PriceList:
    """What is known of prices and assumed of use.

    Args:
        prices: Name → price.
        usage: Assumption → amount a month.
        unpriced: What nobody stated a price for → where to look it up.
    """

    prices: Mapping[str, Price]
    usage: Mapping[str, float]
    unpriced: Mapping[str, str]

    def usd(self, quantity: Quantity) -> float:
        """Return what a line costs a month."""
        return quantity.amount * self.prices[quantity.price].usd


def load_prices(path: Path = PRICES) -> PriceList:
    """Read prices, assumptions, and what has no price."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    prices = {name: Price(**row) for name, row in written["price"].items()}
    return PriceList(prices, written["usage"], written["unpriced"])


def total(lines: Iterable[Quantity], prices: PriceList, *, assumed: bool) -> float:
    """Return the sum of the lines that are counted, or of those that are assumed."""
    return sum(prices.usd(line) for line in lines if line.assumed is assumed)


def render(stack: str, graph: Graph, prices: PriceList) -> Iterator[str]:
    """Yield the lines of one stack."""
    lines = quantities(graph, prices.usage)
    yield f"## {stack}"
    yield ""
    yield "| service | paid for | amount a month | USD each | USD a month |"
    yield "|---|---|--:|--:|--:|"
    for line in lines:
        mark = " (assumed)" if line.assumed else ""
        each = prices.prices[line.price].usd
        yield f"| {line.service} | {line.what}{mark} | {line.amount:,.10g} | {each:g} | {prices.usd(line):,.2f} |"
    counted, assumed = (total(lines, prices, assumed=kind) for kind in (False, True))
    yield f"| **total** | | | | **{counted + assumed:,.2f}** |"
    yield ""
    yield from _conclusion(graph, prices, counted, assumed)
    yield ""


def _conclusion(graph: Graph, prices: PriceList, counted: float, assumed: float) -> Iterator[str]:
    low, high = ASKED_USD
    sum_ = counted + assumed
    lowest, most = capacity_bounds(graph)
    more = (most - lowest) * HOURS * prices.prices["acu-hour"].usd
    place = "below" if sum_ < low else "above" if sum_ > high else "within"
    yield (
        f"{counted:,.2f} follow from what the stack holds, {assumed:,.2f} from the assumptions about use. The sum is "
        f"{place} the {low} to {high} that were expected, and it leaves out what has no price below."
    )
    yield (
        f"The database counts at its lowest capacity, {lowest:g} units in all; at its limit of {most:g} the whole "
        f"month it would add {more:,.2f}."
    )


def appendix(prices: PriceList) -> Iterator[str]:
    """Yield what is left to the reader, what is assumed, and where prices come from."""
    yield "## Without a price here"
    yield ""
    yield "No statement of these prices was found that could be cited. Look them up before you decide:"
    yield ""
    yield from (f"- {what}: <{where}>" for what, where in prices.unpriced.items())
    yield ""
    yield "## Assumed of a month"
    yield ""
    yield from (f"- {name.replace('_', ' ')}: {amount:,g}" for name, amount in prices.usage.items())
    yield ""
    yield "## Sources"
    yield ""
    yield "| price | USD | source | read |"
    yield "|---|--:|---|---|"
    for name, price in prices.prices.items():
        yield f"| {name} | {price.usd:g} | {price.source} | {price.read} |"
    yield ""


def document(graphs: Mapping[str, Graph], prices: PriceList) -> str:
    """Return the whole document."""
    tables = (line for stack, graph in graphs.items() for line in render(stack, graph, prices))
    return "\n".join([_HEAD, *tables, *appendix(prices)])


def captured() -> Mapping[str, Graph]:
    """Return stack → graph of the payment system."""
    from ledgergate.engine.attempts import evaluate
    from ledgergate.engine.launcher import Run
    from ledgergate.engine.project import load_project, load_stack

    project = load_project(PROGRAM)
    return {stack: evaluate(Run(project, load_stack(project, stack))).graph for stack in project.stacks}


def main() -> None:
    """Write the document, or with `--check` exit 1 when it is stale."""
    written = document(captured(), load_prices())
    if TABLE.is_file() and TABLE.read_text(encoding="utf-8") == written:
        return
    if "--check" in sys.argv[1:]:
        sys.exit("docs/cost.md is stale: run `nox -s docs`")
    TABLE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
