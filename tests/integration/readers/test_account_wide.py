"""What GuardDuty and Inspector answer about one Region, turned into facts."""

from typing import Any, Final

from integration.readers import guardduty, inspector2
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Reading, Unread
from policies.facts.threat_detection import Detector, Feature, ThreatDetection
from policies.facts.vulnerability_scans import Scanning, VulnerabilityScans
from tests.integration.scanning.lines import CannedLine, read

DENIED: Final = Trouble(Cause.DENIED, "AccessDeniedException")
REGION: Final = "eu-west-1"
ACCOUNT: Final = "111122223333"
AGENTS: Final = [
    {"Name": "EKS_ADDON_MANAGEMENT", "Status": "ENABLED"},
    {"Name": "EC2_AGENT_MANAGEMENT", "Status": "DISABLED"},
]
FEATURES: Final = [
    {"Name": "S3_DATA_EVENTS", "Status": "DISABLED"},
    {"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": AGENTS},
]


def found(reading: Reading, fact: type, **answers: Any) -> Any:
    """Return the fact that is read from these answers, or why it is not."""
    (only,) = read(reading, CannedLine(answers), [fact])
    return only.fact if isinstance(only, Observed) else only


def detection(**answers: Any) -> Any:
    """Return what GuardDuty is read to look at."""
    whole = {
        "ListDetectors": {"DetectorIds": ["d1"]},
        "GetDetector": {"Status": "ENABLED", "Features": FEATURES},
        "ListClusters": {"clusters": []},
    }
    return found(guardduty.READING, ThreatDetection, **(whole | answers))


def test_a_detector_with_its_features() -> None:
    """Status and features are read in the form in which a program writes them."""
    assert detection() == ThreatDetection(
        read_in=REGION,
        detectors=(Detector(region=REGION),),
        features=(
            Feature(region=REGION, name="S3_DATA_EVENTS", enabled=False),
            Feature(region=REGION, name="RUNTIME_MONITORING", parts=("EKS_ADDON_MANAGEMENT",)),
        ),
    )


def test_a_region_without_a_detector() -> None:
    """Nothing is there, and that is known."""
    assert detection(ListDetectors={"DetectorIds": []}) == ThreatDetection(read_in=REGION)
    assert detection(ListClusters={"clusters": ["shop"]}).kubernetes


def test_a_detector_that_is_suspended() -> None:
    """A detector that looks at nothing is off."""
    assert detection(GetDetector={"Status": "DISABLED", "Features": []}).detectors == (
        Detector(region=REGION, enabled=False),
    )


def test_what_nobody_may_see_is_unread() -> None:
    """Denied, or with a key missing, it is no empty Region."""
    assert isinstance(detection(GetDetector=DENIED), Unread)
    assert isinstance(detection(ListDetectors=DENIED), Unread)
    assert isinstance(detection(ListClusters=DENIED), Unread)
    assert isinstance(detection(GetDetector={"Status": "ENABLED"}), Unread)


def scans(answer: Any) -> Any:
    """Return what Inspector is read to scan."""
    return found(inspector2.READING, VulnerabilityScans, BatchGetAccountStatus=answer)


def test_kinds_of_scans() -> None:
    """What is switched on counts; what is being switched on does not, and a Region may lack a kind."""
    state = {"ec2": {"status": "ENABLED"}, "ecr": {"status": "ENABLING"}, "lambdaCode": {"status": "ENABLED"}}
    scanning = Scanning(region=REGION, account_ids=(ACCOUNT,), resource_types=("EC2", "LAMBDA_CODE"))
    answer = {"accounts": [{"accountId": ACCOUNT, "resourceState": state}]}

    assert scans(answer) == VulnerabilityScans(read_in=REGION, scans=(scanning,))


def test_an_account_of_which_inspector_says_nothing_is_unread() -> None:
    """A failed account is in another list, and is not one without scans."""
    assert isinstance(scans({"accounts": [], "failedAccounts": [{"accountId": ACCOUNT}]}), Unread)
    assert isinstance(scans(DENIED), Unread)
