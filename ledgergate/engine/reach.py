"""Whether a function of the program could register a resource, as far as its code and what it refers to tell.

What it calls is followed by name: through globals, closures, defaults, containers, classes and objects, and through
libraries that know the Pulumi SDK. Of what cannot be followed (code made of text, a module that is imported only when
the function runs, an object that does not tell what it holds) the answer is yes: it is asked in order to exclude, not
to prove.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import operator
import sys
from collections.abc import Iterator, Mapping
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, Final

import pulumi

from ledgergate.engine.loads import Loads, loads_of
from ledgergate.engine.packages import is_followed, may_register_once_imported, space_of
from ledgergate.engine.referents import held, implicit, is_guarded, is_secretive, members_of, state
from ledgergate.engine.sources import is_program_file

_MOST: Final = 20_000
"""Objects that are looked at; a function that refers to more could do anything."""

_LEAVES: Final = (
    *(str, bytes, int, float, complex, bool, type(None), CodeType),
    *(GetSetDescriptorType, MemberDescriptorType, MethodDescriptorType, WrapperDescriptorType),
)
"""Types of objects that refer to nothing of the program, unless the program derives its own from them."""

_SUSPENDED: Final = (AsyncGeneratorType, CoroutineType, GeneratorType)
_PREFIXES: Final = ("ag", "cr", "gi")

_REGISTERING: Final = frozenset({"read_resource", "register_resource"})
"""Functions of the SDK behind every resource."""

_ANYTHING: Final = frozenset({"__import__", "compile", "eval", "exec", "globals"})
_ANYTHING_LOADED: Final = frozenset(
    {
        *("__builtins__", "__globals__", "_getframe", "currentframe", "f_back", "f_globals"),
        *("import_module", "run_module", "run_path"),
    }
)
_ANY_NAME: Final = frozenset({"vars"})
_ANY_NAME_LOADED: Final = frozenset({"__dict__", "__getattribute__", "getattr_static", "getmembers"})
_OPAQUE_LIBRARIES: Final = frozenset({"_pickle", "code", "ctypes", "gc", "marshal", "pickle", "runpy"})
"""Modules of the standard library that get at anything, or make code of bytes."""


def can_register(*objects: object) -> bool:
    """Tell whether calling one of these may register a resource; True also where nobody can tell."""
    try:
        return _Search().finds(objects)
    except Exception:  # noqa: BLE001 - an object that cannot even be looked at excludes nothing
        return True


def goes_on_to_register(frame: FrameType) -> bool:
    """Tell whether a call that has not ended may register a resource; True also where nobody can tell."""
    try:
        return _Search().finds_in(frame)
    except Exception:  # noqa: BLE001 - as above
        return True


class _Search:
    """Everything that is reached from some objects, until one of it registers."""

    def __init__(self) -> None:
        self._names: frozenset[str] = frozenset()
        self._any_name = False
        self._holders: list[Any] = []
        self._seen: dict[int, Any] = {}
        self._queue: list[Any] = []
        self._sdk = False

    def finds(self, objects: tuple[object, ...]) -> bool:
        """Tell whether something that registers is reached."""
        self._queue += objects
        while self._queue:
            found = self._queue.pop()
            if id(found) in self._seen or _is_leaf(type(found)):
                continue
            self._seen[id(found)] = found  # kept, so that no other object gets its id
            if self._registers(found) or len(self._seen) > _MOST:
                return True
        return self._any_name and self._sdk

    def finds_in(self, frame: FrameType) -> bool:
        """Tell whether something that registers is reached from code that is running."""
        registers = self._code_registers(frame.f_code, frame.f_globals)
        return registers or self.finds(tuple(frame.f_locals.values()))

    def _registers(self, found: Any) -> bool:
        class_ = type(found)
        if issubclass(class_, type):
            return self._class_registers(found)
        if issubclass(class_, FunctionType):
            return self._function_registers(found)
        if issubclass(class_, ModuleType):
            return self._module_registers(found)
        if issubclass(class_, _SUSPENDED):
            return self._suspended_registers(found)
        if class_ is BuiltinFunctionType and isinstance(found.__self__, ModuleType):
            return found.__module__ in _OPAQUE_LIBRARIES
        return found is sys.modules or class_ is FrameType or self._object_registers(found, class_)

    def _object_registers(self, found: Any, class_: type) -> bool:
        if issubclass(class_, pulumi.Resource):
            self._hold(found)
            return False
        if is_followed(class_.__module__):
            self._hold(found)
            self._queue += implicit(class_, made=True)
            self._queue += () if is_guarded(class_) else state(found)
            return False
        if class_ in (operator.attrgetter, operator.methodcaller):
            self._look_up(_texts(found.__reduce__()))
        self._queue += state(found)
        return is_secretive(class_)

    def _module_registers(self, module: ModuleType) -> bool:
        name = str(space_of(module).get("__name__"))
        self._sdk |= name.startswith("pulumi_")
        self._hold(module)
        self._queue += implicit(type(module), made=True)
        return name in _OPAQUE_LIBRARIES

    def _class_registers(self, class_: type) -> bool:
        if issubclass(class_, pulumi.Resource):
            return True
        if is_followed(class_.__module__) and not hasattr(class_, "_pulumi_input_type"):
            self._hold(class_)
            self._queue += implicit(class_, made=False)
            self._queue += implicit(type(class_), made=True)
            self._queue += members_of(class_)
        return False

    def _function_registers(self, func: FunctionType) -> bool:
        module = func.__module__ or ""
        own = is_program_file(func.__code__.co_filename)
        top = module.partition(".")[0]
        if not own and top == "pulumi" and not is_followed(module):
            return func.__name__ in _REGISTERING
        if not own and top.startswith("pulumi_") and func.__name__.startswith("get_"):
            return False  # a generated look-up
        self._queue += func.__defaults__ or ()
        self._queue += (func.__kwdefaults__ or {}).values()
        self._queue += vars(func).values()
        self._queue += _enclosed(func)
        return self._code_registers(func.__code__, func.__globals__)

    def _suspended_registers(self, found: Any) -> bool:
        """Look at a generator or coroutine that has yet to end."""
        prefix = _PREFIXES[next(number for number, each in enumerate(_SUSPENDED) if issubclass(type(found), each))]
        frame = getattr(found, f"{prefix}_frame")
        if frame is None:
            return False
        self._queue += frame.f_locals.values()
        self._queue.append(getattr(found, f"{prefix}_yieldfrom" if prefix == "gi" else f"{prefix}_await"))
        return self._code_registers(frame.f_code, frame.f_globals)

    def _code_registers(self, code: CodeType, names: Mapping[str, Any]) -> bool:
        own, made_in = is_program_file(code.co_filename), names.get("__name__", "")
        # A library may call what it was given, but what its code names by itself has nothing of the program.
        followed = own or made_in not in sys.modules or is_followed(made_in)
        return followed and self._loads_register(loads_of(code), names, own=own)

    def _loads_register(self, loads: Loads, names: Mapping[str, Any], *, own: bool) -> bool:
        builtins = loads.globals - names.keys()
        loaded = loads.globals | loads.attributes
        if builtins & _ANYTHING or loaded & _ANYTHING_LOADED:
            return True
        if own and (loads.any_name or builtins & _ANY_NAME or loaded & _ANY_NAME_LOADED):
            self._look_up_all()
        self._queue += (names[name] for name in loads.globals & names.keys())
        for module in loads.modules:
            if module not in sys.modules:
                if may_register_once_imported(module):
                    return True
            else:
                self._queue.append(sys.modules[module])
        self._look_up(loads.attributes)
        return False

    def _look_up(self, names: frozenset[str]) -> None:
        """Look for more names in everything that has names."""
        new = names - self._names
        self._names |= new
        for holder in self._holders if new else ():
            self._queue += held(holder, new)

    def _look_up_all(self) -> None:
        if not self._any_name:
            self._any_name = True
            for holder in self._holders:
                self._queue += held(holder, None)

    def _hold(self, holder: Any) -> None:
        self._holders.append(holder)
        self._queue += held(holder, self._names)
        self._queue += held(holder, None) if self._any_name else ()


def _is_leaf(class_: type) -> bool:
    return issubclass(class_, _LEAVES) and (class_ in _LEAVES or not is_followed(class_.__module__))


def _enclosed(func: FunctionType) -> Iterator[Any]:
    for cell in func.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            continue  # a variable that was never set


def _texts(reduced: Any) -> frozenset[str]:
    """Return the names in what a getter is made of."""
    maker, made_of, *_ = reduced
    texts = (text for text in (*getattr(maker, "args", ()), *made_of) if isinstance(text, str))
    return frozenset(part for text in texts for part in text.split("."))
