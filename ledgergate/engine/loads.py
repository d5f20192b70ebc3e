"""The names that a piece of Python code refers to: read off its bytecode, nothing is run.

Runs inside the program's interpreter: standard library only.
"""

import dis
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Final

_GLOBAL: Final = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})
_ATTRIBUTE: Final = frozenset(
    {
        *("IMPORT_FROM", "LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "LOAD_SUPER_METHOD"),
        *("STORE_ATTR", "DELETE_ATTR"),  # a property's setter is called without being named
    }
)
_LOOKING_UP: Final = {
    **dict.fromkeys(("delattr", "getattr", "hasattr", "setattr"), 1),
    **dict.fromkeys(("attrgetter", "methodcaller"), 0),
}
"""What looks an attribute up by a text → the position of that text among its arguments."""

_NAMES_ALONE: Final = ("CACHE", "PUSH_NULL", "RESUME", "NOP", "EXTENDED_ARG")
"""Instructions that change nothing about the arguments of a call."""

_CALL: Final = "PRECALL" if "PRECALL" in dis.opmap else "CALL"
"""The instruction that finds all arguments on the stack."""


@dataclass(frozen=True, slots=True)
class Loads:
    """What a function refers to, the functions inside it included.

    Args:
        globals: Names of its module, or of the builtins.
        attributes: Names that it looks up in objects, classes or modules.
        modules: Modules that it imports when it runs.
        any_name: Whether it looks names up that its code does not tell.
    """

    globals: frozenset[str]
    attributes: frozenset[str]
    modules: frozenset[str]
    any_name: bool


@functools.cache
def loads_of(code: CodeType) -> Loads:
    """Return what a code object refers to."""
    inner = [loads_of(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    instructions = [each for each in dis.get_instructions(code) if each.opname not in _NAMES_ALONE]
    steps = [(step.opname, str(step.argval)) for step in instructions]
    looked_up = list(_looked_up(instructions))
    written = (part for text in looked_up if text is not None for part in text.split("."))
    return Loads(
        frozenset(name for how, name in steps if how in _GLOBAL).union(*(each.globals for each in inner)),
        frozenset((*written, *(name for how, name in steps if how in _ATTRIBUTE))).union(
            *(each.attributes for each in inner)
        ),
        frozenset(name for how, name in steps if how == "IMPORT_NAME").union(*(each.modules for each in inner)),
        None in looked_up or any(each.any_name for each in inner),
    )


def _looked_up(instructions: Sequence[dis.Instruction]) -> Iterator[str | None]:
    """Yield each text by which the code looks an attribute up; None where it is no constant."""
    for number, step in enumerate(instructions):
        if step.opname in (*_GLOBAL, *_ATTRIBUTE) and step.argval in _LOOKING_UP:
            yield _argument(instructions[number + 1 :], _LOOKING_UP[step.argval])


def _argument(following: Sequence[dis.Instruction], position: int) -> str | None:
    """Return an argument of the call that follows where its callee was loaded, if that is a constant text."""
    stack: list[object] = []
    for step in following:
        if step.opname == _CALL and step.arg == len(stack):
            found = stack[position] if position < len(stack) else None
            return found if isinstance(found, str) else None
        if step.opcode in dis.hasjrel or step.opcode in dis.hasjabs or step.opname == "SWAP":
            return None  # what stands where depends on the way that is taken
        if step.opname == "LOAD_CONST":
            stack.append(step.argval)
            continue
        effect = dis.stack_effect(step.opcode, step.arg if step.opcode >= dis.HAVE_ARGUMENT else None)
        taken = max(0, 1 - effect)
        if taken > len(stack):
            return None  # the callee itself was taken: it is passed on or kept
        del stack[len(stack) - taken :]
        stack += [None] * (effect + taken)
    return None
