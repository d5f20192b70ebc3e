"""Stack references whose outputs are known one by one.

The SDK takes all outputs of another stack for unknown as soon as one of them is: with the real engine they come from
a state, where none is. Here a stack of the same run answers, and a port that it exports may well be unknown.

Runs inside the program's interpreter: standard library and pulumi only.
Source: `pulumi/stack_reference.py`, SDK 3.272.0, read 2026-11-21.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pulumi import Output, StackReference, StackReferenceOutputDetails
from pulumi.output import contains_unknowns

from ledgergate.engine.symbolic.unknowns import UnansweredError, carry_unknowns, unknown_because, unknown_output

Pick = Callable[[Mapping[str, Any], str, str], Any]

_NOT_GIVEN: Final = (
    "output `{key}` of stack {stack} is not given and so unknown; give it with --stack-output {stack}:{key}=VALUE"
)

_NOT_KNOWN: Final = (
    "output `{key}` of stack {stack} is not known here, and the program was told by get_output_details that there is "
    "none; give it with --stack-output {stack}:{key}=VALUE"
)

_given_in_part: Final[set[str]] = set()
_asked: Final[dict[tuple[str, str], None]] = {}
_denied: Final[dict[tuple[str, str], None]] = {}


class MissingOutputError(KeyError):
    """A program requires an output that another stack does not have.

    Args:
        stack: The other stack, as the reference names it.
        output: The output.
        outputs: Names of those that it has.
    """

    def __init__(self, stack: str, output: str, outputs: tuple[str, ...]) -> None:
        super().__init__(output)
        self.stack = stack
        self.output = output
        self.outputs = outputs


def install() -> None:
    """Let `get_output` and `require_output` look at one output alone, and outputs given by hand know their limits."""
    StackReference.__init__ = _knowing(StackReference.__init__)  # type: ignore[method-assign]  # only its outputs differ
    plain = StackReference.get_output
    StackReference.get_output = _alone(plain, lambda outputs, name, _: outputs.get(name))  # type: ignore[assignment,method-assign]  # only the rest of the outputs is treated otherwise
    StackReference.require_output = _alone(plain, _required)  # type: ignore[assignment,method-assign]  # as above; what is missing is said here
    StackReference.get_output_details = _details  # type: ignore[method-assign]  # as above


def note_given(stack: str) -> None:
    """Note that only some of a stack's outputs are known: the user gave them."""
    carry_unknowns()
    _given_in_part.add(stack)


def asked_and_not_given() -> list[str]:
    """Return, in a sentence each, which outputs the program asked for that nobody gave."""
    return [_NOT_GIVEN.format(stack=stack, key=key) for stack, key in _asked]


def denied() -> list[str]:
    """Return, in a sentence each, of which outputs the program was told that they are not there, though they may be."""
    return [_NOT_KNOWN.format(stack=stack, key=key) for stack, key in _denied]


class _GivenOutputs(dict[str, Any]):
    """Outputs that the user gave: what is not among them is not absent but unknown."""

    def __init__(self, stack: str, outputs: Mapping[str, Any]) -> None:
        super().__init__(outputs)
        self._stack = stack

    def __missing__(self, key: str) -> Any:
        _asked[self._stack, key] = None
        return unknown_because(_NOT_GIVEN.format(stack=self._stack, key=key))

    def get(self, key: str, _default: Any = None) -> Any:
        """Return an output; an unknown one in place of any default."""
        return self[key]

    def __contains__(self, key: object) -> bool:
        """Tell whether an output was given; whether one that was not is there, nobody can tell."""
        if not super().__contains__(key):
            raise UnansweredError(_NOT_GIVEN.format(stack=self._stack, key=key))
        return True


def _knowing(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: StackReference, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.outputs = Output.all(self.name, self.outputs).apply(_limited, run_with_unknowns=True)

    return init


def _limited(both: list[Any]) -> Any:
    name, outputs = both
    return _GivenOutputs(name, outputs) if name in _given_in_part and isinstance(outputs, Mapping) else outputs


def _required(outputs: Mapping[str, Any], name: str, stack: str) -> Any:
    try:
        return outputs[name]
    except KeyError:
        raise MissingOutputError(stack, name, tuple(sorted(outputs))) from None


def _alone(original: Callable[[Any, Any], "Output[Any]"], pick: Pick) -> Callable[[Any, Any], "Output[Any]"]:
    def output(self: StackReference, name: Any) -> "Output[Any]":
        """Return one output of the other stack."""
        as_sdk = original(self, name)

        def picked(found: list[Any]) -> Any:
            asked, outputs, stack = found
            unknown = contains_unknowns(asked) or not isinstance(outputs, Mapping)
            # `Output.all` has copied them into a plain dictionary.
            value = None if unknown else pick(_limited([stack, outputs]), asked, stack)
            return unknown_output() if unknown or contains_unknowns(value) else value

        found = Output.all(Output.from_input(name), self.outputs, self.name)
        value = found.apply(picked, run_with_unknowns=True)
        return Output(as_sdk.resources(), value.future(), value.is_known(), as_sdk.is_secret())

    return output


async def _details(self: StackReference, name: str) -> StackReferenceOutputDetails:
    """Return one output of the other stack, or nothing: the SDK gives nothing for an unknown one too."""
    output = self.get_output(name)
    if not await output.is_known():
        _denied[str(await self.name.future()), name] = None
        return StackReferenceOutputDetails()
    value = await output.future()
    if await output.is_secret():
        return StackReferenceOutputDetails(secret_value=value)
    return StackReferenceOutputDetails(value=value)
