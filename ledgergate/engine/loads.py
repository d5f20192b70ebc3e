"""The names that a piece of Python code refers to: read off its bytecode, nothing is run.

Runs inside the program's interpreter: standard library only.
"""

import dis
import functools
from dataclasses import dataclass
from types import CodeType
from typing import Final

_GLOBAL: Final = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_ATTRIBUTE: Final = frozenset({"IMPORT_FROM", "LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "LOAD_SUPER_METHOD"})


@dataclass(frozen=True, slots=True)
class Loads:
    """What a function refers to, the functions inside it included.

    Args:
        globals: Names of its module, or of the builtins.
        attributes: Names that it looks up in objects, classes or modules.
        modules: Modules that it imports when it runs.
    """

    globals: frozenset[str]
    attributes: frozenset[str]
    modules: frozenset[str]


@functools.cache
def loads_of(code: CodeType) -> Loads:
    """Return what a code object refers to."""
    inner = [loads_of(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    steps = [(step.opname, str(step.argval)) for step in dis.get_instructions(code)]
    return Loads(
        frozenset(name for how, name in steps if how in _GLOBAL).union(*(each.globals for each in inner)),
        frozenset(name for how, name in steps if how in _ATTRIBUTE).union(*(each.attributes for each in inner)),
        frozenset(name for how, name in steps if how == "IMPORT_NAME").union(*(each.modules for each in inner)),
    )
