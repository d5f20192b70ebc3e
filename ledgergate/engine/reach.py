"""Whether a function of the program could register a resource, as far as its code and what it refers to tell.

What it calls is followed by name: through globals, closures, defaults, containers, classes and objects, and through
libraries that know the Pulumi SDK. Of what cannot be followed (code made of text, a module that is imported only when
the function runs) the answer is yes: it is asked in order to exclude, not to prove.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import functools
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, Final

import pulumi

from ledgergate.engine.loads import Loads, loads_of
from ledgergate.engine.packages import is_followed, may_register_once_imported, space_of
from ledgergate.engine.sources import is_program_file

_MOST: Final = 5_000
"""Objects that are looked at; a function that refers to more could do anything."""

_LEAVES: Final = (
    *(str, bytes, int, float, complex, bool, type(None), pulumi.Output, BuiltinFunctionType),
    *(GetSetDescriptorType, MemberDescriptorType, MethodDescriptorType, WrapperDescriptorType),
)
"""Types of objects that refer to nothing of the program."""

_REGISTERING: Final = frozenset({"read_resource", "register_resource"})
"""Functions of the SDK behind every resource."""

_TEXT_TO_CODE: Final = frozenset({"__import__", "compile", "eval", "exec", "globals"})
_BY_NAME: Final = frozenset({"getattr", "vars"})
_IMPORTING: Final = frozenset({"import_module", "run_module", "run_path"})
_MAKING: Final = frozenset({"__init__", "__new__", "__post_init__"})


def can_register(func: object) -> bool:
    """Tell whether calling `func` may register a resource; True also where nobody can tell."""
    try:
        return _Search().finds(func)
    except Exception:  # noqa: BLE001 - an object that cannot even be looked at excludes nothing
        return True


class _Search:
    """Everything that is reached from one function, until one of it registers."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._holders: list[Any] = []
        self._seen: dict[int, Any] = {}
        self._queue: list[Any] = []
        self._by_name = False
        self._sdk = False

    def finds(self, func: object) -> bool:
        """Tell whether something that registers is reached."""
        self._queue.append(func)
        while self._queue:
            found = self._queue.pop()
            if isinstance(found, _LEAVES) or id(found) in self._seen:
                continue
            self._seen[id(found)] = found  # kept, so that no other object gets its id
            if self._registers(found) or len(self._seen) > _MOST:
                return True
        return self._by_name and self._sdk

    def _registers(self, found: Any) -> bool:
        if isinstance(found, type):
            return self._class_registers(found)
        if isinstance(found, FunctionType):
            return self._function_registers(found)
        if isinstance(found, ModuleType):
            self._enter(found)
        elif not self._unwrap(found):
            self._hold(found)
            if not isinstance(found, pulumi.Resource):
                self._queue += _implicit(type(found), made=True)
        return False

    def _unwrap(self, found: Any) -> bool:
        """Look at what an object only passes on; return False for one that has names of its own."""
        if isinstance(found, dict):
            self._queue += dict.values(found)
            return type(found) is dict
        if isinstance(found, (list, tuple, set, frozenset)):
            self._queue += found
            return type(found) in (list, tuple, set, frozenset)
        if isinstance(found, MethodType):
            self._queue += (found.__func__, found.__self__)
        elif isinstance(found, (staticmethod, classmethod)):
            self._queue.append(found.__func__)
        elif isinstance(found, property):
            self._queue.append(found.fget)
        elif isinstance(found, functools.partial):
            self._queue += (found.func, *found.args, *found.keywords.values())
        else:
            return False
        return True

    def _enter(self, module: ModuleType) -> None:
        name = str(space_of(module).get("__name__"))
        self._sdk |= name.startswith("pulumi_")
        if is_followed(name):
            self._hold(module)

    def _class_registers(self, class_: type) -> bool:
        if issubclass(class_, pulumi.Resource):
            return True
        if is_followed(class_.__module__) and not hasattr(class_, "_pulumi_input_type"):
            self._hold(class_)
            self._queue += _implicit(class_, made=False)
        return False

    def _function_registers(self, func: FunctionType) -> bool:
        module = func.__module__ or ""
        own = is_program_file(func.__code__.co_filename)
        if not own and not is_followed(module):
            return func.__name__ in _REGISTERING and module.startswith("pulumi.")
        if not own and module.startswith("pulumi_") and func.__name__.startswith("get_"):
            return False  # a generated look-up
        self._queue += func.__defaults__ or ()
        self._queue += (func.__kwdefaults__ or {}).values()
        self._queue += _enclosed(func)
        return self._code_registers(loads_of(func.__code__), func.__globals__, own=own)

    def _code_registers(self, loads: Loads, names: Mapping[str, Any], *, own: bool) -> bool:
        builtins = loads.globals - names.keys()
        self._by_name |= own and bool(builtins & _BY_NAME)
        if builtins & _TEXT_TO_CODE or (loads.globals | loads.attributes) & _IMPORTING:
            return True
        self._queue += (names[name] for name in loads.globals & names.keys())
        for module in loads.modules:
            if module not in sys.modules:
                if may_register_once_imported(module):
                    return True
            else:
                self._queue.append(sys.modules[module])
        new = loads.attributes - self._names
        self._names |= new
        for holder in self._holders:
            self._queue += _held(holder, new)
        return False

    def _hold(self, holder: Any) -> None:
        self._holders.append(holder)
        self._queue += _held(holder, self._names)


def _enclosed(func: FunctionType) -> Iterator[Any]:
    for cell in func.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            continue  # a variable that was never set


def _held(holder: Any, names: Iterable[str]) -> Iterator[Any]:
    """Yield what an object, class or module has under these names, without running a line of the program."""
    if isinstance(holder, ModuleType):
        if type(holder) is ModuleType:
            yield from _found(space_of(holder), names)
        else:
            # A generated package loads its parts when they are asked for: only a class is worth that.
            yield from (getattr(holder, name, None) for name in names if name[:1].isupper())
        return
    classes = holder.__mro__ if isinstance(holder, type) else type(holder).__mro__
    if isinstance(holder, pulumi.Resource):
        # What the SDK and its generated classes can do to a resource that is there makes none.
        classes = tuple(each for each in classes if is_program_file(_file_of(each.__module__)))
    for class_ in classes:
        yield from _found(vars(class_), names)
    if not isinstance(holder, type):
        yield from _found(getattr(holder, "__dict__", {}), names)


def _found(space: Mapping[str, Any], names: Iterable[str]) -> Iterator[Any]:
    return (space[name] for name in names if name in space)


def _implicit(class_: type, *, made: bool) -> Iterator[Any]:
    """Yield the functions of a class that are called without being named; of one that is made already, fewer."""
    for base in class_.__mro__:
        if is_followed(base.__module__):
            for name, member in vars(base).items():
                if name.startswith("__") and isinstance(member, FunctionType) and not (made and name in _MAKING):
                    yield member


def _file_of(module: str) -> str:
    loaded = sys.modules.get(module)
    return str(space_of(loaded).get("__file__") or "") if loaded is not None else ""
