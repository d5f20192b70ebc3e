"""A daily backup with a copy in a second Region."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names

DAILY: Final = "cron(0 5 * * ? *)"
"""After the cluster's own backup window, 03:00 to 04:00 UTC."""

_START_WINDOW_MIN: Final = 60
_COMPLETION_WINDOW_MIN: Final = 240
_NAME_LIMIT: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPlanArgs:
    """What is backed up, where to, for how long.

    Args:
        names: Names of the deployment.
        region: Where the database is.
        vault: Name of the vault there.
        copy_vault_arn: Vault of another Region.
        keep_days: Days that backup and copy are kept.
        role_arn: With which AWS Backup works.
        resource_arn: What is backed up.
    """

    names: Names
    region: str
    vault: pulumi.Input[str]
    copy_vault_arn: pulumi.Input[str]
    keep_days: int
    role_arn: pulumi.Input[str]
    resource_arn: pulumi.Input[str]


class BackupPlan(pulumi.ComponentResource):
    """The plan and what it is for.

    Args:
        name: Logical name.
        args: What is backed up, where to, for how long.
        opts: Resource options.
    """

    def __init__(self, name: str, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:BackupPlan", name, None, opts)
        self._make_selection(name, args, self._make_plan(name, args))
        self.register_outputs({})

    def _make_plan(self, name: str, args: BackupPlanArgs) -> aws.backup.Plan:
        copy = aws.backup.PlanRuleCopyActionArgs(
            destination_vault_arn=args.copy_vault_arn,
            lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=args.keep_days),
        )
        daily = aws.backup.PlanRuleArgs(
            rule_name="daily",
            target_vault_name=args.vault,
            schedule=DAILY,
            start_window=_START_WINDOW_MIN,
            completion_window=_COMPLETION_WINDOW_MIN,
            lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=args.keep_days),
            copy_actions=[copy],
        )
        return aws.backup.Plan(
            name,
            region=args.region,
            name=args.names.of("backup", limit=_NAME_LIMIT),
            rules=[daily],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_selection(self, name: str, args: BackupPlanArgs, plan: aws.backup.Plan) -> None:
        aws.backup.Selection(
            name,
            region=args.region,
            name=args.names.of("database", limit=_NAME_LIMIT),
            plan_id=plan.id,
            iam_role_arn=args.role_arn,
            resources=[args.resource_arn],
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
