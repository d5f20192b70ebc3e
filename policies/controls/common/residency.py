"""Controls of the Regions in which data may be."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.copies import Copies
from policies.model import UNKNOWN, Verdict, control, example, fail, not_applicable, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

REGIONAL: Final = "regional"
ALLOWED: Final[dict[str, Any]] = {"regions": ("us-east-1", "us-west-2")}
COPIED: Final = Copies(name="ledger", home="us-east-1", regions=("us-west-2",))


@control(
    id="LG-RES-03",
    slug="common-datastore-replicas-in-allowed-regions",
    severity=Severity.HIGH,
    requirements=("3.2.1", "3.7.2"),
    families=("pci", "residency", "backup", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A replica carries personal data, or the key to it, over a border where another law applies, and stays "
    "there unnoticed since only the original is reviewed.",
    remediation="Copy tables, buckets, secrets, keys and backups only to Regions that the profile lists in regions, "
    "and remove the copies of a store that is tagged DataResidency regional or listed in regional_stores.",
    parameters=("regional_stores", "regions"),
    passes=[
        example("copied to an allowed Region", COPIED, ALLOWED),
        example(
            "a regional store copied within its Region",
            replace(COPIED, residency=REGIONAL, regions=("us-east-1",)),
            ALLOWED,
        ),
    ],
    fails=[
        example("copied to another Region", replace(COPIED, regions=("us-west-2", "eu-west-1")), ALLOWED),
        example("a store that is tagged regional", replace(COPIED, residency="Regional"), ALLOWED),
        example("a store that the profile lists", COPIED, ALLOWED | {"regional_stores": ("ledger",)}),
    ],
    unknowns=[
        example("a Region comes later", replace(COPIED, regions=(UNKNOWN,)), ALLOWED),
        example("the profile names no Regions", COPIED),
        example("nobody knows its home", replace(COPIED, residency=REGIONAL, home=UNKNOWN), ALLOWED),
    ],
    not_applicable=[example("copied nowhere", replace(COPIED, regions=()), ALLOWED)],
)
def copies_in_allowed_regions(store: Copies, settings: "Settings") -> Verdict:
    """Copies of stores and keys stay in the Regions of their system.

    Every Region that a table, bucket, secret, key or backup is copied to is among the regions of the profile. A store
    whose tag DataResidency is regional, or whose name is in regional_stores, has no copy outside its own Region; what
    a replica is a copy of decides for the replica. Without copies it is not applicable; a profile without Regions, and
    a copy to something that the stack does not create and that shows no Region, leave it undecided.
    """
    regions = tuple(store.regions)
    if not regions:
        return not_applicable("it is copied nowhere")
    if store.residency.lower() == REGIONAL or store.name in settings.regional_stores:
        away = [region for region in regions if region != store.home]
        if away:
            return fail("a store that must stay in its Region has a copy elsewhere", found=away, wanted=store.home)
    if not settings.regions:
        return undecided("the profile names no Regions")
    outside = [region for region in regions if region not in settings.regions]
    message = "it is copied to a Region that its system must not use"
    return require(not outside, message, found=outside, wanted=settings.regions)
