"""`python -m policies.new control`: writes the file of a control of one's own, complete enough to pass its tests.

What it demands is for its author to say: the file holds one flag of one type, with examples of every verdict.
"""

import contextlib
import datetime as dt
import importlib
import re
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ledgergate.engine.symbolic.introspect import getters, resource_class, resource_shape, unwrap
from ledgergate.errors import LedgergateError
from ledgergate.finding import Severity
from ledgergate.report.complaint import complain
from policies.catalogue import load_catalogue
from policies.frameworks import FAMILIES
from policies.gating.place import PROFILE_FILE
from policies.suggestion import did_you_mean

_ID: Final = re.compile(r"[A-Z][A-Za-z0-9]*([-.][A-Za-z0-9]+)*[-.]\d+")
_TEMPLATE: Final = '''\
"""{slug}: say here in one sentence what belongs together in this file."""

from dataclasses import dataclass

from ledgergate.finding import Severity
from ledgergate.graph import Graph, Resource
from policies.facts.properties import {reads}, settings_of
from policies.facts.registry import adapter
from policies.model import UNKNOWN, Verdict, control, example, require


@dataclass(frozen=True, slots=True)
class {fact}:
    """What the control looks at: plain values, with AWS's own defaults.

    Args:
        {field}: `{property}`; false when unset.
    """

    {field}: bool = False


@adapter(types=["{type}"])
def {stem}_from_graph(_graph: Graph, resource: Resource) -> {fact}:
    """Build it from what the program asks for."""
    {body}


@control(
    id="{id}",
    slug="{slug}",
    severity=Severity.{severity},
    requirements=(),
    families=("{family}",),
    source="{source}, read {today}",
    rationale="Say here in a sentence what comes of it when {property} is off.",
    remediation="Set {field}=True.",
    passes=[example("it is on", {fact}({field}=True))],
    fails=[example("nobody said anything", {fact}())],
    unknowns=[example("it comes later", {fact}({field}=UNKNOWN))],
    not_read="its reader is not written yet",
)
def {stem}(each: {fact}) -> Verdict:
    """Say in one sentence what holds.

    Say when exactly: which property, what it means when unset, and what the control does not speak about.
    """
    return require(each.{field}, "{property} is off", found="false", wanted="true")
'''

_BODY: Final = 'return {fact}(flag(settings_of(resource), "{outer}", default=False))'
_INNER_BODY: Final = """\
inside = record(settings_of(resource), "{outer}", lambda found: flag(found, "{inner}", default=False))
    return {fact}(False if inside is None else inside)"""

app: Final = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def new() -> None:
    """Write a new file, and say what to do with it."""


@app.command()
def control(
    id: Annotated[str, typer.Argument(metavar="ID", help="Its id, a word and a number: BANK-1.")],
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="What holds, in short: sqs-queue-encrypted.")],
    *,
    type: Annotated[str, typer.Option(metavar="TOKEN", help="Type that it judges: aws:sqs/queue:Queue.")],
    property: Annotated[  # noqa: A002 - as above
        str,
        typer.Option(
            metavar="NAME", help="A flag of it, as Pulumi writes it: sqsManagedSseEnabled, rootBlockDevice.encrypted."
        ),
    ],
    program: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of the Pulumi program whose profile names the control.")
    ],
    family: Annotated[str, typer.Option(metavar="FAMILY", help="What it can be selected by.")] = "encryption",
    severity: Annotated[Severity, typer.Option(metavar="SEVERITY", help="How bad a failure is.")] = Severity.MEDIUM,
    source: Annotated[str, typer.Option(metavar="TEXT", help="Who demands it.")] = "Demand of the bank",
) -> None:
    """Write the file of a control of your own, with examples that pass the tests every control has to pass.

    For example:

      python -m policies.new control BANK-1 sqs-queue-managed-encryption
          --type aws:sqs/queue:Queue --property sqsManagedSseEnabled
          --program infra/payments
    """
    try:
        path = _written(id, slug, type, property, program, family, severity, source)
    except LedgergateError as error:
        complain(str(error))
        raise typer.Exit(2) from None
    profile = program / PROFILE_FILE
    typer.echo(f"{path} is written.\nChange what it looks at, what it demands and why; then:")
    if not profile.exists() or path.parent.name not in profile.read_text(encoding="utf-8"):
        typer.echo(f'  name its folder in {profile}:\n    controls = ["{path.parent.name}"]')
    typer.echo(f"  try it:\n    python -m policies.gate {program} --select {id}")
    typer.echo("  hold it to what every control must keep:")
    typer.echo(f"    LEDGERGATE_CONTROLS={path.parent} \\\n      nox -s tests -- {_TESTS}")


