"""Answers to function calls: the user's, computed ones, and made-up ones.

A made-up result echoes the arguments and holds ids, ARNs and names of the thing that was looked up, each marked unless
the arguments decide it: see `ownership.py`. Its numbers and flags, and all that only AWS knows, are unknown: see
`unknowns.py` for how the SDK carries them.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Final

from ledgergate.engine import wire
from ledgergate.engine.provider import Invoked, ProviderConfig, ProviderError
from ledgergate.engine.symbolic.answers import Answer, find_answer
from ledgergate.engine.symbolic.forms import names_itself, noun_of, words_of
from ledgergate.engine.symbolic.functions import FUNCTIONS
from ledgergate.engine.symbolic.identities import Identity, Output, identity_of
from ledgergate.engine.symbolic.introspect import Field, result_shape
from ledgergate.engine.symbolic.levels import Level
from ledgergate.engine.symbolic.naming import named_property
from ledgergate.engine.symbolic.outputs import Node, Subject, is_due, put, result_nodes
from ledgergate.engine.symbolic.ownership import looked_up_names, looked_up_output
from ledgergate.engine.symbolic.place import Home, Place
from ledgergate.engine.symbolic.tags import all_tags
from ledgergate.engine.symbolic.unknowns import carry_unknowns

_DEFAULT_TAGS: Final = "aws:index/getDefaultTags:getDefaultTags"
_ARN: Final = frozenset({"arn"})
_NAMES: Final = frozenset({"identifier", "name"})


class Invokes:
    """Answers calls for one run.

    Args:
        home: Place of calls that name none.
        level: How much may be made up.
        answers: What the user knows.
    """

    def __init__(self, home: Home, level: Level, answers: tuple[Answer, ...]) -> None:
        self._home = home
        self._level = level
        self._answers = answers

    def answer(self, token: str, args: Mapping[str, wire.Wire], config: ProviderConfig) -> Invoked:
        """Answer one call.

        Raises:
            ProviderError: The real provider would refuse the arguments, or nothing is known of the function.
        """
        given = find_answer(self._answers, token, args)
        if given is not None:
            return Invoked(_carried(_completed(token, args, given.result)), given=True)
        region = args.get("region")
        place = self._home.place(config, region if token.startswith("aws:") else None)
        if token == _DEFAULT_TAGS:
            tags = all_tags({}, config.inputs)
            return Invoked(_carried({"id": place.partition, "tags": tags}))
        if token in FUNCTIONS:
            return Invoked(_carried(FUNCTIONS[token](args, place)))
        return Invoked(_carried(self._made_up(token, args, place)), assumed=True)

    def _made_up(self, token: str, args: Mapping[str, wire.Wire], place: Place) -> dict[str, wire.Wire]:
        subject = _subject(token, args, place)
        decided = _decided(token, subject)
        arn = subject.value("arn") if subject.identity is not None and not _looked_up(token)[1] else None
        result = {key: value for key, value in args.items() if value is not None}
        if place.region != wire.UNKNOWN and _is_aws(token):
            result.setdefault("region", place.region)
        for entry, node in _nodes(token, self._level):
            if entry.name in result:
                continue
            if entry.name in decided:
                result[entry.name] = decided[entry.name]
            elif arn is not None and _is_own(entry.name, _ARN, token):
                result[entry.name] = arn
            elif not entry.optional:
                made = node(subject) if node is not None else None
                result[entry.name] = wire.UNKNOWN if made is None else made
        _decide_nested(result, subject)
        return result


def _completed(token: str, args: Mapping[str, wire.Wire], given: Mapping[str, wire.Wire]) -> dict[str, wire.Wire]:
    """Return a user's answer with the arguments echoed; what it leaves out of the result is unknown."""
    result = {**{key: value for key, value in args.items() if value is not None}, **given}
    shape = result_shape(token)
    if shape is None:
        return result
    surplus = sorted(set(given) - {entry.name for entry in shape.fields})
    if surplus:
        raise ProviderError(f"the answer has a property {surplus[0]}, which the function does not return (camelCase?)")
    for entry in shape.fields:
        if not entry.optional:
            result.setdefault(entry.name, wire.UNKNOWN)
    return result


