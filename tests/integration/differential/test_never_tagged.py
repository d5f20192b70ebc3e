"""What was never tagged: it fails the required tags in the account as it does at design time."""

import json
from pathlib import Path
from typing import Any, Final

from tests.integration.differential.cases import Case, check
from tests.integration.estate import TAGS
from tests.integration.programs_as_data import Wanted, ref

_ALL: Final = {each["Key"]: each["Value"] for each in TAGS}
_CONTAINER: Final = json.dumps([{"name": "a", "image": "a", "memory": 128}])
_NETWORK: Final = Wanted("aws:ec2/vpc:Vpc", "net", {"cidrBlock": "10.1.0.0/16"})
_SUBNETS: Final = tuple(
    Wanted("aws:ec2/subnet:Subnet", f"net-{zone}", {
        "vpcId": ref("net"), "cidrBlock": f"10.1.{number}.0/24", "availabilityZone": f"us-east-1{zone}"})
    for number, zone in enumerate("ab")
)  # fmt: skip
_ATTRIBUTES: Final = {
    "hashKey": "id", "billingMode": "PAY_PER_REQUEST", "attributes": [{"name": "id", "type": "S"}],
}  # fmt: skip

_KINDS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "table": ("aws:dynamodb/table:Table", {"name": "{}", **_ATTRIBUTES}),
    "topic": ("aws:sns/topic:Topic", {"name": "{}"}),
    "queue": ("aws:sqs/queue:Queue", {"name": "{}"}),
    "files": ("aws:efs/fileSystem:FileSystem", {"creationToken": "{}"}),
    "secret": ("aws:secretsmanager/secret:Secret", {"name": "{}"}),
    "parameter": ("aws:ssm/parameter:Parameter", {"name": "/{}", "type": "String", "value": "-"}),
    "repository": ("aws:ecr/repository:Repository", {"name": "{}"}),
    "logs": ("aws:cloudwatch/logGroup:LogGroup", {"name": "{}"}),
    "key": ("aws:kms/key:Key", {}),
    "pool": ("aws:cognito/userPool:UserPool", {"name": "{}"}),
    "bus": ("aws:cloudwatch/eventBus:EventBus", {"name": "{}"}),
    "rule": ("aws:cloudwatch/eventRule:EventRule", {"name": "{}", "scheduleExpression": "rate(1 day)"}),
    "alarm": ("aws:cloudwatch/metricAlarm:MetricAlarm", {
        "name": "{}", "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "metricName": "a",
        "namespace": "b", "period": 60, "statistic": "Sum", "threshold": 1}),
    "vault": ("aws:backup/vault:Vault", {"name": "{}"}),
    "cluster": ("aws:ecs/cluster:Cluster", {"name": "{}"}),
    "task": ("aws:ecs/taskDefinition:TaskDefinition", {"family": "{}", "containerDefinitions": _CONTAINER}),
    "targets": ("aws:lb/targetGroup:TargetGroup", {
        "name": "{}", "port": 80, "protocol": "HTTP", "vpcId": ref("net")}),
    "balancer": ("aws:lb/loadBalancer:LoadBalancer", {
        "name": "{}", "internal": True, "subnets": [ref("net-a"), ref("net-b")]}),
    "certificate": ("aws:acm/certificate:Certificate", {"domainName": "{}.example", "validationMethod": "DNS"}),
    "acl": ("aws:wafv2/webAcl:WebAcl", {
        "name": "{}", "scope": "REGIONAL", "defaultAction": {"allow": {}}, "visibilityConfig": {
            "cloudwatchMetricsEnabled": True, "metricName": "a", "sampledRequestsEnabled": True}}),
}  # fmt: skip


def _wanted(kind: str, name: str, tags: dict[str, str]) -> tuple[Wanted, ...]:
    type_, given = _KINDS[kind]
    named = {key: value.format(name) if "{}" in str(value) and isinstance(value, str) else value
             for key, value in given.items()}  # fmt: skip
    return (Wanted(type_, name, {**named, **({"tags": tags} if tags else {})}),)


def test_never_tagged(tmp_path: Path) -> None:
    """Of every kind one that has all tags passes, and one that was never tagged fails, however its tags are told."""
    cases = [
        Case(f"{kind} {name}", _wanted(kind, f"{kind}-{name}", tags), {"LG-TAG-01": verdict})
        for kind in _KINDS
        for name, tags, verdict in (("whole", _ALL, "pass"), ("bare", {}, "fail"))
    ]
    check(tmp_path / "p", cases, shared=(_NETWORK, *_SUBNETS))
