"""What the user asked for, and the plan that follows from it."""

from dataclasses import dataclass, field
from typing import Any

from runbooks.catalogue import find_drill
from runbooks.errors import DrillError
from runbooks.model import Mode
from runbooks.plan import NO_CARE, Care, Place, Plan, make_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be planned or run.

    Args:
        drill: Name of the drill.
        program: Folder of the Pulumi program.
        stack: Its stack.
        mode: How to run it; None for what suits the place.
        account: AWS account id; empty for a rehearsal.
        region: AWS Region; empty for the first of the profile.
        cluster: Aurora cluster, on an account.
        service: URL that takes numbered records, on an account.
        care: What stops it.
        lost_regions: Regions whose control planes count as gone.
        rehearsal: Seed, scale, flaw and notice of the world.
    """

    drill: str
    program: str
    stack: str
    mode: Mode | None = None
    account: str = ""
    region: str = ""
    cluster: str = ""
    service: str = ""
    care: Care = NO_CARE
    lost_regions: tuple[str, ...] = ()
    rehearsal: dict[str, Any] = field(default_factory=dict)


def planned(request: Request) -> Plan:
    """Return the plan of a request.

    Raises:
        LedgergateError: Something in it is wrong.
    """
    from integration.sandbox.world.model import Flaw
    from runbooks.accounts import profile_of

    drill = find_drill(request.drill)
    settings = profile_of(request.program, request.stack)
    rehearsal = not request.account
    if not rehearsal and not (request.cluster and request.service):
        raise DrillError("a drill on an account needs --cluster and --service")
    region = request.region or next(iter(settings.regions), "")
    place = Place(
        account=request.account or settings.account_id,
        region=region,
        program=request.program,
        stack=request.stack,
        rehearsal=rehearsal,
        cluster=request.cluster,
        service=request.service,
    )
    mode = request.mode or (Mode.UNGRACEFUL if rehearsal else Mode.GRACEFUL)
    world = request.rehearsal if rehearsal else {}
    if world.get("flaw") and world["flaw"] not in list(Flaw):
        raise DrillError(f"there is no flaw {world['flaw']!r}", f"There are: {', '.join(Flaw)}.")
    return make_plan(drill, mode, place, care=request.care, lost_regions=request.lost_regions, rehearsal=world)
