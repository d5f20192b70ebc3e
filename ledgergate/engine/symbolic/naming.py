"""Names that the AWS provider gives by itself, before anyone judges the inputs.

The rule is the provider bridge's: the logical name, a separator and seven random hex digits in a property called
`name`, 255 characters at most; exceptions stand below. A name that would be longer is an error there too. Here the
digits derive from the URN. A property made from a prefix, or by AWS itself, gets a name of the same form as the
provider would give it when it creates the resource.

Runs inside the program's interpreter: standard library only.
Source: `provider/resources.go` of pulumi-aws and `pkg/tfbridge/names.go` of pulumi-terraform-bridge; name generation
of terraform-provider-aws (`internal/create`); read 2026-11-21.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledgergate.engine import wire
from ledgergate.engine.symbolic.mint import digest, unique_suffix


@dataclass(frozen=True, slots=True)
class NameRule:
    """How one property is named.

    Args:
        name: Property.
        limit: Characters at most.
        separator: Between logical name and digits.
        digits: Hex digits after it; none at all for 0.
        lower: Whether the logical name is made lower-case.
        lead: What the name must begin with.
        fifo: Flag that asks for the ending `.fifo`.
        generated: Prefix of names that are made at creation, when there is neither name nor prefix.
    """

    name: str = "name"
    limit: int = 255
    separator: str = "-"
    digits: int = 7
    lower: bool = False
    lead: str = ""
    fifo: str = ""
    generated: str = ""


class NameLengthError(ValueError):
    """A resource cannot be named within the limit; the text says why."""


_DEFAULT: Final = NameRule()
_DATABASE: Final = NameRule("clusterIdentifier", limit=63, generated="tf-")
_DATABASE_INSTANCE: Final = NameRule("identifier", limit=63, generated="tf-")
_SQLSERVER: Final = NameRule("identifier", limit=15, separator="", digits=3)

_LOAD_BALANCERS: Final = {
    f"aws:{module}/{token}": NameRule(limit=32)
    for module in ("alb", "elb", "lb")
    for token in ("loadBalancer:LoadBalancer", "targetGroup:TargetGroup")
}

_RULES: Final[Mapping[str, NameRule | None]] = _LOAD_BALANCERS | {
    "aws:appsync/dataSource:DataSource": NameRule(separator="_"),
    "aws:appsync/function:Function": NameRule(separator="_"),
    "aws:athena/database:Database": NameRule(separator="_"),
    "aws:cloudwatch/eventRule:EventRule": NameRule(limit=64),
    "aws:cloudwatch/eventTarget:EventTarget": NameRule("targetId"),
    "aws:codedeploy/deploymentConfig:DeploymentConfig": NameRule("deploymentConfigName", limit=100, separator="_"),
    "aws:directoryservice/directory:Directory": None,
    "aws:docdb/cluster:Cluster": _DATABASE,
    "aws:docdb/clusterInstance:ClusterInstance": _DATABASE_INSTANCE,
    "aws:ec2/keyPair:KeyPair": NameRule("keyName"),
    "aws:efs/fileSystem:FileSystem": NameRule("creationToken"),
    "aws:eks/fargateProfile:FargateProfile": NameRule("fargateProfileName"),
    "aws:eks/nodeGroup:NodeGroup": NameRule("nodeGroupName"),
    "aws:elasticache/cluster:Cluster": NameRule("clusterId", limit=50, lower=True),
    "aws:elasticache/replicationGroup:ReplicationGroup": NameRule("replicationGroupId", limit=40, lower=True),
    "aws:elasticbeanstalk/environment:Environment": NameRule(limit=40),
    "aws:elasticsearch/domain:Domain": NameRule("domainName", limit=28, lower=True),
    "aws:iam/role:Role": NameRule(limit=64),
    "aws:kms/alias:Alias": NameRule(limit=238, lead="alias/"),
    "aws:lambda/function:Function": NameRule(limit=64),
    "aws:lambda/permission:Permission": NameRule("statementId", limit=100),
    "aws:mq/broker:Broker": NameRule("brokerName", limit=55),
    "aws:msk/cluster:Cluster": NameRule("clusterName"),
    "aws:msk/serverlessCluster:ServerlessCluster": NameRule("clusterName"),
    "aws:neptune/cluster:Cluster": _DATABASE,
    "aws:neptune/clusterInstance:ClusterInstance": _DATABASE_INSTANCE,
    "aws:opensearch/domain:Domain": NameRule("domainName"),
    "aws:rds/cluster:Cluster": _DATABASE,
    "aws:rds/clusterInstance:ClusterInstance": _DATABASE_INSTANCE,
    "aws:rds/instance:Instance": NameRule("identifier", separator=""),
    "aws:route53/record:Record": None,
    "aws:s3/bucket:Bucket": NameRule("bucket", limit=63, lower=True),
    "aws:s3/bucketObject:BucketObject": NameRule("key", limit=1024, digits=0),
    "aws:s3/bucketObjectv2:BucketObjectv2": NameRule("key", limit=1024, digits=0),
    "aws:s3/bucketV2:BucketV2": NameRule("bucket", limit=63, lower=True),
    "aws:sns/topic:Topic": NameRule(limit=80, fifo="fifoTopic"),
    "aws:sqs/queue:Queue": NameRule(limit=80, fifo="fifoQueue"),
}
"""Type → its rule; None for a `name` that names something else."""


def rule_of(type_: str, inputs: Mapping[str, wire.Wire] | None = None) -> NameRule | None:
    """Return the rule of a type, or None for one whose `name` the program always gives.

    Args:
        type_: Type token.
        inputs: The resource's inputs, where the rule hangs on one of them.
    """
    if type_ == "aws:rds/instance:Instance" and "sqlserver" in str((inputs or {}).get("engine", "")).lower():
        return _SQLSERVER
    return _RULES.get(type_, _DEFAULT)


def named_property(type_: str) -> str | None:
    """Return the property that identifies a resource of this type by name, or None."""
    rule = _RULES.get(type_, _DEFAULT)
    return rule.name if rule is not None else None


def make_name(rule: NameRule, urn: str, logical: str, inputs: Mapping[str, wire.Wire]) -> str:
    """Return the name of a resource that has none; the unknown sentinel when it hangs on something unknown.

    Args:
        rule: See `rule_of`.
        urn: What the digits derive from.
        logical: Logical name.
        inputs: The resource's inputs.

    Raises:
        NameLengthError: It would be too long, for the real provider too.
    """
    flag = inputs.get(rule.fifo) if rule.fifo else None
    prefix = inputs.get(f"{rule.name}Prefix")
    if wire.UNKNOWN in (flag, prefix):
        return wire.UNKNOWN
    ending = ".fifo" if flag is True else ""
    if prefix or rule.generated:
        return _from_prefix(rule, urn, str(prefix or rule.generated), ending)
    text = (logical.lower() if rule.lower else logical) + (rule.separator if rule.digits else "")
    if len(text) + rule.digits > rule.limit:
        raise NameLengthError(
            f"name '{text}' plus {rule.digits} random chars is longer than maximum length {rule.limit}"
        )
    name = text + digest(urn, "name")[: rule.digits] + ending
    return name if name.startswith(rule.lead) else rule.lead + name


def _from_prefix(rule: NameRule, urn: str, prefix: str, ending: str) -> str:
    suffix = unique_suffix(urn)
    if len(prefix) + len(suffix) + len(ending) > rule.limit:
        raise NameLengthError(
            f"prefix '{prefix}' plus {len(suffix)} characters is longer than maximum length {rule.limit}"
        )
    return prefix + suffix + ending
