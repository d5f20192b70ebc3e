"""One run of one program against a sandbox."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from integration.sandbox.errors import SandboxError
from integration.sandbox.provider import SandboxProvider
from integration.sandbox.report import Action, Notes, Report
from integration.sandbox.state import Held
from ledgergate.engine import wire
from ledgergate.engine.launcher import Evaluation, Run, launch
from ledgergate.engine.piped import answer_provider
from ledgergate.engine.program_errors import explain
from ledgergate.engine.provider import ProviderError
from ledgergate.graph import Graph, Resource
from ledgergate.values import UNKNOWN

OutputsOf = Callable[[Run, str], Mapping[str, wire.Wire] | None]
"""(who asks, stack reference) → the outputs of that stack, or None."""


class _Host:
    """Answers the questions of one run."""

    def __init__(self, run: Run, provider: SandboxProvider, outputs_of: OutputsOf) -> None:
        self._run = run
        self._provider = provider
        self._outputs_of = outputs_of

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer for the provider, or give another stack's outputs."""
        if question["kind"] == "provider":
            return answer_provider(self._provider, question)
        if question["kind"] == "stack_outputs":
            return {"outputs": self._outputs_of(self._run, question["name"])}
        return {"error": "nobody answers here"}


def run_program(run: Run, provider: SandboxProvider, outputs_of: OutputsOf) -> Evaluation:
    """Run a program to its end.

    What the sandbox cannot hold has outputs that nobody knows, as have some look-ups, and only in a preview does the
    SDK pass those on as such. So a program that has one is run again as in a preview; what exists is left as it is.

    Raises:
        ProgramError: The program failed, or a service refused a resource.
    """
    found = launch(run, _Host(run, provider, outputs_of))
    if provider.needs_preview:
        provider.in_preview = True
        run = replace(run, preview=True)
        found = launch(run, _Host(run, provider, outputs_of))
    if found.failure is not None:
        raise explain(found.failure, found.run, found.assumed, found.output)
    return found


def remove(provider: SandboxProvider, leftovers: Iterable[Held], notes: Notes) -> None:
    """Delete resources, in the order given.

    Raises:
        SandboxError: One is protected, or the service refused.
    """
    for held in leftovers:
        try:
            provider.remove(held)
        except ProviderError as error:
            raise SandboxError(str(error)) from None
        notes.gone(held.urn)


def honest_graph(graph: Graph, report: Report) -> Graph:
    """Return a graph in which nothing is known of what the sandbox does not hold."""
    return Graph(graph.program, graph.stack, (_honest(each, report) for each in graph), graph.look_ups)


def _honest(resource: Resource, report: Report) -> Resource:
    if report.actions.get(resource.urn) is Action.NOT_DEPLOYED:
        return replace(resource, id="", outputs=dict.fromkeys(resource.inputs, UNKNOWN))
    unapplied = dict.fromkeys(report.not_applied.get(resource.urn, ()), UNKNOWN)
    return replace(resource, outputs={**resource.outputs, **unapplied}) if unapplied else resource