_TESTS: Final = "tests/policies/controls/test_every_control.py"
_FOLDER: Final = "controls"


def _written(
    id_: str, slug: str, type_: str, property_: str, program: Path, family: str, severity: Severity, source: str
) -> Path:
    """Write the file.

    Raises:
        LedgergateError: Something that was given cannot be, or the file is there.
    """
    if not _ID.fullmatch(id_):
        raise LedgergateError(f"{id_}: an id is a word and a number", "For example BANK-1.")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", slug):
        raise LedgergateError(f"{slug}: a slug is words with dashes", "For example sqs-queue-encrypted.")
    _refuse_what_is_taken(id_, slug, program)
    if family not in FAMILIES:
        raise LedgergateError(f"--family {family}: there is no such family", did_you_mean(family, FAMILIES))
    # An SDK tells of what is imported.
    with contextlib.suppress(ImportError):
        importlib.import_module(f"pulumi_aws.{type_.removeprefix('aws:').partition('/')[0]}")
    shape = resource_shape(type_)
    if shape is None:
        raise LedgergateError(f"--type {type_}: pulumi-aws has no such type", "It is written like aws:sqs/queue:Queue.")
    outer, _, inner = property_.partition(".")
    if outer not in shape.inputs:
        hint = did_you_mean(outer, shape.inputs, f"the Pulumi Registry describes all inputs of {type_}")
        raise LedgergateError(f"--property {outer}: {type_} has no such input", hint)
    _refuse_what_is_no_flag(type_, outer, inner)
    if not program.is_dir():
        raise LedgergateError(f"--program {program}: there is no such folder")
    stem = slug.replace("-", "_")
    path = program / _FOLDER / f"{stem}.py"
    if path.exists():
        raise LedgergateError(f"{path}: it is there already", "Nothing was written.")
    fact = "".join(part.capitalize() for part in stem.split("_"))
    text = _TEMPLATE.format(
        id=id_,
        slug=slug,
        stem=stem,
        fact=fact,
        field=re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", property_.replace(".", "_")).lower(),
        reads="flag, record" if inner else "flag",
        body=(_INNER_BODY if inner else _BODY).format(fact=fact, outer=outer, inner=inner),
        property=property_,
        type=type_,
        severity=severity.name,
        family=family,
        source=source.replace('"', "'"),
        today=dt.datetime.now(dt.UTC).date().isoformat(),
    )
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LedgergateError(f"{path}: it cannot be written: {error.strerror}") from None
    return path


def _refuse_what_is_taken(id_: str, slug: str, program: Path) -> None:
    """Refuse a name that a control has, of everybody's or in the program's folder: the gate takes no name twice.

    Raises:
        LedgergateError: A control has the id or the slug, or what lies in the folder cannot be used.
    """
    folder = program / _FOLDER
    for folders, where in (((), ""), ((folder,) if any(folder.glob("*.py")) else (), f"{program} ")):
        names = load_catalogue(folders).names
        taken = next((name for name in (id_, slug) if name in names), "")
        if taken:
            hint = f"python -m policies.gate {where}--explain {taken}"
            raise LedgergateError(f"there is a control {taken} already", hint)


def _refuse_what_is_no_flag(type_: str, outer: str, inner: str) -> None:
    """Refuse a property that the template cannot read as true or false.

    Raises:
        LedgergateError: It is no flag; the hint names the flags inside it, where there are some.
    """
    class_ = resource_class(type_)
    kinds = _kinds(class_) if class_ else {}
    kind = kinds.get(outer)
    inside = (
        {name for name, each in _kinds(kind).items() if each is bool} if hasattr(kind, "_pulumi_output_type") else set()
    )
    if inner in inside or (not inner and kind is bool):
        return
    if inside:
        named = ", ".join(f"{outer}.{name}" for name in sorted(inside))
        raise LedgergateError(f"--property {outer}{inner and '.'}{inner}: it is no flag", f"Flags inside: {named}.")
    raise LedgergateError(
        f"--property {outer}{inner and '.'}{inner}: it is no flag, and holds none", "Name one that is true or false."
    )


def _kinds(class_: Any) -> dict[str, Any]:
    """Return camelCase property → its bare annotation."""
    return {name: unwrap(annotation, class_)[0] for _, name, annotation in getters(class_)}


if __name__ == "__main__":
    app()
