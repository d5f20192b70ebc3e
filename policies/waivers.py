"""The waiver file: who accepts which deviation, why, and until when."""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from ledgergate.errors import LedgergateError
from ledgergate.finding import Finding, Stage, Status
from policies.suggestion import EVERY_STACK, control_meant, did_you_mean

WAIVER_FILE: Final = "waivers.toml"

_LEAST_LITERAL: Final = 3
_REQUIREMENT: Final = re.compile(
    r"(PCI DSS (v[\d.]+ )?)?(\d+(\.\d+)+|[A-Z][A-Za-z0-9]*([-.][A-Za-z0-9]+)*[-.]\d+)(?![\w-])"
)

Text = Annotated[str, Field(pattern=r"\S")]


class Waiver(BaseModel):
    """One accepted deviation."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    id: str = ""
    """Name in reports; the file's name and the number of the entry unless given."""
    control: Text
    """Control id or slug."""
    resource: Text
    """URN, with `*` for any characters, or physical ARN."""
    reason: Text
    """Why the deviation is accepted."""
    requirement: Text
    """The requirement it deviates from, or the demand that asks for it: its id, then any words."""
    owner: Text
    """Who answers for it."""
    approver: Text
    """Who approved it."""
    expires: dt.date
    """Last day on which it counts."""
    found: Text | None = None
    """What the report says is found, or its sentence where it shows nothing found: it covers nothing else."""
    stacks: tuple[Text, ...] = ()
    """Stacks it is for; every one when empty."""
    stages: tuple[Stage, ...] = ()
    """Stages it is for; every one when empty."""

    @field_validator("resource")
    @classmethod
    def _names_something(cls, value: str) -> str:
        # Project and type may stay open; the last part names the resource, in whole or in part.
        if not re.fullmatch(r"urn:pulumi:.*::.*::.*::.*[^*:].*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.*[^*:/].*", value):
            raise ValueError("it must be a URN or an ARN that names something, such as urn:pulumi:*::*::*::logs")
        return value

    @field_validator("resource")
    @classmethod
    def _names_no_crowd(cls, value: str) -> str:
        name = value.rpartition("::")[2] if value.startswith("urn:") else value.split(":", 5)[-1]
        literal = name.replace("*", "")
        if "*" in name and (len(literal) < _LEAST_LITERAL or (name.startswith("*") and name.endswith("*"))):
            raise ValueError(
                f"`{name}` may name anything: with a `*` it needs {_LEAST_LITERAL} other characters at least, and a "
                "beginning or an end of its own"
            )
        return value

    @field_validator("requirement")
    @classmethod
    def _begins_with_an_id(cls, value: str) -> str:
        if not _REQUIREMENT.match(value):
            raise ValueError("it must begin with the id of a requirement or a demand, such as 3.5.1, B-53 or LG-ENC-01")
        return value

    @field_validator("approver")
    @classmethod
    def _is_somebody_else(cls, value: str, info: ValidationInfo) -> str:
        if value.strip().casefold() == str(info.data.get("owner", "")).strip().casefold():
            raise ValueError("whoever answers for a deviation cannot approve it")
        return value

    def covers(self, finding: Finding) -> bool:
        """Tell whether it accepts a finding: its control, its resource, and what is found where it says what."""
        return self.concerns(finding) and self.found in (None, finding.found or finding.message)

    def concerns(self, finding: Finding) -> bool:
        """Tell whether it speaks of the control and the resource of a finding."""
        if self.control not in (finding.control, finding.slug):
            return False
        pattern = ".*".join(map(re.escape, self.resource.split("*")))
        return any(re.fullmatch(pattern, name) for name in (finding.resource, finding.identity, finding.arn) if name)


@dataclass(frozen=True, slots=True)
class WaiverOutcome:
    """What waivers did to findings.

    Args:
        findings: All of them, in the same order; those covered carry the waiver's id.
        problems: One sentence for each waiver that has expired or matches nothing; any is an error.
    """

    findings: tuple[Finding, ...]
    problems: tuple[str, ...] = ()


def load_waivers(path: Path, known_controls: Collection[str] = ()) -> list[Waiver]:
    """Return the waivers of a file, `[[waiver]]` each.

    Args:
        path: The file `waivers.toml`.
        known_controls: Ids and slugs that exist; empty to take any.

    Raises:
        LedgergateError: It cannot be read, an entry is malformed, or names a control that does not exist.
    """
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LedgergateError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LedgergateError(f"{path} is not TOML: {error}") from None
    entries = written.pop("waiver", [])
    if written or not isinstance(entries, list):
        raise LedgergateError(
            f"{path}: only [[waiver]] entries belong here", f"Found: {', '.join(written) or 'waiver'}."
        )
    waivers = [_parsed(path, number, entry) for number, entry in enumerate(entries, start=1)]
    seen: set[str] = set()
    for waiver in waivers:
        if waiver.id in seen:
            raise LedgergateError(f"{path}: two waivers have the id {waiver.id}")
        if known_controls and waiver.control not in known_controls:
            hint = control_meant(waiver.control, known_controls)
            raise LedgergateError(f"{path}, {waiver.id}: there is no control {waiver.control}", hint)
        seen.add(waiver.id)
    return waivers


