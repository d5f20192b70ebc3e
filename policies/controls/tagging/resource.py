"""Controls of the tags that every resource carries."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.facts.tagging import Tag, Tagged
from policies.model import UNKNOWN, Verdict, control, example, not_applicable, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

OWN: Final = (Tag(key="Environment", value="prod"), Tag(key="Owner", value="ledger"), Tag(key="Project", value="bank"))
PROVIDED: Final = (Tag(key="CostCenter", value="4711"), Tag(key="ManagedBy", value="Pulumi"))
TAGGED: Final = Tagged(tags=OWN, default_tags=PROVIDED)
NEWER: Final = Tagged(type="aws:new/thing:Thing", in_table=False)


@control(
    id="LG-TAG-01",
    slug="common-resource-required-tags-set",
    severity=Severity.MEDIUM,
    requirements=("12.5.1",),
    families=("pci", "tagging"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="In an incident nobody finds the owner of the machine that sends data away, and the assessor's "
    "inventory of the cardholder environment has gaps.",
    remediation="Set every tag of required_tags on the resource, by a stack transformation or by the provider's "
    "default_tags.",
    parameters=("required_tags",),
    passes=[
        example("own tags and default tags of the provider", TAGGED),
        example("other tags required", Tagged(tags=OWN), params={"required_tags": ("Owner",)}),
        example("a tag that is not required comes later", replace(TAGGED, tags=(*OWN, Tag(key="Vpc", value=UNKNOWN)))),
        example("a type newer than the table, tagged all the same", replace(NEWER, tags=(*OWN, *PROVIDED))),
    ],
    fails=[
        example("no tags", Tagged()),
        example("a blank value", replace(TAGGED, tags=(*OWN[:2], Tag(key="Project", value=" ")))),
        example("a value of zero width", replace(TAGGED, tags=(*OWN[:2], Tag(key="Project", value="\u200b")))),
        example("another spelling", replace(TAGGED, tags=(*OWN[:2], Tag(key="project", value="bank")))),
    ],
    unknowns=[
        example("all tags come later", Tagged(tags=UNKNOWN)),
        example("a required value comes later", replace(TAGGED, tags=(*OWN[:2], Tag(key="Project", value=UNKNOWN)))),
        example("a type newer than the table, without tags", NEWER),
    ],
    not_applicable=[
        example("a type that takes no tags", Tagged(type="aws:s3/bucketPolicy:BucketPolicy", takes_tags=False))
    ],
)
def required_tags_set(resource: Tagged, settings: "Settings") -> Verdict:
    """Every taggable resource carries the required tags.

    tags, or tagsAll for the provider's default tags, has a non-blank value for each key of required_tags, spelled
    exactly; spaces, control and format characters alone are blank. A resource's own tag wins over a default one.
    Types that take no tags are not applicable. A type that is not in the table of taggable types is undecided unless
    it carries tags.
    """
    if not resource.takes_tags:
        return not_applicable("its type takes no tags")
    wanted = dict.fromkeys(settings.required_tags, False)
    missing = _without_value(resource, tuple(wanted))
    if missing and not resource.in_table and not resource.tags:
        return undecided(f"{resource.type} is newer than the table of taggable types, and it carries no tags")
    present = [key for key in wanted if key not in missing]
    message = f"required tags are missing or blank: {', '.join(missing)}"
    return require(not missing, message, found=present, wanted=settings.required_tags)


def _without_value(resource: Tagged, keys: tuple[str, ...]) -> list[str]:
    own = {tag.key: not tag.blank for tag in resource.tags if tag.key in keys}
    open_keys = [key for key in keys if key not in own]
    if open_keys:
        own |= {tag.key: not tag.blank for tag in resource.default_tags if tag.key in open_keys}
    return [key for key in keys if not own.get(key)]
