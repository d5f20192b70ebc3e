"""The resource graph of one stack: what the engine captured, what a pack was sent, what a state holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from ledgergate.values import Value


class Kind(StrEnum):
    """What a resource is to the engine."""

    STACK = "stack"
    COMPONENT = "component"
    PROVIDER = "provider"
    CUSTOM = "custom"
    READ = "read"
    """Looked up with `.get`: joinable, never judged."""
    OPAQUE = "opaque"
    """A remote component or a dynamic provider's resource: nobody here can look inside."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in the program.

    Args:
        file: Path as the program sees it, absolute.
        line: Line number, from 1.
    """

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Options:
    """The resource options that a pack is told about."""

    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, float] = field(default_factory=dict)
    """`create`, `update`, `delete` → seconds."""
    retain_on_delete: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the stack.

    Args:
        urn: Pulumi URN.
        type: Type token, `aws:s3/bucket:Bucket`.
        name: Logical name in the program.
        kind: What it is to the engine.
        inputs: camelCase property → value after the provider's `check`; what `Analyze` sees.
        outputs: camelCase property → value; what `AnalyzeStack` sees.
        id: Physical id; empty when unknown or none.
        parent: URN; empty for the stack and default providers.
        provider: URN of the provider resource; empty when it has none.
        dependencies: URNs, sorted.
        property_dependencies: Property → URNs, sorted.
        options: Resource options.
        source: Frames of the program that led to the registration, innermost first.
        auto_named: Input properties that `check` named by itself.
    """

    urn: str
    type: str
    name: str
    kind: Kind
    inputs: Mapping[str, Value] = field(default_factory=dict)
    outputs: Mapping[str, Value] = field(default_factory=dict)
    id: str = ""
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    source: tuple[Frame, ...] = ()
    auto_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookUp:
    """A function call of the program and its answer.

    Args:
        token: Function token, `aws:kms/getKey:getKey`.
        args: camelCase argument → value, secrets already taken off; shown nowhere.
        result: camelCase result property → value, likewise; it echoes the arguments.
        given: Whether the answer is the user's, `--answers FILE`.
    """

    token: str
    args: Mapping[str, Value] = field(default_factory=dict, repr=False)
    result: Mapping[str, Value] = field(default_factory=dict, repr=False)
    given: bool = False


class Graph:
    """The resources of one stack, in the order they were analysed.

    Args:
        program: Project name.
        stack: Stack name.
        resources: Every resource; a URN occurs once.
        look_ups: Function calls of the program, where the stage sees them: only the embedded engine does.

    Attributes:
        asked: Type tokens that `of_type` was asked for, whether there were any.
    """

    def __init__(
        self, program: str, stack: str, resources: Iterable[Resource] = (), look_ups: Iterable[LookUp] = ()
    ) -> None:
        self.program = program
        self.stack = stack
        self.resources: Mapping[str, Resource] = {resource.urn: resource for resource in resources}
        self.look_ups: tuple[LookUp, ...] = tuple(look_ups)
        self.asked: set[str] = set()

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    def __len__(self) -> int:
        return len(self.resources)

    def __contains__(self, urn: object) -> bool:
        return urn in self.resources

    def __getitem__(self, urn: str) -> Resource:
        return self.resources[urn]

    def get(self, urn: str) -> Resource | None:
        """Return the resource with this URN, or None."""
        return self.resources.get(urn)

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        index: dict[str, list[Resource]] = defaultdict(list)
        for resource in self:
            index[resource.type].append(resource)
        return {type_: tuple(found) for type_, found in index.items()}

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Return the resources of these type tokens, reads included."""
        self.asked.update(types)
        return tuple(resource for type_ in types for resource in self._by_type.get(type_, ()))

    def provider_of(self, resource: Resource) -> Resource | None:
        """Return the provider resource that serves `resource`, or None."""
        return self.resources.get(resource.provider)