def bound_to(stacks: Sequence[str], waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Return the waivers with those for every stack bound to the stacks that there are.

    Such a waiver has to match in one of them, not in the one that happens to be judged now.

    Args:
        stacks: Stacks of the program; empty when nobody knows them, which binds nothing.
        waivers: Waivers of the program.

    Raises:
        LedgergateError: A waiver names a stack that does not exist.
    """
    found = tuple(waivers)
    for waiver in found:
        missing = sorted(set(waiver.stacks) - set(stacks)) if stacks else []
        if missing:
            hint = did_you_mean(missing[0], stacks, EVERY_STACK)
            raise LedgergateError(f"waiver {waiver.id} for {waiver.control}: there is no stack {missing[0]}", hint)
    if not stacks:
        return found
    return tuple(each if each.stacks else each.model_copy(update={"stacks": tuple(stacks)}) for each in found)


def apply_waivers(
    findings: Iterable[Finding], waivers: Sequence[Waiver], today: dt.date, stack: str | Sequence[str], stage: Stage
) -> WaiverOutcome:
    """Mark the findings that a waiver covers, and report the waivers that are of no use.

    A waived finding keeps its status. An expired waiver waives nothing. A waiver that matches no failed, undecided
    or deferred finding is a problem when all that it names was judged: its control, its stage, and all its stacks; one
    that names no stack must match in those that were judged.

    Args:
        findings: Findings of the stacks.
        waivers: Waivers of the program.
        today: Date in UTC.
        stack: Stack, or all the stacks, that were judged.
        stage: Stage of the judgement.
    """
    judged = (stack,) if isinstance(stack, str) else tuple(stack)
    found = tuple(findings)
    controls = {name for finding in found for name in (finding.control, finding.slug)}
    problems = [_expired(waiver) for waiver in waivers if waiver.expires < today]
    active = [each for each in waivers if each.expires >= today and (not each.stages or stage in each.stages)]
    used: set[str] = set()
    only = judged[0] if len(judged) == 1 else ""
    marked = [_marked(finding, finding.stack or only, active, used) for finding in found]
    for waiver in active:
        complete = waiver.control in controls and set(waiver.stacks) <= set(judged)
        if complete and waiver.id not in used:
            problems.append(_unused(waiver, found))
    return WaiverOutcome(tuple(marked), tuple(problems))


_WAIVABLE: Final = frozenset({Status.FAIL, Status.UNKNOWN})


def _marked(finding: Finding, stack: str, active: Sequence[Waiver], used: set[str]) -> Finding:
    if finding.status not in _WAIVABLE and finding.status is not Status.DEFERRED:
        return finding
    matching = [each for each in active if (not each.stacks or stack in each.stacks) and each.covers(finding)]
    used.update(each.id for each in matching)
    return replace(finding, waiver=matching[0].id) if matching and finding.status in _WAIVABLE else finding


def _expired(waiver: Waiver) -> str:
    return f"waiver {waiver.id} for {waiver.control} ({waiver.owner}) expired on {waiver.expires}"


def _unused(waiver: Waiver, findings: Iterable[Finding]) -> str:
    concerned = [finding for finding in findings if waiver.concerns(finding)]
    others = [each.found or each.message for each in concerned if each.status in _WAIVABLE]
    if others:
        why = f"it accepts “{waiver.found}”, and what is found now is “{others[0]}”"
    elif any(each.status is Status.PASS for each in concerned):
        why = "what it covers passes now, so remove it"
    else:
        why = "it matches no finding, so correct or remove it"
    return f"waiver {waiver.id} for {waiver.control} on {waiver.resource} is of no use: {why}"


def _parsed(path: Path, number: int, entry: Any) -> Waiver:
    where = f"{path}, waiver {number}"
    if not isinstance(entry, dict):
        raise LedgergateError(f"{where} is no table", "Write [[waiver]].")
    try:
        waiver = Waiver.model_validate_json(json.dumps(entry, default=str))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise LedgergateError(f"{where} {_complaint(first)}", _hint(first)) from None
    return waiver if waiver.id else waiver.model_copy(update={"id": f"{path.name}#{number}"})


def _complaint(error: Any) -> str:
    key = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "missing":
        return f"has no `{key}`"
    if error["type"] == "extra_forbidden":
        return f"has an unknown key `{key}`"
    if error["type"] == "string_pattern_mismatch":
        return f"has a blank `{key}`"
    return f"has a wrong `{key}`: {str(error['msg']).removeprefix('Value error, ')}"


def _hint(error: Any) -> str:
    key = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return did_you_mean(key, Waiver.model_fields)
    described = Waiver.model_fields[key].description if key in Waiver.model_fields else None
    return " ".join((described or "").split())
