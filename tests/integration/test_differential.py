"""What is judged at design time is deployed, read back and judged again: the verdicts are equal."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from integration.readers import READINGS
from integration.scanning.observed import Found, Reading, Subject, Task
from policies.catalogue import load_catalogue
from policies.facts.ec2 import Ingress, IngressRule
from policies.facts.iam import Grants
from policies.model import Control, Example
from policies.settings import Settings
from tests.integration.configurations import (
    BLOCKED,
    KEY,
    PREFIX_LIST,
    NotExpressibleError,
    Program,
    bucket,
    cluster,
    configurations,
    expressed,
    group,
    instance,
    role,
)
from tests.integration.differential.cases import Difference, check_differences
from tests.integration.programs_as_data import Wanted, in_sandbox, judged_twice, ref

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


@pytest.mark.timeout(400)
@given(program=configurations(12))
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_generated_configurations(program: Program, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a program says of the five controls, the account says the same of what was deployed."""
    twice = judged_twice(tmp_path_factory.mktemp("program"), program.wanted, CONTROLS)
    assert twice.differences() == {}
    assert {control for control, _ in twice.deployed} == {*CONTROLS}
    # Every Region has a network that no program made.
    assert {arn.rpartition(":")[2].partition("/")[0] for arn in twice.strangers} <= {"security-group", "subnet", "vpc"}


NOT_EXPRESSIBLE: Final = Counter(
    {
        "EC2 refuses what is no network": 1,
        "EC2 wants ports for every protocol that has them": 1,
        "IAM refuses a malformed policy": 5,
        "IAM refuses a partition that does not exist": 1,
        "RDS keeps the ARN of a key, whatever named it": 2,
        "RDS refuses a key for storage that is not encrypted": 1,
        "a bucket without an access block has one all the same": 1,
        "a global database and the source of a replica come before what is judged": 4,
        "a list of AWS's has an id that only a look-up tells": 1,
        "a list of which only the account shows what it holds": 1,
        "a rule that lets nothing in is no part of what is let in": 1,
        "a type that exists nowhere, or takes no tags": 3,
        "a value that nobody knows": 28,
    }
)
"""Why an example is no program that can be deployed → how many there are."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An example that a program can bring about.

    Args:
        control: Its control.
        verdict: The verdict that it states.
        example: The example.
        wanted: The program; the first resource is the one that is judged.
    """

    control: Control
    verdict: str
    example: Example
    wanted: list[Wanted]


def _examples() -> tuple[list[Shown], Counter[str]]:
    """Return the examples of the controls as programs, and how many are none for which reason."""
    found, reasons = [], Counter[str]()
    for control in load_catalogue().select(CONTROLS):
        groups = {
            "pass": control.passes,
            "fail": control.fails,
            "unknown": control.unknowns,
            "not_applicable": control.not_applicable,
        }
        listed = [(verdict, each) for verdict, group in groups.items() for each in group]
        for number, (verdict, example) in enumerate(listed):
            try:
                wanted = expressed(example.fact, f"{control.id.lower().replace('.', '-')}-{number}")
                found.append(Shown(control, verdict, example, wanted))
            except NotExpressibleError as reason:
                reasons[str(reason)] += 1
    return found, reasons


def test_examples_of_the_controls(tmp_path: Path) -> None:
    """Each example that a program can bring about has its verdict, at design time and deployed, under its profile."""
    found, reasons = _examples()
    assert reasons == NOT_EXPRESSIBLE
    profiles = {json.dumps(each.example.params, sort_keys=True, default=str): each.example.params for each in found}
    for number, (name, params) in enumerate(profiles.items()):
        shown = [each for each in found if json.dumps(each.example.params, sort_keys=True, default=str) == name]
        parts = [part for each in shown for part in each.wanted]
        wanted = [KEY, *sorted(parts, key=lambda part: part.type != PREFIX_LIST)]
        with in_sandbox(tmp_path / str(number), wanted, CONTROLS, Settings(**params)) as both:
            twice = both.twice()
        assert twice.differences() == {}
        for each in shown:
            assert twice.said_of(each.wanted[0], each.control.id) == {each.verdict}, each.example.title


MANY: Final = 5
"""Resources of each kind in the program for the mutants: more than a reader gets that stops early."""


def _blind(reading: Reading, sees: Callable[[int, Subject], bool]) -> Reading:
    """Return a reader that passes over some of what its lists hold, and says nothing of it.

    Args:
        reading: The reader.
        sees: Tells of the place in a list and the resource there whether it is read.
    """

    def task(each: Task) -> Task:
        return replace(each, read=lambda desk: _seen(each.read(desk)))

    def _seen(found: Iterable[Found]) -> Iterator[Found]:
        for number, each in enumerate(found):
            if each.subject.arn.endswith("*") or sees(number, each.subject):
                yield task(each) if isinstance(each, Task) else each

    return replace(reading, begin=lambda place, wanted: map(task, reading.begin(place, wanted)))


MUTANTS: Final[Mapping[str, Callable[[int, Subject], bool]]] = {
    "passes instances over": lambda _, subject: subject.type != "aws:rds/instance:Instance",
    "passes buckets over": lambda _, subject: subject.type != "aws:s3/bucket:Bucket",
    "passes keys over": lambda _, subject: subject.type != "aws:kms/key:Key",
    "reads three and stops": lambda number, _: number < 3,
    "passes the last one over": lambda _, subject: not subject.arn.endswith(f"-{MANY - 1}"),
}
"""What is wrong with a reader → which resources it still sees."""


def test_a_reader_that_passes_something_over_is_caught(tmp_path: Path) -> None:
    """A resource that a program made and no reader tells of is a difference, not a judgement less to compare."""
    plain, ssh = Grants(), IngressRule(cidr_blocks=("10.0.0.0/8",), from_port=22, to_port=22)
    wanted = [KEY]
    for number in range(MANY):
        wanted += bucket(f"bucket-{number}", BLOCKED)
        wanted += role(f"role-{number}", plain)
        wanted += group(f"group-{number}", Ingress(rules=(ssh,)))
        wanted += instance(f"instance-{number}", {"storageEncrypted": True})
    with in_sandbox(tmp_path / "p", wanted, CONTROLS) as both:
        assert both.twice().differences() == {}
        for name, sees in MUTANTS.items():
            assert both.twice([_blind(each, sees) for each in READINGS]).differences(), name


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
    check_differences(tmp_path / "p", DIFFERENCES, CONTROLS)
    assert len(DIFFERENCES) == 3
