"""The world of a rehearsal: started beside a journal, found again by a later process, ended when the drill is over."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from runbooks.errors import DrillError
from runbooks.plan import Plan

_REPOSITORY: Final = Path(__file__).resolve().parents[1]
_PATIENCE_S: Final = 180.0
_LOOK_S: Final = 0.1
_LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where a world is, as it says itself.

    Args:
        cluster: Identifier of its Aurora cluster.
        origin: When its time began to run faster, seconds since 1970.
        scale: How much faster.
        service: URL of the service that customers use.
        control: URL of the switch.
        aws: Endpoint and credentials of its AWS; they are worth nothing elsewhere.
        urns: ARN → URN of the resource of the program that it is.
    """

    cluster: str
    origin: float
    scale: float
    service: str
    control: str
    aws: Mapping[str, str]
    urns: Mapping[str, str]


def world_file(journal: Path) -> Path:
    """Return the file in which the world of a journal announces itself."""
    return journal.with_name(journal.name + ".world")


def world_options(rehearsal: Mapping[str, Any]) -> list[str]:
    """Return what a plan says of its world as options of the world's process."""
    flags = [f"--{name}" for name, value in rehearsal.items() if value is True]
    values = {name: value for name, value in rehearsal.items() if not isinstance(value, bool) and value != ""}
    return [*flags, *(part for name, value in values.items() for part in (f"--{name}", str(value)))]


def start_world(plan: Plan, journal: Path, tell: Callable[[str], None]) -> Announcement:
    """Start a world in a process of its own, and wait until its stack is deployed.

    Raises:
        DrillError: It did not come up.
    """
    path, log = world_file(journal), journal.with_name(journal.name + ".world.log")
    path.unlink(missing_ok=True)
    place = plan.place
    arguments = {"--program": place.program, "--stack": place.stack, "--announce": str(path.resolve())}
    arguments |= {"--account": place.account, "--region": place.region}
    flat = [*(part for pair in arguments.items() for part in pair), *world_options(plan.rehearsal)]
    tell("deploying the stack into the sandbox")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "integration.sandbox.world", *flat],
            cwd=_REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # It has to outlive the runner, so that a killed drill can be resumed or undone.
            start_new_session=True,
        )
    try:
        _await(path, process)
        found = read_world(journal)
    except BaseException:
        process.kill()
        process.wait()
        path.unlink(missing_ok=True)
        raise
    log.unlink()
    return found


def read_world(journal: Path) -> Announcement:
    """Return where the world of a journal is.

    Raises:
        DrillError: It is gone, or it says why it could not come up.
    """
    try:
        data: dict[str, Any] = json.loads(world_file(journal).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise DrillError(
            "the rehearsal's world is gone", "Its process has ended, and with it all that could be resumed or undone."
        ) from None
    if "error" in data:
        raise DrillError(f"the sandbox did not come up: {data['error']}")
    found = Announcement(
        cluster=data["cluster"],
        origin=data["origin"],
        scale=data["scale"],
        service=data["service"],
        control=data["control"],
        aws=data["environment"],
        urns=data["urns"],
    )
    for url in (found.service, found.control, found.aws["AWS_ENDPOINT_URL"]):
        if urlsplit(url).hostname != _LOOPBACK:
            raise DrillError(f"{world_file(journal)} names {url}: a rehearsal never leaves this machine")
    return found


def forget_world(journal: Path) -> None:
    """Remove the announcement of a world that was ended."""
    world_file(journal).unlink(missing_ok=True)


def _await(path: Path, process: "subprocess.Popen[bytes]") -> None:
    patience = time.monotonic() + _PATIENCE_S
    while not path.exists():
        if process.poll() is not None:
            raise DrillError("the sandbox did not come up", f"What it said is in {path.name}.log beside the journal.")
        if time.monotonic() > patience:
            raise DrillError(f"the sandbox was not ready within {_PATIENCE_S:g} s")
        time.sleep(_LOOK_S)
