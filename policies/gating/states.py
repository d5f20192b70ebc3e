"""Judges an exported stack instead of running a program: `--state FILE`."""

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergate.engine.project import load_project
from ledgergate.engine.state import State, load_state
from ledgergate.errors import LedgergateError
from ledgergate.finding import Finding, Stage
from ledgergate.report import Report, StackReport
from policies.catalogue import Catalogue, load_catalogue
from policies.gating.judging import accepted
from policies.gating.place import strictest
from policies.gating.request import Request
from policies.gating.secrets import tree_without_secrets, without_secrets
from policies.gating.unread import elsewhere_note, unread_note
from policies.gating.unseen import NAMES
from policies.model import Control
from policies.rules import rules_of
from policies.runner import judge
from policies.settings import PROFILE_FILE, Settings, load_profile
from policies.waivers import WAIVER_FILE, Waiver, apply_waivers, bound_to, load_waivers

_OF_PROGRAMS: Final[Mapping[str, str]] = {
    "stacks": "--stack",
    "config": "--config",
    "answers": "--answers",
    "stack_outputs": "--stack-output",
    "environment": "--env",
    "allow_writes": "--allow-writes",
    "baseline": "--baseline",
    "since": "--since",
}
"""Part of a request that is about running programs → its option."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a stack is judged by; see `policies.gating.judging.Rules`."""

    catalogue: Catalogue
    settings: Settings
    waivers: tuple[Waiver, ...]
    notes: tuple[str, ...]


class StateSession:
    """Judges the stack of one file.

    Args:
        request: What the user asked for; at most one program, whose profile and waivers count.

    Raises:
        LedgergateError: The request contradicts itself, or the file is no exported stack.
    """

    def __init__(self, request: Request, file: Path) -> None:
        given = [option for name, option in _OF_PROGRAMS.items() if getattr(request, name)]
        if given:
            raise LedgergateError(f"--state judges what a file says and runs no program: {given[0]} has no meaning")
        if len(request.programs) > 1:
            raise LedgergateError("--state judges one stack", "Name the one folder whose profile counts, or none.")
        self._request = request
        self._now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        self._state = load_state(file)
        self._rules = self._load_rules()

    def report(self) -> Report:
        """Judge the stack.

        Raises:
            LedgergateError: A selection names nothing.
        """
        rules, graph = self._rules, self._state.graph
        started = time.monotonic()
        controls = rules.catalogue.select(self._request.select)
        observed_at = self._now.isoformat().replace("+00:00", "Z")
        found = judge(graph, controls, rules.settings, stage=Stage.DEPLOY, observed_at=observed_at, root=Path.cwd())
        waived, problems = self._waived(found)
        stack = StackReport(
            program=graph.program,
            stack=graph.stack,
            findings=without_secrets(waived, graph, ()),
            resources=len(graph),
            level="state",
            seconds=time.monotonic() - started,
            notes=self._notes(controls),
            tree=tree_without_secrets(graph, ()),
        )
        return Report(
            (stack,),
            rules_of(controls),
            (*problems, *_halfway(self._state)),
            observed_at=observed_at,
            waivers=accepted(rules.waivers, (stack,), self._now.date()),
            fail_on=self._request.fail_on,
        )

    def _notes(self, controls: Iterable[Control]) -> tuple[str, ...]:
        unread = () if self._request.select else unread_note(self._state.graph, controls)
        return (*_notes(self._state), *self._rules.notes, *elsewhere_note(self._state.graph), *unread)

    def _load_rules(self) -> _Rules:
        settings, own = Settings(), None
        folders: tuple[Path, ...] = ()
        notes = [strictest(self._state.graph.program)]
        stack = self._state.graph.stack
        if self._request.programs:
            project = load_project(self._request.programs[0])
            profile = project.folder / PROFILE_FILE
            if profile.exists():
                read = load_profile(profile, stack, {*project.stacks, stack})
                settings, folders, notes = read.settings, read.control_folders, []
            if (project.folder / WAIVER_FILE).exists():
                own = project.folder / WAIVER_FILE
        catalogue = load_catalogue(folders)
        file = self._request.waivers or own
        waivers = load_waivers(file, catalogue.names | NAMES) if file else ()
        return _Rules(catalogue, settings, tuple(waivers), tuple(notes))

    def _waived(self, found: list[Finding]) -> tuple[list[Finding], tuple[str, ...]]:
        if not self._rules.waivers:
            return found, ()
        stack = self._state.graph.stack
        waivers = bound_to([stack, *_other_stacks(self._request.programs)], self._rules.waivers)
        outcome = apply_waivers(found, waivers, self._now.date(), [stack], Stage.DEPLOY)
        return list(outcome.findings), outcome.problems


def _other_stacks(programs: tuple[Path, ...]) -> tuple[str, ...]:
    return load_project(programs[0]).stacks if programs else ()


def _notes(state: State) -> tuple[str, ...]:
    if not state.ciphertexts:
        return ()
    return (f"{state.ciphertexts} values are encrypted in the file; whatever depends on one is undecided",)


def _halfway(state: State) -> tuple[str, ...]:
    """Return a sentence for each resource of which the file does not say what became of it."""
    return tuple(
        f"{urn}: an operation on it was under way when the stack was exported, so nobody knows how it ended"
        for urn in state.pending
    )
