"""Who manages a key whose name a program did not write out but got from a function call."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final
from weakref import WeakKeyDictionary

from ledgergate.graph import Graph, LookUp
from ledgergate.values import strings_in
from policies.facts.arns import parse_arn

AWS: Final = "AWS"
CUSTOMER: Final = "CUSTOMER"
"""What `keyManager` says of a key. Source: KeyMetadata, KMS API reference, read 2026-11-30."""

AWS_ALIAS: Final = "alias/aws/"
"""Prefix that only AWS managed keys may have. Source: CreateAlias, KMS API reference, read 2026-11-20."""

_CALLS: Final[WeakKeyDictionary[Graph, Mapping[str, tuple[LookUp, ...]]]] = WeakKeyDictionary()


def key_manager_by_call(graph: Graph, text: str) -> str | None:
    """Return what the calls that gave a key's name say of its manager.

    Args:
        graph: Its function calls.
        text: ARN, id or alias of a key.

    Returns:
        `AWS` or `CUSTOMER`, empty where they say neither, None where no call gave the name. A call that asks for
        an alias under `alias/aws/` says `AWS`, whatever it was answered.
    """
    calls = {id(call): call for name in _names(text) for call in _calls_by_text(graph).get(name, ())}
    said = [_manager(call) for call in calls.values()]
    if not said:
        return None
    return AWS if AWS in said else CUSTOMER if all(each == CUSTOMER for each in said) else ""


def is_aws_alias(text: str) -> bool:
    """Tell whether an alias name or ARN is one of those under which AWS manages keys."""
    arn = parse_arn(text)
    return (arn.resource if arn else text).startswith(AWS_ALIAS)


def _manager(call: LookUp) -> str:
    if any(map(is_aws_alias, strings_in(call.args))):
        return AWS
    said = call.result.get("keyManager")
    return said if said in (AWS, CUSTOMER) else ""


def _calls_by_text(graph: Graph) -> Mapping[str, tuple[LookUp, ...]]:
    if graph not in _CALLS:
        found: dict[str, list[LookUp]] = defaultdict(list)
        for call in graph.look_ups:
            # What the program itself asked for is echoed, and was not learnt from the answer.
            for text in set(strings_in(call.result)) - set(strings_in(call.args)):
                for name in _names(text):
                    found[name].append(call)
        _CALLS[graph] = {name: tuple(calls) for name, calls in found.items()}
    return _CALLS[graph]


def _names(text: str) -> Iterator[str]:
    """Yield what a key goes by in a text: an ARN holds its alias or its id."""
    arn = parse_arn(text)
    if arn is None:
        yield text
    elif arn.service == "kms":
        yield from {arn.resource, arn.name} if arn.resource.startswith("key/") else {arn.resource}
