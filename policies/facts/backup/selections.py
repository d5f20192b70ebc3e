"""Which stores backup plans choose: by ARN, by pattern, by tags."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.arns import parse_arn
from policies.facts.backup.choices import (
    Answer,
    all_of,
    any_of,
    has_any_tag,
    kind_of_cluster,
    meets,
    settled,
    stands_for,
)
from policies.facts.backup.plans import PLAN
from policies.facts.joins import follow, follow_value
from policies.facts.properties import UNKNOWN, attribute, known_text, region_of, settings_of
from policies.facts.tagging import tagged_from_graph
from policies.iam_document import has_wildcard

SELECTION: Final = "aws:backup/selection:Selection"
STORES: Final[Mapping[str, str]] = {
    "aws:dynamodb/table:Table": "DynamoDB",
    "aws:efs/fileSystem:FileSystem": "EFS",
    "aws:rds/cluster:Cluster": "RDS",
    "aws:rds/instance:Instance": "RDS",
}
"""Type of a store → what AWS Backup calls it; Aurora clusters, of the same type as others, it calls `Aurora`.

Source: ProtectedResourceType of RestoreTestingSelectionForCreate, AWS Backup API reference, read 2026-11-30."""


def kind_of_store(store: Resource) -> Answer:
    """Return what AWS Backup calls a store; unknown for a cluster whose engine is."""
    if store.type == "aws:rds/cluster:Cluster":
        engine = reveal(settings_of(store).get("engine"))
        if isinstance(engine, Unknown):
            return UNKNOWN
        return kind_of_cluster(engine if isinstance(engine, str) else "")
    return STORES[store.type]


def created(graph: Graph, *types: str) -> Iterator[Resource]:
    """Yield the resources of these types that the stack creates."""
    return (each for each in graph.of_type(*types) if each.kind is Kind.CUSTOM)


def names(graph: Graph, holder: Resource, property_: str, owner: Resource) -> Answer:
    """Tell whether `property_` of `holder` names `owner`, by name, ARN or id; a pack sees ids in ARNs alone."""
    join = follow(graph, holder, property_, (owner.type,))
    if owner.urn in {each.urn for each in join.resources}:
        return True if len(join.resources) == 1 else UNKNOWN
    arn = parse_arn(known_text(attribute(owner, "arn")))
    text = known_text(settings_of(holder).get(property_))
    if text and arn is not None and text == arn.name:
        return True
    return UNKNOWN if join.unknown else False


def chosen(graph: Graph, store: Resource) -> Answer:
    """Tell whether some plan of the stack backs a store up."""
    return any_of(_chosen_by_a_plan(graph, each, store) for each in created(graph, SELECTION))


def chosen_by(graph: Graph, plan: Resource, store: Resource) -> Answer:
    """Tell whether one plan backs a store up."""
    selections = created(graph, SELECTION)
    return any_of(all_of(names(graph, each, "planId", plan), chooses(graph, each, store)) for each in selections)


def _chosen_by_a_plan(graph: Graph, selection: Resource, store: Resource) -> Answer:
    plans = any_of(names(graph, selection, "planId", each) for each in created(graph, *PLAN))
    # A plan that the stack does not create may have no rules any more.
    return all_of(plans is True or UNKNOWN, chooses(graph, selection, store))


def chooses(graph: Graph, selection: Resource, store: Resource) -> Answer:
    """Tell whether a selection chooses a store.

    It chooses stores of its Region: those under `resources`, those that have one of `selectionTags`, or all where it
    has neither; of these those that meet all `conditions`, and none under `notResources`.

    Source: BackupSelection, AWS Backup API reference, read 2026-11-30.
    """
    settings = settings_of(selection)
    ways = [
        way(graph, selection, settings[name], store)
        for name, way in (("resources", _by_arn), ("selectionTags", _by_tag))
        if settings.get(name) not in (None, [])
    ]
    excluded = _by_arn(graph, selection, settings.get("notResources"), store)
    met = meets(tags_of(graph, store), settings.get("conditions"))
    return all_of(_same_region(graph, selection, store), settled(ways, excluded, met))


def _same_region(graph: Graph, selection: Resource, store: Resource) -> Answer:
    here, there = reveal(region_of(graph, selection)), reveal(region_of(graph, store))
    return UNKNOWN if isinstance(here, Unknown) or isinstance(there, Unknown) else here == there


def _by_arn(graph: Graph, selection: Resource, value: Value, store: Resource) -> Answer:
    plain = reveal(value)
    if plain is None:
        return False
    if not isinstance(plain, list):
        return UNKNOWN
    return any_of(_is_meant(graph, selection, each, store) for each in plain)


def _is_meant(graph: Graph, selection: Resource, pattern: Any, store: Resource) -> Answer:
    """Tell whether a text under `resources` stands for a store."""
    arn = known_text(attribute(store, "arn"))
    if isinstance(pattern, str) and stands_for(pattern, arn):
        return True
    if isinstance(pattern, str) and has_wildcard(pattern):
        return False if arn else UNKNOWN
    join = follow_value(graph, selection, "resources", pattern, (store.type,))
    if store.urn in {each.urn for each in join.resources}:
        return True if len(join.resources) == 1 else UNKNOWN
    return UNKNOWN if join.unknown and not _comes_from_elsewhere(graph, selection, store.type) else False


def _comes_from_elsewhere(graph: Graph, selection: Resource, type_: str) -> bool:
    """Tell whether the unknown ARNs of a selection come from resources of other types alone."""
    sources = [graph.get(urn) for urn in selection.property_dependencies.get("resources", ())]
    return bool(sources) and all(each is not None and each.type != type_ for each in sources)


def _by_tag(graph: Graph, _selection: Resource, value: Value, store: Resource) -> Answer:
    return has_any_tag(tags_of(graph, store), value)


def tags_of(graph: Graph, resource: Resource) -> Any:
    """Return tag key → value, its own before those of its provider; unknown while some of them are."""
    tagged = tagged_from_graph(graph, resource)
    found: dict[str, Any] = {}
    for several in (reveal(tagged.default_tags), reveal(tagged.tags)):
        if isinstance(several, Unknown):
            return UNKNOWN
        found |= {reveal(each).key: reveal(reveal(each).value) for each in several or ()}
    return found
