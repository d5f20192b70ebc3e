"""Runs one program on one stack as often as it takes to learn what it registers."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ledgergate.engine.launcher import Evaluation, Host, Level, Run, launch
from ledgergate.engine.output import redact
from ledgergate.engine.program_errors import explain, is_final
from ledgergate.graph import Graph, Kind, LookUp, Resource

_ONLY_A_PREVIEW: Final = (
    "the program asks whether this is a preview, and fails here as it would be deployed ({}), so that only its preview "
    "was judged"
)
_RAISED: Final = "raised on a made-up value, and run again with less known: {}{}"
_PLACE: Final = re.compile(r'File "([^"]*)", line (\d+)')


def evaluate(run: Run, host: Host | None = None) -> Evaluation:
    """Run a program, telling it less at each attempt if it cannot stand made-up values.

    One that cannot be run as it would be deployed is run as a preview, and does not pass.

    Raises:
        ProgramError: The program failed in a way that a real preview would have as well.
    """
    started = time.monotonic()
    found = _with_less_each_time(run, host)
    if found.failure is not None and found.asked_phase and run.as_deployed:
        shown = _with_less_each_time(replace(run, as_deployed=False), host)
        if shown.failure is None:
            found = replace(shown, refused=(*shown.refused, _ONLY_A_PREVIEW.format(found.failure["message"])))
    if found.failure is not None:
        raise explain(found.failure, run, found.assumed, found.output)
    return replace(found, seconds=time.monotonic() - started)


def _with_less_each_time(run: Run, host: Host | None) -> Evaluation:
    seen: dict[str, Resource] = {}
    look_ups: list[LookUp] = []
    raised: dict[str, None] = {}
    for level in Level:
        found = launch(replace(run, level=level), host)
        look_ups += found.graph.look_ups
        if found.failure is None or not _worth_another(found, level):
            break
        raised[redact(_raised(found.failure), found.secrets)] = None
        seen = {resource.urn: resource for resource in found.graph} | seen
    if found.failure is None:
        found = replace(found, notes=(*found.notes, *raised))
    return _with_earlier(found, seen, look_ups)


def _raised(failure: Mapping[str, Any]) -> str:
    """Return what went wrong, after the innermost line of the program that it came through."""
    places = _PLACE.findall(failure.get("traceback", ""))
    return _RAISED.format(":".join((*places[-1], " ")) if places else "", failure["message"])


def _with_earlier(found: Evaluation, seen: Mapping[str, Resource], look_ups: Sequence[LookUp]) -> Evaluation:
    """Keep what a program registered only while it was told more: in an update it would register it as well."""
    missing = [resource for urn, resource in seen.items() if urn not in found.graph and resource.kind is not Kind.READ]
    if not missing:
        return found
    names = redact(", ".join(sorted(resource.name for resource in missing)), found.secrets)
    note = f"registered only with made-up values, and judged with them: {names}"
    graph = Graph(found.graph.program, found.graph.stack, (*found.graph, *missing), look_ups)
    return replace(found, graph=graph, notes=(*found.notes, note))


def _worth_another(found: Evaluation, level: Level) -> bool:
    """Tell whether the program may have failed because of what it was told."""
    told = any(resource.kind in ("custom", "read") for resource in found.graph) or bool(found.assumed)
    return told and level is not Level.UNKNOWNS and found.failure is not None and not is_final(found.failure)
