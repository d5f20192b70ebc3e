"""Which identities of a thing that was looked up follow from the arguments; every other one is marked or unknown.

A resource of the stack belongs to the account, lies in the path that its inputs state, and so on. A thing that is only
looked up may be AWS's own, shared by another account, or lie in a path: a policy found by the name
`AdministratorAccess` may be the managed one. Its ARN may not read as a fact.

Runs inside the program's interpreter: standard library only.
"""

from collections.abc import Mapping
from typing import Final

from ledgergate.engine import wire
from ledgergate.engine.symbolic.identities import Output
from ledgergate.engine.symbolic.mint import SYMBOL_MARK
from ledgergate.engine.symbolic.outputs import Subject
from ledgergate.engine.symbolic.template import Template

_KEY: Final = "aws:kms/getKey:getKey"
_POLICY: Final = "aws:iam/policy:Policy"
"""AWS manages some: not even the account in the ARN is known."""

_ALIAS: Final = "aws:kms/alias:Alias"
"""A look-up returns its ARN as its id."""

_NAMED: Final = frozenset(
    {
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:dynamodb/table:Table",
        "aws:ecr/repository:Repository",
        "aws:eks/cluster:Cluster",
        "aws:kinesis/stream:Stream",
        "aws:lambda/function:Function",
        "aws:rds/cluster:Cluster",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
        "aws:sns/topic:Topic",
        "aws:sqs/queue:Queue",
    }
)
"""Types whose ARN follows from name, account and Region, and that are looked up by name in the account alone."""

_PLACES: Final = frozenset({"{account}", "{region}"})
_OPAQUE: Final = Template("{hex32:lookup}")


def looked_up_names(token: str, args: Mapping[str, wire.Wire], subject: Subject) -> dict[str, str | None]:
    """Return the id and the ARN of what is looked up, where they are not simply those of a resource.

    Args:
        token: Function.
        args: Its arguments.
        subject: What is looked up, under its names in the resource.
    """
    names: dict[str, str | None] = {name: args[name] for name in ("id", "arn") if isinstance(args.get(name), str)}
    key = args.get("keyId")
    if token == _KEY and isinstance(key, str) and "alias/" not in key:
        names["id"] = key.rsplit("/", 1)[-1]
        if key.startswith("arn:"):
            names["arn"] = key
    identity = subject.identity
    if identity is None:
        return names
    own = Subject(subject.seed, subject.inputs, subject.place, identity, dict(names))
    if "arn" not in names and identity.arn is not None and not _is_decided(identity.type, args):
        arn = own.value("arn")
        own.names["arn"] = names["arn"] = wire.UNKNOWN if identity.type == _POLICY else _marked(arn, own)
    if "id" not in names:
        found = own.value("arn" if identity.type == _ALIAS else "id")
        if isinstance(found, str) and found.startswith("arn:") and found != own.value("arn"):
            found = _marked(found, own)
        names["id"] = found if isinstance(found, str) else None
    return names


def looked_up_output(output: Output, subject: Subject) -> str | None:
    """Return an output of the table for what is looked up; None when it has none."""
    value = output.template.render(subject) if output.template is not None else None
    if value is None or output.template is None:
        return None
    if output.template.text in _PLACES:
        return wire.UNKNOWN
    if value.startswith("arn:") and value not in (subject.value("arn"), subject.value("id")):
        return _marked(value, subject)
    return value


def _is_decided(type_: str, args: Mapping[str, wire.Wire]) -> bool:
    """Tell whether a plain name is all that was asked for; an ARN or an owner's number says another place."""
    given = [value for name, value in args.items() if value is not None and name != "region"]
    return type_ in _NAMED and len(given) == 1 and isinstance(given[0], str) and not given[0].startswith("arn:")


def _marked(arn: wire.Wire, subject: Subject) -> str | None:
    """Return an ARN with a minted last part, unless something minted is in it already."""
    if not isinstance(arn, str) or arn == wire.UNKNOWN or SYMBOL_MARK in arn.lower():
        return arn if isinstance(arn, str) else None
    last = max(arn.rfind("/"), arn.rfind(":"))
    return f"{arn[: last + 1]}{_OPAQUE.render(subject)}"
