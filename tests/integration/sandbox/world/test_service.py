"""Shows the world over HTTP and over AWS's own interface."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import RemoteDisconnected
from typing import Any

import pytest
from botocore.exceptions import ClientError

from integration.sandbox.world import World, load_times
from integration.sandbox.world.rds import instances_of, shown_by_rds
from integration.sandbox.world.service import control_routes, served, service_routes
from tests.integration.sandbox.world.clusters import ACCOUNT, cluster_in_moto
from tests.integration.sandbox.world.test_model import INSTANCES, Time


def asked(url: str, method: str = "GET", data: Any = None) -> Any:
    """Return the JSON answer of a server."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(url, body, method=method)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read())


def test_the_service_really_stops_answering() -> None:
    """While the writer is gone a client gets no byte; readers answer on; afterwards the records are there."""
    time = Time()
    world = World(INSTANCES, load_times(), time)
    ended: list[bool] = []
    control = control_routes(world, lambda: ended.append(True))
    with served(service_routes(world)) as service, served(control) as switch:
        asked(f"{service}/heartbeats", "POST", {"number": 7})
        asked(f"{switch}/fault", "POST", {"zone": "z1", "for_s": 60})
        for path, method, data in (("health", "GET", None), ("heartbeats", "POST", {"number": 8})):
            with pytest.raises(RemoteDisconnected):
                asked(f"{service}/{path}", method, data)
        assert asked(f"{service}/readers") == {}
        assert asked(f"{switch}/fault")["zone"] == "z1"
        asked(f"{switch}/fault", "DELETE")
        time.value += 60
        assert asked(f"{service}/heartbeats") == {"numbers": [7]}
        asked(f"{switch}/world", "DELETE")
    assert ended == [True]


@pytest.mark.parametrize(
    ("path", "method", "data", "status"),
    [
        ("nowhere", "GET", None, 404),
        ("fault", "POST", {"zone": "nowhere", "for_s": 1}, 409),
        ("fault", "POST", {"zone": "z1"}, 400),
        ("fault", "POST", {"zone": "z1", "for_s": "long"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(path: str, method: str, data: Any, status: int) -> None:
    """A wrong request is answered with a status, not with a lost zone."""
    world = World(INSTANCES, load_times(), Time())
    with served(control_routes(world, lambda: None)) as switch:
        with pytest.raises(urllib.error.HTTPError) as refused:
            asked(f"{switch}/{path}", method, data)
        refused.value.close()
    assert refused.value.code == status
    assert world.fault.zone == ""


@pytest.fixture
def rds() -> Iterator[Any]:
    """Return a client of RDS with one cluster in three zones."""
    with cluster_in_moto("pay") as client:
        yield client


def test_rds_shows_the_world(rds: Any) -> None:
    """States, the writer and a fail-over that takes time are seen by describe calls, and refusals have AWS's codes."""
    time = Time()
    world = World(instances_of(ACCOUNT, "us-east-1", "pay"), load_times(), time)

    def states() -> tuple[str, str, list[str]]:
        cluster = rds.describe_db_clusters(DBClusterIdentifier="pay")["DBClusters"][0]
        instances = rds.describe_db_instances()["DBInstances"]
        writer = next(each["DBInstanceIdentifier"] for each in cluster["DBClusterMembers"] if each["IsClusterWriter"])
        return cluster["Status"], writer, [each["DBInstanceStatus"] for each in instances]

    with shown_by_rds(world, ACCOUNT, "us-east-1", "pay"):
        world.lose_zone("us-east-1a", for_s=500)
        assert states() == ("available", "pay-0", ["failed", "available", "available"])
        rds.failover_db_cluster(DBClusterIdentifier="pay", TargetDBInstanceIdentifier="pay-1")
        time.value += 4
        assert states()[0] == "failing-over"
        with pytest.raises(ClientError, match="InvalidDBClusterStateFault"):
            rds.failover_db_cluster(DBClusterIdentifier="pay", TargetDBInstanceIdentifier="pay-2")
        time.value += 30
        assert states() == ("available", "pay-1", ["failed", "available", "available"])
    rds.failover_db_cluster(DBClusterIdentifier="pay", TargetDBInstanceIdentifier="pay-2")
    assert states()[1] == "pay-2"
