"""Names and types of generated classes, worked out once for each class."""

from collections.abc import Callable
from typing import Any, Final

PER_CLASS: Final = (
    "input_type_py_to_pulumi_names",
    "resource_py_to_pulumi_names",
    "resource_pulumi_to_py_names",
    "resource_types",
)
PER_IDENTITY: Final = ("unwrap_type",)


def per_class(compute: Callable[[type], dict[str, Any]]) -> Callable[[type], dict[str, Any]]:
    """Remember what `compute` answers for a class; each caller gets a dictionary of its own."""
    known: dict[type, dict[str, Any]] = {}

    def lookup(cls: type) -> dict[str, Any]:
        found = known.get(cls)
        if found is None:
            found = known[cls] = compute(cls)
        return found.copy()

    return lookup


def per_identity(compute: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Remember what `compute` answers for an annotation, by identity: hashing a union costs more than unwrapping it."""
    known: dict[int, tuple[Any, Any]] = {}

    def lookup(annotation: Any) -> Any:
        found = known.get(id(annotation))
        if found is None:
            # The annotation is kept, so that no other one is ever given its id.
            found = known[id(annotation)] = (annotation, compute(annotation))
        return found[1]

    return lookup
