"""Lets moto's RDS show a world: instance and cluster states, who writes, and a fail-over that takes time.

Moto moves the writer at once and knows no states between; source: moto 5.2 `rds/models.py`, read 2026-11-21.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend, rds_backends

from integration.sandbox.world.model import Instance, RefusedError, World


def instances_of(account: str, region: str, cluster: str) -> tuple[Instance, ...]:
    """Return the instances of a cluster that moto holds.

    Args:
        account: AWS account id.
        region: AWS Region.
        cluster: Cluster identifier.
    """
    members = rds_backends[account][region].clusters[cluster].members
    return tuple(
        Instance(each.db_instance_identifier, each.availability_zone, int(each.promotion_tier)) for each in members
    )


@contextlib.contextmanager
def shown_by_rds(world: World, account: str, region: str, cluster: str) -> Iterator[None]:
    """Let RDS calls in this process see and move the world instead of what moto would do.

    Args:
        world: The world.
        account: AWS account id.
        region: AWS Region.
        cluster: Identifier of the cluster that the world is about.
    """
    backend: RDSBackend = rds_backends[account][region]
    replaced = {
        "describe_db_clusters": _after_showing(world, backend, cluster, backend.describe_db_clusters),
        "describe_db_instances": _after_showing(world, backend, cluster, backend.describe_db_instances),
        "failover_db_cluster": _moving(world, backend, cluster, backend.failover_db_cluster),
    }
    # On the object, not on its class: other accounts and Regions stay as moto made them.
    vars(backend).update(replaced)
    try:
        yield
    finally:
        for name in replaced:
            vars(backend).pop(name, None)


def _show(world: World, backend: RDSBackend, cluster: str) -> None:
    view = world.view()
    backend.clusters[cluster].status = view.status
    for member in view.members:
        instance: Any = backend.databases[member.instance.id]
        instance.status = member.status
        instance.is_cluster_writer = member.is_writer


def _after_showing(world: World, backend: RDSBackend, cluster: str, describe: Callable[..., Any]) -> Callable[..., Any]:
    def shown(*args: Any, **settings: Any) -> Any:
        _show(world, backend, cluster)
        return describe(*args, **settings)

    return shown


def _moving(world: World, backend: RDSBackend, cluster: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    def fail_over(db_cluster_identifier: str, target_db_instance_identifier: str | None = None) -> Any:
        if db_cluster_identifier != cluster:
            return otherwise(db_cluster_identifier, target_db_instance_identifier)
        try:
            world.fail_over(target_db_instance_identifier)
        except RefusedError as error:
            raise RDSClientError(error.code, error.message) from None
        _show(world, backend, cluster)
        return backend.clusters[cluster]

    return fail_over
