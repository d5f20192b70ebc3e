"""The programs that newcomers start from."""

import json
from collections import Counter

import pytest

from tests.infra.recording import ROOT, Record, Recording


@pytest.fixture(params=["minimal", "insecure"])
def example(request: pytest.FixtureRequest, record: Record) -> Recording:
    """Return each example as its file configures it."""
    return record(ROOT / "examples" / request.param, "dev")


def test_example_runs_as_it_stands(example: Recording) -> None:
    """An example runs to its end and the SDK finds nothing to warn of."""
    assert (example.error, example.warnings) == ("", ())


def test_bad_example_stays_small_enough_to_read(record: Record) -> None:
    """The bad example has between twelve and twenty resources."""
    assert 12 <= len(record(ROOT / "examples" / "insecure", "dev").graph) <= 20


def test_bad_example_keeps_its_mistakes(record: Record) -> None:
    """Nobody repaired by accident what newcomers are meant to find."""
    graph = record(ROOT / "examples" / "insecure", "dev").graph
    kinds = Counter(resource.type.rpartition(":")[2] for resource in graph)
    (web,) = (group for group in graph.of_type("aws:ec2/securityGroup:SecurityGroup") if group.name == "web")
    (policy,) = graph.of_type("aws:iam/rolePolicy:RolePolicy")
    (cluster,) = graph.of_type("aws:rds/cluster:Cluster")
    (instance,) = graph.of_type("aws:rds/instance:Instance")

    assert kinds["Bucket"] > kinds["BucketPublicAccessBlock"]
    assert (22, ["0.0.0.0/0"]) in [(rule["fromPort"], rule["cidrBlocks"]) for rule in web.inputs["ingress"]]
    assert ("*", "*") in [(s["Action"], s["Resource"]) for s in json.loads(policy.inputs["policy"])["Statement"]]
    assert "storageEncrypted" not in cluster.inputs
    assert (instance.inputs["storageEncrypted"], instance.inputs.get("kmsKeyId")) == (True, None)
    assert [resource.name for resource in graph if "tags" not in resource.inputs and resource.name == "uploads"]
