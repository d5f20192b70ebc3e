"""The outputs that a resource type gets, compiled once: the table's, then what the SDK's class leaves to make up.

Runs inside the program's interpreter: standard library and pulumi only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ledgergate.engine import wire
from ledgergate.engine.symbolic.forms import form_of, noun_of, opaque_arn
from ledgergate.engine.symbolic.identities import NEVER, Identity, Output
from ledgergate.engine.symbolic.introspect import TEXT, Field, Kind, Many, Nested, Shape
from ledgergate.engine.symbolic.levels import Level
from ledgergate.engine.symbolic.mint import digest
from ledgergate.engine.symbolic.place import Place
from ledgergate.engine.symbolic.template import Template

Node = Callable[["Subject"], wire.Wire]
"""Makes one value; None when there is nothing to make up."""

_LIST: Final = "[]"
_OPAQUE: Final = Template("{hex32}")
_ARN: Final = Output(("arn",), Template("{arn}"))


@dataclass(slots=True)
class Subject:
    """One resource while its outputs are made; what templates ask.

    Args:
        seed: What its minted values derive from: the URN.
        inputs: camelCase property → wire value.
        identity: Its row in the table.
        names: Values already known: `id`, `arn`.
        mints: Whether anything may be made up.
    """

    seed: str
    inputs: Mapping[str, wire.Wire]
    place: Place
    identity: Identity | None
    names: dict[str, str | None] = field(default_factory=dict)
    mints: bool = True
    _digests: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> wire.Wire:
        """Return an input, the id or the ARN; None when absent."""
        if name in self.names:
            return self.names[name]
        if self.identity is not None and name == "id":
            self.names["id"] = found = _first(self.identity.ids, self)
            return found
        if self.identity is not None and name == "arn" and self.identity.arn is not None:
            self.names["arn"] = found = self.identity.arn.render(self)
            return found
        value: wire.Wire = self.inputs
        for key in name.split("."):
            value = value.get(key) if isinstance(value, Mapping) else value if value == wire.UNKNOWN else None
        return value

    def minted(self, salt: str) -> str | None:
        """Return digits to mint from, or None where nothing may be minted."""
        if not self.mints:
            return None
        if salt not in self._digests:
            self._digests[salt] = digest(self.seed, salt)
        return self._digests[salt]

    def identifier(self) -> str:
        """Return the physical id; empty when unknown. A type outside the table gets an opaque one."""
        found = self.value("id") if self.identity is not None else _OPAQUE.render(self)
        return found if isinstance(found, str) and found != wire.UNKNOWN else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the outputs of one type are made.

    Args:
        steps: (property, its value) in order.
        explicit: The table's outputs that are due for this type.
    """

    steps: tuple[tuple[str, Node], ...]
    explicit: tuple[Output, ...]

    def fill(self, subject: Subject, outputs: dict[str, wire.Wire]) -> None:
        """Add to `outputs` what can be made up for a resource."""
        gated = {output.path[0] for output in self.explicit if not is_due(output, subject)}
        for name, node in self.steps:
            if name not in gated:
                value = node(subject)
                if value is not None:
                    outputs[name] = value
        for output in self.explicit:
            name = output.path[0]
            if output.template is not None and name not in gated and not (output.own and name in subject.inputs):
                value = output.template.render(subject)
                if value is not None and value != wire.UNKNOWN:
                    put(outputs, output.path, value)


def plan(shape: Shape | None, identity: Identity | None, level: Level, service: str) -> Plan:
    """Compile the outputs of a resource type.

    Args:
        shape: What the SDK says of it; None when no class is installed.
        identity: Its row in the table.
        level: How much to make up; not `UNKNOWNS`.
        service: Service in ARNs and host names; empty outside AWS.
    """
    explicit = tuple(output for output in _explicit(identity) if _is_output(output, shape))
    given = {output.path[0] for output in explicit if len(output.path) == 1 and output.template is not None}
    forced = {output.path[0] for output in explicit if len(output.path) > 1}
    steps: list[tuple[str, Node]] = []
    for entry in shape.fields if shape is not None else ():
        if entry.name in given or entry.optional:
            continue
        if entry.name == "arn":
            if identity is None and service:
                steps.append(("arn", _rendered(Template(_opaque(shape, service)))))
            continue
        node = _node(entry.name, entry.kind, _nouns(shape), level, service, forced=entry.name in forced)
        if node is not None:
            steps.append((entry.name, node))
    return Plan(tuple(steps), explicit)


