"""Entry point: ECS calls before it starts the tasks of a new revision, and goes on only when told so."""

import logging
import os
from collections.abc import Mapping
from typing import Any, Protocol

import boto3

from .decision import Decision, HookStatus, decide
from .scans import Registry, read_scan

_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)


class Services(Protocol):
    """The part of boto3's ECS client that is used."""

    def describe_service_revisions(self, **request: Any) -> Mapping[str, Any]:
        """Return revisions of services."""
        ...

    def describe_task_definition(self, **request: Any) -> Mapping[str, Any]:
        """Return a task definition."""
        ...


def handle(event: Mapping[str, Any], _context: object) -> dict[str, str | int]:
    """Answer a deployment lifecycle hook; whatever goes wrong stops the deployment.

    Source for event and answer: Amazon ECS developer guide, Lambda hooks for Amazon ECS service deployments, read
    2026-11-30.
    """
    region = os.environ["AWS_REGION"]
    allow_unscanned = os.environ.get("ALLOW_UNSCANNED") == "true"
    try:
        services, registry = boto3.client("ecs", region_name=region), boto3.client("ecr", region_name=region)
        decision = judge(event, services, registry, region=region, allow_unscanned=allow_unscanned)
    except Exception as error:  # noqa: BLE001 - the boundary: an unread scan must stop the deployment
        _log.exception("No verdict on %s", event.get("resourceArn"))
        decision = Decision(status=HookStatus.FAILED, reason=f"{type(error).__name__}: {error}")
    _log.info("%s %s: %s", event.get("resourceArn"), decision.status.value, decision.reason)
    return decision.answer


def judge(
    event: Mapping[str, Any], services: Services, registry: Registry, *, region: str, allow_unscanned: bool
) -> Decision:
    """Decide on the revision that an event names.

    Args:
        event: What ECS sends.
        services: ECS.
        registry: ECR.
        region: Where this runs.
        allow_unscanned: Whether an image without a scan may run.
    """
    images = read_images(services, event["executionDetails"]["targetServiceRevisionArn"])
    scans = [read_scan(registry, image, region=region) for image in images]
    return decide(scans, allow_unscanned=allow_unscanned)


def read_images(services: Services, revision_arn: str) -> list[str]:
    """Return the images of every container that a service revision will run.

    The revision itself lists images only once tasks have pulled them, hence its task definition.

    Args:
        services: ECS.
        revision_arn: Service revision.
    """
    found = services.describe_service_revisions(serviceRevisionArns=[revision_arn])
    (revision,) = found["serviceRevisions"]
    answer = services.describe_task_definition(taskDefinition=revision["taskDefinition"])
    return [container["image"] for container in answer["taskDefinition"]["containerDefinitions"]]
