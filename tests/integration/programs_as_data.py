"""Programs written as data: each resource a type, a name and properties, deployed by one small program."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from integration.sandbox import Sandbox
from ledgergate.engine.launcher import Run, evaluate
from ledgergate.engine.project import load_stack
from ledgergate.finding import Finding, Stage, Status
from ledgergate.graph import Graph
from policies.catalogue import load_catalogue
from policies.facts.properties import known_text
from policies.runner import judge
from policies.settings import Settings
from tests.integration.estate import ACCOUNT, OBSERVED_AT, REGION, connections_to, scanned
from tests.integration.sandbox.stacks import lay_out

_PROGRAM: Final = """\
import json, pathlib, pulumi, pulumi_aws
made = {}
def value(each):
    if isinstance(each, dict) and "$ref" in each:
        name, _, output = each["$ref"].partition(".")
        return getattr(made[name], output)
    if isinstance(each, dict):
        return {key: value(item) for key, item in each.items()}
    return [value(item) for item in each] if isinstance(each, list) else each
class Custom(pulumi.CustomResource):
    pass
for type_, name, properties in json.loads(pathlib.Path(__file__).with_name("resources.json").read_text()):
    made[name] = Custom(type_, name, {"arn": None, **value(properties)})
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One resource of a program.

    Args:
        type: Type token.
        name: Logical name.
        properties: camelCase property → value; `{"$ref": "name.id"}` stands for an output of an earlier resource.
    """

    type: str
    name: str
    properties: Mapping[str, Any] = field(default_factory=dict)


def ref(name: str, output: str = "id") -> dict[str, str]:
    """Return what stands for an output of an earlier resource."""
    return {"$ref": f"{name}.{output}"}


@dataclass(frozen=True, slots=True)
class Twice:
    """One program, judged as it was written and as it was deployed.

    Args:
        designed: (control, ARN) → the gravest verdict on whatever configures the resource.
        deployed: (control, ARN) → the verdict on the resource.
        strangers: ARNs of what no resource of the program is.
        urns: ARN → URN of the resource that it is.
    """

    designed: Mapping[tuple[str, str], str]
    deployed: Mapping[tuple[str, str], str]
    strangers: frozenset[str]
    urns: Mapping[str, str]


def judged_twice(folder: Path, wanted: Iterable[Wanted], select: tuple[str, ...]) -> Twice:
    """Judge a program at design time, deploy it, read it back and judge it again.

    Args:
        folder: Where the program is laid out.
        wanted: Its resources.
        select: Controls.
    """
    project = lay_out(folder, _PROGRAM)
    listed = [(each.type, each.name, each.properties) for each in wanted]
    (folder / "resources.json").write_text(json.dumps(listed), encoding="utf-8")
    controls = load_catalogue().select(select)
    with Sandbox.in_process(ACCOUNT, REGION) as sandbox:
        deployed = sandbox.deploy(project, load_stack(project, "dev"))
        assert (deployed.report.not_deployed, deployed.report.not_applied) == ({}, {})
        live = scanned(connections_to(sandbox.session()), select=select)
    graph = evaluate(Run(project, load_stack(project, "dev"), account=ACCOUNT, region=REGION)).graph
    findings = judge(graph, controls, Settings(), stage=Stage.DESIGN, observed_at=OBSERVED_AT)
    arns = _arns(deployed.graph)
    read = {each.arn for each in live.findings if each.type}
    return Twice(
        {key: verdict for key, verdict in _gravest(findings, arns).items() if key[1] in read},
        {key: verdict for key, verdict in live.verdicts().items() if key[1] in arns.values()},
        frozenset(read - {*arns.values()}),
        {known_text(each.outputs.get("arn")): each.urn for each in deployed.graph if each.outputs.get("arn")},
    )


_GRAVITY: Final = (Status.FAIL, Status.UNKNOWN, Status.DEFERRED, Status.PASS, Status.NOT_APPLICABLE)


def _gravest(findings: Iterable[Finding], arns: Mapping[str, str]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], Status] = {}
    for each in findings:
        key = (each.control, arns.get(each.resource, ""))
        found[key] = min(each.status, found.get(key, each.status), key=_GRAVITY.index)
    return {key: status.value for key, status in found.items()}


def _arns(graph: Graph) -> dict[str, str]:
    """Return URN → ARN of the deployed resource that a resource of the program configures."""
    names = {known_text(each.outputs.get("name")): each for each in graph.of_type("aws:iam/role:Role")}
    owners = {each.id: each for each in graph if each.id}
    found = {}
    for resource in graph:
        role = names.get(known_text(resource.outputs.get("role")))
        owner = role or owners.get(known_text(resource.outputs.get("securityGroupId")), resource)
        if arn := known_text(owner.outputs.get("arn")):
            found[resource.urn] = arn
    return found
