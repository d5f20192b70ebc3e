"""Between the names that programs write (`vpcId`) and those of AWS's calls (`VpcId`)."""

from collections.abc import Mapping
from typing import Any


def pascal(value: Any) -> Any:
    """Return a name, or a setting with every name in it, as AWS's calls write it."""
    return _renamed(value, str.upper)


def camel(value: Any) -> Any:
    """Return a name, or a setting with every name in it, as programs write it."""
    return _renamed(value, str.lower)


def _renamed(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value[:1]) + value[1:]
    if isinstance(value, Mapping):
        return {_renamed(name, change): _inside(item, change) for name, item in value.items()}
    return value


def _inside(value: Any, change: Any) -> Any:
    if isinstance(value, list):
        return [_inside(item, change) for item in value]
    return _renamed(value, change) if isinstance(value, Mapping) else value


def whole(value: Any) -> Any:
    """Return a setting with every number in it that is whole as an integer: the wire knows floats only."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: whole(item) for name, item in value.items()}
    return [whole(item) for item in value] if isinstance(value, list) else value


def without_nothing(value: Any) -> Any:
    """Return a setting without every member of it that is None, which AWS's calls do not take."""
    if isinstance(value, Mapping):
        return {name: without_nothing(item) for name, item in value.items() if item is not None}
    return [without_nothing(item) for item in value] if isinstance(value, list) else value


def single(module: str, kind: str) -> str:
    """Return the type token of a resource (`s3`, `BucketPolicy`)."""
    return f"aws:{module}/{kind[0].lower()}{kind[1:]}:{kind}"
