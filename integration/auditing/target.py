"""One thing that is scanned and judged: a stack in a sandbox, an account, or the evidence of either."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from integration.auditing.doubt import Doubt
from integration.scanning.asker import Line
from integration.scanning.judging import Audit
from integration.scanning.observed import Place
from integration.session import Connections
from ledgergate.report.jsonl import as_json
from policies.model import Control

if TYPE_CHECKING:
    from policies.settings import Settings
    from policies.waivers import Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is scanned, and by what it is judged.

    Args:
        name: What it is called in reports.
        kind: `sandbox`, `account` or `replay`.
        account: Account id and partition.
        regions: Regions to scan.
        controls: Controls to apply.
        settings: Their parameters.
        connections: Makes the clients.
        line: Answers the calls.
        program: Project that was deployed; empty when nobody knows.
        stack: Its stack; empty when nobody knows.
        observed_at: RFC 3339 time in UTC.
        waivers: Accepted deviations.
        urns: ARN → URN of the resource of the program that it is; empty when nobody knows.
        notes: What a reader must know.
        differs: Tells whether an earlier judgement of the same answers gave other JSON Lines than these; None where
            there was none.
        doubts: What the scan leaves open whatever it finds, or unless it finds something.
        baseline: What the account of a sandbox was given before the program was deployed.
    """

    name: str
    kind: str
    account: Place
    regions: tuple[str, ...]
    controls: tuple[Control, ...]
    settings: "Settings"
    connections: Connections
    line: Line
    program: str = ""
    stack: str = ""
    observed_at: str
    waivers: "tuple[Waiver, ...]" = ()
    urns: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    differs: Callable[[str], bool] | None = None
    doubts: tuple[Doubt, ...] = ()
    baseline: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Everything that a reader must know: what passes by the baseline is none of the program's merit."""
        if not self.baseline:
            return self.notes
        return f"its account had before any program: {', '.join(self.baseline)}; see --no-account-baseline", *self.notes

    def audit(self) -> Audit:
        """Return what judges it."""
        return Audit(
            self.controls,
            self.settings,
            self.account,
            self.observed_at,
            program=self.program,
            stack=self.stack,
            urns=self.urns,
        )

    def to_json(self) -> Mapping[str, Any]:
        """Return what a replay must know of the scan."""
        return {
            "account": self.account.account,
            "baseline": list(self.baseline),
            "controls": [control.id for control in self.controls],
            "doubts": [{"finding": as_json(each.finding), "reach": each.reach.value} for each in self.doubts],
            "kind": self.kind,
            "name": self.name,
            "observed_at": self.observed_at,
            "partition": self.account.partition,
            "program": self.program,
            "regions": list(self.regions),
            "settings": self.settings.model_dump(mode="json"),
            "stack": self.stack,
            "urns": dict(self.urns),
            "waivers": [waiver.model_dump(mode="json") for waiver in self.waivers],
        }
