"""The zone of the Aurora writer is lost: fail over, show that writes go on, hold, and fail back.

Source: Aurora User Guide, failing over an Aurora DB cluster, read 2026-11-21; calls and hazards as collected for the
drills of this repository. Aurora moves a writer by itself when it sees that it is gone; this drill is about a loss that
it does not see, and does nothing where the cluster was faster.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from ledgergate.evidence.samples import (
    INTERVAL_S,
    Sample,
    back_for_good_at,
    lost_numbers,
    lost_time_s,
    outage_of,
    was_set,
)
from runbooks.aurora import AVAILABLE, Cluster, DbCluster
from runbooks.clock import Clock
from runbooks.errors import NotYetError, StepError
from runbooks.model import Aim, Call, Drill, Measurement, Mode, Plane, Scene, State, Step, Undo

RTO_TARGET_S: Final = 120.0
RPO_TARGET_S: Final = 0.0
SOAK_S: Final = 60.0

FAULT_LASTS_S: Final = 900.0
"""The fault ends by itself after this, should nobody be left to end it."""

SHOWS_WITHIN_S: Final = 60.0
"""Seconds after which an accepted fail-over has shown that it is under way, if it ever will.

No figure is published; the world's table assumes 1 to 3 s. Whoever calls again too early moves the writer twice, and
whoever waits too long only loses time, so it is far above that.
"""

JUDGED_WITHIN_S: Final = 1800.0
"""Seconds in which everything that the audit reads of a Region has to be read and judged."""

_STEADY_SAMPLES: Final = 3
_FEWEST_ZONES: Final = 2


class ZoneFault(Protocol):
    """Loses a zone for a while."""

    def lost_zone(self) -> str:
        """Return the zone that is lost now; empty when none is."""
        ...

    def lose_zone(self, zone: str, for_s: float) -> None:
        """Lose a zone."""
        ...

    def restore_zone(self) -> None:
        """Bring it back."""
        ...


class Samples(Protocol):
    """What the probe outside the runner saw."""

    def read(self) -> tuple[Sample, ...]:
        """Return the samples so far."""
        ...

    def digest(self, count: int) -> str:
        """Return the hash of the first of them, as many as were counted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """The payment system under drill.

    Args:
        cluster: Its database.
        fault: What loses a zone; needed in ungraceful mode.
        samples: What the probe sees.
        numbers: Returns the numbers of the records that the store holds.
        blocking: Judges what serves now, and returns what would stop a deployment.
        clock: Time of the drill.
    """

    cluster: Cluster
    fault: ZoneFault
    samples: Samples
    numbers: Callable[[], frozenset[int]]
    blocking: Callable[[], tuple[str, ...]]
    clock: Clock


PaymentsScene = Scene[Payments]


def _recent(scene: PaymentsScene, seconds: float) -> list[Sample]:
    start = scene.target.clock.now() - seconds
    return [sample for sample in scene.target.samples.read() if sample.at >= start]


def _writes_are_steady(scene: PaymentsScene) -> str:
    recent = _recent(scene, (_STEADY_SAMPLES + 3) * INTERVAL_S)[-_STEADY_SAMPLES:]
    steady = len(recent) == _STEADY_SAMPLES and all(sample.ok for sample in recent)
    return "" if steady else f"the last {_STEADY_SAMPLES} writes were not all acknowledged"


def _all_available(cluster: DbCluster) -> str:
    bad = [f"{each.id} is {each.status}" for each in cluster.instances if each.status != AVAILABLE]
    if cluster.status != AVAILABLE:
        bad.append(f"the cluster is {cluster.status}")
    return ", ".join(bad)


def _verify_steady(scene: PaymentsScene, _aim: Aim) -> str:
    cluster = scene.target.cluster.look()
    if len({each.zone for each in cluster.instances}) < _FEWEST_ZONES:
        raise StepError("the instances are in one zone: there is nowhere to go")
    return _all_available(cluster) or _writes_are_steady(scene)


def _verify_controls(scene: PaymentsScene, _aim: Aim) -> str:
    blocking = scene.target.blocking()
    if blocking:
        more = f" and {len(blocking) - 1} more" if len(blocking) > 1 else ""
        raise StepError(f"what serves now breaks a control: {blocking[0]}{more}")
    return ""


def _observe_fault(scene: PaymentsScene) -> State:
    return {"lost_zone": scene.target.fault.lost_zone()}


def _zone_of_the_writer(scene: PaymentsScene, before: State) -> State:
    if before["lost_zone"]:
        raise StepError(f"{before['lost_zone']} is lost already")
    return {"lost_zone": scene.target.cluster.look().writer.zone}


