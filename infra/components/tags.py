"""Tags: what every resource carries, given in one place so that no resource can be forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pulumi

_OTHER_SHAPE: Final = frozenset({"aws:autoscaling/group:Group", "aws:devopsguru/resourceCollection:ResourceCollection"})
"""Types whose `tags` is not a map of keys to values."""


class DataClass(StrEnum):
    """What a data store holds; the value of its `DataClassification` tag."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    CARDHOLDER = "cardholder"

    @property
    def tag(self) -> dict[str, str]:
        """The tag of a store of this class."""
        return {"DataClassification": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Who answers for a stack.

    Args:
        environment: `dev`, `staging` or `prod`.
        owner: Team that answers for it.
        cost_center: Who pays.
        project: Name of the system.
        compliance: Standard it is held to.
    """

    environment: str
    owner: str
    cost_center: str
    project: str
    compliance: str = "pci-dss"

    @property
    def tags(self) -> dict[str, str]:
        """The tags of every resource of the stack."""
        return {
            "Environment": self.environment,
            "Owner": self.owner,
            "CostCenter": self.cost_center,
            "ManagedBy": "Pulumi",
            "Project": self.project,
            "Compliance": self.compliance,
        }


def tag_every_resource(tags: Mapping[str, str]) -> None:
    """Give `tags` to every taggable AWS resource that the stack registers from here on.

    A resource adds tags of its own; it cannot change these.
    """

    def add_tags(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("aws:") or "tags" not in args.props or args.type_ in _OTHER_SHAPE:
            return None
        props: dict[str, Any] = {**args.props, "tags": _merge(args.props["tags"], tags)}
        return pulumi.ResourceTransformationResult(props, args.opts)

    # Runs inside the program, unlike a resource transform: no round trip for each resource.
    pulumi.runtime.register_stack_transformation(add_tags)


def _merge(own: Any, tags: Mapping[str, str]) -> Any:
    if own is None or isinstance(own, Mapping):
        return {**(own or {}), **tags}
    return pulumi.Output.from_input(own).apply(lambda known: {**known, **tags})
