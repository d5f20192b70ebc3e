"""Facts about the Regions to which stores and keys are copied."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.arns import parse_arn
from policies.facts.joins import follow
from policies.facts.properties import UNKNOWN, identity, literal, region_of, settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES
from policies.facts.s3.replication import bucket_replication_from_graph
from policies.facts.secrets import tag_value

RESIDENCY: Final = "DataResidency"
"""Tag whose value `regional` says that no copy of a store leaves its Region."""

_TABLE: Final = ("aws:dynamodb/table:Table",)
_TABLE_REPLICA: Final = ("aws:dynamodb/tableReplica:TableReplica",)
_PLAN: Final = ("aws:backup/plan:Plan",)
_VAULT: Final = ("aws:backup/vault:Vault",)
_SECRET: Final = ("aws:secretsmanager/secret:Secret",)
_KEY: Final = ("aws:kms/key:Key",)
_REPLICA_KEY: Final = ("aws:kms/replicaKey:ReplicaKey",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """A store, a key or a backup plan, and where it is copied to.

    Args:
        name: Physical name; empty without one.
        residency: Value of its tag `DataResidency`; empty without one.
        home: Region it is in; of a replica the Region of what it is a copy of.
        regions: Regions it is copied to, its own among them where it is; unknown for a bucket of another account.
    """

    name: str = ""
    residency: str = ""
    home: str
    regions: tuple[str, ...] = ()


@adapter(types=_TABLE, joined=True)
def table_copies_from_graph(graph: Graph, resource: Resource) -> Copies:
    """Build the replicas that a table states itself."""
    return _stated(graph, resource, "replicas", "regionName")


@adapter(types=_SECRET, joined=True)
def secret_copies_from_graph(graph: Graph, resource: Resource) -> Copies:
    """Build the copies of a secret."""
    return _stated(graph, resource, "replicas", "region")


@adapter(types=_TABLE_REPLICA, joined=True)
def table_replica_from_graph(graph: Graph, resource: Resource) -> Copies:
    """Build a replica that is a resource of its own."""
    return _replica(graph, resource, "globalTableArn", _TABLE)


@adapter(types=_REPLICA_KEY, joined=True)
def replica_key_from_graph(graph: Graph, resource: Resource) -> Copies:
    """Build a key that is the copy of another one."""
    return _replica(graph, resource, "primaryKeyArn", _KEY)


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_copies_from_graph(graph: Graph, resource: Resource) -> Copies:
    """Build where the replication of a bucket leads."""
    found = bucket_replication_from_graph(graph, resource)
    return _copies(graph, resource, "bucket", tuple(_of_rules(found)))


@adapter(types=_PLAN, joined=True)
def plan_copies_from_graph(graph: Graph, resource: Resource) -> Copies:
    """Build where a backup plan copies to."""
    rules = _objects(settings_of(resource).get("rules"), lambda rule: _vaults(graph, resource, rule))
    return _copies(graph, resource, "name", tuple(rules))


def _copies(graph: Graph, resource: Resource, name: str, regions: tuple[Any, ...]) -> Copies:
    return Copies(
        name=identity(settings_of(resource), name, default=""),
        residency=tag_value(graph, resource, RESIDENCY),
        home=region_of(graph, resource),
        regions=regions,
    )


def _stated(graph: Graph, resource: Resource, property_: str, region: str) -> Copies:
    def there(item: Mapping[str, Value]) -> Iterator[Any]:
        named = literal(item, region)
        yield UNKNOWN if named is None else named

    return _copies(graph, resource, "name", tuple(_objects(settings_of(resource).get(property_), there)))


def _replica(graph: Graph, resource: Resource, source: str, types: tuple[str, ...]) -> Copies:
    join = follow(graph, resource, source, types)
    own = tag_value(graph, resource, RESIDENCY)
    of_source = tag_value(graph, join.resources[0], RESIDENCY) if len(join.resources) == 1 else ""
    names = [identity(settings_of(each), "name", default="") for each in join.resources]
    return Copies(
        name=names[0] if len(names) == 1 else "",
        residency=of_source if own == "" else own,
        home=region_behind(graph, resource, source, settings_of(resource).get(source), types),
        regions=(region_of(graph, resource),),
    )


def _of_rules(found: Any) -> Iterator[Any]:
    if found.looked_up:
        yield UNKNOWN
    for replication in (*found.certain, *found.possible):
        rules = reveal(replication.rules) if not isinstance(replication, Unknown) else UNKNOWN
        for rule in (UNKNOWN,) if isinstance(rules, Unknown) else rules:
            plain = reveal(rule)
            if isinstance(plain, Unknown):
                yield UNKNOWN
            elif reveal(plain.enabled) is not False:
                yield UNKNOWN if isinstance(plain.enabled, Unknown) else plain.destination_region


def _vaults(graph: Graph, plan: Resource, rule: Mapping[str, Value]) -> Iterator[Any]:
    def region(action: Mapping[str, Value]) -> Iterator[Any]:
        yield region_behind(graph, plan, "rules", action.get("destinationVaultArn"), _VAULT)

    return _objects(rule.get("copyActions"), region)


def _objects(value: Value, build: Callable[[Mapping[str, Value]], Iterator[Any]]) -> Iterator[Any]:
    """Yield what `build` makes of each object of a list; unknown for what nobody knows."""
    plain = reveal(value)
    if plain is None:
        return
    for each in plain if isinstance(plain, list) else [plain]:
        if isinstance(each, Mapping):
            yield from build(each)
        else:
            yield UNKNOWN


def region_behind(graph: Graph, holder: Resource, property_: str, value: Value, types: tuple[str, ...]) -> Any:
    """Return the Region of what an ARN names; while the ARN is unknown, that of what it will come from.

    Args:
        graph: The stack.
        holder: What names it.
        property_: The property that holds the ARN at whatever depth.
        value: The ARN.
        types: Types of what it may name.
    """
    plain = reveal(value)
    arn = parse_arn(plain) if isinstance(plain, str) else None
    if arn is not None and arn.region:
        return literal({"region": arn.region}, "region")
    lifted = replace(
        holder,
        inputs={**holder.inputs, "copy": value},
        property_dependencies={"copy": holder.property_dependencies.get(property_, ())},
    )
    regions = [region_of(graph, each) for each in follow(graph, lifted, "copy", types).resources]
    same = bool(regions) and all(reveal(each) == reveal(regions[0]) for each in regions)
    return regions[0] if same else UNKNOWN
