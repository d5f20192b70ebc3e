"""What watches the account: GuardDuty and Inspector."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, TAGS

PASSES: Final = frozenset(
    {
        "GuardDuty.1",
        "GuardDuty.10",
        "GuardDuty.6",
        "GuardDuty.7",
        "GuardDuty.9",
        "Inspector.1",
        "Inspector.2",
        "Inspector.3",
        "Inspector.4",
    }
)
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Switch both on, with everything that they can look at."""
    plans: Any = [{"Name": name, "Status": "ENABLED"} for name in ("LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS")]
    agents = [{"Name": "EKS_ADDON_MANAGEMENT", "Status": "ENABLED"}]
    plans += [{"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": agents}]
    plans += [{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}]
    guardduty: Any = session.client("guardduty")
    guardduty.create_detector(Enable=True, Features=plans, Tags={each["Key"]: each["Value"] for each in TAGS})
    inspector: Any = session.client("inspector2")
    inspector.enable(accountIds=[ACCOUNT], resourceTypes=["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"])
