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
    # Each answer is looked at before the next call, so that a malformed one is known by its own call.
    found = [_detector(region, desk, each) for page in pages for each in page["DetectorIds"]]
    clusters = desk.every(_CLUSTERS, desk.aws.eks.list_clusters)
    fact = ThreatDetection(
        read_in=region,
        detectors=tuple(detector for detector, _ in found),
        features=tuple(feature for _, features in found for feature in features),
        kubernetes=any(page["clusters"] for page in clusters),
    )
    yield Observed(subject, fact)


def _detector(region: str, desk: Desk, detector_id: str) -> tuple[Detector, list[Feature]]:
    answer: Mapping[str, Any] = desk.one(desk.aws.guardduty.get_detector, DetectorId=detector_id)
    features = [_feature(region, each) for each in answer["Features"]]
    return Detector(region=region, enabled=answer["Status"] == _ON), features


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
