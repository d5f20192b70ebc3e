"""GuardDuty, for an account that has no detector yet: a Region takes one, and a second one is refused."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

FEATURES: Final = ("EBS_MALWARE_PROTECTION", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS")
RUNTIME: Final = "RUNTIME_MONITORING"
RUNTIME_AGENTS: Final = ("EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatDetectionArgs:
    """Where threats are looked for.

    Args:
        region: Region without a detector.
    """

    region: str


class ThreatDetection(pulumi.ComponentResource):
    """The detector of one Region, with all that it can look at.

    Args:
        name: Logical name.
        args: Where threats are looked for.
        opts: Resource options.
    """

    detector_id: pulumi.Output[str]

    def __init__(self, name: str, args: ThreatDetectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ThreatDetection", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        detector = self._make_detector(name, args)
        for feature in (*FEATURES, RUNTIME):
            self._make_feature(name, args, detector, feature)
        self.detector_id = detector.id
        self.register_outputs({"detectorId": self.detector_id})

    def _make_detector(self, name: str, args: ThreatDetectionArgs) -> aws.guardduty.Detector:
        return aws.guardduty.Detector(
            name,
            region=args.region,
            enable=True,
            finding_publishing_frequency="FIFTEEN_MINUTES",
            opts=self._child,
        )

    def _make_feature(
        self, name: str, args: ThreatDetectionArgs, detector: aws.guardduty.Detector, feature: str
    ) -> None:
        agents = RUNTIME_AGENTS if feature == RUNTIME else ()
        aws.guardduty.DetectorFeature(
            f"{name}-{feature.lower().replace('_', '-')}",
            region=args.region,
            detector_id=detector.id,
            name=feature,
            status="ENABLED",
            additional_configurations=[
                aws.guardduty.DetectorFeatureAdditionalConfigurationArgs(name=agent, status="ENABLED")
                for agent in agents
            ]
            or None,
            opts=self._child,
        )
