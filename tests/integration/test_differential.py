"""What is judged at design time is deployed, read back and judged again: the verdicts are equal."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from policies.catalogue import load_catalogue
from policies.model import Control, Example
from tests.integration.configurations import (
    KEY,
    NotExpressibleError,
    Program,
    cluster,
    configurations,
    expressed,
)
from tests.integration.programs_as_data import Twice, Wanted, judged_twice, ref

CONTROLS: Final = (
    "LG-ENC-02",
    "LG-IAM-01",
    "LG-IAM-02",
    "LG-IAM-03",
    "LG-IAM-07",
    "LG-IAM-21",
    "LG-NET-02",
    "LG-TAG-01",
    "S3.8",
)


@given(program=configurations(12))
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_generated_configurations(program: Program, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a program says of the five controls, the account says the same of what was deployed."""
    twice = judged_twice(tmp_path_factory.mktemp("program"), program.wanted, CONTROLS)
    assert _different(twice) == {}
    assert {control for control, _ in twice.deployed} == {*CONTROLS}
    # Every network has a group of its own that no program made.
    assert all(":security-group/" in arn for arn in twice.strangers)


def _different(twice: Twice) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    return {
        key: (twice.designed.get(key), twice.deployed.get(key))
        for key in twice.designed.keys() | twice.deployed.keys()
        if twice.designed.get(key) != twice.deployed.get(key)
    }


NOT_EXPRESSIBLE: Final = frozenset(
    {
        "EC2 refuses what is no network",
        "EC2 wants ports for every protocol that has them",
        "IAM refuses a malformed policy",
        "IAM refuses a partition that does not exist",
        "RDS keeps the ARN of a key, whatever named it",
        "RDS refuses a key for storage that is not encrypted",
        "a bucket without an access block has one all the same",
        "a rule that lets nothing in is no part of what is let in",
        "a type that exists nowhere, or takes no tags",
        "a value that nobody knows",
        "another profile",
        "the sandbox makes no prefix lists",
        "the sandbox holds no global databases and no replicas",
    }
)
"""Why an example is no program that can be deployed."""


Examples = tuple[list[tuple[Control, str, str, list[Wanted]]], set[str]]


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Return the examples of the five controls as programs, and why the others are none."""
    found, reasons = [], set()
    for control in load_catalogue().select(CONTROLS):
        groups = {"pass": control.passes, "fail": control.fails, "unknown": control.unknowns}
        listed = [
            (verdict, each) for verdict, group in (*groups.items(), ("na", control.not_applicable)) for each in group
        ]
        for number, (verdict, example) in enumerate(listed):
            try:
                found.append((control, verdict, example.title, _written(control, example, number)))
            except NotExpressibleError as reason:
                reasons.add(str(reason))
    return found, reasons


def _written(control: Control, example: Example, number: int) -> list[Wanted]:
    if example.params:
        raise NotExpressibleError("another profile")
    return expressed(example.fact, f"{control.id.lower().replace('.', '-')}-{number}")


def test_examples_of_the_controls(examples: Examples, tmp_path: Path) -> None:
    """Each example that a program can bring about has the verdict that it states, at design time and deployed."""
    found, reasons = examples
    twice = judged_twice(tmp_path / "p", [KEY, *(each for *_, wanted in found for each in wanted)], CONTROLS)
    assert _different(twice) == {}
    assert reasons == NOT_EXPRESSIBLE
    assert len(found) >= 2 * len(CONTROLS)
    for control, verdict, title, wanted in found:
        said = {got for (id_, arn), got in twice.deployed.items() if id_ == control.id and _is(arn, wanted[0], twice)}
        assert said == {verdict}, title


def _is(arn: str, wanted: Wanted, twice: Twice) -> bool:
    return twice.urns[arn].endswith(f"{wanted.type}::{wanted.name}")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two verdicts are known to differ.

    Args:
        reason: Why.
        control: Control id.
        wanted: A program that shows it; the first resource is the one that is judged.
        designed: Verdict at design time.
        deployed: Verdict on what was deployed.
    """

    reason: str
    control: str
    wanted: tuple[Wanted, ...]
    designed: str
    deployed: str


def _half(name: str, block: str) -> Wanted:
    rule = {"securityGroupId": ref("halves"), "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": block}
    return Wanted("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, rule)


DIFFERENCES: Final = (
    Difference(
        "AWS blocks public access to a new bucket by itself; a program that does not say so does not rely on it",
        "S3.8",
        (Wanted("aws:s3/bucket:Bucket", "bare", {"bucket": "bare-of-the-test"}),),
        "fail",
        "pass",
    ),
    Difference(
        "a rule that is a resource is judged by itself at design time, so that it can be stopped before it is created;"
        " only the group that it ends up in holds the internet",
        "LG-NET-02",
        (
            Wanted("aws:ec2/securityGroup:SecurityGroup", "halves", {"name": "halves", "description": "-"}),
            _half("lower", "0.0.0.0/1"),
            _half("upper", "128.0.0.0/1"),
        ),
        "pass",
        "fail",
    ),
    Difference(
        "moto takes a key that does not exist, which RDS refuses; nobody can tell whose it is",
        "LG-ENC-02",
        tuple(cluster("elsewhere", {"storageEncrypted": True, "kmsKeyId": "alias/nobody"})),
        "pass",
        "unknown",
    ),
)
"""Two are AWS's and the gate's, one is moto's."""


def test_known_differences(tmp_path: Path) -> None:
    """The verdicts differ exactly where it is written why, and not more often than that."""
    twice = judged_twice(tmp_path / "p", [each for known in DIFFERENCES for each in known.wanted], CONTROLS)
    found = {
        (control, twice.urns[arn].rpartition("::")[2]): verdicts
        for (control, arn), verdicts in _different(twice).items()
    }
    assert found == {(each.control, each.wanted[0].name): (each.designed, each.deployed) for each in DIFFERENCES}
    assert len(DIFFERENCES) == 3
