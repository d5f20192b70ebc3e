"""GuardDuty and Inspector as stacks set them up, and the keys of tables."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import Secret
from policies.facts.dynamodb import (
    TableEncryption,
    TableKey,
    replica_encryption_from_graph,
    table_encryption_from_graph,
)
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from policies.facts.threat_detection import Detector, Feature, ThreatDetection, threat_detection_from_graph
from policies.facts.vulnerability_scans import Scanning, VulnerabilityScans, vulnerability_scans_from_graph
from tests.policies.graphs import BUCKET, ROLE, graph, resource

STACK: Final = resource("pulumi:pulumi:Stack", "bank-dev", kind=Kind.STACK, provider="")
DETECTOR: Final = "aws:guardduty/detector:Detector"
FEATURE: Final = "aws:guardduty/detectorFeature:DetectorFeature"
ENABLER: Final = "aws:inspector2/enabler:Enabler"
TABLE: Final = "aws:dynamodb/table:Table"


_SECRET: Final[Any] = Secret(value=True)


def detection(*others: Resource) -> ThreatDetection:
    """Return what looks for threats in a stack."""
    return threat_detection_from_graph(graph(STACK, *others), STACK)


def test_detectors_and_features() -> None:
    """Each with its Region; a part that is off is none; inputs and outputs say the same."""
    parts = [{"name": "EKS_ADDON_MANAGEMENT", "status": "ENABLED"}, {"name": "X", "status": "DISABLED"}]
    settings = {"name": "RUNTIME_MONITORING", "status": "ENABLED", "additionalConfigurations": parts}
    detector = resource(DETECTOR, "d", {"region": "us-east-1", "datasources": {"s3Logs": {"enable": True}}})
    expected = ThreatDetection(
        regions=("eu-west-1", "us-east-1"),
        detectors=(Detector(region="us-east-1", s3_logs=True),),
        features=(Feature(region="eu-west-1", name="RUNTIME_MONITORING", parts=("EKS_ADDON_MANAGEMENT",)),),
    )
    assert detection(detector, resource(FEATURE, "f", settings)) == expected
    assert detection(detector, resource(FEATURE, "f", outputs=settings)) == expected


def test_a_detector_says_little_by_itself() -> None:
    """It is on unless it says otherwise, and what the service reports of it counts no more than that."""
    reported = {"enable": True, "datasources": {"s3Logs": {"enable": True}}}
    assert detection(resource(DETECTOR, "d", {"name": "x"})).detectors == (Detector(region="eu-west-1"),)
    assert detection(resource(DETECTOR, "d", outputs=reported)).detectors == (Detector(region="eu-west-1"),)
    assert detection(resource(DETECTOR, "d", {"enable": UNKNOWN})).detectors[0].enabled == UNKNOWN
    assert detection(resource(DETECTOR, "d", {"enable": False}, kind=Kind.READ)).detectors == ()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"name": UNKNOWN, "status": "ENABLED"}, Feature(region="eu-west-1", name=UNKNOWN)),
        ({"status": "DISABLED", "name": "X"}, Feature(region="eu-west-1", name="X", enabled=False)),
        ({"name": "X", "status": UNKNOWN}, Feature(region="eu-west-1", name="X", enabled=UNKNOWN)),
        ({"name": "X", "status": Secret("ENABLED")}, replace(Feature(region="eu-west-1", name="X"), enabled=_SECRET)),
    ],
)
def test_what_is_not_known_of_a_feature(settings: dict[str, Any], expected: object) -> None:
    """Nothing is taken for granted."""
    assert detection(resource(FEATURE, "f", settings)).features == (expected,)


def test_kubernetes_and_regions() -> None:
    """A cluster that is only looked up is one too; global types and reads are in no Region of the stack."""
    cluster = resource("aws:eks/cluster:Cluster", "k", {"region": "us-west-2"}, kind=Kind.READ)
    assert detection(cluster, resource(ROLE, "r"), resource(BUCKET, "b", {"region": UNKNOWN})) == ThreatDetection(
        kubernetes=True
    )


def test_enablers() -> None:
    """Accounts are identities, kinds of scans are words."""
    enabler = resource(ENABLER, "e", {"accountIds": ["111122223333"], "resourceTypes": ["ECR", UNKNOWN]})
    scanning = Scanning(region="eu-west-1", account_ids=("111122223333",), resource_types=("ECR", UNKNOWN))
    found = vulnerability_scans_from_graph(graph(STACK, enabler), STACK)

    assert found == VulnerabilityScans(regions=("eu-west-1",), scans=(scanning,))


KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
ARN: Final = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012"


def encryption(settings: dict[str, Any]) -> TableEncryption:
    """Return the keys of a table."""
    table = resource(TABLE, "t", settings)
    return table_encryption_from_graph(graph(table), table)


def test_keys_of_a_table() -> None:
    """The table's own and those of its replicas, each for its Region."""
    own = {"serverSideEncryption": {"enabled": True, "kmsKeyArn": ARN}}
    here = TableKey(region="eu-west-1", kms_key=KEY)
    assert encryption(own) == TableEncryption(enabled=True, keys=(here,))
    assert encryption({"name": "t"}) == TableEncryption(keys=(TableKey(region="eu-west-1"),))
    there = ARN.replace("eu-west-1", "us-east-1")
    replicas = [{"regionName": "us-east-1", "kmsKeyArn": there}, {"regionName": "us-west-2"}]
    assert encryption({**own, "replicas": replicas}).keys == (
        here,
        TableKey(region="us-east-1", kms_key=replace(KEY, region="us-east-1")),
        TableKey(region="us-west-2"),
    )
    assert encryption({"serverSideEncryption": UNKNOWN}).enabled == UNKNOWN
    assert encryption({**own, "replicas": UNKNOWN}).keys == UNKNOWN
    with pytest.raises(ValueError, match="serverSideEncryption"):
        encryption({"serverSideEncryption": "on"})


def test_key_of_a_replica() -> None:
    """A replica is where its own Region is."""
    replica = resource("aws:dynamodb/tableReplica:TableReplica", "r", {"region": "us-east-1", "kmsKeyArn": ARN})
    there = TableKey(region="us-east-1", kms_key=KEY)
    assert replica_encryption_from_graph(graph(replica), replica) == TableEncryption(enabled=True, keys=(there,))
