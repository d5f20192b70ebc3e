"""What AWS Backup may do with one Aurora cluster: take, copy and end snapshots of it, and try one out."""

from dataclasses import dataclass
from typing import Final

import pulumi

from components.identity_policy import Statement, allow
from components.place import Place

_KEY_USE: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext")


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A cluster and its keys.

    Args:
        place: Where the cluster is.
        copies: Where its copies are.
        cluster: Cluster identifier.
        subnet_group: Subnet group of a trial cluster.
        key_arns: Keys of the cluster and of both vaults.
    """

    place: Place
    copies: Place
    cluster: str
    subnet_group: str
    key_arns: tuple[pulumi.Input[str], ...]

    @property
    def cluster_arn(self) -> str:
        """ARN of the cluster."""
        return self.place.arn("rds", f"cluster:{self.cluster}")


def backup_statements(protected: Protected, vault_arns: tuple[pulumi.Input[str], ...]) -> tuple[Statement, ...]:
    """Return what the backup's role may do.

    Source: public copies of the AWS managed policy AWSBackupServiceRolePolicyForBackup, its part for Aurora, read
    2026-11-30; bound here to one cluster, to its snapshots and to two vaults.

    Args:
        protected: The cluster and its keys.
        vault_arns: Where recovery points are kept.
    """
    snapshots = [_snapshots(protected.place), _snapshots(protected.copies)]
    take = ("rds:CreateDBClusterSnapshot", "rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusters")
    keep = ("rds:AddTagsToResource", "rds:CopyDBClusterSnapshot", "rds:ListTagsForResource")
    end = ("rds:DeleteDBClusterSnapshot", "rds:ModifyDBClusterSnapshotAttribute")
    vaults = ("backup:CopyIntoBackupVault", "backup:DescribeBackupVault", "backup:TagResource")
    return (
        allow("Snapshots", (*take, *keep), [protected.cluster_arn, *snapshots]),
        allow("ExpiredSnapshots", end, snapshots),
        allow("Copies", ("backup:CopyFromBackupVault",), snapshots),
        allow("Vaults", vaults, list(vault_arns)),
        *_key_statements(protected),
    )


def restore_statements(protected: Protected) -> tuple[Statement, ...]:
    """Return what the role of a restore test may do: make a cluster of a trial's name, and remove it.

    Source of the names of trials: AWS Backup developer guide, restore testing inferred metadata, read 2026-11-30.

    Args:
        protected: The cluster and its keys.
    """
    trial = protected.place.arn("rds", "cluster:awsbackup-restore-test-*")
    surroundings = [
        protected.place.arn("rds", f"subgrp:{protected.subnet_group}"),
        protected.place.arn("rds", "cluster-pg:*"),
        protected.place.arn("rds", "og:*"),
    ]
    look = ("rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusters", "rds:ListTagsForResource")
    change = ("rds:AddTagsToResource", "rds:DeleteDBCluster")
    source = [_snapshots(protected.place), trial, *surroundings]
    return (
        allow("Look", look, [protected.cluster_arn, _snapshots(protected.place), trial]),
        allow("TryOut", ("rds:RestoreDBClusterFromSnapshot",), source),
        allow("RemoveTrial", change, [trial]),
        *_key_statements(protected),
    )


def _snapshots(place: Place) -> str:
    return place.arn("rds", "cluster-snapshot:awsbackup:*")


def _key_statements(protected: Protected) -> tuple[Statement, ...]:
    keys = list(protected.key_arns)
    for_services = {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}
    return (
        allow("Keys", _KEY_USE, keys),
        {**allow("KeysForServices", ("kms:CreateGrant",), keys), **for_services},
    )
