"""Controls of GuardDuty detectors and their protection plans."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity, Stage
from policies.controls.account_wide import REACH, ShownOn, in_every_region
from policies.facts.threat_detection import Detector, Feature, ThreatDetection
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"
_EARLIER: Final = (Stage.DESIGN, Stage.DEPLOY)
_MISSING: Final = "nothing looks for threats there"
_ONE: Final[dict[str, Any]] = {"regions": ("us-east-1",)}
_TWO: Final[dict[str, Any]] = {"regions": ("us-east-1", "us-west-2")}

HERE: Final = Detector(region="us-east-1")
THERE: Final = Detector(region="us-west-2")


def _stack(*features: Feature, detectors: tuple[Detector, ...] = (HERE,)) -> ThreatDetection:
    return ThreatDetection(regions=("us-east-1",), detectors=detectors, features=features)


@control(
    id="GuardDuty.1",
    slug="guardduty-account-enabled",
    severity=Severity.HIGH,
    requirements=("11.5.1",),
    families=("pci", "logging"),
    source=_SOURCE,
    rationale="Stolen credentials are used in the Region that nobody watches: coin miners or copied snapshots come to "
    "light weeks later, by the bill or by the press.",
    remediation="Create one aws.guardduty.Detector in each Region of the account, with enable=True.",
    deferrable=_EARLIER,
    reach=REACH,
    parameters=("regions",),
    passes=[
        example("a detector", _stack(), _ONE),
        example("one in each Region", _stack(detectors=(HERE, THERE)), _TWO),
        example("the stack's own Regions count where the profile names none", _stack()),
        example("one in the account", replace(_stack(), read_in="us-east-1"), _ONE),
    ],
    fails=[
        example("switched off", _stack(detectors=(replace(HERE, enabled=False),)), _ONE),
        example("one of two is switched off", _stack(detectors=(HERE, replace(THERE, enabled=False))), _TWO),
        example("none in the account", ThreatDetection(read_in="us-east-1"), _ONE),
    ],
    unknowns=[
        example("switched on, or not, later", _stack(detectors=(replace(HERE, enabled=UNKNOWN),)), _ONE),
        example("nobody knows its Region", _stack(detectors=(replace(HERE, region=UNKNOWN),)), _ONE),
        example("no Region is known", ThreatDetection()),
    ],
    not_applicable=[example("a Region that the profile does not name", ThreatDetection(read_in="eu-west-1"), _ONE)],
)
def enabled(detection: ThreatDetection, settings: "Settings") -> Verdict:
    """GuardDuty looks for threats in every Region of the system.

    In each of the regions of the profile, or of the stack where that names none, there is a detector whose enable is
    not false. A Region in which the stack creates none is left to the audit, since an account takes one alone.
    """
    wanted = "a detector that is on"

    def in_region(region: str) -> Verdict | None:
        found = [each.enabled for each in detection.detectors if each.region == region]
        if not found:
            return None
        return (
            PASS if all(found) else fail("GuardDuty is switched off", found=f"enable false in {region}", wanted=wanted)
        )

    return in_every_region(detection, settings.regions, in_region, _MISSING, wanted)


def _examples(feature: Feature) -> ShownOn:
    """Return what the controls of single protection plans are shown on."""
    there = replace(feature, region="us-west-2")
    off = replace(feature, enabled=False)
    return {
        "passes": [
            example("on", _stack(feature), _ONE),
            example("on in each Region", _stack(feature, there, detectors=(HERE, THERE)), _TWO),
            example("on, of a detector that is made elsewhere", _stack(feature, detectors=()), _ONE),
            example("on in the account", replace(_stack(feature), read_in="us-east-1"), _ONE),
        ],
        "fails": [
            example("switched off", _stack(off), _ONE),
            example("a detector that does not state it", _stack(), _ONE),
            example("on in one Region, off in the other", _stack(feature, replace(there, enabled=False)), _TWO),
            example("another plan", _stack(replace(feature, name="EBS_MALWARE_PROTECTION")), _ONE),
            example("off in the account", replace(_stack(off), read_in="us-east-1"), _ONE),
            example("no detector in the account", ThreatDetection(read_in="us-east-1"), _ONE),
        ],
        "unknowns": [
            example("its status comes later", _stack(replace(feature, enabled=UNKNOWN)), _ONE),
            example("its name comes later", _stack(replace(feature, name=UNKNOWN)), _ONE),
            example("no Region is known", ThreatDetection()),
        ],
        "not_applicable": [
            example("a Region that the profile does not name", ThreatDetection(read_in="eu-west-1"), _ONE)
        ],
    }


def _remediation(name: str) -> str:
    return f'Add an aws.guardduty.DetectorFeature with name="{name}" and status="ENABLED" for each detector.'


def _stated(detection: Any, region: str, name: str) -> Verdict | None:
    """Judge one plan in one Region by the features that are declared there; None where none is."""
    found = [each.enabled for each in detection.features if each.region == region and each.name == name]
    if not found:
        return None
    wrong = fail("a protection plan of GuardDuty is switched off", found=f"{name} off in {region}", wanted="ENABLED")
    return PASS if all(found) else wrong


def _with_plan(detection: Any, regions: tuple[str, ...], name: str) -> Verdict:
    wanted = f"{name} with status ENABLED"

    def in_region(region: str) -> Verdict | None:
        return _stated(detection, region, name) or _unstated(detection, region, wanted)

    return in_every_region(detection, regions, in_region, _MISSING, wanted)


def _unstated(detection: Any, region: str, wanted: str) -> Verdict | None:
    """Return the failure of a detector that says nothing about a plan; None where there is no detector."""
    if not any(each.region == region for each in detection.detectors):
        return None
    return fail("GuardDuty leaves a protection plan out", found=f"a detector without it in {region}", wanted=wanted)


@control(
    id="GuardDuty.6",
    slug="guardduty-detector-lambda-protected",
    severity=Severity.HIGH,
    requirements=("11.5.1",),
    families=("pci", "logging"),
    source=_SOURCE,
    rationale="A poisoned dependency sends card data from a function to its author's server, and no alarm comes of "
    "it, because nobody looks at where functions connect.",
    remediation=_remediation("LAMBDA_NETWORK_LOGS"),
    deferrable=_EARLIER,
    reach=REACH,
    parameters=("regions",),
    **_examples(Feature(region="us-east-1", name="LAMBDA_NETWORK_LOGS")),
)
def lambda_protected(detection: ThreatDetection, settings: "Settings") -> Verdict:
    """GuardDuty watches the network of Lambda functions in every Region of the system.

    The feature LAMBDA_NETWORK_LOGS is ENABLED in each of the regions of the profile, or of the stack where that names
    none. A detector of the stack that does not state it fails; a Region without any is left to the audit.
    """
    return _with_plan(detection, settings.regions, "LAMBDA_NETWORK_LOGS")


@control(
    id="GuardDuty.9",
    slug="guardduty-detector-rds-protected",
    severity=Severity.HIGH,
    requirements=("11.5.1",),
    families=("pci", "logging"),
    source=_SOURCE,
    rationale="Thousands of guessed database passwords, and then one success from an unusual place, pass as normal "
    "logins, and the export of the card table begins.",
    remediation=_remediation("RDS_LOGIN_EVENTS"),
    deferrable=_EARLIER,
    reach=REACH,
    parameters=("regions",),
    **_examples(Feature(region="us-east-1", name="RDS_LOGIN_EVENTS")),
)
def rds_protected(detection: ThreatDetection, settings: "Settings") -> Verdict:
    """GuardDuty watches the logins of databases in every Region of the system.

    The feature RDS_LOGIN_EVENTS is ENABLED in each of the regions of the profile, or of the stack where that names
    none. A detector of the stack that does not state it fails; a Region without any is left to the audit.
    """
    return _with_plan(detection, settings.regions, "RDS_LOGIN_EVENTS")


_S3: Final = "S3_DATA_EVENTS"
_S3_EXAMPLES: Final = _examples(Feature(region="us-east-1", name=_S3))


@control(
    id="GuardDuty.10",
    slug="guardduty-detector-s3-protected",
    severity=Severity.HIGH,
    requirements=("11.5.1",),
    families=("pci", "logging"),
    source=_SOURCE,
    rationale="Somebody with a leaked key lists and downloads whole buckets over a weekend; without this feature the "
    "unusual reads raise no finding.",
    remediation=_remediation(_S3),
    deferrable=_EARLIER,
    reach=REACH,
    parameters=("regions",),
    passes=[
        *_S3_EXAMPLES["passes"],
        example("by its former name", _stack(detectors=(replace(HERE, s3_logs=True),)), _ONE),
    ],
    fails=[
        *_S3_EXAMPLES["fails"],
        example("off by its former name", _stack(detectors=(replace(HERE, s3_logs=False),)), _ONE),
    ],
    unknowns=[
        *_S3_EXAMPLES["unknowns"],
        example("its former name comes later", _stack(detectors=(replace(HERE, s3_logs=UNKNOWN),)), _ONE),
    ],
    not_applicable=_S3_EXAMPLES["not_applicable"],
)
def s3_protected(detection: ThreatDetection, settings: "Settings") -> Verdict:
    """GuardDuty watches what is done with objects in every Region of the system.

    The feature S3_DATA_EVENTS is ENABLED, or datasources.s3Logs.enable of the detector is true, in each of the regions
    of the profile, or of the stack where that names none. A detector of the stack that states neither fails; a Region
    without any is left to the audit.
    """
    wanted = f"{_S3} with status ENABLED"

    def in_region(region: str) -> Verdict | None:
        said = _stated(detection, region, _S3)
        if said is not None:
            return said
        former = [each.s3_logs for each in detection.detectors if each.region == region]
        return PASS if former and all(former) else _unstated(detection, region, wanted)

    return in_every_region(detection, settings.regions, in_region, _MISSING, wanted)


_EKS: Final = "EKS_RUNTIME_MONITORING"
_RUNTIME: Final = "RUNTIME_MONITORING"
_AGENT: Final = "EKS_ADDON_MANAGEMENT"
_WATCHED: Final = Feature(region="us-east-1", name=_RUNTIME, parts=(_AGENT,))
_EKS_EXAMPLES: Final = _examples(_WATCHED)
_NO_CLUSTERS: Final[dict[str, Any]] = _ONE | {"runs_kubernetes": False}


@control(
    id="GuardDuty.7",
    slug="guardduty-detector-eks-runtime-monitored",
    severity=Severity.MEDIUM,
    requirements=("11.5.1",),
    families=("pci", "logging"),
    source=_SOURCE,
    rationale="A reverse shell or a miner inside a pod looks like ordinary traffic from outside; without an agent on "
    "the node the intruder stays as long as nothing breaks.",
    remediation=f'Add an aws.guardduty.DetectorFeature with name="{_RUNTIME}", status="ENABLED" and an entry '
    f'{_AGENT} with status="ENABLED" in additional_configurations for each detector.',
    deferrable=_EARLIER,
    reach=REACH,
    parameters=("regions", "runs_kubernetes"),
    passes=[
        *_EKS_EXAMPLES["passes"],
        example("by its former name", _stack(replace(_WATCHED, name=_EKS, parts=())), _ONE),
    ],
    fails=[
        *_EKS_EXAMPLES["fails"],
        example(
            "without an agent in clusters", _stack(replace(_WATCHED, parts=("ECS_FARGATE_AGENT_MANAGEMENT",))), _ONE
        ),
        example("no clusters are meant to be, but there are", replace(_stack(), kubernetes=True), _NO_CLUSTERS),
    ],
    unknowns=[
        *_EKS_EXAMPLES["unknowns"],
        example("its parts come later", _stack(replace(_WATCHED, parts=UNKNOWN)), _ONE),
    ],
    not_applicable=[*_EKS_EXAMPLES["not_applicable"], example("no clusters", _stack(), _NO_CLUSTERS)],
)
def eks_runtime_monitored(detection: ThreatDetection, settings: "Settings") -> Verdict:
    """GuardDuty watches what runs in EKS clusters in every Region of the system.

    The feature EKS_RUNTIME_MONITORING is ENABLED, or RUNTIME_MONITORING is and its additional configuration
    EKS_ADDON_MANAGEMENT too, in each of the regions of the profile, or of the stack where that names none. A detector
    of the stack that states neither fails; a Region without any is left to the audit. Where the profile says that the
    account runs no Kubernetes, and there is no cluster, it is not applicable.
    """
    regions = settings.regions
    if not settings.runs_kubernetes and not detection.kubernetes:
        return not_applicable("the account runs no EKS clusters")
    wanted = f"{_RUNTIME} with {_AGENT}"

    def in_region(region: str) -> Verdict | None:
        here = [each for each in detection.features if each.region == region and each.name in (_EKS, _RUNTIME)]
        if any(each.enabled and (each.name == _EKS or _AGENT in each.parts) for each in here):
            return PASS
        if here:
            return fail("nothing watches what runs in clusters", found=f"no agent in {region}", wanted=wanted)
        return _unstated(detection, region, wanted)

    return in_every_region(detection, regions, in_region, _MISSING, wanted)
