"""Controls of any resource, whatever its service."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.facts.engine import PhysicalName
from policies.model import PASS, UNKNOWN, Verdict, control, example, require

NAMED: Final = PhysicalName(name="ledger")


@control(
    id="LG-ENG-02",
    slug="engine-resource-physical-name-unique",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("naming",),
    source="Ledgergate: the second of two equal names fails while the stack is half deployed, 2026-11-20",
    rationale="The deployment stops half-way because the name is taken, or one resource silently overwrites what "
    "another one set, and an alarm or a role is left wrong.",
    remediation="Give each resource a name of its own, or leave the name out so that one is made up.",
    passes=[
        example("nobody else has the name", NAMED),
        example("the provider makes up a name", PhysicalName(name=None)),
    ],
    fails=[example("another resource has the name", replace(NAMED, namesakes=("ledger-copy",)))],
    unknowns=[
        example("the name comes later", PhysicalName(name=UNKNOWN)),
        example("nobody knows whether the namesake is in the same Region", replace(NAMED, namesakes=UNKNOWN)),
    ],
)
def physical_name_unique(resource: PhysicalName) -> Verdict:
    """No two resources of one type have the same physical name in one Region.

    Names of S3 buckets are unique in the world, of IAM, CloudFront and RDS global resources in an account, of all
    others in a Region. A resource whose name is made up passes. Only types whose name alone names them are judged.
    """
    if resource.name is None:
        return PASS
    return require(
        not resource.namesakes,
        f"another resource of its type has the same name in {resource.reach}",
        found=f"{resource.name} also at {', '.join(resource.namesakes)}",
        wanted="a name of its own",
    )
