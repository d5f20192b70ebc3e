"""Shows the drill through boto3: the same moves, and a declared outcome whichever call fails."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError

from integration.sandbox.world import World, load_times
from integration.sandbox.world.rds import instances_of, shown_by_rds
from runbooks.aurora import RdsCluster
from runbooks.errors import NotYetError
from runbooks.events import Closed
from runbooks.journal import create_journal
from runbooks.model import Outcome
from tests.integration.sandbox.world.clusters import ACCOUNT, cluster_in_moto
from tests.runbooks.drills.rehearsal import Rehearsal, SteppedProbe, WorldFault
from tests.runbooks.drills.test_aurora_writer_zone_loss import AS_BEFORE
from tests.runbooks.pretend import opened


@dataclass
class Breakage:
    """Makes one call of a client fail, before it is sent or after it was answered.

    Args:
        at: Number of the call; -1 for none.
        answered: Whether it was carried out first.
    """

    at: int = -1
    answered: bool = False
    calls: int = 0

    @contextlib.contextmanager
    def of(self, client: Any) -> Iterator[None]:
        """Break a client while the block runs."""
        events = client.meta.events
        events.register_first("before-call.rds", self._before)
        events.register_first("after-call.rds", self._after)
        try:
            yield
        finally:
            events.unregister("before-call.rds", self._before)
            events.unregister("after-call.rds", self._after)

    def _before(self, **_: Any) -> None:
        self.calls += 1
        if self.calls - 1 == self.at and not self.answered:
            raise ConnectTimeoutError(endpoint_url="https://rds")

    def _after(self, **_: Any) -> None:
        if self.calls - 1 == self.at and self.answered:
            raise ConnectTimeoutError(endpoint_url="https://rds")


@pytest.fixture(scope="module")
def rds() -> Iterator[Any]:
    """Return a client of RDS that tries each call once, with one cluster in three zones behind it."""
    retries: Any = {"total_max_attempts": 1}
    with cluster_in_moto("database"):
        yield boto3.client(
            "rds", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b", config=Config(retries=retries)
        )


def drilled(rds: Any, folder: Path, breakage: Breakage) -> tuple[Closed, Rehearsal]:
    """Run the drill through boto3, with one call that fails, looking at the world every half a minute."""
    folder.mkdir()
    rehearsal = Rehearsal(folder)
    time = rehearsal.clock
    world = World(instances_of(ACCOUNT, "us-east-1", "database"), load_times(), time.now, seed=1)
    rehearsal.world, rehearsal.fault, rehearsal.probe = world, WorldFault(world), SteppedProbe(world)
    time.on_tick[:] = [rehearsal.probe.tick]
    time.wait(5)
    with (
        shown_by_rds(world, ACCOUNT, "us-east-1", "database"),
        create_journal(rehearsal.path) as journal,
        breakage.of(rds),
    ):
        journal.append(opened(time))
        return rehearsal.runner(journal, RdsCluster(rds, "database"), poll_s=30.0).go(), rehearsal


@pytest.mark.parametrize("answered", [False, True])
def test_whichever_call_fails_once_the_outcome_is_declared(rds: Any, tmp_path: Path, *, answered: bool) -> None:
    """Done when everything was carried out, failed when not; no fail-over twice, and the world as it was."""
    counting = Breakage()
    closed, _ = drilled(rds, tmp_path / "whole", counting)
    assert closed.outcome is Outcome.DONE
    wrong = []
    for at in range(counting.calls):
        closed, rehearsal = drilled(rds, tmp_path / str(at), Breakage(at, answered))
        moves = rehearsal.world.fail_overs
        there_and_back = ["database-1", "database-0"]
        true = moves == there_and_back if closed.outcome is Outcome.DONE else moves in ([], there_and_back)
        declared = closed.outcome in (Outcome.DONE, Outcome.FAILED) and not closed.left
        if not (true and declared and rehearsal.rest() == AS_BEFORE):
            wrong.append((at, closed, moves, rehearsal.rest()))
    assert wrong == []


def test_what_could_not_be_read_is_said(rds: Any) -> None:
    """A cluster that does not exist, or an RDS that is not reached, is no cluster without instances."""
    with pytest.raises(NotYetError, match="DescribeDBClusters was refused: DBClusterNotFoundFault"):
        RdsCluster(rds, "nobody").look()
    with Breakage(0).of(rds), pytest.raises(NotYetError, match="RDS was not reached: ConnectTimeoutError"):
        RdsCluster(rds, "database").look()
