"""Facts about Amazon GuardDuty: what looks for threats in each Region."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Value
from policies.facts.account_regions import STACK, regions_of_stack
from policies.facts.properties import UNKNOWN, flag, lift, literal, record, records, region_of, settings_of
from policies.facts.registry import adapter

_DETECTOR: Final = "aws:guardduty/detector:Detector"
_FEATURE: Final = "aws:guardduty/detectorFeature:DetectorFeature"
_CLUSTERS: Final = ("aws:eks/cluster:Cluster",)
_ON: Final = "ENABLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """A detector: an account has one in a Region at most.

    Args:
        region: Its Region.
        enabled: `enable`; true when unset.
        s3_logs: `datasources.s3Logs.enable`, the former way of naming `S3_DATA_EVENTS`; None when unset.

    Source of the default: `aws.guardduty.Detector`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    region: str
    enabled: bool = True
    s3_logs: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A protection plan, or a part of one, of the detector of a Region.

    Args:
        region: Region of the detector.
        name: `name`, `S3_DATA_EVENTS`.
        enabled: Whether `status` is `ENABLED`.
        parts: Names of those of `additionalConfigurations` that are enabled.
    """

    region: str
    name: str
    enabled: bool = True
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatDetection:
    """What looks for threats, as a stack creates it or as one Region of an account has it.

    Args:
        read_in: Region whose account was read, so that nothing is missing here that is there; empty for a stack, which
            shows its own alone.
        regions: Regions of the stack, for a profile that names none.
        detectors: Detectors.
        features: Protection plans.
        kubernetes: Whether there are EKS clusters.
    """

    read_in: str = ""
    regions: tuple[str, ...] = ()
    detectors: tuple[Detector, ...] = ()
    features: tuple[Feature, ...] = ()
    kubernetes: bool = False


@adapter(types=STACK, kinds=(Kind.STACK,), joined=True)
def threat_detection_from_graph(graph: Graph, _resource: Resource) -> ThreatDetection:
    """Build the detectors of a stack."""
    return ThreatDetection(
        regions=regions_of_stack(graph),
        detectors=tuple(_detector(graph, each) for each in graph.of_type(_DETECTOR) if each.kind is not Kind.READ),
        features=tuple(_feature(graph, each) for each in graph.of_type(_FEATURE) if each.kind is not Kind.READ),
        kubernetes=bool(graph.of_type(*_CLUSTERS)),
    )


def _detector(graph: Graph, resource: Resource) -> Detector:
    settings = settings_of(resource)

    def s3_logs(sources: Mapping[str, Value]) -> Any:
        return record(sources, "s3Logs", lambda logs: flag(logs, "enable", default=None))

    return Detector(
        region=region_of(graph, resource),
        enabled=flag(settings, "enable", default=True),
        # Outputs hold what the service has set, which features say as well; inputs are the program's.
        s3_logs=record(resource.inputs, "datasources", s3_logs),
    )


def _feature(graph: Graph, resource: Resource) -> Feature:
    settings = settings_of(resource)
    name = literal(settings, "name")
    return Feature(
        region=region_of(graph, resource),
        name=UNKNOWN if name is None else name,
        enabled=_is_on(settings),
        parts=lift(records(settings, "additionalConfigurations", _part), lambda parts: tuple(filter(None, parts))),
    )


def _is_on(settings: Mapping[str, Value]) -> Any:
    return lift(literal(settings, "status", default=""), lambda status: status == _ON)


def _part(part: Mapping[str, Value]) -> Any:
    on = _is_on(part)
    return literal(part, "name", default="") if on is True else "" if on is False else UNKNOWN
