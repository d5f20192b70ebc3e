"""Shows the drill through boto3: the same moves, and a declared outcome whichever call fails."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from integration.sandbox.world import World, load_times
from integration.sandbox.world.rds import instances_of, shown_by_rds
from runbooks.accounts import Account
from runbooks.aurora import RdsCluster
from runbooks.errors import NotYetError
from runbooks.events import Closed
from runbooks.guardrails import Alarms
from runbooks.journal import create_journal
from runbooks.model import Outcome
from tests.integration.sandbox.world.clusters import ACCOUNT, cluster_in_moto
from tests.runbooks.breakage import Breakage, Kind
from tests.runbooks.drills.rehearsal import Rehearsal, SteppedProbe, WorldFault
from tests.runbooks.drills.test_aurora_writer_zone_loss import AS_BEFORE
from tests.runbooks.pretend import opened


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


@pytest.mark.parametrize("kind", list(Kind))
def test_whichever_call_fails_once_the_outcome_is_declared(rds: Any, tmp_path: Path, kind: Kind) -> None:
    """Done when everything was carried out, failed when not; no fail-over twice, and the world as it was."""
    counting = Breakage()
    closed, _ = drilled(rds, tmp_path / "whole", counting)
    assert closed.outcome is Outcome.DONE
    moving = [at for at, name in enumerate(counting.names) if name == "FailoverDBCluster"]
    around = {0, len(counting.names) - 1, *(at + by for at in moving for by in (-1, 0, 1))}
    wrong = []
    for at in sorted(around):
        closed, rehearsal = drilled(rds, tmp_path / str(at), Breakage(at, kind))
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
    for kind, said in (
        (Kind.NOT_SENT, "RDS was not reached: ConnectTimeoutError"),
        (Kind.GARBLED, "RDS was not reached: ResponseParserError"),
        (Kind.THROTTLED, "DescribeDBClusters was refused: Throttling"),
    ):
        with Breakage(0, kind).of(rds), pytest.raises(NotYetError, match=said):
            RdsCluster(rds, "database").look()


@pytest.mark.parametrize("kind", list(Kind))
def test_alarms_that_cannot_be_read_stop_the_drill(kind: Kind) -> None:
    """Whatever kept CloudWatch from answering, what guards nothing lets nothing go on."""
    with mock_aws():
        cloudwatch = Account(boto3.Session("a", "b", region_name="us-east-1")).client("cloudwatch")
        cloudwatch.put_metric_alarm(
            AlarmName="errors",
            MetricName="errors",
            Namespace="shop",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            Statistic="Sum",
            ComparisonOperator="GreaterThanThreshold",
        )
        alarms = Alarms(cloudwatch, ("errors",))
        with Breakage(0, kind).of(cloudwatch):
            assert alarms.trouble().startswith(("alarms could not be read: ", "alarm errors is missing"))
        cloudwatch.set_alarm_state(AlarmName="errors", StateValue="OK", StateReason="quiet")
        assert alarms.trouble() == ""
        assert Alarms(cloudwatch, ("errors", "nobody")).trouble() == "alarm nobody is missing"
