"""Controls of what the tags of resources say."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.tagging import Tag, Tagged
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "Demand of the banking, payments and fraud systems, read 2026-11-20"
_MANAGED_BY: Final = "Pulumi"
_KEYS: Final = frozenset({"Environment", "ManagedBy", "Project"})
_CLASSIFICATION: Final = "DataClassification"
_COMPLIANCE: Final = "Compliance"
_STORES: Final = frozenset(
    {
        "aws:backup/vault:Vault",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:dynamodb/table:Table",
        "aws:ebs/volume:Volume",
        "aws:efs/fileSystem:FileSystem",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "aws:kinesis/stream:Stream",
        "aws:rds/cluster:Cluster",
        "aws:rds/globalCluster:GlobalCluster",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketV2:BucketV2",
        "aws:secretsmanager/secret:Secret",
        "aws:sqs/queue:Queue",
    }
)
"""Types that hold data."""

_BANK: Final[dict[str, Any]] = {"system": "banking"}
_OWN: Final = (Tag(key="Environment", value="prod"), Tag(key="Project", value="banking"))
_PROVIDED: Final = (Tag(key="ManagedBy", value="Pulumi"),)
TAGGED: Final = Tagged(tags=_OWN, default_tags=_PROVIDED)


def _with(key: str, value: Any) -> Tagged:
    return Tagged(tags=(Tag(key=key, value=value),))


def _values(resource: Any, keys: Collection[str]) -> dict[str, str]:
    """Return the values of these tags; a resource's own wins over a default one, which is not looked at then."""
    found = {tag.key: tag.value for tag in resource.tags if tag.key in keys}
    if len(found) < len(keys):
        found = {
            tag.key: tag.value for tag in resource.default_tags if tag.key in keys and tag.key not in found
        } | found
    return found


@control(
    id="LG-TAG-02",
    slug="common-resource-tag-values-allowed",
    severity=Severity.LOW,
    requirements=("12.5.1",),
    families=("pci", "tagging"),
    source=_SOURCE,
    rationale="A resource tagged prd or Production drops out of every report, cost split and clean-up that looks for "
    "prod, so it is neither patched nor counted.",
    remediation="Set the tags of the resource, or the provider's default_tags: Environment to one of environment_tags, "
    "ManagedBy to Pulumi, Project to the name of the system or to project_tag.",
    parameters=("environment_tags", "project_tag", "system"),
    passes=[
        example("own tags and default tags of the provider", TAGGED, _BANK),
        example("a project of another name", _with("Project", "core"), _BANK | {"project_tag": "core"}),
        example("another tag comes later", replace(TAGGED, tags=(*_OWN, Tag(key="Vpc", value=UNKNOWN))), _BANK),
        example("a tag is missing, which another control says", _with("ManagedBy", "Pulumi"), _BANK),
    ],
    fails=[
        example("an environment that does not exist", _with("Environment", "production"), _BANK),
        example("another case", _with("Environment", "Prod"), _BANK),
        example("managed by hand", _with("ManagedBy", "hand"), _BANK),
        example("the project of another system", _with("Project", "fraud"), _BANK),
        example(
            "its own tag wins over the provider's",
            Tagged(tags=(Tag(key="ManagedBy", value="hand"),), default_tags=_PROVIDED),
            _BANK,
        ),
    ],
    unknowns=[
        example("all tags come later", Tagged(tags=UNKNOWN), _BANK),
        example("the value comes later", _with("Environment", UNKNOWN), _BANK),
        example("nobody says what the project is called", _with("Project", "core")),
    ],
    not_applicable=[
        example("a type that takes no tags", Tagged(type="aws:s3/bucketPolicy:BucketPolicy", takes_tags=False)),
        example("none of these tags", _with("Owner", "ledger"), _BANK),
    ],
)
def tag_values_allowed(resource: Tagged, settings: "Settings") -> Verdict:
    """The tags that say where a resource belongs have values that mean something.

    Environment is one of environment_tags, ManagedBy is Pulumi, and Project is project_tag, or the system where that is
    empty; case counts, and a resource's own tag wins over a default one. A tag that is missing is left to LG-TAG-01:
    a resource without any of the three, and a type that takes no tags, are not applicable. A Project is undecided where
    the profile names neither.
    """
    if not resource.takes_tags:
        return not_applicable("its type takes no tags")
    project = settings.project_tag or settings.system
    allowed = {"Environment": settings.environment_tags, "ManagedBy": (_MANAGED_BY,), "Project": (project,)}
    values = _values(resource, _KEYS)
    for key, value in values.items():
        if value not in allowed[key] and (project or key != "Project"):
            return fail(f"the tag {key} has a value that means nothing here", found=value, wanted=allowed[key])
    if "Project" in values and not project:
        return undecided("the profile names neither system nor project_tag, so nobody knows what Project should be")
    return PASS if values else not_applicable("it carries none of these tags")


