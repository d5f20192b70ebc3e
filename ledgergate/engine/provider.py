"""The provider protocol: what creates resources and answers invokes behind the embedded engine.

Values are wire values: plain Python data as `wire.from_struct` gives it, secrets already taken off.
Runs inside the program's interpreter: standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Wire = Any
"""`None | bool | float | str | list | dict`, with signature dicts for assets and the unknown sentinel string."""


class ProviderError(Exception):
    """A provider could not do what it was asked; its text is shown to the user."""


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """The provider resource that serves a request.

    Args:
        package: `aws`, `random`, …
        urn: URN of the provider resource.
        version: Package version, or empty.
        inputs: Its inputs; non-string ones are JSON text, as the SDK sends them.
    """

    package: str
    urn: str
    version: str = ""
    inputs: Mapping[str, Wire] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handling:
    """How the program wants a resource handled when it changes or goes.

    Args:
        dependencies: URNs that must be there before it.
        delete_before_replace: Whether the old one goes before the new one comes.
        ignore_changes: Property paths whose changes do not count.
        protect: Whether it must never be deleted.
        retain_on_delete: Whether it is only forgotten when it goes.
        replace_on_changes: Property paths whose changes make another resource.
        aliases: URNs under which it may be known.
        import_id: Physical id of what exists and is to be taken over; empty for none.
    """

    dependencies: tuple[str, ...] = ()
    delete_before_replace: bool = False
    ignore_changes: tuple[str, ...] = ()
    protect: bool = False
    retain_on_delete: bool = False
    replace_on_changes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    import_id: str = ""


@dataclass(frozen=True, slots=True)
class ResourceRequest:
    """One resource to check, create or read.

    Args:
        urn: Pulumi URN.
        type: Type token.
        name: Logical name.
        inputs: camelCase property → wire value.
        provider: Who serves it.
        preview: Whether nothing may be created.
        handling: What a provider that keeps resources must know besides.
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Wire]
    provider: ProviderConfig
    preview: bool = True
    handling: Handling = field(default_factory=Handling)


@dataclass(frozen=True, slots=True)
class Checked:
    """Inputs after `check`.

    Args:
        inputs: camelCase property → wire value.
        failures: (property, reason) pairs; any makes the resource fail.
        auto_named: Properties that `check` named by itself.
    """

    inputs: Mapping[str, Wire]
    failures: tuple[tuple[str, str], ...] = ()
    auto_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Created:
    """A resource as the provider holds it.

    Args:
        id: Physical id; empty = unknown.
        outputs: camelCase property → wire value; a property left out is unknown in a preview.
    """

    id: str
    outputs: Mapping[str, Wire]


@dataclass(frozen=True, slots=True)
class Invoked:
    """The answer to a function call.

    Args:
        result: Result properties.
        failures: (property, reason) pairs; any makes the invoke fail.
        assumed: Whether the answer was made up and must be counted as assumed.
        given: Whether it is the user's own answer.
    """

    result: Mapping[str, Wire] = field(default_factory=dict)
    failures: tuple[tuple[str, str], ...] = ()
    assumed: bool = False
    given: bool = False


class Provider(Protocol):
    """What the engine asks of a provider. Errors are `ProviderError`."""

    def check(self, request: ResourceRequest) -> Checked:
        """Return the inputs with what the provider adds before anyone judges them."""
        ...

    def create(self, request: ResourceRequest) -> Created:
        """Create the resource, or say what creating it would give."""
        ...

    def read(self, request: ResourceRequest, resource_id: str) -> Created:
        """Return an existing resource by its id."""
        ...

    def invoke(self, token: str, args: Mapping[str, Wire], provider: ProviderConfig) -> Invoked:
        """Answer a function call such as `aws:index/getRegion:getRegion`."""
        ...

    def delete(self, request: ResourceRequest, resource_id: str) -> None:
        """Remove the resource."""
        ...
