"""Trust and identity policies: who may take a role, and what it then may do."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from components.place import Place

Statement: TypeAlias = Mapping[str, Any]

ANY: str = "*"
"""Resource of the few actions that IAM can bind to no resource."""


def service_trust(place: Place, service: str, source: str) -> str:
    """Return a trust policy, JSON: the service takes the role for this account's own resources only.

    Args:
        place: Account of the role.
        service: Short name of the service, `ecs-tasks`.
        source: ARN pattern of what the service acts for.
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": place.account_id}, "ArnLike": {"aws:SourceArn": source}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(sid: str, actions: Sequence[str], resources: Any) -> Statement:
    """Return a statement that allows actions.

    Args:
        sid: What for, in one capitalised word.
        actions: `service:Action`.
        resources: One ARN or several; may hold Pulumi outputs.
    """
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}


def document(statements: Sequence[Statement]) -> dict[str, Any]:
    """Return a policy document.

    Args:
        statements: What it says.
    """
    return {"Version": "2012-10-17", "Statement": list(statements)}
