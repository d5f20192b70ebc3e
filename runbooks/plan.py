"""The plan of a drill: what would be done, where, by which calls; two people approve its hash."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from ledgergate.engine.symbolic.regions import region_facts
from ledgergate.evidence import measuring, samples
from ledgergate.evidence.chain import canonical
from runbooks.errors import DrillError
from runbooks.model import Drill, Mode, Plane, Step

Target = TypeVar("Target")

MEASURING: Final = tuple(Path(str(module.__file__)) for module in (measuring, samples))
"""Sources below the drills that compute and judge what a drill measured."""

REHEARSAL: Final = "rehearsal"
"""How everything is labelled that happens in a sandbox."""


class PlanError(DrillError):
    """A drill must not be run like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a drill is run.

    Args:
        account: AWS account id, 12 digits.
        region: AWS Region.
        program: Folder of the Pulumi program whose profile holds for it.
        stack: Its stack.
        rehearsal: Whether that is a sandbox.
        cluster: Cluster identifier; empty in a rehearsal, where the stack has one.
        service: URL that takes numbered records; empty in a rehearsal, which has its own.
    """

    account: str
    region: str
    program: str
    stack: str
    rehearsal: bool
    cluster: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What stops a drill, whoever goes on with it.

    Args:
        alarms: CloudWatch alarms that must be OK.
        abort_file: Stops the drill when it is there; empty for one beside the journal.
    """

    alarms: tuple[str, ...] = ()
    abort_file: str = ""


NO_CARE: Final = Care()
"""Nothing but the file beside the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is approved, run and written at the head of the journal.

    Args:
        drill: Name of the drill.
        mode: How it is run.
        place: Where.
        care: What stops it.
        lost_regions: Regions whose control planes count as gone.
        rehearsal: Seed, scale and flaw of the world; empty on an account.
        steps: What is done, JSON data.
        targets: `rto_s`, `rpo_s`, `soak_s`.
        code: SHA-256 of the source of everything that plans, acts, measures and judges a drill: what was approved is
            what runs.
    """

    drill: str
    mode: Mode
    place: Place
    care: Care = NO_CARE
    lost_regions: tuple[str, ...] = ()
    rehearsal: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Mapping[str, Any], ...]
    targets: Mapping[str, float]
    code: str

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON data."""
        care = {**asdict(self.care), "alarms": list(self.care.alarms)}
        return {**asdict(self), "mode": self.mode.value, "care": care, "lost_regions": list(self.lost_regions)}

    @property
    def hash(self) -> str:
        """SHA-256 over everything that the plan says, hex."""
        return hash_of(self.to_json())


def hash_of(plan: Mapping[str, Any]) -> str:
    """Return the hash of a plan's JSON data, SHA-256, hex."""
    return hashlib.sha256(canonical(plan)).hexdigest()


def make_plan(
    drill: Drill[Target],
    mode: Mode,
    place: Place,
    *,
    care: Care = NO_CARE,
    lost_regions: Iterable[str] = (),
    rehearsal: Mapping[str, Any] | None = None,
) -> Plan:
    """Return the plan of a drill.

    Args:
        drill: The drill.
        mode: How to run it.
        place: Where.
        care: What stops it.
        lost_regions: Regions whose control planes count as gone.
        rehearsal: Seed, scale and flaw of the world.

    Raises:
        PlanError: A step needs a control plane that is gone, or a fault that nobody can inject there; or nobody knows
            of a Region that is said to be lost.
    """
    lost = tuple(sorted(set(lost_regions)))
    unknown = [region for region in lost if region_facts(region) is None]
    if unknown:
        raise PlanError(f"there is no Region {', '.join(unknown)}", "For example --lost-region us-east-1.")
    steps = drill.steps_in(mode)
    refused = list(_homed_in(steps, place.region, lost))
    if refused:
        hint = "Use a data-plane step in its place, or run the drill from another Region."
        raise PlanError(f"drill {drill.name} is refused: {'; '.join(refused)}", hint)
    if not place.rehearsal and any(step.is_fault for step in steps):
        hint = "Use --mode graceful: it moves the system while it is well."
        raise PlanError("on an account nothing injects a fault yet that ends by itself", hint)
    return Plan(
        drill=drill.name,
        mode=mode,
        place=place,
        care=care,
        lost_regions=lost,
        rehearsal=dict(rehearsal or {}),
        steps=tuple(_described(step, place.region) for step in steps),
        targets={"rto_s": drill.rto_target_s, "rpo_s": drill.rpo_target_s, "soak_s": drill.soak_s},
        code=source_hash(Path(__file__).parent, *MEASURING),
    )


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    """Return the plan that a journal holds.

    Raises:
        PlanError: It is none.
    """
    try:
        fields = {
            **data,
            "mode": Mode(data["mode"]),
            "place": Place(**data["place"]),
            "care": Care(alarms=tuple(data["care"]["alarms"]), abort_file=str(data["care"]["abort_file"])),
            "lost_regions": tuple(data["lost_regions"]),
            "steps": tuple(map(_step_from_json, data["steps"])),
        }
        return Plan(**fields)
    except (KeyError, TypeError, ValueError):
        raise PlanError("the journal holds no plan of this version") from None


def _step_from_json(data: Mapping[str, Any]) -> Mapping[str, Any]:
    missing = {"name", "acts", "undo"} - data.keys()
    if missing:
        raise KeyError(min(missing))
    return data


def _homed_in(steps: Iterable[Step[Any]], region: str, lost: tuple[str, ...]) -> Iterator[str]:
    for step in steps:
        for call in step.calls:
            home = call.home_region or region
            if call.plane is Plane.CONTROL and home in lost:
                yield f"step {step.name} calls {call.service}:{call.operation}, whose control plane is in {home}"


def _described(step: Step[Any], region: str) -> dict[str, Any]:
    return {
        "name": step.name,
        "summary": step.summary,
        "acts": step.act is not None or step.promises,
        "undo": step.taken_back_by,
        "restores": [] if step.undo else list(step.restores),
        "deadline_s": step.deadline_s,
        "calls": [
            {
                "call": f"{call.service}:{call.operation}",
                "plane": call.plane.value,
                "home": call.home_region or region,
            }
            for call in step.calls
        ],
    }


def source_hash(folder: Path, *others: Path) -> str:
    """Return the SHA-256 over names and contents of every Python file in a folder and below, and of some others, hex.

    Args:
        folder: The folder.
        others: Files elsewhere that count as well.
    """
    whole = hashlib.sha256()
    named = [(path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*.py"))]
    for name, path in (*named, *((path.name, path) for path in others)):
        content = path.read_bytes()
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()
