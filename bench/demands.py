"""240 simple demands, and 600 resources to hold them to: the same for our pack and for the stock SDK's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pulumi.runtime.proto import analyzer_pb2

RESOURCES: Final = 600
PROPERTIES: Final = 20
RESOURCE_DEMANDS: Final = 200
STACK_DEMANDS: Final = 40
TYPES: Final = tuple(
    f"aws:{module}/{name[0].lower()}{name[1:]}:{name}"
    for module, name in (
        ("s3", "Bucket"),
        ("s3", "BucketPolicy"),
        ("iam", "Role"),
        ("iam", "Policy"),
        ("kms", "Key"),
        ("ec2", "SecurityGroup"),
        ("ec2", "Instance"),
        ("ec2", "Subnet"),
        ("rds", "Cluster"),
        ("rds", "Instance"),
        ("sqs", "Queue"),
        ("sns", "Topic"),
        ("dynamodb", "Table"),
        ("lambda", "Function"),
        ("ecs", "Service"),
        ("ecr", "Repository"),
        ("efs", "FileSystem"),
        ("cloudwatch", "LogGroup"),
        ("cloudwatch", "MetricAlarm"),
        ("secretsmanager", "Secret"),
    )
)
_FAILING: Final = 7
"""One flag in so many is off."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A flag that must be on.

    Args:
        name: Name of the policy.
        title: What holds.
        type: Type token of the resources it speaks about.
        property: The flag, a property of them.
        joined: Whether it is judged over the stack.
    """

    name: str
    title: str
    type: str
    property: str
    joined: bool


def demands() -> list[Demand]:
    """Return the demands: as many on each type, half of a type's properties each."""
    kinds = [False] * RESOURCE_DEMANDS + [True] * STACK_DEMANDS
    found = []
    for number, joined in enumerate(kinds):
        type_, flag = TYPES[number % len(TYPES)], f"flag{number // len(TYPES) % 10}"
        scope = "stack" if joined else "resource"
        name = f"bench-{scope}-demand-{number:03d}"
        found.append(Demand(name, f"Demand {number} holds.", type_, flag, joined))
    return found


def analyze_requests() -> list[analyzer_pb2.AnalyzeRequest]:
    """Return what the engine asks about each resource."""
    found = []
    for number in range(RESOURCES):
        request = analyzer_pb2.AnalyzeRequest(
            type=_type(number), urn=_urn(number), name=f"r{number}", provider=_provider()
        )
        request.options.parent = _STACK
        request.properties.update(_properties(number))
        found.append(request)
    return found


def stack_request() -> analyzer_pb2.AnalyzeStackRequest:
    """Return what the engine asks about the stack."""
    return analyzer_pb2.AnalyzeStackRequest(resources=list(_stack_resources()))


def _stack_resources() -> Iterator[analyzer_pb2.AnalyzerResource]:
    for number in range(RESOURCES):
        resource = analyzer_pb2.AnalyzerResource(
            type=_type(number),
            urn=_urn(number),
            name=f"r{number}",
            parent=_STACK,
            provider=_provider(),
            dependencies=[_urn(number - 1)] if number else [],
        )
        resource.properties.update(_properties(number))
        yield resource


_STACK: Final = "urn:pulumi:bench::estate::pulumi:pulumi:Stack::estate-bench"


def _provider() -> analyzer_pb2.AnalyzerProviderResource:
    type_ = "pulumi:providers:aws"
    found = analyzer_pb2.AnalyzerProviderResource(
        type=type_, urn=f"urn:pulumi:bench::estate::{type_}::default", name="default"
    )
    found.properties.update({"region": "eu-central-1", "version": "7.51.1"})
    return found


def _type(number: int) -> str:
    return TYPES[number % len(TYPES)]


def _urn(number: int) -> str:
    return f"urn:pulumi:bench::estate::{_type(number)}::r{number}"


def _properties(number: int) -> dict[str, Any]:
    """Return ten flags, six texts, a number, a map of tags, a list of rules and a document: 20 properties."""
    flags = {f"flag{index}": (number * 3 + index) % _FAILING != 0 for index in range(10)}
    texts = {f"text{index}": f"value {index} of resource {number}" for index in range(6)}
    rules = [{"fromPort": port, "toPort": port, "cidrBlocks": ["10.0.0.0/8"]} for port in (443, 8443)]
    tags = {key: f"{key.lower()}-{number % 9}" for key in ("Name", "Owner", "CostCentre", "Environment", "Service")}
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
    return {**flags, **texts, "size": number, "tags": tags, "rules": rules, "document": document}
