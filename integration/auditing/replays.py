"""Evidence judged again: the same answers, the same rules, no AWS."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

import boto3

from integration.auditing.doubt import Doubt, Reach
from integration.auditing.request import Request
from integration.auditing.target import Target
from integration.readers import operations_for
from integration.scanning.evidence import Recording, recordings_in
from integration.scanning.observed import Place
from integration.session import Connections, isolated_core
from ledgergate.errors import LedgergateError
from ledgergate.finding import Finding, Severity, Stage, Status
from ledgergate.report import StackReport
from policies.catalogue import Catalogue, load_catalogue
from policies.model import Control
from policies.settings import PROFILE_FILE, Settings, load_profile
from policies.waivers import Waiver, load_waivers

_PLAIN: Final = (
    "control", "slug", "message", "resource", "arn", "type", "account", "region", "program", "stack", "observed_at"
)  # fmt: skip


_UNSIGNED: Final = (
    "checked: every file by the digests in its index, which nobody signed, and each verdict by the one recorded then; "
    "`python -m ledgergate.evidence verify` verifies who sealed a bundle"
)


def replay_targets(request: Request, folder: Path) -> Iterator[Target | StackReport]:
    """Yield what was scanned, ready to be judged again, and a report of each that was not.

    Args:
        request: What the user asked for; a program among it names the folders of a bank's own controls.
        folder: What `--evidence` wrote.

    Raises:
        LedgergateError: There is no evidence, or it cannot be used.
    """
    folders = [load_profile(each / PROFILE_FILE, "").control_folders for each in request.programs]
    catalogue = load_catalogue([path for found in folders for path in found])
    waivers = tuple(load_waivers(request.waivers, catalogue.names)) if request.waivers is not None else None
    for entry, recording in recordings_in(folder):
        if recording is None:
            program, _, stack = entry.name.rpartition("/")
            yield StackReport(program, stack, error=entry.error, stopped=not entry.error)
        else:
            yield _target(request, recording, catalogue, waivers)


def _target(request: Request, recording: Recording, catalogue: Catalogue, waivers: tuple[Waiver, ...] | None) -> Target:
    try:
        return _built(request, recording, catalogue, waivers)
    except (KeyError, TypeError, ValueError) as error:
        raise LedgergateError(f"--replay {request.replay}: scan.json is malformed: {type(error).__name__}") from None


def _built(request: Request, recording: Recording, catalogue: Catalogue, waivers: tuple[Waiver, ...] | None) -> Target:
    scan = recording.scan
    for name in ("controls", "regions"):
        if not scan[name]:
            raise LedgergateError(f"--replay {request.replay}: scan.json names no {name}, so it passes nobody")
    controls = _controls(request, scan["controls"], catalogue)
    names = {control.id for control in controls}
    return Target(
        name=scan["name"],
        kind="replay",
        account=Place(scan["account"], "", scan["partition"]),
        regions=tuple(scan["regions"]),
        controls=controls,
        settings=Settings.model_validate(scan["settings"], strict=False),
        connections=Connections(_nobody(), operations_for()),
        line=recording,
        program=scan["program"],
        stack=scan["stack"],
        observed_at=scan["observed_at"],
        # A file that waives nothing takes back what was waived then.
        waivers=tuple(Waiver.model_validate(each, strict=False) for each in scan["waivers"])
        if waivers is None
        else waivers,
        urns=scan["urns"],
        differs=_comparison(recording.findings, names, waived_anew=waivers is not None),
        notes=(f"judged again from the answers of {scan['observed_at']}", _UNSIGNED),
        doubts=tuple(
            Doubt(_finding(each["finding"]), Reach(each["reach"]))
            for each in scan["doubts"]
            if each["finding"]["control"] in names
        ),
        baseline=tuple(scan["baseline"]),
    )


def _comparison(
    recorded: Iterable[Mapping[str, Any]], controls: Collection[str], *, waived_anew: bool
) -> Callable[[str], bool]:
    """Return what tells whether these controls found something else then; other waivers change no verdict."""

    def comparable(findings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        found = [each for each in findings if each["control"] in controls]
        return [{**each, "waiver": ""} for each in found] if waived_anew else found

    before = comparable(recorded)
    return lambda written: comparable(map(json.loads, StringIO(written))) != before


def _finding(written: Mapping[str, Any]) -> Finding:
    """Return a finding of the earlier scan about what could not be read even then."""
    plain: dict[str, Any] = {name: str(written[name]) for name in _PLAIN}
    return Finding(
        **plain,
        status=Status(written["verdict"]),
        severity=Severity(written["severity"]),
        stage=Stage(written["stage"]),
        requirements=tuple(written["requirements"]),
    )


def _controls(request: Request, recorded: list[str], catalogue: Catalogue) -> tuple[Control, ...]:
    unknown = [name for name in recorded if name not in catalogue.controls]
    if unknown:
        hint = "Name the program whose profile lists the folder of these controls."
        raise LedgergateError(f"--replay {request.replay}: there is no control {', '.join(unknown)}", hint)
    return tuple(each for each in catalogue.select(request.select) if each.id in recorded)


def _nobody() -> boto3.Session:
    """Return a session whose clients exist for the names of their operations; none of them is ever called."""
    nobodys = {"aws_access_key_id": "replay", "aws_secret_access_key": "replay"}
    return boto3.Session(botocore_session=isolated_core(), **nobodys)
