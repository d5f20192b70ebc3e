"""Tags that are handed on by databases and by groups of machines: as written, and as they are in the account."""

from pathlib import Path
from typing import Any

from tests.integration.differential.cases import Case, check
from tests.integration.programs_as_data import Wanted, ref

_CONTROL = "LG-TAG-05"
_LOGIN = {"masterUsername": "owner", "masterPassword": "opened-to-nobody", "skipFinalSnapshot": True}
_ALONE = {"username": "owner", "password": "opened-to-nobody", "skipFinalSnapshot": True, "allocatedStorage": 20}

SHARED = (Wanted("aws:ec2/launchTemplate:LaunchTemplate", "template", {"name": "hosts", "instanceType": "t3.micro"}),)


def _cluster(title: str, name: str, verdict: str, **settings: Any) -> Case:
    given = {"clusterIdentifier": name, "engine": "aurora-postgresql", **_LOGIN, **settings}
    return Case(title, (Wanted("aws:rds/cluster:Cluster", name, given),), {_CONTROL: verdict})


def _instance(title: str, name: str, verdict: str, **settings: Any) -> Case:
    given = {"identifier": name, "engine": "postgres", "instanceClass": "db.t3.micro", **_ALONE, **settings}
    return Case(title, (Wanted("aws:rds/instance:Instance", name, given),), {_CONTROL: verdict})


def _tag(key: str, *, propagate: bool) -> dict[str, Any]:
    return {"key": key, "value": "x", "propagateAtLaunch": propagate}


def _machines(title: str, name: str, verdict: str, *tags: dict[str, Any], beside: dict[str, Any] | None = None) -> Case:
    given = {
        "name": name,
        "availabilityZones": ["us-east-1a"],
        "launchTemplate": {"id": ref("template"), "version": "$Latest"},
        "minSize": 0,
        "maxSize": 0,
        **({"tags": [*tags]} if tags else {}),
    }
    wanted = [Wanted("aws:autoscaling/group:Group", name, given)]
    if beside is not None:
        single = {"autoscalingGroupName": ref(name, "name"), "tag": beside}
        wanted.append(Wanted("aws:autoscaling/tag:Tag", f"{name}-tag", single))
    return Case(title, tuple(wanted), {_CONTROL: verdict})


CASES = (
    _cluster("a cluster whose snapshots have its tags", "copied", "pass", copyTagsToSnapshot=True),
    _cluster("a cluster whose snapshots have none", "dropped", "fail", copyTagsToSnapshot=False),
    _cluster("a cluster that says nothing", "quiet", "fail"),
    _instance("an instance whose snapshots have its tags", "alone", "pass", copyTagsToSnapshot=True),
    _instance("an instance that says nothing", "alone-quiet", "fail"),
    _machines("every tag is handed on", "all", "pass", _tag("A", propagate=True), _tag("B", propagate=True)),
    _machines("one tag stays behind", "some", "fail", _tag("A", propagate=True), _tag("B", propagate=False)),
    _machines("no tags", "none", "not_applicable"),
    _machines("a tag of its own that is handed on", "single", "pass", beside=_tag("C", propagate=True)),
    _machines("a tag of its own that stays behind", "late", "fail", beside=_tag("C", propagate=False)),
    _machines("both, and one stays", "mixed", "fail", _tag("A", propagate=True), beside=_tag("C", propagate=False)),
)  # fmt: skip


def test_handed_on(tmp_path: Path) -> None:
    """Snapshots and machines get tags, or do not, wherever one looks; a tag by itself is read with its group."""
    check(tmp_path / "p", CASES, shared=SHARED)
