"""How the sandbox creates, reads, changes and deletes one type of resource: a row of the table in `types`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from integration.sandbox.clients import Clients
from ledgergate.engine.symbolic.place import Place

Wire = Any
Properties = Mapping[str, Wire]

_EVERYWHERE: Final = frozenset({"region", "tags"})
"""`region` chooses the client; `tags` reach AWS as part of `tagsAll`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One resource at work.

    Args:
        inputs: What is wanted: camelCase property → wire value.
        before: What it had; empty when it is new.
        id: Its physical id; empty before it is created.
        place: Where it is.
        aws: Clients of that place.
    """

    inputs: Properties
    before: Properties = field(default_factory=dict)
    id: str = ""
    place: Place
    aws: Clients

    def named(self, id: str) -> "Subject":
        """Return the subject with its physical id."""
        return replace(self, id=id)

    def arn(self, service: str, rest: str, *, regional: bool = True) -> str:
        """Return an ARN in its place."""
        region = self.place.region if regional else ""
        return f"arn:{self.place.partition}:{service}:{region}:{self.place.account}:{rest}"

    def given(self, *names: str) -> dict[str, Wire]:
        """Return those inputs, by their names in AWS's calls (`vpcId` → `VpcId`), that the program set."""
        return {name[0].upper() + name[1:]: self.inputs[name] for name in names if self.inputs.get(name) is not None}


Apply = Callable[[Subject], None]


class GoneError(Exception):
    """A resource is not there."""


def accept(_inputs: Properties) -> str:
    """Hold whatever the program wants."""
    return ""


def leave(_subject: Subject) -> None:
    """Do nothing: what goes with the resource that it belongs to, or is not the program's to delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """One type of resource.

    Args:
        type: Type token.
        create: Creates it and returns its id.
        read: Returns what it really is, camelCase property → wire value.
        delete: Deletes it.
        fixed: Properties that `create` applies and nothing can change: another value makes another resource.
        updates: Property that `create` applies → what applies a change.
        settings: Property → what applies it, after `create` too.
        ignored: Property that is not applied → why.
        refuses: Returns why the sandbox cannot hold a resource with these inputs, or an empty string.
    """

    type: str
    create: Callable[[Subject], str]
    read: Callable[[Subject], Properties]
    delete: Apply
    fixed: tuple[str, ...] = ()
    updates: Mapping[str, Apply] = field(default_factory=dict)
    settings: Mapping[str, Apply] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    refuses: Callable[[Properties], str] = accept

    @property
    def known(self) -> frozenset[str]:
        """Every property that is applied, or ignored with a reason."""
        return _EVERYWHERE.union(self.fixed, self.updates, self.settings, self.ignored)

    def after_creation(self, inputs: Properties) -> list[Apply]:
        """Return what remains to be applied once `create` is through."""
        return _distinct(self.settings, inputs)

    def for_changes(self, changed: frozenset[str]) -> list[Apply]:
        """Return what applies these changes."""
        return _distinct({**self.updates, **self.settings}, changed)

    def replaced_by(self, changed: frozenset[str]) -> bool:
        """Tell whether these changes make another resource."""
        return not changed.isdisjoint(("region", *self.fixed))


def _distinct(table: Mapping[str, Apply], names: Any) -> list[Apply]:
    """Return what applies these properties, each function once, in the table's order."""
    return list(dict.fromkeys(apply for name, apply in table.items() if name in names))


def put(apply: Apply, *names: str) -> Mapping[str, Apply]:
    """Return rows of a table: one function applies all these properties."""
    return dict.fromkeys(names, apply)
