"""Shows what a plan says, and which plans are refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from runbooks.drills.aurora_writer_zone_loss import DRILL
from runbooks.model import Call, Mode, Plane
from runbooks.plan import MEASURING, Care, Place, PlanError, make_plan, plan_from_json, source_hash

SANDBOX: Final = Place(
    account="111122223333", region="us-east-1", program="infra/payments", stack="dev", rehearsal=True
)
SOURCES: Final = Path(__file__).parents[2] / "runbooks"
ACCOUNT: Final = replace(SANDBOX, rehearsal=False, cluster="payments", service="https://drill.example")


def test_a_plan_survives_the_journal() -> None:
    """What is read back has the hash that was approved."""
    care = Care(alarms=("errors",), abort_file="stop")
    plan = make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX, care=care, rehearsal={"seed": 1})
    assert plan_from_json(json.loads(json.dumps(plan.to_json()))).hash == plan.hash


def test_the_hash_covers_everything_that_is_decided() -> None:
    """Another place, mode, seed, deadline, guardrail or another source is another plan."""
    plan = make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX)
    others = [
        make_plan(DRILL, Mode.GRACEFUL, SANDBOX),
        make_plan(DRILL, Mode.UNGRACEFUL, replace(SANDBOX, stack="prod")),
        make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX, rehearsal={"seed": 1}),
        make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX, lost_regions=["eu-west-1"]),
        make_plan(replace(DRILL, rto_target_s=1.0), Mode.UNGRACEFUL, SANDBOX),
        make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX, care=Care(alarms=("errors",))),
        make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX, care=Care(abort_file="stop")),
        replace(plan, code="0" * 64),
    ]
    assert len({plan.hash, *(other.hash for other in others)}) == len(others) + 1


def test_a_control_plane_in_the_lost_region_refuses_the_plan() -> None:
    """A step that would have to call what is gone is named before anything happens."""
    with pytest.raises(
        PlanError, match="step fail-over calls rds:FailoverDBCluster, whose control plane is in us-east-1"
    ):
        make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX, lost_regions=["us-east-1"])


def test_a_global_control_plane_counts_where_it_is_homed() -> None:
    """A drill in another Region is refused too when one of its calls is homed in the lost one; data planes are not."""
    route = Call("route53", "ChangeResourceRecordSets", Plane.CONTROL, "us-east-1")
    flip = Call("route53-recovery-cluster", "UpdateRoutingControlStates", Plane.DATA, "us-east-1")
    place = replace(SANDBOX, region="us-west-2")
    steps = tuple(replace(step, calls=(flip,)) for step in DRILL.steps)
    assert make_plan(replace(DRILL, steps=steps), Mode.UNGRACEFUL, place, lost_regions=["us-east-1"]).steps
    steps = (replace(steps[0], calls=(route,)), *steps[1:])
    with pytest.raises(PlanError, match="route53:ChangeResourceRecordSets, whose control plane is in us-east-1"):
        make_plan(replace(DRILL, steps=steps), Mode.UNGRACEFUL, place, lost_regions=["us-east-1"])


def test_no_fault_is_injected_into_an_account() -> None:
    """On an account only what is well can be moved, until there is a fault that ends by itself."""
    with pytest.raises(PlanError, match="nothing injects a fault"):
        make_plan(DRILL, Mode.UNGRACEFUL, ACCOUNT)
    assert "lose-zone" not in {step["name"] for step in make_plan(DRILL, Mode.GRACEFUL, ACCOUNT).steps}


def test_every_source_of_a_drill_counts(tmp_path: Path) -> None:
    """Whichever file is changed, added or renamed: what was approved is not what would run."""
    shutil.copytree(SOURCES, tmp_path / "runbooks", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "runbooks"
    seen = [make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX).code]
    assert source_hash(folder, *MEASURING) == seen[0]
    files = sorted(folder.rglob("*.py"))
    for path in files:
        with path.open("a") as file:
            file.write("\n")
        seen.append(source_hash(folder, *MEASURING))
    files[-1].rename(files[-1].with_name("another.py"))
    seen.append(source_hash(folder, *MEASURING))
    assert len(set(seen)) == len(files) + 2


def test_a_lost_region_that_is_none_is_refused() -> None:
    """A mistyped Region would let through what the right one refuses."""
    with pytest.raises(PlanError, match="there is no Region us-east1"):
        make_plan(DRILL, Mode.UNGRACEFUL, SANDBOX, lost_regions=["us-east1"])
