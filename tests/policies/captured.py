"""The stacks of the payment system as the embedded engine captures them, each once for the whole session."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ledgergate.engine.attempts import evaluate
from ledgergate.engine.launcher import Run
from ledgergate.engine.project import load_project, load_stack
from ledgergate.graph import Graph
from policies.gating.judging import load_rules
from policies.gating.place import read_place
from policies.model import Control
from policies.settings import Settings

PAYMENTS: Final = Path(__file__).parents[2] / "infra" / "payments"
STACKS: Final = ("dev", "prod")


@dataclass(frozen=True, slots=True)
class Captured:
    """One stack, and what it is judged by.

    Args:
        graph: Its resources.
        controls: Every control.
        settings: Their parameters for the stack.
    """

    graph: Graph
    controls: tuple[Control, ...]
    settings: Settings


@cache
def captured(stack: str) -> Captured:
    """Return a stack of the payment system; its program is run the first time only."""
    project, place = load_project(PAYMENTS), read_place(PAYMENTS, stack)
    run = Run(project, load_stack(project, stack), place.account, place.partition, place.region)
    rules = load_rules(project, [stack], (), own_waivers=False)
    return Captured(evaluate(run).graph, rules.controls, rules.settings[stack])