def _lose_zone(scene: PaymentsScene, aim: Aim) -> None:
    scene.target.fault.lose_zone(aim.wanted["lost_zone"], FAULT_LASTS_S)


def _verify_lost(scene: PaymentsScene, aim: Aim) -> str:
    seen = any(not sample.ok for sample in scene.target.samples.read() if sample.at >= aim.at)
    return "" if seen else "nobody outside has noticed the fault"


def _restore_zone(scene: PaymentsScene, _aim: Aim) -> None:
    scene.target.fault.restore_zone()


def _observe_writer(scene: PaymentsScene) -> State:
    cluster = scene.target.cluster.look()
    return {"writer": cluster.writer.id, "cluster": cluster.status}


def _must_stay(_scene: PaymentsScene, before: State) -> State:
    if before["cluster"] != AVAILABLE:
        raise NotYetError(f"the cluster is {before['cluster']}")
    return before


def _another_writer(scene: PaymentsScene, before: State) -> State:
    cluster = scene.target.cluster.look()
    if cluster.status != AVAILABLE:
        raise NotYetError(f"the cluster is {cluster.status}")
    lost = scene.past["lose-zone"].wanted["lost_zone"] if "lose-zone" in scene.past else cluster.writer.zone
    if cluster.writer.zone != lost:
        return before
    return {"writer": cluster.successor(not_in=lost).id, "cluster": AVAILABLE}


def _the_writer_before(scene: PaymentsScene, before: State) -> State:
    """Want the first writer back, whoever moved it away."""
    first = scene.past["keep-writer"].before
    missing = _not_ready(scene, Aim(first))
    if missing:
        raise NotYetError(missing)
    return before if before["writer"] == first["writer"] else first


def _not_ready(scene: PaymentsScene, aim: Aim) -> str:
    cluster = scene.target.cluster.look()
    if cluster.status != AVAILABLE:
        return f"the cluster is {cluster.status}"
    back = cluster.instance(aim.before["writer"])
    return "" if back.status == AVAILABLE else f"{back.id} is {back.status}"


def _promote(scene: PaymentsScene, aim: Aim) -> None:
    scene.target.cluster.fail_over(aim.wanted["writer"])


def _promote_the_old(scene: PaymentsScene, aim: Aim) -> None:
    scene.target.cluster.fail_over(aim.before["writer"])


def _verify_writer(scene: PaymentsScene, aim: Aim) -> str:
    now = _observe_writer(scene)
    settled = now["cluster"] == AVAILABLE
    if settled and now["writer"] not in (aim.wanted["writer"], aim.before["writer"]):
        raise StepError(f"{now['writer']} was promoted, not {aim.wanted['writer']}")
    return "" if now == aim.wanted else f"the writer is {now['writer']}, the cluster {now['cluster']}"


def _verify_nothing_lost(scene: PaymentsScene, _aim: Aim) -> str:
    waiting_for = _writes_are_steady(scene)
    if waiting_for:
        return waiting_for
    # Before the store is asked, so that what is written meanwhile is not missed in it.
    samples = scene.target.samples.read()
    lost = lost_numbers(samples, scene.target.numbers())
    if lost:
        raise StepError(f"{len(lost)} acknowledged writes are gone, the first is number {lost[0]}")
    return ""


def _begun_at(scene: PaymentsScene) -> float:
    """Return when the clock of the RTO starts: just before the fault, or before the move of a healthy writer."""
    for name in ("lose-zone", "fail-over"):
        if name in scene.past:
            return scene.past[name].at
    raise StepError("nothing was lost and nothing was moved")


def _verify_hold(scene: PaymentsScene, _aim: Aim) -> str:
    back = back_for_good_at(scene.target.samples.read(), _begun_at(scene), SOAK_S)
    return "" if back is not None else f"service has not stayed back for {SOAK_S:g} s"


def _verify_zone_back(scene: PaymentsScene, _aim: Aim) -> str:
    return _all_available(scene.target.cluster.look())


def _verify_steady_again(scene: PaymentsScene, aim: Aim) -> str:
    since = scene.past["fail-back"].at if "fail-back" in scene.past else _begun_at(scene)
    if back_for_good_at(scene.target.samples.read(), since, SOAK_S) is None:
        return f"service has not stayed back for {SOAK_S:g} s since the fail-back"
    return _verify_steady(scene, aim) or _verify_nothing_lost(scene, aim)


