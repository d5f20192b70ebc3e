"""What a control is: one pure function from a fact to a verdict, with its metadata and its examples."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ledgergate.finding import Severity, Stage, Status
from ledgergate.graph import Resource
from policies.facts.properties import UNKNOWN
from policies.facts.registry import Adapter, adapters_of, is_frozen_fact
from policies.frameworks import FAMILIES, unknown_requirements


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one judgement ended.

    Args:
        status: How it ended.
        message: What is wrong, or why it could not be decided; empty for a pass.
        found: The value found, ready to show.
        wanted: The value wanted, ready to show.
        stage: For DEFERRED, the stage that must decide; else None.
        unread: For UNKNOWN, the property that nobody knows yet; empty when something else stood in the way.
    """

    status: Status
    message: str = ""
    found: str = ""
    wanted: str = ""
    stage: Stage | None = None
    unread: str = ""


PASS: Final = Verdict(Status.PASS)


def require(condition: object, message: str, *, found: object = "", wanted: object = "") -> Verdict:
    """Return PASS when `condition` is true, else FAIL.

    Args:
        condition: What must hold.
        message: What is wrong when it does not hold; a sentence without its subject, the resource is named beside it.
        found: The value found; shown as text.
        wanted: The value wanted; shown as text.
    """
    return PASS if condition else fail(message, found=found, wanted=wanted)


def fail(message: str, *, found: object = "", wanted: object = "") -> Verdict:
    """Return FAIL; arguments as for `require`."""
    return Verdict(Status.FAIL, message, shown(found), shown(wanted))


def not_applicable(reason: str) -> Verdict:
    """Return NOT_APPLICABLE: the condition does not speak about this resource, for `reason`."""
    return Verdict(Status.NOT_APPLICABLE, reason)


def undecided(reason: str) -> Verdict:
    """Return UNKNOWN for a reason other than an unknown field; reading one of those does it by itself."""
    return Verdict(Status.UNKNOWN, reason)


def deferred(stage: Stage, reason: str) -> Verdict:
    """Return DEFERRED: only `stage` can decide, for `reason`. Counts only where the control declares it."""
    return Verdict(Status.DEFERRED, reason, stage=stage)


def shown(value: object) -> str:
    """Return a value as a reader of a report wants it: `true`, `443, 80`, `nothing`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Sequence, frozenset)) and not isinstance(value, str):
        items = sorted(value, key=str) if isinstance(value, frozenset) else value
        return ", ".join(shown(item) for item in items) or "none"
    return str(value)


@dataclass(frozen=True, slots=True)
class Example:
    """A fact on which a control is shown and tested.

    Args:
        title: What is special about it.
        fact: The fact.
        params: Settings that differ from the defaults, by name.
    """

    title: str
    fact: Any
    params: Mapping[str, Any] = field(default_factory=dict)


def example(title: str, fact: object, params: Mapping[str, Any] | None = None) -> Example:
    """Return an example of a control; see `Example`."""
    return Example(title, fact, dict(params or {}))


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """One demand, written once.

    Args:
        id: `S3.8`, `LG-ENC-02`.
        slug: `<service>-<resource>-<wanted state>`.
        title: One sentence that states what holds.
        condition: When exactly it holds: defaults, and what is not applicable.
        severity: How bad a failure is.
        requirements: PCI DSS v4.0.1 requirement ids; empty when a system asks for it and PCI DSS does not.
        families: What `--select` groups it by.
        source: Where the demand comes from and when it was read.
        rationale: Why it matters, in at most 300 characters: what comes of a failure.
        remediation: What to do about a failure.
        fact: Class of the fact it judges.
        judge: Judges a view of the fact under the settings.
        passes: Examples that pass.
        fails: Examples that fail.
        unknowns: Examples that cannot be decided.
        not_applicable: Examples it does not speak about.
        deferrable: Stages at which it may answer DEFERRED.
        reach: What of it only the account can show; empty where the program decides all of it.
        not_read: Why no audit reads its fact from an account; empty where a reader does.
        parameters: Names of the settings that it reads.
        never_fails: Why it can pass or be undecided but never fail; empty for all others.
    """

    id: str
    slug: str
    title: str
    condition: str
    severity: Severity
    requirements: tuple[str, ...]
    families: tuple[str, ...]
    source: str
    rationale: str
    remediation: str
    fact: type
    judge: Callable[[Any, Any], Verdict]
    passes: tuple[Example, ...]
    fails: tuple[Example, ...]
    unknowns: tuple[Example, ...]
    not_applicable: tuple[Example, ...] = ()
    deferrable: frozenset[Stage] = frozenset()
    reach: str = ""
    not_read: str = ""
    parameters: tuple[str, ...] = ()
    never_fails: str = ""

    @property
    def adapters(self) -> tuple[Adapter, ...]:
        """How its fact is built from a graph."""
        return adapters_of(self.fact)

    @property
    def types(self) -> tuple[str, ...]:
        """Type tokens of the resources it judges."""
        return tuple(type_ for each in self.adapters for type_ in each.types)

    @property
    def joined(self) -> bool:
        """Tell whether it judges over the stack rather than each resource by itself."""
        return any(each.joined for each in self.adapters)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one control says of one resource."""

    control: Control
    resource: Resource
    verdict: Verdict


