"""Every component judged alone, with its defaults, by every control that concerns its types."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from ledgergate.engine.attempts import evaluate
from ledgergate.engine.launcher import Run
from ledgergate.engine.project import load_project, load_stack
from ledgergate.finding import Status
from ledgergate.graph import Graph, Kind, Resource
from policies.gating.judging import Rules, load_rules
from policies.runner import Judge
from tests.infra.recording import ROOT

PROGRAM: Final = ROOT / "tests" / "infra" / "programs" / "each_component"
STACK: Final = "prod"

LOG_TARGET: Final = "S3 and load balancers deliver their logs into buckets under the service's own key only"
OUTSIDE: Final = "its network is given by the caller, and alone nobody shows it"

REASONS: Final[Mapping[tuple[str, str], str]] = {
    ("access-log-bucket", "S3.17"): LOG_TARGET,
    ("balancer-log-bucket", "S3.17"): LOG_TARGET,
    ("backup-vault", "LG-RET-08"): "B-75 wants vaults that can be destroyed; a system that locks them adds the lock",
    ("connection-secret", "SecretsManager.1"): "it says where the database is and holds no credential to rotate",
    ("database", "LG-DR-03"): "the caller's BackupPlan names it",
    ("database", "LG-NET-03"): OUTSIDE,
    ("distribution", "CloudFront.5"): "DistributionLog records its requests",
    ("distribution", "CloudFront.12"): "the bucket of the assets is given by the caller",
    ("distribution", "LG-NET-14"): "the bucket of the assets is given by the caller",
    ("fargate-service", "LG-NET-09"): OUTSIDE,
    ("image-gate", "LG-IAM-03"): "ECS binds DescribeTaskDefinition to no resource; a profile lists the action",
    ("image-gate", "LG-NET-08"): OUTSIDE,
    ("network", "LG-NET-06"): "FlowLog records its traffic",
    ("network", "LG-NET-07"): "VpcEndpoints makes the private ways",
    ("served-bucket", "S3.5"): "ServedBucketPolicy attaches the policy, which names the distribution",
}
"""Component of the program, and control → why it does not pass alone."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Return every component once, in one program."""
    project = load_project(PROGRAM)
    return evaluate(Run(project, load_stack(project, STACK), account="444455556666")).graph


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Return every control at class prod."""
    return load_rules(load_project(PROGRAM), [STACK], (), own_waivers=False)


def components(graph: Graph) -> dict[str, Resource]:
    """Return name → component that belongs to no other."""
    (stack,) = (each.urn for each in graph if each.kind is Kind.STACK)
    return {each.name: each for each in graph if each.kind is Kind.COMPONENT and each.parent == stack}


def below(graph: Graph, urn: str) -> set[str]:
    """Return the URNs of a component and of everything in it."""
    found = {urn}
    for each in graph:  # a parent is registered before its children
        if each.parent in found:
            found.add(each.urn)
    return found


def alone(graph: Graph, component: Resource) -> Graph:
    """Return a graph of a component and of what was given to it, with everything that those are made of."""
    kept = below(graph, component.urn)
    waiting = [*kept]
    while waiting:
        for urn in graph[waiting.pop()].dependencies:
            more = below(graph, _top(graph, urn)) - kept
            kept |= more
            waiting += more
    return Graph(graph.program, graph.stack, (each for each in graph if each.urn in kept or _is_frame(each)))


def _top(graph: Graph, urn: str) -> str:
    while (parent := graph.get(graph[urn].parent)) is not None and parent.kind is Kind.COMPONENT:
        urn = parent.urn
    return urn


def _is_frame(resource: Resource) -> bool:
    return resource.kind in (Kind.STACK, Kind.PROVIDER)


def objections(graph: Graph, rules: Rules) -> Iterator[tuple[str, str]]:
    """Yield (component, control) for everything that fails or cannot be decided of a component's own resources."""
    judge = Judge(rules.controls, rules.settings[STACK])
    for name, component in components(graph).items():
        own, part = below(graph, component.urn), alone(graph, component)
        for resource in (each for each in part if each.urn in own):
            for said in (*judge.resource(resource, part), *judge.joined(resource, part)):
                if said.verdict.status in (Status.FAIL, Status.UNKNOWN):
                    yield name, said.control.id


def defined() -> set[str]:
    """Return the names of the component classes, from the source."""
    trees = [ast.parse(path.read_text()) for path in (ROOT / "infra" / "components").glob("*.py")]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {node.name for node in classes if any("ComponentResource" in ast.unparse(base) for base in node.bases)}


def test_no_component_is_left_out(graph: Graph) -> None:
    """A new component has to be put into the program."""
    assert {each.type.rpartition(":")[2] for each in components(graph).values()} == defined()


def test_components_are_secure_by_default(graph: Graph, rules: Rules) -> None:
    """Nothing of a component fails or is undecided but what the table explains, and the table holds nothing else."""
    assert set(objections(graph, rules)) == set(REASONS)


def test_controls_are_at_their_strictest(rules: Rules) -> None:
    """The program's profile lowers nothing: what it leaves out is as strict as the defaults."""
    settings = rules.settings[STACK]

    assert settings.model_fields_set == {"system", "regions", "account_id"}
    assert settings.environment_class == "prod"
