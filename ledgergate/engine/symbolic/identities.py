"""What identifies a resource of each type: the table `identities.csv`.

Columns: `type` token; `id` template, `a || b` when b serves where an input of a is absent; `arn` template;
`outputs`, separated by spaces: `property=template`, `a[].b=template` inside a list, `property?input=template` only
when the input is given and not false, `property?!input` the other way round, `property?never` for one that nobody
knows, `!property=template` for one that is also an input of the SDK's class but which only AWS decides.

Sources: id formats from the import sections of the classes of pulumi-aws 7.51.1; ARN formats from the AWS
Service Authorization Reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html;
both read 2026-11-21.

Runs inside the program's interpreter: standard library only.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ledgergate.engine.symbolic.template import Template

_OUTPUT: Final = re.compile(r"(!?)([\w.\[\]]+)(?:\?(!?)(\w+))?(?:=(.*))?")
NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class Output:
    """One output that the table decides.

    Args:
        path: Property, then keys of nested objects; `[]` stands for the only element of a list.
        template: Its value; None for a property that only `condition` decides.
        condition: Input that must be given and not false; empty for always, `never` for never.
        negated: Whether the input must be absent or false instead.
        own: Whether AWS decides the value although the property is also an input.
    """

    path: tuple[str, ...]
    template: Template | None
    condition: str = ""
    negated: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """How the resources of one type are identified.

    Args:
        type: Type token.
        ids: Id templates; the first whose inputs are there serves.
        arn: ARN template, or None for what has no ARN.
        outputs: Further outputs.
    """

    type: str
    ids: tuple[Template, ...]
    arn: Template | None
    outputs: tuple[Output, ...]


@cache
def identity_of(type_: str) -> Identity | None:
    """Return the row of a type, or None for a type outside the table."""
    row = _rows().get(type_)
    if row is None:
        return None
    ids, arn, outputs = row
    return Identity(
        type=type_,
        ids=tuple(Template(text) for text in ids.split(" || ")),
        arn=Template(arn) if arn else None,
        outputs=tuple(_parse_output(text) for text in outputs.split()),
    )


def types() -> Iterator[str]:
    """Yield every type of the table."""
    yield from _rows()


@cache
def _rows() -> dict[str, tuple[str, str, str]]:
    with Path(__file__).with_name("identities.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        next(reader)
        return {type_: (ids, arn, outputs) for type_, ids, arn, outputs in reader}


def _parse_output(text: str) -> Output:
    found = _OUTPUT.fullmatch(text)
    if found is None:
        message = f"identities.csv holds an output that cannot be read: {text}"
        raise ValueError(message)
    own, path, negated, condition, template = found.groups()
    return Output(
        path=tuple(path.replace("[]", ".[]").split(".")),
        template=Template(template) if template is not None else None,
        condition=condition or "",
        negated=bool(negated),
        own=bool(own),
    )
