"""Controls of EventBridge rules."""

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.event_rules import EXACT, EventRule, Matcher, Target
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable

if TYPE_CHECKING:
    from policies.settings import Settings

Match = Callable[[str, str], bool]

_MATCHES: Final[Mapping[str, Match]] = {
    EXACT: lambda text, kind: text == kind,
    "equals-ignore-case": lambda text, kind: text.casefold() == kind.casefold(),
    "prefix": lambda text, kind: kind.startswith(text),
    "suffix": lambda text, kind: kind.endswith(text),
    "wildcard": lambda text, kind: fnmatch.fnmatchcase(kind, text.replace("[", "[[]").replace("?", "[?]")),
}
"""Filters that name what they let through.

Source: comparison operators in event patterns, Amazon EventBridge user guide, read 2026-11-30."""

_REGIONAL: Final = {"regional_detail_types": ("Card Data Changed",)}

ABROAD: Final = EventRule(
    region="eu-west-1",
    detail_types=(Matcher(text="Order Placed"),),
    targets=(Target(region="us-east-1"), Target(is_bus=False)),
)


@control(
    id="LG-RES-04",
    slug="eventbridge-rule-regional-data-kept",
    severity=Severity.MEDIUM,
    requirements=("3.2.1",),
    families=("pci", "residency"),
    source="Demand of the banking system, read 2026-11-20",
    rationale="Fraud alerts with names and account numbers arrive on a bus abroad, are archived and processed there, "
    "and cannot be called back.",
    remediation="Name in detail-type of the aws.cloudwatch.EventRule's event_pattern which events go to another "
    "Region, and none of those in regional_detail_types.",
    parameters=("regional_detail_types",),
    passes=[
        example("other events", ABROAD, params=_REGIONAL),
        example("no event has to stay", ABROAD),
        example(
            "another prefix", replace(ABROAD, detail_types=(Matcher(how="prefix", text="Order"),)), params=_REGIONAL
        ),
    ],
    fails=[
        example(
            "an event that has to stay",
            replace(ABROAD, detail_types=(Matcher(text="Card Data Changed"),)),
            params=_REGIONAL,
        ),
        example("its prefix", replace(ABROAD, detail_types=(Matcher(how="prefix", text="Card"),)), params=_REGIONAL),
        example(
            "a wildcard", replace(ABROAD, detail_types=(Matcher(how="wildcard", text="*Data*"),)), params=_REGIONAL
        ),
        example("no detail-type", replace(ABROAD, detail_types=None)),
        example("a list without any", replace(ABROAD, detail_types=())),
        example("all but one", replace(ABROAD, detail_types=(Matcher(how="anything-but", text="Card Data Changed"),))),
        example(
            "a pattern that EventBridge would refuse", replace(ABROAD, detail_types=None, malformed="it is not JSON")
        ),
    ],
    unknowns=[
        example("the pattern comes later", replace(ABROAD, detail_types=UNKNOWN)),
        example("the target comes later", replace(ABROAD, targets=(UNKNOWN,))),
        example("nobody knows the Region of the bus", replace(ABROAD, targets=(Target(region=UNKNOWN),))),
    ],
    not_applicable=[
        example("a bus of its own Region", replace(ABROAD, targets=(Target(region="eu-west-1"),))),
        example("a function", replace(ABROAD, targets=(Target(is_bus=False),))),
        example("no targets", replace(ABROAD, targets=())),
    ],
)
def regional_data_kept(rule: EventRule, settings: "Settings") -> Verdict:
    """Events that must not leave their Region are not sent to a bus of another one.

    A rule that has an event bus of another Region among its targets names values of detail-type in its eventPattern, at
    the top or in every alternative of $or, and none of them is or matches one of regional_detail_types. Filters that
    name what they leave out, or that ask only whether there is a value, name nothing; a rule without a pattern, or with
    one that EventBridge would refuse, fails. A rule all of whose targets are in its own Region is not applicable.
    """
    regional = settings.regional_detail_types
    if not any(target.is_bus and target.region != rule.region for target in rule.targets):
        return not_applicable("none of its targets is a bus of another Region")
    if rule.malformed:
        return fail(f"its eventPattern is none that EventBridge takes: {rule.malformed}")
    if rule.detail_types is None or not len(rule.detail_types):
        return fail("every kind of event goes to another Region", found="no detail-type", wanted="named detail-types")
    for matcher in rule.detail_types:
        problem = _problem(matcher, regional)
        if problem is not None:
            return problem
    return PASS


def _problem(matcher: Any, regional: tuple[str, ...]) -> Verdict | None:
    found = f"{matcher.how} {matcher.text}".strip()
    matches = _MATCHES.get(matcher.how)
    if matches is None:
        return fail("it does not name what goes to another Region", found=found, wanted="named detail-types")
    if any(matches(matcher.text, kind) for kind in regional):
        wanted = f"none of {', '.join(regional)}"
        return fail("events that must not leave their Region go to another one", found=found, wanted=wanted)
    return None