def _carried(result: dict[str, wire.Wire]) -> dict[str, wire.Wire]:
    if wire.has_unknown(result):
        carry_unknowns()
    return result


def _subject(token: str, args: Mapping[str, wire.Wire], place: Place) -> Subject:
    seed = f"{token} {place.account} {place.region} {json.dumps(args, sort_keys=True, default=str)}"
    identity = _looked_up(token)[0]
    subject = Subject(seed, _named(token, args, identity), place, identity)
    subject.names.update(looked_up_names(token, args, subject))
    return subject


def _named(token: str, args: Mapping[str, wire.Wire], identity: Identity | None) -> Mapping[str, wire.Wire]:
    """Give the name that is looked up the property that it has in the resource: `functionName` is its `name`."""
    name = named_property(identity.type) if identity is not None else None
    if name is None or name in args:
        return args
    names = [key for key in args if _is_own(key, _NAMES, token)]
    return {**args, name: args[names[0]]} if len(names) == 1 else args


def _decided(token: str, subject: Subject) -> dict[str, wire.Wire]:
    """Return what the table of identities says of the thing that was looked up; lists get one element."""
    identity, several = _looked_up(token)
    if identity is None:
        return {}
    found: dict[str, wire.Wire] = {}
    for name in ("id", "arn"):
        value = subject.value(name)
        if isinstance(value, str):
            found[f"{name}s" if several else name] = [value] if several else value
    if several:
        found["id"] = subject.place.region
        return found
    gates: list[Output] = [output for output in identity.outputs if not is_due(output, subject)]
    for output in identity.outputs:
        if len(output.path) == 1 and output.template is not None and output not in gates:
            value = looked_up_output(output, subject)
            if value is not None:
                found[output.path[0]] = value
    return found | {output.path[0]: wire.UNKNOWN for output in gates}


def _decide_nested(result: dict[str, wire.Wire], subject: Subject) -> None:
    for output in subject.identity.outputs if subject.identity is not None else ():
        if (
            len(output.path) > 1
            and output.template is not None
            and isinstance(result.get(output.path[0]), (dict, list))
        ):
            value = looked_up_output(output, subject)
            if value is not None and is_due(output, subject):
                put(result, output.path, value)


@cache
def _looked_up(token: str) -> tuple[Identity | None, bool]:
    """Return the identity of what a `get…` function looks up, and whether it looks for several."""
    package, module, function = (*token.split(":"), "", "")[:3]
    name = function.removeprefix("get")
    area = module.split("/")[0]
    for each, several in ((name, False), (name.removesuffix("s"), True)):
        if each and each != function:
            type_ = f"{package}:{area}/{each[0].lower()}{each[1:]}:{each}"
            identity = identity_of(type_)
            if identity is not None:
                return identity, several
    return None, False


@cache
def _nodes(token: str, level: Level) -> tuple[tuple[Field, Node | None], ...]:
    shape = result_shape(token)
    if shape is None:
        raise ProviderError(f"nothing is known of the result of {token}; give the answer with --answers FILE")
    # A call asks AWS even in a preview, so ids and names are made up at the lowest level too.
    usable = Level.SYMBOLIC if level is Level.SYMBOLIC else Level.IDENTITIES
    return result_nodes(shape, _nouns(token), usable, service_of(token))


def _nouns(token: str) -> frozenset[str]:
    noun = noun_of(token.rpartition(":")[2])
    return frozenset({noun, noun.removesuffix("s")})


def _is_own(name: str, kinds: frozenset[str], token: str) -> bool:
    """Tell whether a property is the looked-up thing's own name, identifier or ARN."""
    words = words_of(name)
    return bool(words) and words[-1] in kinds and names_itself(words, _nouns(token))


def _is_aws(token: str) -> bool:
    return token.startswith("aws:")


def service_of(token: str) -> str:
    """Return the service that a token belongs to, as ARNs name most of them; empty outside AWS."""
    package, module, *_ = (*token.split(":"), "")
    return module.split("/", 1)[0].lower() if package == "aws" else ""
