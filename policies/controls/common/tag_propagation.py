"""Controls of tags on what resources make by themselves."""

from typing import Final

from ledgergate.finding import Severity
from policies.facts.tag_propagation import TagPropagation
from policies.model import UNKNOWN, Verdict, control, example, not_applicable, require

_GROUP: Final = "propagateAtLaunch"


@control(
    id="LG-TAG-05",
    slug="common-resource-tags-propagated",
    severity=Severity.LOW,
    requirements=("12.5.1",),
    families=("pci", "tagging", "backup"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A snapshot or task without an owner's tag is nobody's: copies with card data outlive their database by "
    "years and no retention job matches them.",
    remediation='Set propagate_tags="SERVICE" on the aws.ecs.Service, copy_tags_to_snapshot=True on the '
    "aws.rds.Cluster or aws.rds.Instance, and propagate_at_launch=True in each tag of the aws.autoscaling.Group.",
    passes=[
        example("snapshots carry the database's tags", TagPropagation(handed_on=(True,))),
        example("tasks carry tags", TagPropagation(property="propagateTags", handed_on=(True,))),
        example("machines carry every tag", TagPropagation(property=_GROUP, handed_on=(True, True))),
    ],
    fails=[
        example("snapshots carry none, as by default", TagPropagation(handed_on=(False,))),
        example("tasks carry none", TagPropagation(property="propagateTags", handed_on=(False,))),
        example("one tag stays behind", TagPropagation(property=_GROUP, handed_on=(True, False))),
    ],
    unknowns=[
        example("set later", TagPropagation(handed_on=(UNKNOWN,))),
        example("the tags of a group come later", TagPropagation(property=_GROUP, handed_on=UNKNOWN)),
    ],
    not_applicable=[example("a group without tags", TagPropagation(property=_GROUP))],
)
def tags_propagated(resource: TagPropagation) -> Verdict:
    """What a resource makes by itself carries its tags.

    propagateTags of a service is SERVICE or TASK_DEFINITION, copyTagsToSnapshot of a database cluster or instance is
    true, both of which they are not when unset, and propagateAtLaunch is true for every tag of an Auto Scaling group,
    inside it or as a resource of its own. A group without tags is not applicable.
    """
    handed_on = tuple(resource.handed_on)
    if not handed_on:
        return not_applicable("it has no tags")
    message = "what it makes does not carry its tags"
    name = resource.property
    return require(all(handed_on), message, found=f"{name} off", wanted=f"{name} on")
