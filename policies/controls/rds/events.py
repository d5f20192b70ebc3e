"""Controls of who is told of what happens to databases."""

from dataclasses import replace
from typing import Any, Final

from ledgergate.finding import Severity, Stage
from policies.facts.rds_events import EventSubscription, InstanceEvents
from policies.model import PASS, UNKNOWN, Verdict, control, deferred, example, fail, not_applicable

CATEGORIES: Final = ("maintenance", "configuration change", "failure")
OF_INSTANCES: Final = "db-instance"

ALL: Final = EventSubscription(region="us-east-1", source_type=OF_INSTANCES)
COVERED: Final = InstanceEvents(regions=("us-east-1",), subscriptions=(ALL,))


@control(
    id="RDS.20",
    slug="rds-eventsubscription-instance-events-covered",
    severity=Severity.LOW,
    requirements=("11.5.2",),
    families=("pci", "logging"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="An instance fails over, or someone changes its settings at night, and no one is told; the first sign "
    "is a queue of failed payments.",
    remediation='Create an aws.rds.EventSubscription with source_type "db-instance" in each Region with databases, and '
    "leave event_categories out or name maintenance, configuration change and failure.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a subscription that another stack creates",
    passes=[
        example("all categories", COVERED),
        example(
            "the three and another one",
            replace(COVERED, subscriptions=(replace(ALL, categories=(*CATEGORIES, "backup")),)),
        ),
        example("events of every source", replace(COVERED, subscriptions=(replace(ALL, source_type=""),))),
        example(
            "one that is enough beside one that is not",
            replace(COVERED, subscriptions=(replace(ALL, enabled=False), ALL)),
        ),
    ],
    fails=[
        example("switched off", replace(COVERED, subscriptions=(replace(ALL, enabled=False),))),
        example("a category is missing", replace(COVERED, subscriptions=(replace(ALL, categories=CATEGORIES[:2]),))),
        example(
            "one of two Regions is wrong",
            replace(
                COVERED,
                regions=("us-east-1", "eu-west-1"),
                subscriptions=(ALL, replace(ALL, region="eu-west-1", categories=("failure",))),
            ),
        ),
    ],
    unknowns=[
        example("the categories come later", replace(COVERED, subscriptions=(replace(ALL, categories=UNKNOWN),))),
        example("nobody knows whether it is on", replace(COVERED, subscriptions=(replace(ALL, enabled=UNKNOWN),))),
    ],
    not_applicable=[
        example("no instances", InstanceEvents(subscriptions=(replace(ALL, enabled=False),))),
        example("no subscription in the account", InstanceEvents(regions=("us-east-1",), whole_account=True)),
    ],
)
def instance_events_covered(events: InstanceEvents) -> Verdict:
    """Subscriptions to events of database instances report what endangers them.

    In each Region with database instances in which there are subscriptions of sourceType db-instance, or of none, which
    covers it, one is enabled and its eventCategories hold maintenance, configuration change and failure; an empty list
    means all. Without instances it is not applicable. A stack in which a Region has no subscription is left to the
    audit, since another one may create it; an account without any is not applicable.
    """
    if not events.regions:
        return not_applicable("there are no database instances")
    by_region = {region: [each for each in events.subscriptions if _is_for(each, region)] for region in events.regions}
    for region, found in by_region.items():
        if found and not any(map(_is_enough, found)):
            wanted = "an enabled one with maintenance, configuration change and failure"
            return fail("no subscription reports what endangers instances", found=region, wanted=wanted)
    if all(by_region.values()):
        return PASS
    if events.whole_account:
        return not_applicable("nobody subscribes to events of database instances")
    return deferred(Stage.RUN, "a Region with databases has no subscription here; another stack may create it")


def _is_for(subscription: Any, region: str) -> bool:
    return subscription.source_type in (OF_INSTANCES, "") and bool(subscription.region == region)


def _is_enough(subscription: Any) -> bool:
    categories = subscription.categories
    return bool(subscription.enabled) and (not categories or set(CATEGORIES) <= set(categories))
