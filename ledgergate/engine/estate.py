"""All stacks of one run of the gate: each evaluated at most once, by whichever thread needs it first."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Final

from ledgergate.engine import wire
from ledgergate.engine.attempts import evaluate
from ledgergate.engine.launcher import Evaluation, Host, Level, Run, stop_all
from ledgergate.engine.project import Project
from ledgergate.errors import LedgergateError
from ledgergate.values import is_symbolic

_ORG_PROJECT_STACK: Final = 3


class EstateError(LedgergateError):
    """The stacks of a run do not fit together."""


class StoppedError(LedgergateError):
    """The run was stopped before this stack was through."""


@dataclass(frozen=True, slots=True, order=True)
class StackName:
    """One stack of one project.

    Args:
        project: Project name.
        stack: Stack name.
        organization: Pulumi organization; empty when the name was written without one.
    """

    project: str
    stack: str
    organization: str = ""

    def __str__(self) -> str:
        return f"{self.project}/{self.stack}"

    def means(self, other: "StackName") -> bool:
        """Tell whether two names may be the same stack: an organization left out is any."""
        same_owner = not self.organization or not other.organization or self.organization == other.organization
        return same_owner and (self.project, self.stack) == (other.project, other.stack)


Evaluate = Callable[[Run, Host], Evaluation]
Prepare = Callable[[Project, str], Run]


class Estate:
    """The stacks that may be evaluated in this run, and what is given for all others.

    Args:
        projects: The projects; no two of one name.
        prepare: Makes the run of a project's stack; it may raise `LedgergateError`.
        given: Name of a stack, as a stack reference writes it → output name → wire value. It answers instead of the
            stack itself.
        evaluate: Runs a program.

    Raises:
        EstateError: Two projects have one name, so that nobody could tell their resources apart.
    """

    def __init__(
        self,
        projects: Iterable[Project],
        prepare: Prepare,
        given: Mapping[str, Mapping[str, wire.Wire]] | None = None,
        evaluate: Evaluate = evaluate,
    ) -> None:
        self._projects: dict[str, Project] = {}
        for project in projects:
            twin = self._projects.setdefault(project.name, project)
            if twin is not project:
                raise EstateError(
                    f"{twin.folder} and {project.folder}: both projects are called `{project.name}`",
                    "Judge them in two runs, or give one of them another name.",
                )
        self._prepare = prepare
        self._given = given or {}
        self._evaluate = evaluate
        self._lock = threading.Lock()
        self._found: dict[StackName, Future[Evaluation]] = {}
        self._waits_for: dict[StackName, StackName] = {}
        self._stopped = threading.Event()

    def evaluation(self, name: StackName) -> Evaluation:
        """Return what a stack gave, evaluating it in this thread if nobody has begun to.

        Args:
            name: Project and stack, without an organization.

        Raises:
            LedgergateError: It could not be evaluated; everybody who asks gets the same error.
        """
        with self._lock:
            future, begun = self._enter(name)
        if not begun:
            self._fill(future, name)
        return future.result()

    def stop(self) -> None:
        """Kill what runs and start nothing more; whoever waits gets an error."""
        self._stopped.set()
        stop_all()

    def begun(self) -> tuple[StackName, ...]:
        """Return every stack that somebody asked for, in order of name."""
        with self._lock:
            return tuple(sorted(self._found))

    def outputs(self, asker: Run, reference: str, level: Level = Level.SYMBOLIC) -> Mapping[str, wire.Wire] | None:
        """Return the outputs that a stack reference stands for, or None when nobody knows that stack.

        Args:
            asker: The run that holds the reference.
            reference: `stack`, `project/stack` or `organization/project/stack`.
            level: How much the asker is told of what only AWS knows.

        Raises:
            EstateError: The stacks wait for each other.
            LedgergateError: The other stack could not be evaluated.
        """
        given = self.given(asker, reference)
        if given is not None:
            return given
        wanted = self._parse(reference, asker)
        if wanted is None or not self._has(wanted):
            return None
        name = StackName(wanted.project, wanted.stack)
        found = self._for_asker(StackName(asker.project.name, asker.config.stack), name)
        return {key: _told(value, level) for key, value in found.outputs.items()}

    def given(self, asker: Run, reference: str) -> Mapping[str, wire.Wire] | None:
        """Return the outputs that were given by hand for a stack reference, or None; there may be others."""
        wanted = self._parse(reference, asker)
        for text, outputs in self._given.items():
            if text == reference or (wanted and (meant := self._parse(text, asker)) and meant.means(wanted)):
                return outputs
        return None

    def _parse(self, text: str, asker: Run) -> StackName | None:
        parts = text.split("/")
        if not all(parts) or len(parts) > _ORG_PROJECT_STACK:
            return None
        if len(parts) == _ORG_PROJECT_STACK:
            return StackName(parts[1], parts[2], parts[0])
        if len(parts) == 1:
            return StackName(asker.project.name, text)
        owner, stack = parts
        if owner not in self._projects and owner == asker.organization:
            return StackName(asker.project.name, stack, owner)
        return StackName(owner, stack)

    def _has(self, name: StackName) -> bool:
        project = self._projects.get(name.project)
        if project is None:
            return False
        return not project.stacks or name.stack in project.stacks

    def _for_asker(self, asker: StackName, name: StackName) -> Evaluation:
        with self._lock:
            circle = [asker, name, *self._chain(name)]
            if asker in circle[1:]:
                circle = circle[: circle.index(asker, 1) + 1]
                raise EstateError(
                    f"the stacks wait for each other: {' → '.join(map(str, circle))}",
                    f"Give the outputs of one of them, e.g. --stack-output {name}:OUTPUT=VALUE.",
                )
            self._waits_for[asker] = name
        try:
            return self.evaluation(name)
        except StoppedError:
            raise
        except LedgergateError:
            raise EstateError(f"stack `{name}`, which it refers to, could not be evaluated") from None
        finally:
            with self._lock:
                del self._waits_for[asker]

    def _chain(self, name: StackName) -> Iterator[StackName]:
        while name in self._waits_for:
            name = self._waits_for[name]
            yield name

    def _enter(self, name: StackName) -> tuple[Future[Evaluation], bool]:
        future = self._found.get(name)
        if future is not None:
            return future, True
        future = self._found[name] = Future()
        return future, False

    def _fill(self, future: Future[Evaluation], name: StackName) -> None:
        stopped = StoppedError(f"{name}: stopped before it was through")
        if self._stopped.is_set():
            future.set_exception(stopped)
            return
        try:
            run = self._prepare(self._projects[name.project], name.stack)
            host = _Siblings(self, run)
            found = self._evaluate(run, host)
        except BaseException as error:  # noqa: BLE001 - whoever waits for this stack must get it, whatever it is
            future.set_exception(stopped if self._stopped.is_set() and isinstance(error, LedgergateError) else error)
        else:
            future.set_result(replace(found, seconds=max(found.seconds - host.waited_s, 0.0)))


class _Siblings:
    """Answers the questions of one run."""

    def __init__(self, estate: Estate, run: Run) -> None:
        self.waited_s = 0.0
        self._estate = estate
        self._run = run

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return another stack's outputs."""
        if question["kind"] != "stack_outputs":
            return {"error": "nobody answers here"}
        begun = time.monotonic()
        try:
            outputs = self._estate.outputs(self._run, question["name"], Level(question["level"]))
            return {"outputs": outputs, "in_part": self._estate.given(self._run, question["name"]) is not None}
        except LedgergateError as error:
            return {"error": str(error)}
        finally:
            self.waited_s += time.monotonic() - begun


def _told(value: wire.Wire, level: Level) -> wire.Wire:
    """Return an output as another stack sees it: one that cannot work with made-up values gets unknowns instead."""
    plain = wire.flatten_references(value)
    return _without_made_up(plain) if level is Level.UNKNOWNS else plain


def _without_made_up(value: wire.Wire) -> wire.Wire:
    if isinstance(value, Mapping):
        return {key: _without_made_up(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_made_up(item) for item in value]
    return wire.UNKNOWN if is_symbolic(value) else value
