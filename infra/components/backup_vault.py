"""A backup vault whose recovery points outlive the people who could delete them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names
from components.place import Place
from components.tags import DataClass

GUARDED_ACTIONS: Final = (
    "backup:DeleteRecoveryPoint",
    "backup:PutBackupVaultAccessPolicy",
    "backup:UpdateRecoveryPointLifecycle",
)

_NAME_LIMIT: Final = 50


def service_linked_role(place: Place) -> str:
    """Return the ARN of the role with which AWS Backup removes what has expired."""
    path = "role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    return f"arn:{place.partition}:iam::{place.account_id}:{path}"


def vault_policy(exempt: Sequence[str]) -> str:
    """Return what the vault refuses, JSON: early deletion, shorter lives, and a weaker policy.

    Resource and principal are stars because AWS Config's rule for such policies takes no others. The policy can be
    deleted, so that a stack that may vanish can.
    Source: AWS Config developer guide, backup-recovery-point-manual-deletion-disabled, read 2026-11-30.

    Args:
        exempt: ARNs of roles for which this does not hold; AWS Backup ends recovery points with the role that made
            them, else with its service-linked one.
    """
    statement = {
        "Sid": "RecoveryPointsStay",
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(GUARDED_ACTIONS),
        "Resource": "*",
        "Condition": {"ArnNotEquals": {"aws:PrincipalArn": list(exempt)}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupVaultArgs:
    """Where recovery points are kept, and who may end them.

    Args:
        names: Names of the deployment.
        place: Where the vault is.
        kind: Part of its name.
        data_class: What the recovery points hold.
        key_arn: Key of the same Region.
        exempt: ARNs of roles that may delete recovery points: the backup's own, and administrators.
        destroyable: Whether the stack may vanish: removes recovery points with the vault.
    """

    names: Names
    place: Place
    kind: str
    data_class: DataClass
    key_arn: pulumi.Input[str]
    exempt: Sequence[str]
    destroyable: bool = False


class BackupVault(pulumi.ComponentResource):
    """An encrypted vault with its guard.

    Args:
        name: Logical name.
        args: Where recovery points are kept, and who may end them.
        opts: Resource options.
    """

    arn: pulumi.Output[str]
    vault: pulumi.Output[str]
    """Physical name."""

    def __init__(self, name: str, args: BackupVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:BackupVault", name, None, opts)
        vault = self._make_vault(name, args)
        self._make_policy(name, args, vault)
        self.arn = vault.arn
        self.vault = vault.name
        self.register_outputs({"arn": self.arn})

    def _make_vault(self, name: str, args: BackupVaultArgs) -> aws.backup.Vault:
        return aws.backup.Vault(
            name,
            region=args.place.region,
            name=args.names.of(args.kind, limit=_NAME_LIMIT),
            kms_key_arn=args.key_arn,
            force_destroy=args.destroyable,
            tags=args.data_class.tag,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_policy(self, name: str, args: BackupVaultArgs, vault: aws.backup.Vault) -> None:
        aws.backup.VaultPolicy(
            name,
            region=args.place.region,
            backup_vault_name=vault.name,
            policy=vault_policy([*args.exempt, service_linked_role(args.place)]),
            opts=pulumi.ResourceOptions(parent=self),
        )
