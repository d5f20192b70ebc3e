"""The baseline of an account: what a bank's landing zone gives it before any program is deployed.

A program relies on it (payments adopts the detector of GuardDuty and the recorder of AWS Config that are there), and
controls of a whole account ask for it. A bare sandbox has none of it. One more thing that every account has is one
more entry of `PROVISIONS`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import boto3

from integration.sandbox.sandbox import Sandbox
from ledgergate.engine.symbolic.regions import partition_of

if TYPE_CHECKING:
    from policies.settings import Settings

_REFERENCE: Final = "AWS Security Reference Architecture, example solutions, "
_AGENTS: Final = ("EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT")
_PLANS: Final = (
    "EBS_MALWARE_PROTECTION",
    "EKS_AUDIT_LOGS",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "S3_DATA_EVENTS",
)
_SCANS: Final[Any] = ("EC2", "ECR", "LAMBDA", "LAMBDA_CODE")
_RECORDER: Final = "aws-controltower-BaselineConfigRecorder"
_SUPPORT_ROLE: Final = "AWSReservedSSO_SupportAccess_0123456789abcdef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where something is given.

    Args:
        session: Reaches the account.
        id: AWS account id, 12 digits.
        region: AWS Region.
        tags: Tag key → value of what the landing zone makes and can tag.
    """

    session: boto3.Session
    id: str
    region: str
    tags: Mapping[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return the client of a service in the Region."""
        make: Any = self.session.client
        return make(service, region_name=self.region)

    def arn(self, service: str, resource: str, owner: str | None = None) -> str:
        """Return the ARN of what belongs to no Region; of the account itself where no owner is named."""
        return f"arn:{partition_of(self.region, 'aws')}:{service}::{self.id if owner is None else owner}:{resource}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One thing that every account has.

    Args:
        name: What it is, as a report calls it.
        give: Makes it, by the calls that AWS has for it.
        source: Where it is written that landing zones do so, and when that was read.
        regional: Whether every Region has its own; else there is one, made in the first.
    """

    name: str
    give: Callable[[Account], None]
    source: str
    regional: bool = True


def _look_for_threats(account: Account) -> None:
    runtime = {
        "Name": "RUNTIME_MONITORING",
        "Status": "ENABLED",
        "AdditionalConfiguration": [{"Name": agent, "Status": "ENABLED"} for agent in _AGENTS],
    }
    plans = [{"Name": plan, "Status": "ENABLED"} for plan in _PLANS]
    account.client("guardduty").create_detector(
        Enable=True, FindingPublishingFrequency="FIFTEEN_MINUTES", Features=[*plans, runtime], Tags={**account.tags}
    )


def _look_for_vulnerabilities(account: Account) -> None:
    account.client("inspector2").enable(accountIds=[account.id], resourceTypes=list(_SCANS))


def _record_configuration(account: Account) -> None:
    config = account.client("config")
    recorder = {
        "name": _RECORDER,
        "roleARN": account.arn("iam", "role/aws-controltower-ConfigRecorderRole"),
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
    }
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    # The bucket belongs to the log archive, another account.
    channel = {"name": "aws-controltower-BaselineConfigDeliveryChannel", "s3BucketName": "log-archive-of-the-bank"}
    config.put_delivery_channel(DeliveryChannel=channel)
    config.start_configuration_recorder(ConfigurationRecorderName=_RECORDER)


def _let_support_in(account: Account) -> None:
    """Give people a role for AWS Support, as IAM Identity Center makes it of a permission set."""
    provider = account.arn("iam", "saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
                "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }
        ],
    }
    iam = account.client("iam")
    iam.create_role(
        RoleName=_SUPPORT_ROLE, Path="/aws-reserved/sso.amazonaws.com/", AssumeRolePolicyDocument=json.dumps(trust)
    )
    iam.attach_role_policy(RoleName=_SUPPORT_ROLE, PolicyArn=account.arn("iam", "policy/AWSSupportAccess", "aws"))


def _keep_snapshots_private(account: Account) -> None:
    account.client("ec2").enable_snapshot_block_public_access(State="block-all-sharing")


_LANDING_ZONE: Final = "landing-zone"

PROVISIONS: Final = (
    Provision(
        name="GuardDuty with its protection plans",
        give=_look_for_threats,
        source=_REFERENCE + "guardduty_org, read 2026-11-30",
    ),
    Provision(
        name="Inspector for EC2, ECR and Lambda",
        give=_look_for_vulnerabilities,
        source=_REFERENCE + "inspector_org, read 2026-11-30",
    ),
    Provision(
        name="a recorder of AWS Config",
        give=_record_configuration,
        source="AWS Control Tower user guide, how AWS Control Tower works, read 2026-11-30",
    ),
    Provision(
        name="a block of public snapshots of volumes",
        give=_keep_snapshots_private,
        source="AWS Control Tower control reference, CT.EC2.PV.7, read 2026-11-30",
    ),
    Provision(
        name="a role for AWS Support",
        give=_let_support_in,
        source="IAM Identity Center user guide, referencing permission sets in resource policies, read 2026-11-30",
        regional=False,
    ),
)
"""What every account has, in the order in which it is made."""


def landing_tags(settings: "Settings", stack: str) -> dict[str, str]:
    """Return the tags that a landing zone gives to what it makes: those that the profile of the account demands."""
    wanted = {
        "Environment": stack if stack in settings.environment_tags else settings.environment_tags[0],
        "ManagedBy": "Pulumi",
        "Project": settings.project_tag or settings.system or _LANDING_ZONE,
        "Compliance": settings.compliance_tags[0],
    }
    return dict.fromkeys(settings.required_tags, _LANDING_ZONE) | wanted


def lay_baseline(
    sandbox: Sandbox,
    regions: Sequence[str],
    provisions: Sequence[Provision] = PROVISIONS,
    tags: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Give the account of a sandbox what it has before any program is deployed.

    Args:
        sandbox: Has none of it yet.
        regions: AWS Regions that the landing zone governs, the home Region first; one at least.
        provisions: What is given.
        tags: Tag key → value of what the landing zone makes and can tag; None for no tags.

    Returns:
        The names of what was given, for a report: what passes by it is none of the program's merit.
    """
    session = sandbox.session()
    for provision in provisions:
        for region in regions if provision.regional else regions[:1]:
            provision.give(Account(session=session, id=sandbox.account, region=region, tags=tags or {}))
    return tuple(provision.name for provision in provisions)
