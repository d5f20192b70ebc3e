"""A stack in a sandbox: its program is run, what it wants is created in moto, and that is scanned."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from integration.auditing.doubts import Doubts, regions_used
from integration.auditing.request import Request, allowed_regions
from integration.auditing.target import Target
from integration.readers import READINGS, operations_for
from integration.sandbox import Action, Deployed, Sandbox
from integration.sandbox.baseline import landing_tags, lay_baseline
from integration.sandbox.networks import remove_default_networks
from integration.scanning.asker import LiveLine
from integration.scanning.limits import Limits
from integration.scanning.observed import Place
from integration.session import Connections, patience
from ledgergate.engine.estate import StackName
from ledgergate.engine.project import Project, load_stack
from ledgergate.values import strings_in
from policies.gating.judging import load_rules, waivers_for_all
from policies.gating.place import read_place
from policies.gating.programs import select_programs

Say = Callable[[str], None]


def stacks_of(request: Request) -> list[tuple[Project, StackName]]:
    """Return the stacks that are to be deployed, each with its project.

    Raises:
        LedgergateError: A project or stack is not there.
    """
    selection = select_programs(request.programs, request.stacks)
    projects = {project.name: project for project in selection.projects}
    return [(projects[name.project], name) for name in selection.stacks]


@contextlib.contextmanager
def sandbox_target(request: Request, project: Project, stack: str, observed_at: str, say: Say) -> Iterator[Target]:
    """Deploy a stack into a sandbox of its own, and yield what is to be scanned.

    Args:
        request: What the user asked for.
        project: The program.
        stack: Its stack.
        observed_at: RFC 3339 time in UTC.
        say: Told what is going on.

    Raises:
        LedgergateError: A profile, a waiver file or the program is wrong, or a Region is not allowed.
    """
    rules = load_rules(project, [stack], request.select, own_waivers=request.waivers is None)
    waivers = waivers_for_all(request.waivers, [rules]) if request.waivers is not None else rules.waivers
    place, settings = read_place(project.folder, stack), rules.settings[stack]
    settings = settings.model_copy(update={"account_id": place.account, "partition": place.partition})
    regions = allowed_regions(request.regions, settings.regions or (place.region,))
    free = not request.regions and not settings.regions
    with Sandbox.in_process(place.account, place.region) as sandbox:
        tags = landing_tags(settings, stack)
        given = lay_baseline(sandbox, (place.region, *place.others), tags=tags) if request.baseline else ()
        config = load_stack(project, stack, request.config)
        deployed = sandbox.deploy(project, config, on_step=lambda _, urn: say(f"deploying {urn.rpartition('::')[2]}"))
        if free:
            regions = tuple(dict.fromkeys((*regions, *sorted(regions_used(deployed)))))
        say(f"{project.name}/{stack}: looking at what the program wants")
        used = {text for each in deployed.graph for value in each.outputs.values() for text in strings_in(value)}
        remove_default_networks(sandbox.session(), regions, used)
        yield Target(
            name=f"{project.name}/{stack}",
            kind="sandbox",
            account=Place(place.account, "", place.partition),
            regions=regions,
            controls=rules.controls,
            settings=settings,
            connections=Connections(
                sandbox.session(), operations_for(), patience(attempts=1, connections=request.workers)
            ),
            line=LiveLine(Limits(None)),
            program=project.name,
            stack=stack,
            observed_at=observed_at,
            waivers=waivers,
            urns=deployed.urns,
            notes=tuple(_notes(deployed, regions)),
            doubts=tuple(Doubts(deployed, rules.controls, settings, observed_at, regions, READINGS)),
            baseline=given,
        )


_SHOWN: Final = 3


def _notes(deployed: Deployed, regions: tuple[str, ...]) -> Iterator[str]:
    report = deployed.report
    count = sum(action not in (Action.NOT_DEPLOYED, Action.DELETED) for action in report.actions.values())
    yield f"{count} resources were deployed into a sandbox; its unused default networks were removed"
    if report.not_applied:
        names = sorted(
            {f"{deployed.graph[urn].type} {name}" for urn, all_ in report.not_applied.items() for name in all_}
        )
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield f"the sandbox does not know the properties {', '.join(names[:_SHOWN])}{more}"
    if elsewhere := regions_used(deployed) - {*regions}:
        yield f"the stack has resources in {', '.join(sorted(elsewhere))}, which were not scanned"
