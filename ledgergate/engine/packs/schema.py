"""The part of JSON schema that policies use for their configuration, with the engine's wording.

Source: messages of `gojsonschema` (`locales.go`) and a recorded refusal of the engine 3.260.0, read 2026-11-21.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

_NOTES: Final = frozenset(
    ("$comment", "$id", "$schema", "default", "deprecated", "description", "examples", "readOnly", "title")
)
"""Keywords that demand nothing."""

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "array": list,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}


class SchemaError(Exception):
    """A schema demands something that cannot be checked here."""


def violations(value: Any, schema: Any, path: str = "") -> Iterator[str]:
    """Yield what is wrong with a value, `path: sentence` each.

    Args:
        value: JSON data.
        schema: JSON schema, or a plain truth value.
        path: Where the value stands, `names.0`; empty for the root.

    Raises:
        SchemaError: A keyword that is not known here: its demand must not pass unseen.
    """
    if schema is True:
        return
    if not isinstance(schema, Mapping):
        yield _at(path, "False always fails validation")
        return
    for keyword, demand in sorted(schema.items()):
        if keyword in _NOTES:
            continue
        check = _KEYWORDS.get(keyword)
        if check is None:
            message = f"`{keyword}` in the schema of {path or 'the configuration'} cannot be checked"
            raise SchemaError(message)
        yield from check(value, demand, schema, path)


def _at(path: str, sentence: str) -> str:
    return f"{path}: {sentence}" if path else sentence


def _inside(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_a(value: Any, type_: str) -> bool:
    if type_ == "integer":
        return _is_number(value) and float(value).is_integer()
    if type_ not in _TYPES:
        message = f"`{type_}` is not a JSON type"
        raise SchemaError(message)
    return isinstance(value, _TYPES[type_]) and (type_ == "boolean" or not isinstance(value, bool))


def _type_name(value: Any) -> str:
    names = ("integer", "array", "boolean", "null", "number", "object", "string")
    return next(name for name in names if _is_a(value, name))


def _type(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
    allowed = demand if isinstance(demand, list) else [demand]
    if not any(_is_a(value, type_) for type_ in allowed):
        yield _at(path, f"Invalid type. Expected: {'/'.join(allowed)}, given: {_type_name(value)}")


def _enum(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
    if not any(_same(value, allowed) for allowed in demand):
        shown = ", ".join(_json(allowed) for allowed in demand)
        yield _at(path, f"{path or '(root)'} must be one of the following: {shown}")


def _const(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
    if not _same(value, demand):
        yield _at(path, f"{path or '(root)'} does not match: {_json(demand)}")


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _json(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else _number(value)


def _number(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _limit(measure: Callable[[Any], Any], holds: Callable[[Any, Any], bool], sentence: str) -> Callable[..., Any]:
    """Return a check that compares a measure of the value, where it has one, with the demand."""

    def check(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
        found = measure(value)
        if found is not None and not holds(found, demand):
            yield _at(path, sentence.format(_number(demand)))

    return check


def _as_number(value: Any) -> float | None:
    return value if _is_number(value) else None


def _size(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, str) else None


def _at_least(found: Any, limit: Any) -> bool:
    return bool(found >= limit)


def _at_most(found: Any, limit: Any) -> bool:
    return bool(found <= limit)


def _unique(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
    if demand and isinstance(value, list):
        for second, item in enumerate(value):
            first = next((index for index in range(second) if _same(value[index], item)), None)
            if first is not None:
                yield _at(path, f"array items[{first},{second}] must be unique")
                return


def _items(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
    if isinstance(demand, list):
        message = f"a list of schemas for the items of {path or 'the configuration'} cannot be checked"
        raise SchemaError(message)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from violations(item, demand, _inside(path, index))


def _properties(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name in sorted(set(demand) & set(value)):
            yield from violations(value[name], demand[name], _inside(path, name))


def _required(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name in demand:
            if name not in value:
                yield _at(path, f"{name} is required")


def _additional(value: Any, demand: Any, schema: Any, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        return
    for name in sorted(set(value) - set(schema.get("properties", ()))):
        if demand is False:
            yield _at(path, f"Additional property {name} is not allowed")
        else:
            yield from violations(value[name], demand, _inside(path, name))


def _pattern(value: Any, demand: Any, _schema: Any, path: str) -> Iterator[str]:
    if isinstance(value, str) and re.search(demand, value) is None:
        yield _at(path, f"Does not match pattern '{demand}'")


_KEYWORDS: Final[Mapping[str, Callable[..., Iterator[str]]]] = {
    "additionalProperties": _additional,
    "const": _const,
    "enum": _enum,
    "exclusiveMaximum": _limit(_as_number, lambda found, limit: found < limit, "Must be less than {}"),
    "exclusiveMinimum": _limit(_as_number, lambda found, limit: found > limit, "Must be greater than {}"),
    "items": _items,
    "maxItems": _limit(_size, _at_most, "Array must have at most {} items"),
    "maxLength": _limit(_length, _at_most, "String length must be less than or equal to {}"),
    "maximum": _limit(_as_number, _at_most, "Must be less than or equal to {}"),
    "minItems": _limit(_size, _at_least, "Array must have at least {} items"),
    "minLength": _limit(_length, _at_least, "String length must be greater than or equal to {}"),
    "minimum": _limit(_as_number, _at_least, "Must be greater than or equal to {}"),
    "multipleOf": _limit(_as_number, lambda found, unit: float(found / unit).is_integer(), "Must be a multiple of {}"),
    "pattern": _pattern,
    "properties": _properties,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique,
}