@control(
    id="LG-TAG-03",
    slug="common-datastore-classification-tagged",
    severity=Severity.MEDIUM,
    requirements=("12.5.2",),
    families=("pci", "tagging", "residency"),
    source=_SOURCE,
    rationale="Rules for locks, replication and residency choose stores by this tag: a card database without it gets "
    "the treatment of a scratch bucket.",
    remediation="Give the store a tag DataClassification with one of data_class_tags, by its own tags or by the "
    "provider's default_tags.",
    parameters=("data_class_tags",),
    passes=[
        example("its own tag", _with(_CLASSIFICATION, "cardholder")),
        example("the provider's tag", Tagged(default_tags=(Tag(key=_CLASSIFICATION, value="internal"),))),
    ],
    fails=[
        example("no such tag", Tagged(tags=_OWN)),
        example("a class that does not exist", _with(_CLASSIFICATION, "secret")),
        example("another case", _with(_CLASSIFICATION, "Cardholder")),
        example(
            "a class that this system does not have",
            _with(_CLASSIFICATION, "public"),
            {"data_class_tags": ("internal",)},
        ),
    ],
    unknowns=[
        example("all tags come later", Tagged(tags=UNKNOWN)),
        example("its value comes later", _with(_CLASSIFICATION, UNKNOWN)),
        example("the provider's tags come later", Tagged(tags=_OWN, default_tags=UNKNOWN)),
    ],
    not_applicable=[example("no store", Tagged(type="aws:iam/role:Role"))],
)
def classification_tagged(resource: Tagged, settings: "Settings") -> Verdict:
    """A data store says how sensitive its content is.

    Buckets, databases, tables, caches, file systems, volumes, streams, queues, secrets, backup vaults and log groups
    carry DataClassification, their own or their provider's, with one of data_class_tags; case counts. Other types are
    not applicable.
    """
    if resource.type not in _STORES:
        return not_applicable("it is no data store")
    allowed = settings.data_class_tags
    return _tagged_with(resource, _CLASSIFICATION, allowed, "nobody can tell how sensitive its content is")


@control(
    id="LG-TAG-04",
    slug="common-resource-compliance-tagged",
    severity=Severity.LOW,
    requirements=("12.5.2",),
    families=("pci", "tagging"),
    source="Demand of the banking and payments systems, read 2026-11-20",
    rationale="The assessor draws the scope from this tag; what lacks it is left out of scans and reviews, and is "
    "found by someone else.",
    remediation="Give the resource a tag Compliance with one of compliance_tags, by a stack transformation or by the "
    "provider's default_tags.",
    parameters=("compliance_systems", "compliance_tags", "system"),
    passes=[
        example("its own tag", _with(_COMPLIANCE, "pci-dss"), _BANK),
        example("the provider's tag", Tagged(default_tags=(Tag(key=_COMPLIANCE, value="pci-dss"),)), _BANK),
    ],
    fails=[
        example("no such tag", TAGGED, _BANK),
        example("another spelling", _with(_COMPLIANCE, "PCI-DSS"), _BANK),
        example("another standard", _with(_COMPLIANCE, "hipaa"), _BANK),
    ],
    unknowns=[
        example("all tags come later", Tagged(tags=UNKNOWN), _BANK),
        example("its value comes later", _with(_COMPLIANCE, UNKNOWN), _BANK),
        example("a type newer than the table, without tags", Tagged(type="aws:new/thing:Thing", in_table=False), _BANK),
    ],
    not_applicable=[
        example("another system", TAGGED, {"system": "fraud"}),
        example("a type that takes no tags", Tagged(type="aws:s3/bucketPolicy:BucketPolicy", takes_tags=False), _BANK),
    ],
)
def compliance_tagged(resource: Tagged, settings: "Settings") -> Verdict:
    """A resource of a regulated system says to which standard it is held.

    In the systems of compliance_systems every taggable resource carries Compliance, its own or its provider's, with one
    of compliance_tags; case counts. Other systems and types that take no tags are not applicable. A type that is not in
    the table of taggable types is undecided unless it carries tags.
    """
    if settings.system not in settings.compliance_systems:
        return not_applicable("its system is held to no standard")
    allowed = settings.compliance_tags
    if not resource.takes_tags:
        return not_applicable("its type takes no tags")
    if not resource.in_table and not resource.tags:
        return undecided(f"{resource.type} is newer than the table of taggable types, and it carries no tags")
    return _tagged_with(resource, _COMPLIANCE, allowed, "nobody can tell to which standard it is held")


def _tagged_with(resource: Any, key: str, allowed: tuple[str, ...], message: str) -> Verdict:
    value = _values(resource, (key,)).get(key)
    return require(value in allowed, message, found=f"no tag {key}" if value is None else value, wanted=allowed)
