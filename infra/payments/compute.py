"""Compute: the load balancer, two services behind it, and the gate that no unsafe image passes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from network import NetworkParts
from security import KeyArns
from settings import Settings
from storage import BucketNames

from components.database import Database
from components.origin_header import OriginHeader
from components.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeParts:
    """What other parts of the system need of the compute layer.

    Args:
        balancer_arn: Load balancer.
        balancer_dns_name: Its host name.
        balancer_arn_suffix: What CloudWatch calls it.
        target_group_arn_suffixes: Service → what CloudWatch calls the target group that serves it at first.
        other_target_group_arn_suffixes: Service → the same of the group that the next deployment moves it to.
        cluster_arn: ECS cluster.
        cluster_name: Its name.
        service_names: `frontend`, `backend` → name of the ECS service.
        repository_names: `frontend`, `backend` → name of the ECR repository.
        log_group_names: `application`, `ecs`, `gate` → log group.
        entry_rules: Listener rules that accept the origin header; whoever sends a new value waits for them.
    """

    balancer_arn: pulumi.Output[str]
    balancer_dns_name: pulumi.Output[str]
    balancer_arn_suffix: pulumi.Output[str]
    target_group_arn_suffixes: Mapping[str, pulumi.Output[str]]
    other_target_group_arn_suffixes: Mapping[str, pulumi.Output[str]]
    cluster_arn: pulumi.Output[str]
    cluster_name: pulumi.Output[str]
    service_names: Mapping[str, pulumi.Output[str]]
    repository_names: Mapping[str, pulumi.Output[str]]
    log_group_names: Mapping[str, pulumi.Output[str]]
    entry_rules: Sequence[pulumi.Resource]


def make_compute(
    settings: Settings,
    place: Place,
    keys: KeyArns,
    network: NetworkParts,
    buckets: BucketNames,
    database: Database,
    origin_header: OriginHeader,
) -> ComputeParts:
    """Make the load balancer, the cluster and the two services."""
    raise NotImplementedError
