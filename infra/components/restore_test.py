"""A backup that was never restored is a hope: every week one is, and is removed again."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names

WEEKLY: Final = "cron(0 9 ? * SUN *)"

_WINDOW_DAYS: Final = 7
_START_WINDOW_H: Final = 2
_VALIDATION_WINDOW_H: Final = 4


def restore_test_name(names: Names, kind: str) -> str:
    """Return the name of a part of a restore test: the service takes letters, digits and underscores only.

    Args:
        names: Names of the deployment.
        kind: What it is.
    """
    return names.of(kind).replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTestArgs:
    """What is tried out, and how.

    Args:
        names: Names of the deployment.
        region: Where the vault is.
        vault_arn: Whose newest recovery point of the last seven days is tried.
        role_arn: With which AWS Backup restores.
        cluster_arn: Aurora cluster whose backups are tried.
        subnet_group: Where the trial cluster is made.
    """

    names: Names
    region: str
    vault_arn: pulumi.Input[str]
    role_arn: pulumi.Input[str]
    cluster_arn: pulumi.Input[str]
    subnet_group: pulumi.Input[str]


class RestoreTest(pulumi.ComponentResource):
    """A weekly trial of the newest backup of one Aurora cluster.

    Args:
        name: Logical name.
        args: What is tried out, and how.
        opts: Resource options.
    """

    def __init__(self, name: str, args: RestoreTestArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:RestoreTest", name, None, opts)
        self._make_selection(name, args, self._make_plan(name, args))
        self.register_outputs({})

    def _make_plan(self, name: str, args: RestoreTestArgs) -> aws.backup.RestoreTestingPlan:
        newest = aws.backup.RestoreTestingPlanRecoveryPointSelectionArgs(
            algorithm="LATEST_WITHIN_WINDOW",
            include_vaults=[args.vault_arn],
            recovery_point_types=["SNAPSHOT"],
            selection_window_days=_WINDOW_DAYS,
        )
        return aws.backup.RestoreTestingPlan(
            name,
            region=args.region,
            name=restore_test_name(args.names, "restore"),
            schedule_expression=WEEKLY,
            start_window_hours=_START_WINDOW_H,
            recovery_point_selection=newest,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_selection(self, name: str, args: RestoreTestArgs, plan: aws.backup.RestoreTestingPlan) -> None:
        aws.backup.RestoreTestingSelection(
            name,
            region=args.region,
            name=restore_test_name(args.names, "database"),
            restore_testing_plan_name=plan.name,
            protected_resource_type="Aurora",
            protected_resource_arns=[args.cluster_arn],
            iam_role_arn=args.role_arn,
            restore_metadata_overrides={"dbSubnetGroupName": args.subnet_group},
            validation_window_hours=_VALIDATION_WINDOW_H,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
