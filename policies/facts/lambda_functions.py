"""Facts about Lambda functions: what runs, with which variables, under which key and in which network."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.joins import named
from policies.facts.kms import KeyUse, key_use
from policies.facts.properties import UNKNOWN, identities, identity, lift, literal, settings_of
from policies.facts.registry import adapter
from policies.facts.variables import Variable, variable_of

FUNCTION_TYPES: Final = ("aws:lambda/function:Function",)
_SUBNET: Final = ("aws:ec2/subnet:Subnet",)
_RUNTIMES: Final = Path(__file__).parents[1] / "data" / "lambda_runtimes.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """What a function runs.

    Args:
        package_type: `packageType`; `Zip` when unset.
        runtime: `runtime`; empty when unset, which only an image may be.
        support_days_left: Days until AWS ends the runtime, negative afterwards; None for one that is not in the table.
        variables: `environment.variables`; empty when unset.

    Source of the default: CreateFunction, Lambda API reference. Of the end dates: the table of Lambda runtimes in the
    Lambda developer guide, partly from AWS's page and partly from a copy that somebody else keeps of it, so that a
    date may have moved since. Read 2026-11-20.
    """

    package_type: str = "Zip"
    runtime: str = ""
    support_days_left: int | None = None
    variables: tuple[Variable, ...] = ()


@adapter(types=FUNCTION_TYPES)
def function_from_graph(_graph: Graph, resource: Resource) -> Function:
    """Build a function as of today."""
    settings = settings_of(resource)
    runtime = literal(settings, "runtime", default="")
    return Function(
        package_type=literal(settings, "packageType", default="Zip"),
        runtime=runtime,
        support_days_left=lift(runtime, support_days_left),
        variables=_variables(settings),
    )


def support_days_left(runtime: str, today: date | None = None) -> int | None:
    """Return for how many days AWS goes on supporting a runtime; None when the table does not know it.

    Args:
        runtime: `python3.13`.
        today: Day to count from; today in UTC when None.
    """
    ends = _ends().get(runtime)
    return None if ends is None else (ends - (today or datetime.now(UTC).date())).days


@cache
def _ends() -> Mapping[str, date]:
    with _RUNTIMES.open(encoding="utf-8", newline="") as table:
        return {row["runtime"]: date.fromisoformat(row["ends"]) for row in csv.DictReader(table)}


def _variables(settings: Mapping[str, Value]) -> Any:
    def listed(variables: Any) -> Any:
        return tuple(variable_of(name, identity(variables, name, default="")) for name in variables or ())

    return _within(settings, "environment", "variables", listed)


def _within(settings: Mapping[str, Value], outer: str, name: str, build: Callable[[Any], Any]) -> Any:
    return lift(settings.get(outer), lambda block: lift((block or {}).get(name), build))


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionKey:
    """The key of a function's environment variables.

    Args:
        has_variables: Whether it has any.
        kms_key_arn: `kmsKeyArn`; None when unset, for which Lambda takes a key that AWS manages.

    Source of the default: CreateFunction, Lambda API reference, read 2026-11-20.
    """

    has_variables: bool = False
    kms_key_arn: KeyUse | None = None


@adapter(types=FUNCTION_TYPES, joined=True)
def function_key_from_graph(graph: Graph, resource: Resource) -> FunctionKey:
    """Build the key of a function with the keys of its stack."""
    variables = _variables(settings_of(resource))
    return FunctionKey(has_variables=lift(variables, bool), kms_key_arn=key_use(graph, resource, "kmsKeyArn"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionNetwork:
    """Where a function's network interfaces are.

    Args:
        name: `name`.
        security_group_ids: `vpcConfig.securityGroupIds`; empty when unset.
        zones: Availability zone of each subnet in `vpcConfig.subnetIds`, those that are known first; a subnet that the
            stack does not create has an unknown one.
    """

    name: str = ""
    security_group_ids: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@adapter(types=FUNCTION_TYPES, joined=True)
def function_network_from_graph(graph: Graph, resource: Resource) -> FunctionNetwork:
    """Build the network of a function with the subnets of its stack."""
    settings = settings_of(resource)
    subnets = lift(settings.get("vpcConfig"), lambda block: identities(block or {}, "subnetIds"))
    groups = lift(settings.get("vpcConfig"), lambda block: identities(block or {}, "securityGroupIds"))
    return FunctionNetwork(
        name=identity(settings, "name", default=""),
        security_group_ids=groups,
        zones=lift(subnets, lambda ids: by_zone(_zones(graph, resource, ids))),
    )


def by_zone(zones: Iterable[Any]) -> tuple[Any, ...]:
    """Return the zones of a function's subnets in the order of the fact: those that are known first."""
    return tuple(sorted(zones, key=lambda zone: isinstance(zone, Unknown)))


def _zones(graph: Graph, function: Resource, subnet_ids: Sequence[Any]) -> Iterator[Any]:
    """Yield the zone of each subnet; in a preview, where ids come later, of those that the function depends on."""
    found = [_named_subnets(graph, reveal(each)) for each in subnet_ids]
    known = {each.urn for subnets in found for each in subnets}
    depended = map(graph.get, function.property_dependencies.get("vpcConfig", ()))
    hidden = [each for each in depended if each is not None and each.type in _SUBNET and each.urn not in known]
    later = sum(map(_comes_later, subnet_ids))
    yield from (_zone(subnets) for subnets, id_ in zip(found, subnet_ids, strict=True) if not _comes_later(id_))
    yield from (_zone((each,)) for each in hidden) if len(hidden) == later else (UNKNOWN for _ in range(later))


def _comes_later(subnet_id: Any) -> bool:
    return isinstance(reveal(subnet_id), Unknown)


def _named_subnets(graph: Graph, subnet_id: Any) -> tuple[Resource, ...]:
    return named(graph, subnet_id, _SUBNET) if isinstance(subnet_id, str) else ()


def _zone(subnets: Sequence[Resource]) -> Any:
    created = [settings_of(each) for each in subnets if each.kind is Kind.CUSTOM]
    if len(created) != 1:
        return UNKNOWN
    zone = literal(created[0], "availabilityZone")
    return UNKNOWN if zone is None else zone
