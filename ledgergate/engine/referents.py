"""What an object of the program refers to, found without running a line of the program.

Of what Python code defines, only what the code in question names is looked at; what the standard library or compiled
code holds is followed as the garbage collector follows it, since nobody knows what they fetch.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import asyncio
import contextvars
import enum
import gc
import logging
import sys
import threading
import weakref
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from types import FunctionType, MemberDescriptorType, ModuleType
from typing import Any, Final

import pulumi

from ledgergate.engine.packages import is_followed, space_of
from ledgergate.engine.sources import is_program_file

Names = AbstractSet[str] | None
"""Names that are looked up; None for all of them."""

_MAKING: Final = frozenset({"__init__", "__new__", "__post_init__"})
_CALLED: Final = frozenset({"__call__", "__get__"})
_COLLECTED: Final = 1 << 14
"""Flag of a type whose objects tell the garbage collector what they refer to."""

_SECRETIVE: Final = (contextvars.ContextVar, threading.local, weakref.ProxyType, weakref.CallableProxyType)
"""Types whose objects hold more than they tell."""


_LEADING_ANYWHERE: Final = (asyncio.AbstractEventLoop, contextvars.Context)
"""Types whose objects refer to all that goes on: what they do is named by whoever asks them to."""


def is_secretive(class_: type) -> bool:
    """Tell whether objects of a class may refer to something that nobody can find."""
    if issubclass(class_, _SECRETIVE):
        return True
    known = class_.__module__.partition(".")[0] in (*sys.stdlib_module_names, "builtins", "pulumi", "ledgergate")
    return not (known or is_followed(class_.__module__) or class_.__flags__ & _COLLECTED)


def held(holder: Any, names: Names) -> Iterator[Any]:
    """Yield what an object, class or module has under these names."""
    is_class = isinstance(holder, type)
    if isinstance(holder, ModuleType):
        yield from _held_by_module(holder, names)
        if not is_followed(type(holder).__module__):
            return  # a module whose class the program has not replaced
    for class_ in (*_classes_of(holder), *(type(holder).__mro__ if is_class else ())):
        for member in _found(vars(class_), names):
            yield member
            if not is_class and isinstance(member, MemberDescriptorType):
                yield from _slot(member, holder)
    if is_class:
        if names is None or "__subclasses__" in names:
            yield from type.__subclasses__(holder)
    else:
        yield from _found(_attributes_of(holder), names)


def implicit(class_: type, *, made: bool) -> Iterator[Any]:
    """Yield what of a class is called without being named; of an object that is made already, less.

    That is what Python calls by itself, and what overrides a method of a library, which may call it.
    """
    bases = class_.__mro__
    foreign = {name for base in bases if base is not object and not is_followed(base.__module__) for name in vars(base)}
    for base in bases:
        if is_followed(base.__module__):
            for name, member in vars(base).items():
                called = (name.startswith("__") or name in foreign) and not (made and name in _MAKING)
                if called and (isinstance(member, FunctionType) or _defines(type(member), _CALLED)):
                    yield member


def state(found: Any) -> Iterator[Any]:
    """Yield all that an object refers to which no code of the program guards."""
    class_ = type(found)
    if issubclass(class_, _LEADING_ANYWHERE):
        return
    if issubclass(class_, (pulumi.Output, asyncio.Future)):
        yield from _result(found)
        yield found.get_coro() if issubclass(class_, asyncio.Task) else None
    elif issubclass(class_, asyncio.Handle):
        yield from (found._callback, *(found._args or ()))  # noqa: SLF001 - asyncio has no other way to ask for it
    elif issubclass(class_, logging.Logger):
        yield from (value for name, value in vars(found).items() if name != "manager")  # which knows every other logger
    else:
        if issubclass(class_, weakref.ReferenceType):
            yield weakref.ReferenceType.__call__(found)
        yield from (each for each in gc.get_referents(found) if each is not class_)


def is_guarded(class_: type) -> bool:
    """Tell whether only code that can be read gets at what objects of a class hold."""
    return all(base is object or is_followed(base.__module__) for base in class_.__mro__)


def members_of(class_: type) -> Iterator[Any]:
    """Yield what a class hands out by keys, which are no names of its own."""
    if issubclass(type(class_), enum.EnumMeta):
        yield type.__getattribute__(class_, "_member_map_")


def _classes_of(holder: Any) -> tuple[type, ...]:
    if isinstance(holder, type):
        return holder.__mro__
    classes = type(holder).__mro__
    if issubclass(type(holder), pulumi.Resource):
        # What the SDK and its generated classes can do to a resource that is there makes none.
        return tuple(each for each in classes if is_program_file(_file_of(each.__module__)))
    return classes


def _held_by_module(module: ModuleType, names: Names) -> Iterator[Any]:
    space = space_of(module)
    if names is not None:
        yield from _found(space, {*names, "__getattr__"})
        if str(space.get("__name__")).startswith("pulumi_") and type(module) is not ModuleType:
            # A generated package loads its parts when they are asked for: only a class is worth that.
            yield from (getattr(module, name, None) for name in names if name[:1].isupper())
    elif is_followed(str(space.get("__name__"))) or space.get("__name__") not in sys.modules:
        yield from _found(space, None)


def _found(space: Mapping[str, Any], names: Names) -> Iterator[Any]:
    if names is None:
        return (value for name, value in space.items() if not name.startswith("__"))
    return (space[name] for name in names if name in space)


def _slot(member: MemberDescriptorType, holder: Any) -> Iterator[Any]:
    try:
        yield member.__get__(holder)
    except AttributeError:
        return  # one that was never set


def _attributes_of(holder: Any) -> Mapping[str, Any]:
    try:
        attributes: Mapping[str, Any] = object.__getattribute__(holder, "__dict__")
    except AttributeError:
        return {}
    return attributes if isinstance(attributes, dict) else {}


def _result(found: Any) -> Iterator[Any]:
    """Yield the value of an output or of a future that has one; older SDKs keep the value itself."""
    held_back = vars(found) if isinstance(found, pulumi.Output) else {"_data": found}
    data = held_back.get("_data") or held_back.get("_future")
    if isinstance(data, asyncio.Future) and data.done() and not data.cancelled() and data.exception() is None:
        yield getattr(data.result(), "value", data.result()) if isinstance(found, pulumi.Output) else data.result()


def _defines(class_: type, names: AbstractSet[str]) -> bool:
    return any(name in vars(base) for base in class_.__mro__ for name in names)


def _file_of(module: str) -> str:
    loaded = sys.modules.get(module)
    return str(space_of(loaded).get("__file__") or "") if loaded is not None else ""