def _measure(scene: PaymentsScene) -> Measurement:
    since = _begun_at(scene)
    samples = scene.target.samples.read()
    present = scene.target.numbers()
    outage = outage_of(samples, since, SOAK_S)
    way_back = outage_of(samples, scene.past["fail-back"].at, SOAK_S) if "fail-back" in scene.past else None
    notes = [("RTO", outage), *([("fail-back", way_back)] if way_back else [])]
    return Measurement(
        rto_s=outage.seconds,
        rpo_s=None if was_set(samples) else lost_time_s(samples, present, since),
        lost=len(lost_numbers(samples, present)),
        resolution_s=outage.resolution_s,
        fail_back_s=way_back.seconds if way_back else None,
        samples=len(samples),
        samples_sha256=scene.target.samples.digest(len(samples)),
        note="; ".join(f"{name}: {each.unknown}" for name, each in notes if each.unknown),
    )


_LOOK: Final = (Call("rds", "DescribeDBClusters"), Call("rds", "DescribeDBInstances"))
_MOVE: Final = (*_LOOK, Call("rds", "FailoverDBCluster"))
_JUDGE: Final = (Call("audit", "reads"),)
_PROBE: Final = Call("service", "heartbeats", Plane.DATA)
_FAULT: Final = Call("rehearsal", "fault", Plane.DATA)
_UNGRACEFUL: Final = frozenset({Mode.UNGRACEFUL})

DRILL: Final = Drill(
    name="aurora-writer-zone-loss",
    summary="Lose the zone of the Aurora writer: fail over, verify writes, hold, fail back.",
    rto_target_s=RTO_TARGET_S,
    rpo_target_s=RPO_TARGET_S,
    soak_s=SOAK_S,
    measure=_measure,
    steps=(
        Step(
            name="steady-state",
            summary="Every instance is available, in two zones or more, and writes are acknowledged.",
            calls=(*_LOOK, _PROBE),
            deadline_s=60,
            verify=_verify_steady,
        ),
        Step(
            name="controls-before",
            summary="What serves breaks no critical or high control.",
            calls=_JUDGE,
            deadline_s=JUDGED_WITHIN_S,
            verify=_verify_controls,
        ),
        Step(
            name="keep-writer",
            summary="Write down which instance writes: whoever moves it, the cluster too, it is brought back.",
            calls=_LOOK,
            deadline_s=240,
            observe=_observe_writer,
            precheck=_must_stay,
            undo=Undo("promote the writer that was before, once it is available", _promote_the_old, _not_ready),
        ),
        Step(
            name="lose-zone",
            summary="Lose the zone of the writer; it comes back by itself after a while.",
            calls=(*_LOOK, _FAULT, _PROBE),
            deadline_s=60,
            modes=_UNGRACEFUL,
            observe=_observe_fault,
            precheck=_zone_of_the_writer,
            act=_lose_zone,
            verify=_verify_lost,
            undo=Undo("bring the zone back", _restore_zone),
            is_fault=True,
            lasts_s=FAULT_LASTS_S,
        ),
        Step(
            name="fail-over",
            summary="Promote the first reader in another zone.",
            calls=_MOVE,
            deadline_s=240,
            settle_s=SHOWS_WITHIN_S,
            observe=_observe_writer,
            precheck=_another_writer,
            act=_promote,
            verify=_verify_writer,
            undo=Undo("promote the writer that was before, once it is available", _promote_the_old, _not_ready),
        ),
        Step(
            name="verify-writes",
            summary="Writes are acknowledged again, and none that was acknowledged is gone.",
            calls=(_PROBE,),
            deadline_s=120,
            verify=_verify_nothing_lost,
        ),
        Step(
            name="hold",
            summary="Service stays back for the soak.",
            calls=(_PROBE,),
            deadline_s=240,
            verify=_verify_hold,
        ),
        Step(
            name="controls-after",
            summary="What serves now breaks no critical or high control.",
            calls=_JUDGE,
            deadline_s=JUDGED_WITHIN_S,
            verify=_verify_controls,
        ),
        Step(
            name="restore-zone",
            summary="Bring the zone back, and wait until its instance is available.",
            calls=(*_LOOK, _FAULT),
            deadline_s=300,
            modes=_UNGRACEFUL,
            observe=_observe_fault,
            precheck=lambda _scene, _before: {"lost_zone": ""},
            act=_restore_zone,
            verify=_verify_zone_back,
            restores=("lose-zone",),
        ),
        Step(
            name="fail-back",
            summary="Promote the writer that was before.",
            calls=_MOVE,
            deadline_s=240,
            settle_s=SHOWS_WITHIN_S,
            observe=_observe_writer,
            precheck=_the_writer_before,
            act=_promote,
            verify=_verify_writer,
            restores=("fail-over", "keep-writer"),
        ),
        Step(
            name="steady-again",
            summary="Everything is as it was before, service has stayed, and no acknowledged write is gone.",
            calls=(*_LOOK, _PROBE),
            deadline_s=240,
            verify=_verify_steady_again,
        ),
    ),
)
