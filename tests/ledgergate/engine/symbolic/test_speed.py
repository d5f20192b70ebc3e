"""The symbolic provider costs next to nothing beside the SDK."""

import time

from ledgergate.engine.symbolic import SymbolicProvider
from tests.ledgergate.engine.symbolic.requests import config, request, with_inputs

TYPES = (
    "aws:ec2/vpc:Vpc",
    "aws:iam/role:Role",
    "aws:kms/key:Key",
    "aws:lambda/function:Function",
    "aws:rds/cluster:Cluster",
    "aws:s3/bucket:Bucket",
    "aws:sqs/queue:Queue",
)
LIMIT_S = 0.15


def test_a_large_stack_is_made_up_quickly() -> None:
    """600 resources with 20 values each are checked and created in a small part of a second of processor time."""
    provider = SymbolicProvider()
    served = config(defaultTags='{"tags": {"Team": "pay"}}')
    inputs = {"tags": {f"key{number}": "value" for number in range(20)}}
    asked = [request(TYPES[n % len(TYPES)], inputs, name=f"r{n}", provider=served) for n in range(600)]
    for each in asked[: len(TYPES)]:
        provider.create(each)
    started = time.process_time()
    for each in asked:
        provider.create(with_inputs(each, provider.check(each).inputs))
    assert time.process_time() - started < LIMIT_S
