"""One scan as a process: `audited.py audit` where the environment leads, `audited.py time|memory COUNT` by itself.

Prints a JSON object of what it counted: calls, seconds, or MiB.
"""

import json
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, Final

import boto3

from integration.readers import READINGS, operations_for
from integration.scanning.asker import Asker, LiveLine
from integration.scanning.judging import Audit
from integration.scanning.limits import Limits
from integration.scanning.observed import Place
from integration.scanning.outcome import Outcome
from integration.scanning.scan import Carrier, first_tasks, places_of, scan
from integration.session import Connections, patience
from policies.catalogue import load_catalogue
from policies.settings import Settings

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"
WORKERS: Final = 16
CONTROLS: Final = ("LG-ENC-02", "LG-IAM-01", "LG-NET-02", "LG-TAG-01", "S3.8")
"""Controls whose calls `calls.py` makes; the number of controls must not change what is measured."""

_TAGS: Final = [{"Key": key, "Value": "x"} for key in Settings().required_tags]
_MIB: Final = 1024 * 1024


def furnish(session: boto3.Session, buckets: int) -> None:
    """Fill an account: buckets, a tenth as many roles and policies, groups and databases."""
    make: Any = session.client
    s3, iam, ec2, rds = map(make, ("s3", "iam", "ec2", "rds"))
    for number in range(buckets):
        s3.create_bucket(Bucket=f"bench-{number}")
        s3.put_bucket_tagging(Bucket=f"bench-{number}", Tagging={"TagSet": _TAGS})
    reads = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    trust = {"Version": "2012-10-17", "Statement": []}
    key = session.client("kms").create_key()["KeyMetadata"]["Arn"]
    for number in range(buckets // 10):
        name = f"bench-{number}"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Tags=_TAGS)
        iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(reads), Tags=_TAGS)
        ec2.create_security_group(GroupName=name, Description=name)
        rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            MasterUsername="root",
            MasterUserPassword="opened-to-nobody",
            StorageEncrypted=True,
            KmsKeyId=key,
            Tags=_TAGS,
        )


def audit(session: boto3.Session, select: tuple[str, ...] = ()) -> int:
    """Scan and judge; return how many calls it took."""
    kept: list[Outcome] = []
    asker = Asker(LiveLine(Limits(None)), kept.append)
    carrier = Carrier(Connections(session, operations_for(), patience(connections=WORKERS)), asker, REGION, WORKERS)
    audit_ = Audit(load_catalogue().select(select), Settings(), Place(ACCOUNT, ""), "")
    tasks = first_tasks(READINGS, places_of(ACCOUNT, [REGION]), audit_.facts())
    findings = audit_.findings(scan(carrier, tasks), READINGS)
    if any(each.evidence.get("failed") for each in findings):
        raise RuntimeError("a call failed, so nothing is comparable")
    return len(kept)


def grown(count: int, measured: Callable[[Callable[[], object]], float]) -> float:
    """Scan so many buckets in this process; return what was measured of the scan."""
    from integration.sandbox import Sandbox

    with Sandbox.in_process(ACCOUNT, REGION) as sandbox:
        _make_buckets(count)
        audit(sandbox.session(), ("LG-NET-02",))
        return measured(lambda: audit(sandbox.session(), ("S3.8",)))


def _seconds(scanned: Callable[[], object]) -> float:
    begun = time.perf_counter()
    scanned()
    return time.perf_counter() - begun


def _mib(scanned: Callable[[], object]) -> float:
    # Allocations, since what the process has held before may hide what a small scan adds.
    tracemalloc.start()
    scanned()
    return tracemalloc.get_traced_memory()[1] / _MIB


def _make_buckets(count: int) -> None:
    """Create buckets behind the API, which would take longer than the scan."""
    from moto.s3.models import s3_backends

    backend = s3_backends[ACCOUNT]["aws"]
    for name in _names(count):
        backend.create_bucket(name, REGION)


def _names(count: int) -> Iterator[str]:
    return (f"bench-{number}" for number in range(count))


_GROWN: Final = {"time": _seconds, "memory": _mib}


def main(mode: str, *arguments: str) -> None:
    """Run one mode and print what it counted."""
    if mode in _GROWN:
        said = {mode: grown(int(arguments[0]), _GROWN[mode])}
    else:
        said = {"calls": audit(boto3.Session(region_name=REGION), CONTROLS)}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
