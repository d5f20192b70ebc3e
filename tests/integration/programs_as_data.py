"""Programs written as data: each resource a type, a name and properties, deployed by one small program."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import boto3

from integration.auditing.doubts import owners_of
from integration.readers import READINGS
from integration.sandbox import Sandbox
from integration.scanning.observed import Reading
from ledgergate.engine.attempts import evaluate
from ledgergate.engine.launcher import Run
from ledgergate.engine.project import load_stack
from ledgergate.finding import Stage, Status
from ledgergate.graph import Graph, Resource
from policies.catalogue import load_catalogue
from policies.facts.properties import known_text
from policies.model import Control
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
    if isinstance(each, dict) and "$json" in each:
        return pulumi.Output.json_dumps(value(each["$json"]))
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


def as_json(value: Any) -> dict[str, Any]:
    """Return what stands for a value in JSON text, with outputs of earlier resources in it."""
    return {"$json": value}


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

    def differences(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Return where the verdicts differ; what was judged on one side alone does not apply on the other."""
        both = {
            key: (self.designed.get(key, "not_applicable"), self.deployed.get(key, "not_applicable"))
            for key in self.designed.keys() | self.deployed.keys()
        }
        return {key: (designed, deployed) for key, (designed, deployed) in both.items() if designed != deployed}

    def said_of(self, wanted: "Wanted", control: str) -> set[str]:
        """Return the verdicts on what was deployed for a resource; none when nothing was read there."""
        ending = f"{wanted.type}::{wanted.name}"
        return {got for (id_, arn), got in self.deployed.items() if id_ == control and self.urns[arn].endswith(ending)}


@dataclass(frozen=True, slots=True)
class Both:
    """One program as it was written, and the sandbox that it was deployed into.

    Args:
        written: The graph of its design.
        deployed: The graph of its deployment.
        session: Reaches the sandbox.
        select: Controls.
        settings: Their parameters.
    """

    written: Graph
    deployed: Graph
    session: boto3.Session
    select: tuple[str, ...]
    settings: Settings

    def twice(self, readings: Sequence[Reading] = READINGS) -> Twice:
        """Judge it both ways.

        Args:
            readings: What reads the sandbox.
        """
        live = scanned(connections_to(self.session), select=self.select, settings=self.settings, readings=readings)
        # An ARN that a program writes is that of something else.
        named = (each for each in self.deployed if each.outputs.get("arn") and not each.inputs.get("arn"))
        arns = {known_text(each.outputs["arn"]): each.urn for each in named}
        read = {each.arn for each in live.findings if each.type}
        deployed = {key: verdict for key, verdict in live.verdicts().items() if key[1] in arns}
        return Twice(self._designed(), deployed, frozenset(read - arns.keys()), arns)

    def _designed(self) -> dict[tuple[str, str], str]:
        controls = {control.id: control for control in load_catalogue().select(self.select)}
        found: dict[tuple[str, str], Status] = {}
        for each in judge(self.written, controls.values(), self.settings, stage=Stage.DESIGN, observed_at=OBSERVED_AT):
            if each.status is Status.NOT_APPLICABLE or (each.control, each.type) in NOT_TOLD:
                continue
            key = (each.control, self._read_under(controls[each.control], self.deployed[each.resource]))
            assert key[1], f"{each.control} of {each.type}: nobody knows under which ARN it is read"
            found[key] = min(each.status, found.get(key, each.status), key=_GRAVITY.index)
        return {key: status.value for key, status in found.items()}

    def _read_under(self, control: Control, resource: Resource) -> str:
        """Return the ARN of what a resource becomes a part of, or its own."""
        owners = owners_of(resource, control, self.deployed, READINGS)
        return known_text((owners[0] if owners else resource).outputs.get("arn"))


@contextlib.contextmanager
def in_sandbox(
    folder: Path, wanted: Iterable[Wanted], select: tuple[str, ...], settings: Settings | None = None
) -> Iterator[Both]:
    """Deploy a program into a sandbox.

    Args:
        folder: Where the program is laid out.
        wanted: Its resources.
        select: Controls.
        settings: Their parameters.
    """
    project = lay_out(folder, _PROGRAM)
    listed = [(each.type, each.name, each.properties) for each in wanted]
    (folder / "resources.json").write_text(json.dumps(listed), encoding="utf-8")
    written = evaluate(Run(project, load_stack(project, "dev"), account=ACCOUNT, region=REGION)).graph
    with Sandbox.in_process(ACCOUNT, REGION) as sandbox:
        deployed = sandbox.deploy(project, load_stack(project, "dev"))
        assert (deployed.report.not_deployed, deployed.report.not_applied) == ({}, {})
        yield Both(written, deployed.graph, sandbox.session(), select, settings or Settings())


def judged_twice(folder: Path, wanted: Iterable[Wanted], select: tuple[str, ...]) -> Twice:
    """Deploy a program, and judge it both ways; arguments as for `in_sandbox`."""
    with in_sandbox(folder, wanted, select) as both:
        return both.twice()


NOT_TOLD: Final[Mapping[tuple[str, str], str]] = {
    (
        "LG-TAG-01",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ): "rules that stand in their group take no tags and look the same, so only rules that have some are read",
}
"""(control, type token) → why no reader tells of every one; the audit of a sandbox says so, see `auditing.doubts`."""

_GRAVITY: Final = (Status.FAIL, Status.UNKNOWN, Status.DEFERRED, Status.PASS)
