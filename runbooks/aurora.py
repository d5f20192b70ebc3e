"""An Aurora cluster as a drill sees and moves it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from runbooks.errors import NotYetError, StepError

if TYPE_CHECKING:
    from types_boto3_rds import RDSClient

AVAILABLE: Final = "available"


@dataclass(frozen=True, slots=True)
class DbInstance:
    """An instance of the cluster.

    Args:
        id: Identifier.
        zone: Availability zone.
        status: What RDS says of it.
        tier: Promotion tier; Aurora promotes the lowest first.
        is_writer: Whether it is the writer.
    """

    id: str
    zone: str
    status: str
    tier: int
    is_writer: bool


@dataclass(frozen=True, slots=True)
class DbCluster:
    """A cluster at one moment.

    Args:
        status: What RDS says of it.
        instances: Its instances.
    """

    status: str
    instances: tuple[DbInstance, ...]

    @property
    def writer(self) -> DbInstance:
        """The writer.

        Raises:
            StepError: There is none.
        """
        for instance in self.instances:
            if instance.is_writer:
                return instance
        raise StepError("the cluster has no writer")

    def instance(self, id: str) -> DbInstance:
        """Return an instance.

        Raises:
            StepError: There is none of this identifier.
        """
        for instance in self.instances:
            if instance.id == id:
                return instance
        raise StepError(f"the cluster has no instance {id}")

    def successor(self, not_in: str) -> DbInstance:
        """Return the reader that Aurora would promote: available, lowest tier, then name.

        Args:
            not_in: Zone in which it must not be.

        Raises:
            StepError: There is none.
        """
        ready = [
            each for each in self.instances if not each.is_writer and each.status == AVAILABLE and each.zone != not_in
        ]
        if not ready:
            raise StepError(f"no reader outside {not_in} is available")
        return min(ready, key=lambda each: (each.tier, each.id))


class Cluster(Protocol):
    """What a drill needs of a cluster."""

    def look(self) -> DbCluster:
        """Return the cluster as it is now."""
        ...

    def fail_over(self, target: str) -> None:
        """Ask for the promotion of an instance."""
        ...


class RdsCluster:
    """A cluster behind the RDS API.

    Args:
        rds: Client in the cluster's Region.
        cluster: Cluster identifier.
    """

    def __init__(self, rds: "RDSClient", cluster: str) -> None:
        self._rds = rds
        self._cluster = cluster

    def look(self) -> DbCluster:
        """Return the cluster as it is now.

        Raises:
            NotYetError: It could not be read this time.
        """
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            return self._look()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            raise NotYetError(f"{error.operation_name} was refused: {code}") from None
        except (BotoCoreError, ResponseParserError) as error:
            raise NotYetError(f"RDS was not reached: {type(error).__name__}") from None

    def _look(self) -> DbCluster:
        found = self._rds.describe_db_clusters(DBClusterIdentifier=self._cluster)["DBClusters"][0]
        members = {each["DBInstanceIdentifier"]: each for each in found["DBClusterMembers"]}
        filters = [{"Name": "db-cluster-id", "Values": [self._cluster]}]
        pages = self._rds.get_paginator("describe_db_instances").paginate(Filters=filters)  # type: ignore[arg-type]  # a plain dict has the shape of the filter's
        instances = [
            DbInstance(
                id=each["DBInstanceIdentifier"],
                zone=each.get("AvailabilityZone", ""),
                status=each["DBInstanceStatus"],
                tier=int(members[each["DBInstanceIdentifier"]].get("PromotionTier", 1)),
                is_writer=bool(members[each["DBInstanceIdentifier"]]["IsClusterWriter"]),
            )
            for page in pages
            for each in page["DBInstances"]
            if each["DBInstanceIdentifier"] in members
        ]
        return DbCluster(found["Status"], tuple(instances))

    def fail_over(self, target: str) -> None:
        """Ask for the promotion of an instance."""
        self._rds.failover_db_cluster(DBClusterIdentifier=self._cluster, TargetDBInstanceIdentifier=target)