_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*([.-][A-Za-z0-9]+)+")
_LONGEST_RATIONALE: Final = 300
_SLUG: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+){2,}")


def control(  # noqa: PLR0913 - one keyword for each piece of metadata
    *,
    id: str,
    slug: str,
    severity: Severity,
    requirements: Sequence[str],
    families: Sequence[str],
    source: str,
    rationale: str,
    remediation: str,
    passes: Sequence[Example],
    fails: Sequence[Example],
    unknowns: Sequence[Example],
    not_applicable: Sequence[Example] = (),
    deferrable: Sequence[Stage] = (),
    reach: str = "",
    not_read: str = "",
    parameters: Sequence[str] = (),
    never_fails: str = "",
) -> Callable[[Callable[..., Verdict]], Control]:
    """Make a control of a pure function `(fact) -> Verdict` or `(fact, settings) -> Verdict`.

    The annotation of its first parameter names the fact; its docstring gives the title (first line) and the
    condition (the rest).

    Raises:
        TypeError: The function has no such form.
        ValueError: Metadata is missing, or names what does not exist.
    """

    def make(function: Callable[..., Verdict]) -> Control:
        title, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n")
        made = Control(
            id=id,
            slug=slug,
            title=title,
            condition=" ".join(rest.split()) or title,
            severity=severity,
            requirements=tuple(requirements),
            families=tuple(families),
            source=source,
            rationale=rationale,
            remediation=remediation,
            fact=_fact_of(function),
            judge=_with_settings(function),
            passes=tuple(passes),
            fails=tuple(fails),
            unknowns=tuple(unknowns),
            not_applicable=tuple(not_applicable),
            deferrable=frozenset(deferrable),
            reach=reach,
            not_read=not_read,
            parameters=tuple(parameters),
            never_fails=never_fails,
        )
        problems = _problems(made)
        if problems:
            raise ValueError(f"control {id} ({function.__module__}): {'; '.join(problems)}")
        return made

    return make


def _fact_of(function: Callable[..., Verdict]) -> type:
    first = next(iter(inspect.signature(function).parameters), "")
    fact = function.__annotations__.get(first)
    if isinstance(fact, str):
        fact = function.__globals__.get(fact)
    if not (isinstance(fact, type) and is_frozen_fact(fact)):
        raise TypeError(
            f"{function.__qualname__}: the first parameter must be annotated with a frozen slotted dataclass"
        )
    return fact


def _with_settings(function: Callable[..., Verdict]) -> Callable[[Any, Any], Verdict]:
    count = len(inspect.signature(function).parameters)
    if count == 1:
        return lambda fact, _settings: function(fact)
    if count == 2:  # noqa: PLR2004 - fact and settings
        return function
    raise TypeError(f"{function.__qualname__} must take (fact) or (fact, settings)")


def _problems(made: Control) -> list[str]:
    demands = {
        "the id is malformed": _ID.fullmatch(made.id),
        "the slug is malformed": _SLUG.fullmatch(made.slug),
        "the docstring has no title": made.title,
        "source is blank": made.source.strip(),
        "rationale is blank": made.rationale.strip(),
        f"rationale is longer than {_LONGEST_RATIONALE} characters": len(made.rationale) <= _LONGEST_RATIONALE,
        "rationale says again what holds": made.rationale not in {made.title, made.condition},
        "remediation is blank": made.remediation.strip(),
        "it belongs to no family": made.families,
        "it has no passing example": made.passes,
        "it has no failing example": bool(made.fails) is not bool(made.never_fails),
        "it has no unknown example": made.unknowns,
        "an audit can defer to nobody": Stage.RUN not in made.deferrable,
        "what it defers needs a sentence in `reach`": bool(made.reach) is bool(made.deferrable),
        "what it defers must be read by an audit": not (made.deferrable and made.not_read),
    }
    problems = [problem for problem, met in demands.items() if not met]
    problems += [f"PCI DSS v4.0.1 has no requirement {id_}" for id_ in unknown_requirements(made.requirements)]
    problems += [f"there is no family {family}" for family in made.families if family not in FAMILIES]
    return problems


__all__ = [
    "PASS",
    "UNKNOWN",
    "Control",
    "Example",
    "Judgement",
    "Verdict",
    "control",
    "deferred",
    "example",
    "fail",
    "not_applicable",
    "require",
    "shown",
    "undecided",
]
