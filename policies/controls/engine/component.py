"""Controls of components and of what stands for them."""

from typing import Final

from ledgergate.finding import Severity
from policies.facts.engine import Component
from policies.model import PASS, Verdict, control, example, undecided

LOCAL: Final = Component(type="bank:network:Network")


@control(
    id="LG-ENG-01",
    slug="engine-component-inspectable",
    severity=Severity.HIGH,
    requirements=(),
    families=("supply-chain",),
    source="Ledgergate: nothing passes that nobody looked at, 2026-11-20",
    rationale="A public bucket or an open port inside a template or a remote component reaches production with a "
    "green gate, since nothing here could look into it.",
    remediation="Write the component in the program's own language, or declare the resources of a dynamic provider "
    "with their real types; else judge the deployed account and waive this finding with a reason.",
    passes=[example("a component of the program", LOCAL)],
    fails=[],
    unknowns=[
        example("a remote component", Component(type="awsx:ec2:Vpc", opaque=True)),
        example("a stack of CloudFormation", Component(type="aws:cloudformation/stack:Stack", opaque=True)),
    ],
    never_fails="what nobody can look at is undecided, not wrong",
)
def component_inspectable(component: Component) -> Verdict:
    """Everything that a program creates can be looked at before it is created.

    A remote component runs in a process of its own, a dynamic provider's resource is code, and Cloud Control,
    CloudFormation, Service Catalog and the Serverless Application Repository make resources of a template; what they
    create is not in the graph, so no control has judged it.
    """
    if component.opaque:
        return undecided(
            f"nobody can look inside {component.type}, so no control has judged what it creates: write it in the "
            "program's own language, or judge the deployed account and waive this"
        )
    return PASS
