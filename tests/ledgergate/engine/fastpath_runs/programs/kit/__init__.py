"""Resource classes as a generated SDK would hold them, for the programs beside this file."""

from collections.abc import Mapping, Sequence
from enum import Enum, StrEnum
from typing import Any

import pulumi


class Tier(StrEnum):
    """An enum of strings."""

    HOT = "hot"
    COLD = "cold"


class Count(int, Enum):
    """An enum of numbers."""

    ONE = 1
    TWO = 2


@pulumi.input_type
class RuleArgs:
    """A nested input."""

    def __init__(
        self,
        *,
        from_port: pulumi.Input[int],
        cidr_blocks: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        tier: pulumi.Input[Tier] | None = None,
    ) -> None:
        """Keep the values."""
        pulumi.set(self, "from_port", from_port)
        if cidr_blocks is not None:
            pulumi.set(self, "cidr_blocks", cidr_blocks)
        if tier is not None:
            pulumi.set(self, "tier", tier)

    @property
    @pulumi.getter(name="fromPort")
    def from_port(self) -> pulumi.Input[int]:
        """Port."""
        return pulumi.get(self, "from_port")

    @from_port.setter
    def from_port(self, value: pulumi.Input[int]) -> None:
        pulumi.set(self, "from_port", value)

    @property
    @pulumi.getter(name="cidrBlocks")
    def cidr_blocks(self) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        """Ranges."""
        return pulumi.get(self, "cidr_blocks")

    @property
    @pulumi.getter
    def tier(self) -> pulumi.Input[Tier] | None:
        """Tier."""
        return pulumi.get(self, "tier")


@pulumi.output_type
class Rule(dict[str, Any]):
    """A nested output."""

    def __init__(self, *, from_port: int, cidr_blocks: Sequence[str] | None = None, tier: str | None = None) -> None:
        """Keep the values."""
        pulumi.set(self, "from_port", from_port)
        if cidr_blocks is not None:
            pulumi.set(self, "cidr_blocks", cidr_blocks)
        if tier is not None:
            pulumi.set(self, "tier", tier)

    @property
    @pulumi.getter(name="fromPort")
    def from_port(self) -> int:
        """Port."""
        return pulumi.get(self, "from_port")

    @property
    @pulumi.getter(name="cidrBlocks")
    def cidr_blocks(self) -> Sequence[str] | None:
        """Ranges."""
        return pulumi.get(self, "cidr_blocks")

    @property
    @pulumi.getter
    def tier(self) -> str | None:
        """Tier."""
        return pulumi.get(self, "tier")


@pulumi.input_type
class _ThingArgs:
    def __init__(self) -> None:
        """Take nothing: `Thing` fills the dictionary, as generated classes do."""

    @property
    @pulumi.getter(name="displayName")
    def display_name(self) -> pulumi.Input[str] | None:
        """Name."""
        return pulumi.get(self, "display_name")

    @property
    @pulumi.getter
    def rules(self) -> pulumi.Input[Sequence[pulumi.Input[RuleArgs]]] | None:
        """Rules."""
        return pulumi.get(self, "rules")

    @property
    @pulumi.getter(name="retryCount")
    def retry_count(self) -> pulumi.Input[Count] | None:
        """How often."""
        return pulumi.get(self, "retry_count")

    @property
    @pulumi.getter
    def size(self) -> pulumi.Input[int] | None:
        """Size."""
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def tags(self) -> pulumi.Input[Mapping[str, pulumi.Input[str]]] | None:
        """Tags."""
        return pulumi.get(self, "tags")


PROPERTIES = ("arn", "display_name", "document", "enabled", "retry_count", "rules", "secret_text", "size", "tags")


class Thing(pulumi.CustomResource):
    """A resource with inputs, outputs and nested types."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        """Register it."""
        self._internal_init(name, opts, inputs)

    def _internal_init(self, name: str, opts: pulumi.ResourceOptions | None, inputs: Mapping[str, Any]) -> None:
        args = _ThingArgs.__new__(_ThingArgs)
        args.__dict__.update(dict.fromkeys(PROPERTIES), **inputs)
        super().__init__("kit:index:Thing", name, args, opts)  # type: ignore[arg-type]  # as generated code does

    @staticmethod
    def get(name: str, id: pulumi.Input[str]) -> "Thing":
        """Look one up."""
        return Thing(name, pulumi.ResourceOptions(id=id))

    @property
    @pulumi.getter
    def arn(self) -> pulumi.Output[str]:
        """Made by the provider."""
        return pulumi.get(self, "arn")

    @property
    @pulumi.getter(name="displayName")
    def display_name(self) -> pulumi.Output[str | None]:
        """Name."""
        return pulumi.get(self, "display_name")

    @property
    @pulumi.getter
    def document(self) -> pulumi.Output[Any]:
        """Anything."""
        return pulumi.get(self, "document")

    @property
    @pulumi.getter
    def enabled(self) -> pulumi.Output[bool | None]:
        """Flag."""
        return pulumi.get(self, "enabled")

    @property
    @pulumi.getter(name="retryCount")
    def retry_count(self) -> pulumi.Output[Count | None]:
        """How often."""
        return pulumi.get(self, "retry_count")

    @property
    @pulumi.getter
    def rules(self) -> pulumi.Output[Sequence[Rule] | None]:
        """Rules."""
        return pulumi.get(self, "rules")

    @property
    @pulumi.getter(name="secretText")
    def secret_text(self) -> pulumi.Output[str | None]:
        """Secret by the provider's word."""
        return pulumi.get(self, "secret_text")

    @property
    @pulumi.getter
    def size(self) -> pulumi.Output[int | None]:
        """Size."""
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def tags(self) -> pulumi.Output[Mapping[str, str] | None]:
        """Tags."""
        return pulumi.get(self, "tags")


class Group(pulumi.ComponentResource):
    """A component."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register it."""
        super().__init__("kit:index:Group", name, None, opts)
