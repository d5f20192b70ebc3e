"""Vaults: under which key recovery points are, and what keeps people from ending them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.declared import Carriers, declared
from policies.facts.joins import companions
from policies.facts.kms import KeyUse, key_use
from policies.facts.policy_documents import PolicyDocument, policy_document
from policies.facts.properties import UNKNOWN, attribute, identity, lift, region_of, settings_of, whole
from policies.facts.registry import adapter
from policies.iam_document import parse_resource_policy

VAULT: Final = ("aws:backup/vault:Vault",)
_LOCK: Final = ("aws:backup/vaultLockConfiguration:VaultLockConfiguration",)
_POLICY: Final = ("aws:backup/vaultPolicy:VaultPolicy",)
_NAMED: Final = "backupVaultName"


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultEncryption:
    """Under which key a vault encrypts.

    Args:
        region: Region of the vault.
        kms_key: `kmsKeyArn`; None when unset, for which AWS Backup takes a key that AWS manages.

    Source of the default: CreateBackupVault, AWS Backup API reference, read 2026-11-20.
    """

    region: str
    kms_key: KeyUse | None = None


@adapter(types=VAULT, joined=True)
def vault_encryption_from_graph(graph: Graph, resource: Resource) -> VaultEncryption:
    """Build the key of a vault."""
    return VaultEncryption(region=region_of(graph, resource), kms_key=key_use(graph, resource, "kmsKeyArn"))


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultLock:
    """A lock of a vault.

    Args:
        min_retention_days: `minRetentionDays`; 0 when unset: any retention will do.
        changeable_for_days: `changeableForDays`: days after which nobody can lift the lock; None when unset, so that
            it can be lifted at any time.

    Source of the defaults: PutBackupVaultLockConfiguration, AWS Backup API reference, read 2026-11-20.
    """

    min_retention_days: int = 0
    changeable_for_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedVault:
    """The lock of a vault.

    Args:
        certain: As `Declared.certain`.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
    """

    certain: tuple[VaultLock, ...] = ()
    possible: tuple[VaultLock, ...] = ()
    looked_up: bool = False


@adapter(types=VAULT, joined=True)
def locked_vault_from_graph(graph: Graph, resource: Resource) -> LockedVault:
    """Build the lock of a vault."""
    found = declared(graph, resource, Carriers(_LOCK, _NAMED, VAULT), lambda _graph, each: _lock(settings_of(each)))
    return LockedVault(certain=found.certain, possible=found.possible, looked_up=found.looked_up)


def _lock(settings: Mapping[str, Value]) -> VaultLock:
    return VaultLock(
        min_retention_days=whole(settings, "minRetentionDays", default=0),
        # Outputs hold 0 where it is not set; AWS Backup takes no less than 3.
        changeable_for_days=lift(whole(settings, "changeableForDays", default=None), lambda days: days or None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedVault:
    """What keeps people from ending the recovery points of a vault.

    Args:
        arn: ARN of the vault.
        locks: How many locks it certainly has, one that is only looked up among them.
        possible_locks: How many locks may be its own.
        certain: Its policies, as `Declared.certain`.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
    """

    arn: str
    locks: int = 0
    possible_locks: int = 0
    certain: tuple[PolicyDocument, ...] = ()
    possible: tuple[PolicyDocument, ...] = ()
    looked_up: bool = False


@adapter(types=VAULT, joined=True)
def guarded_vault_from_graph(graph: Graph, resource: Resource) -> GuardedVault:
    """Build what guards the recovery points of a vault."""
    locks = companions(graph, resource, _LOCK, _NAMED, VAULT)
    found = declared(graph, resource, Carriers(_POLICY, _NAMED, VAULT), _document)
    return GuardedVault(
        arn=_arn(resource),
        locks=len(locks.certain),
        possible_locks=len(locks.possible),
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
    )


def _arn(resource: Resource) -> Any:
    arn = attribute(resource, "arn")
    return UNKNOWN if arn is None else identity({"arn": arn}, "arn")


def _document(_graph: Graph, companion: Resource) -> PolicyDocument:
    return policy_document(settings_of(companion).get("policy"), "policy", parse_resource_policy)
