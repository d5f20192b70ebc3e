"""A control in words: what the table of controls and `--explain` say about it."""

from collections.abc import Iterable, Iterator
from typing import Final

from policies.frameworks import FRAMEWORK, FRAMEWORK_VERSION
from policies.model import Control, Example
from policies.settings import Settings


def rows_of(control: Control) -> dict[str, str]:
    """Return label → text for what there is to know about a control beside its condition."""
    rows = {
        "severity": str(control.severity),
        f"{FRAMEWORK} {FRAMEWORK_VERSION}": ", ".join(control.requirements) or "none",
        "families": ", ".join(control.families),
        "judged": f"{judged(control)}, on {_types(control)}",
        "left to the audit": control.reach or "nothing",
        "in an account": f"not read: {control.not_read}" if control.not_read else "read by the audit",
        "settings": ", ".join(_settings(control)) or "none",
        "never fails": control.never_fails,
        "source": control.source,
    }
    return {name: text for name, text in rows.items() if text}


def examples_of(control: Control) -> Iterator[str]:
    """Yield one line for each example: its verdict and its title."""
    yield from _examples("passes", control.passes)
    yield from _examples("fails", control.fails)
    yield from _examples("undecided", control.unknowns)
    yield from _examples("not applicable", control.not_applicable)


def judged(control: Control) -> str:
    """Return whether one resource or the whole stack decides."""
    return "over the stack" if control.joined else "per resource"


def _types(control: Control) -> str:
    names = [f"`{type_}`" for type_ in control.types]
    shown = names if len(names) <= _MANY else [*names[:_MANY], f"{len(names) - _MANY} more"]
    return ", ".join(shown)


_MANY: Final = 12
"""Types listed one by one."""


def _settings(control: Control) -> Iterator[str]:
    defaults = Settings().model_dump(mode="json")
    for name in control.parameters:
        value = defaults[name]
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield f"`{name}` (default: {shown})"


def _examples(status: str, examples: Iterable[Example]) -> Iterator[str]:
    for each in examples:
        under = ", ".join(f"{name}={value!r}" for name, value in each.params.items())
        yield f"{status}: {each.title}{f' (`{under}`)' if under else ''}"
