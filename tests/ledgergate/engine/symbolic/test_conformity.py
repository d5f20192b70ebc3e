"""Inputs of another type than the SDK's class states are refused as the real provider refuses them."""

import importlib.util

import pulumi_aws as aws
import pytest

from ledgergate.engine import wire
from ledgergate.engine.provider import ProviderConfig, ProviderError, ResourceRequest
from ledgergate.engine.symbolic import SymbolicProvider, introspect, provider
from ledgergate.engine.symbolic.conformity import mismatches

_CLASSES = (aws.ec2.SecurityGroup, aws.iam.Policy, aws.lambda_.Function, aws.s3.Bucket, aws.sqs.Queue)
"""Imported, as a program that makes them has."""

BUCKET, GROUP, QUEUE = "aws:s3/bucket:Bucket", "aws:ec2/securityGroup:SecurityGroup", "aws:sqs/queue:Queue"
FUNCTION, POLICY = "aws:lambda/function:Function", "aws:iam/policy:Policy"


@pytest.mark.parametrize(
    ("type_", "inputs", "expected"),
    [
        (BUCKET, {"tags": "no map"}, ("tags", "expected a map, got a text")),
        (BUCKET, {"tags": ["a"]}, ("tags", "expected a map, got a list")),
        (BUCKET, {"tags": {"a": ["b"]}}, ("tags", "expected a text, got a list at tags.a")),
        (BUCKET, {"bucket": ["b"]}, ("bucket", "expected a text, got a list")),
        (BUCKET, {"forceDestroy": "perhaps"}, ("forceDestroy", "expected a flag, got a text")),
        (QUEUE, {"delaySeconds": "often"}, ("delaySeconds", "expected a number, got a text")),
        (QUEUE, {"delaySeconds": {"a": 1}}, ("delaySeconds", "expected a number, got an object")),
        (BUCKET, {"bucket": {"a": 1}}, ("bucket", "expected a text, got an object")),
        (GROUP, {"ingress": {"fromPort": 1}}, ("ingress", "expected a list, got an object")),
        (GROUP, {"ingress": ["all"]}, ("ingress", "expected an object, got a text at ingress[0]")),
        (
            GROUP,
            {"ingress": [{"fromPort": 1.0}, {"cidrBlocks": "10.0.0.0/8"}]},
            ("ingress", "expected a list, got a text at ingress[1].cidrBlocks"),
        ),
        (
            FUNCTION,
            {"vpcConfig": {"subnetIds": 5.0}},
            ("vpcConfig", "expected a list, got a number at vpcConfig.subnetIds"),
        ),
        (BUCKET, {"noSuch": [1.0]}, ("noSuch", "there is no property noSuch")),
        (
            BUCKET,
            {"force_destroy": True},
            ("force_destroy", "there is no property force_destroy; did you mean forceDestroy?"),
        ),
        (
            GROUP,
            {"ingress": [{"from_port": 22.0}]},
            ("ingress", "there is no property ingress[0].from_port; did you mean fromPort?"),
        ),
    ],
)
def test_refused(type_: str, inputs: dict[str, wire.Wire], expected: tuple[str, str]) -> None:
    """The property is named, with what it should hold, what it holds and where inside it."""
    assert list(mismatches(type_, inputs)) == [expected]


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        (BUCKET, {"bucket": 5.0, "forceDestroy": "true", "tags": {"a": 1.0, "b": True, "c": None}}),
        (BUCKET, {"tags": wire.UNKNOWN, "forceDestroy": wire.UNKNOWN, "__defaults": ["bucket"]}),
        (QUEUE, {"delaySeconds": "30", "visibilityTimeoutSeconds": "-1.5e3"}),
        (GROUP, {"ingress": [{"fromPort": "443", "cidrBlocks": [wire.UNKNOWN]}, wire.UNKNOWN, None]}),
        (POLICY, {"policy": "{}"}),
        (FUNCTION, {"code": {wire.SIGNATURE: wire.ARCHIVE, "path": "code"}, "layers": []}),
        ("aws:nosuch/thing:Thing", {"tags": "anything"}),
        ("acme:a:Thing", {"tags": "anything"}),
    ],
)
def test_accepted(type_: str, inputs: dict[str, wire.Wire]) -> None:
    """What the provider converts, what nobody knows yet and what no class states are taken as they are."""
    assert list(mismatches(type_, inputs)) == []


@pytest.mark.parametrize(
    ("installed", "reason"),
    [(True, "the installed pulumi-aws has no such type"), (False, "pulumi-aws is not installed in the program's")],
)
def test_type_without_a_class_is_refused(monkeypatch: pytest.MonkeyPatch, *, installed: bool, reason: str) -> None:
    """Nobody knows what its properties are called, so one with another name would pass as left out."""
    monkeypatch.setattr(provider, "import_aws", lambda: installed)
    request = ResourceRequest("urn", "aws:nosuch/thing:Thing", "odd", {"a": 1.0}, ProviderConfig("aws", "urn"))
    with pytest.raises(ProviderError, match=f"aws:nosuch/thing:Thing resource 'odd': {reason}"):
        SymbolicProvider().create(request)


def test_pulumi_aws_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter without it is no error by itself."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert not introspect.import_aws.__wrapped__()


def test_check_refuses() -> None:
    """The provider's check hands every mismatch on and adds nothing to such inputs."""
    inputs = {"tags": "no map", "bucket": ["b"]}
    request = ResourceRequest("urn", BUCKET, "logs", inputs, ProviderConfig("aws", "urn"))
    checked = SymbolicProvider().check(request)
    assert [name for name, _ in checked.failures] == ["tags", "bucket"]
    assert checked.inputs == inputs
