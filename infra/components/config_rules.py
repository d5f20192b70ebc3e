"""AWS Config rules: the account's recorder notices what drifts after the deployment."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names

_NAME_LIMIT: Final = 128


@dataclass(frozen=True, slots=True)
class ManagedRule:
    """A rule that AWS keeps.

    Args:
        kind: Part of its name.
        identifier: What AWS calls it.
        parameters: Its parameters.
    """

    kind: str
    identifier: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def storage_rules(log_retention_days: int) -> tuple[ManagedRule, ...]:
    """Return the rules for data at rest and its record.

    Args:
        log_retention_days: How long every log group must keep its records.
    """
    return (
        ManagedRule("rds-encrypted", "RDS_STORAGE_ENCRYPTED"),
        ManagedRule("rds-iam", "RDS_CLUSTER_IAM_AUTHENTICATION_ENABLED"),
        ManagedRule("s3-encrypted", "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"),
        ManagedRule("s3-private", "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"),
        ManagedRule("s3-tls", "S3_BUCKET_SSL_REQUESTS_ONLY"),
        ManagedRule("s3-versioned", "S3_BUCKET_VERSIONING_ENABLED"),
        ManagedRule("kms-rotation", "CMK_BACKING_KEY_ROTATION_ENABLED"),
        ManagedRule("logs-encrypted", "CLOUDWATCH_LOG_GROUP_ENCRYPTED"),
        ManagedRule("logs-kept", "CW_LOGGROUP_RETENTION_PERIOD_CHECK", {"MinRetentionTime": str(log_retention_days)}),
        ManagedRule("backup-encrypted", "BACKUP_RECOVERY_POINT_ENCRYPTED"),
        ManagedRule("backup-covers", "AURORA_RESOURCES_PROTECTED_BY_BACKUP_PLAN"),
    )


NETWORK_RULES: Final = (
    ManagedRule("flow-logs", "VPC_FLOW_LOGS_ENABLED"),
    ManagedRule("default-group", "VPC_DEFAULT_SECURITY_GROUP_CLOSED"),
    ManagedRule("ssh-closed", "INCOMING_SSH_DISABLED"),
    ManagedRule("tasks-read-only", "ECS_CONTAINERS_READONLY_ACCESS"),
    ManagedRule("balancer-logged", "ELB_LOGGING_ENABLED"),
    ManagedRule("guardduty-on", "GUARDDUTY_ENABLED_CENTRALIZED"),
)
"""The rules for what is reachable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigRulesArgs:
    """What is watched.

    Args:
        names: Names of the deployment.
        region: Where; the recorder there is the account's.
        rules: The rules.
        after: What every rule waits for: the recorder where the stack makes it.
    """

    names: Names
    region: str
    rules: Sequence[ManagedRule]
    after: Sequence[pulumi.Resource] = ()


class ConfigRules(pulumi.ComponentResource):
    """Managed rules over everything that the account's recorder sees in one Region.

    Without a recorder in the Region, AWS refuses these rules; `ConfigRecorder` makes the one that an account may have.

    Args:
        name: Logical name.
        args: What is watched.
        opts: Resource options.
    """

    def __init__(self, name: str, args: ConfigRulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ConfigRules", name, None, opts)
        for rule in args.rules:
            self._make_rule(f"{name}-{rule.kind}", args, rule)
        self.register_outputs({})

    def _make_rule(self, name: str, args: ConfigRulesArgs, rule: ManagedRule) -> None:
        aws.cfg.Rule(
            name,
            region=args.region,
            name=args.names.of(rule.kind, limit=_NAME_LIMIT),
            source=aws.cfg.RuleSourceArgs(owner="AWS", source_identifier=rule.identifier),
            input_parameters=json.dumps(dict(rule.parameters)) if rule.parameters else None,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*args.after], delete_before_replace=True),
        )