def result_nodes(
    shape: Shape, nouns: frozenset[str], level: Level, service: str
) -> tuple[tuple[Field, Node | None], ...]:
    """Return each property of a function's result and what makes it; None for one that stays unknown."""
    return tuple((entry, _result_node(entry, nouns, level, service)) for entry in shape.fields)


def _result_node(entry: Field, nouns: frozenset[str], level: Level, service: str) -> Node | None:
    """Return what makes a property; objects keep their form, so that a program may look for what is unknown there."""
    item = entry.kind.item if isinstance(entry.kind, Many) else entry.kind
    return _node(entry.name, entry.kind, nouns, level, service, forced=isinstance(item, Nested))


def _explicit(identity: Identity | None) -> tuple[Output, ...]:
    if identity is None:
        return ()
    return (_ARN, *identity.outputs) if identity.arn is not None else identity.outputs


def _is_output(output: Output, shape: Shape | None) -> bool:
    name = output.path[0]
    if shape is None:
        return True
    return output.own if name in shape.inputs else any(entry.name == name for entry in shape.fields)


def is_due(output: Output, subject: Subject) -> bool:
    """Tell whether an output of the table applies to a resource."""
    if not output.condition:
        return True
    if output.condition == NEVER:
        return False
    value = subject.value(output.condition)
    if value == wire.UNKNOWN:
        return False
    return (value in (None, False)) is output.negated


def _nouns(shape: Shape | None) -> frozenset[str]:
    return frozenset({noun_of(shape.name)}) if shape is not None else frozenset()


def _opaque(shape: Shape | None, service: str) -> str:
    name = shape.name if shape is not None else "resource"
    return opaque_arn(service, name, regional=shape is not None and "region" in shape.inputs)


def _node(name: str, kind: Kind, nouns: frozenset[str], level: Level, service: str, *, forced: bool) -> Node | None:
    if kind == TEXT:
        form = form_of(name, nouns, service)
        wanted = form is not None and (form.identity or level is Level.SYMBOLIC)
        return _rendered(Template(form.template)) if form is not None and wanted else None
    if isinstance(kind, Many):
        return _many(name, kind, nouns, level, service, forced=forced)
    if isinstance(kind, Nested):
        return _nested(kind, nouns, level, service, forced=forced)
    return None


def _rendered(template: Template) -> Node:
    def render(subject: Subject) -> wire.Wire:
        text = template.render(subject)
        return None if text == wire.UNKNOWN else text

    return render


def _many(name: str, kind: Many, nouns: frozenset[str], level: Level, service: str, *, forced: bool) -> Node | None:
    item = _node(name.removesuffix("s"), kind.item, nouns, level, service, forced=forced)
    if item is None:
        return None

    def make(subject: Subject) -> wire.Wire:
        value = item(subject)
        return None if value is None else [value]

    return make


def _nested(kind: Nested, nouns: frozenset[str], level: Level, service: str, *, forced: bool) -> Node | None:
    own = nouns | {noun_of(kind.name)}
    nodes = [
        (entry, _node(entry.name, entry.kind, own, level, service, forced=forced and not _is_text(entry.kind)))
        for entry in kind.fields
    ]
    if not forced and not any(node is not None for _, node in nodes):
        return None

    def make(subject: Subject) -> wire.Wire:
        made = {entry.name: node(subject) if node is not None else None for entry, node in nodes}
        if all(value is None for value in made.values()) and not (forced and subject.mints):
            return None
        # A key left out would read as None in the program: not a fact either.
        return {name: wire.UNKNOWN if value is None else value for name, value in made.items()}

    return make


def _is_text(kind: Kind) -> bool:
    return kind == TEXT or (isinstance(kind, Many) and _is_text(kind.item))


def _first(templates: tuple[Template, ...], subject: Subject) -> str | None:
    return next((text for text in (template.render(subject) for template in templates) if text is not None), None)


def put(outputs: dict[str, wire.Wire], path: tuple[str, ...], value: str) -> None:
    """Set a value inside nested objects and one-element lists, making those that are missing."""
    at: wire.Wire = outputs
    for step, after in zip(path, (*path[1:], None), strict=True):
        key: str | int = 0 if step == _LIST else step
        if after is None:
            at[key] = value
        elif isinstance(key, int):
            if not isinstance(at[0], (dict, list)):
                at[0] = [wire.UNKNOWN] if after == _LIST else {}
            at = at[0]
        else:
            kept = at.get(key)
            if not isinstance(kept, (dict, list)):
                at[key] = [wire.UNKNOWN] if after == _LIST else {}
            at = at[key]
