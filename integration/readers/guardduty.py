"""Reads what GuardDuty looks at in a Region, which takes one detector alone, and whether there are EKS clusters."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.threat_detection import Detector, Feature, ThreatDetection

_DETECTORS: Final = Paging("NextToken", ("DetectorIds",))
_CLUSTERS: Final = Paging("nextToken", ("clusters",))
_ON: Final = "ENABLED"


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(place.arn("guardduty", "detector/*"), "pulumi:pulumi:Stack", place)
    yield Task(subject, (ThreatDetection,), partial(_read, subject))


def _read(subject: Subject, desk: Desk) -> Iterator[Observed]:
    region = subject.place.region
    pages = desk.every(_DETECTORS, desk.aws.guardduty.list_detectors)
    ids = [each for page in pages for each in page["DetectorIds"]]
    found: list[Mapping[str, Any]] = [desk.one(desk.aws.guardduty.get_detector, DetectorId=each) for each in ids]
    clusters = desk.every(_CLUSTERS, desk.aws.eks.list_clusters)
    fact = ThreatDetection(
        read_in=region,
        detectors=tuple(Detector(region=region, enabled=each["Status"] == _ON) for each in found),
        features=tuple(_feature(region, feature) for each in found for feature in each["Features"]),
        kubernetes=any(page["clusters"] for page in clusters),
    )
    yield Observed(subject, fact)


def _feature(region: str, feature: Mapping[str, Any]) -> Feature:
    parts = feature.get("AdditionalConfiguration", ())
    return Feature(
        region=region,
        name=feature["Name"],
        enabled=feature["Status"] == _ON,
        parts=tuple(each["Name"] for each in parts if each["Status"] == _ON),
    )


READING: Final = Reading(
    service="guardduty",
    regional=True,
    gives={ThreatDetection: ("eks:ListClusters", "guardduty:GetDetector", "guardduty:ListDetectors")},
    begin=_begin,
)
