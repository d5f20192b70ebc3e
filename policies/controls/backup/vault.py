"""Controls of backup vaults."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity, Status
from policies.amounts import amount
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.controls.settled import settled
from policies.facts.arns import parse_arn
from policies.facts.backup.vaults import GuardedVault, LockedVault, VaultEncryption, VaultLock
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.policy_documents import PolicyDocument
from policies.iam_document import Condition, Principal, Statement, exempt_from_denial
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, undecided
from policies.vocabulary import EnvironmentClass

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "Demand of the banking and payments systems, read 2026-11-20"

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="us-west-2")
ENCRYPTED: Final = VaultEncryption(region="us-west-2", kms_key=KEY)


@control(
    id="LG-ENC-14",
    slug="backup-vault-encrypted-with-customer-key",
    severity=Severity.MEDIUM,
    requirements=("3.5.1", "8.3.2"),
    families=("pci", "encryption", "backup"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Recovery points are whole databases: under the default key most cannot be copied to an account out of "
    "an intruder's reach, and no key policy of yours forbids a restore.",
    remediation="Set kms_key_arn of the aws.backup.Vault to a customer managed key of the vault's own Region.",
    passes=[example("a customer's key of its Region", ENCRYPTED)],
    fails=[
        example("no key", replace(ENCRYPTED, kms_key=None)),
        example("the key that AWS manages", replace(ENCRYPTED, kms_key=replace(KEY, manager=KeyManager.AWS))),
        example("a key of another Region", replace(ENCRYPTED, region="us-east-1")),
    ],
    unknowns=[
        example("the key comes later", replace(ENCRYPTED, kms_key=UNKNOWN)),
        example("nobody knows the key's Region", replace(ENCRYPTED, kms_key=replace(KEY, region=UNKNOWN))),
        example("a key that is only looked up", replace(ENCRYPTED, kms_key=replace(KEY, manager=KeyManager.UNSEEN))),
        example("no name of a key", replace(ENCRYPTED, kms_key=replace(KEY, manager=KeyManager.UNREADABLE))),
    ],
)
def vault_under_customer_key(vault: VaultEncryption) -> Verdict:
    """Recovery points are encrypted with a key that the customer manages in the Region where they are.

    kmsKeyArn of the vault, also of one that takes copies, names a key of the vault's Region that is not AWS's own;
    unset AWS Backup takes alias/aws/backup. A key of which only the account can tell more is undecided.
    """
    key = vault.kms_key
    problem = without_customer_key(key, "kmsKeyArn")
    if problem is not None or key is None:
        return problem or PASS
    if key.region != vault.region:
        return fail("its key is not of its Region", found=key.region, wanted=vault.region)
    return open_about_key(key, "kmsKeyArn") or PASS


_LOCK: Final = VaultLock(min_retention_days=30, changeable_for_days=3)
LOCKED: Final = LockedVault(certain=(_LOCK,))
_PROD: Final[dict[str, Any]] = {"environment_class": EnvironmentClass.PROD}
_STAGING: Final[dict[str, Any]] = {"environment_class": EnvironmentClass.STAGING}
_FOR_A_WHILE: Final[dict[str, Any]] = {"destroyable": True, "environment_class": EnvironmentClass.DEV}


@control(
    id="LG-RET-08",
    slug="backup-vault-locked",
    severity=Severity.MEDIUM,
    requirements=("10.3.4", "10.5.1"),
    families=("pci", "retention", "backup"),
    source=_SOURCE,
    rationale="Whoever takes over an administrator deletes all backups before asking for ransom; a locked vault would "
    "have refused it even to the root user.",
    remediation="Add an aws.backup.VaultLockConfiguration for the vault with min_retention_days of min_backup_days or "
    "more, and in production with changeable_for_days.",
    parameters=("destroyable", "environment_class", "min_backup_days"),
    passes=[
        example("locked for good", LOCKED, _PROD),
        example(
            "a lock that can be lifted, below production",
            LockedVault(certain=(replace(_LOCK, changeable_for_days=None),)),
            _STAGING,
        ),
    ],
    fails=[
        example("no lock", LockedVault(), _PROD),
        example("a lock that can be lifted", LockedVault(certain=(replace(_LOCK, changeable_for_days=None),)), _PROD),
        example("a lock for shorter than backups are kept", LOCKED, _PROD | {"min_backup_days": 2557}),
        example("a lock for any time", LockedVault(certain=(replace(_LOCK, min_retention_days=0),)), _PROD),
        example("one of two locks", LockedVault(certain=(_LOCK, replace(_LOCK, min_retention_days=7))), _PROD),
        example("destroyable, but of class prod", LockedVault(), _PROD | {"destroyable": True}),
    ],
    unknowns=[
        example("the days come later", LockedVault(certain=(replace(_LOCK, min_retention_days=UNKNOWN),)), _PROD),
        example("a lock whose vault is not known", LockedVault(possible=(_LOCK,)), _PROD),
        example("a lock that is only looked up", LockedVault(looked_up=True), _PROD),
    ],
    not_applicable=[example("an environment that is made to be destroyed", LockedVault(), _FOR_A_WHILE)],
)
def vault_locked(vault: LockedVault, settings: "Settings") -> Verdict:
    """Nobody can end recovery points before their time, or keep new ones shorter.

    Each VaultLockConfiguration for the vault has minRetentionDays of min_backup_days or more, and in class prod
    changeableForDays, after which the lock cannot be lifted any more; a vault without one fails. Stacks that are
    destroyable are not applicable, unless they are of class prod. A lock that is only looked up is undecided. In an
    account the day on which a lock becomes final is as good as changeableForDays.
    """
    is_prod = settings.environment_class is EnvironmentClass.PROD
    floor = settings.min_backup_days
    if settings.destroyable and not is_prod:
        return not_applicable("its stack is made to be destroyed")

    def fault(lock: Any) -> Verdict | None:
        days = lock.min_retention_days
        if days < floor:
            return fail(
                "its lock lets recovery points end too early",
                found=amount(days, "day"),
                wanted=f"{amount(floor, 'day')} or more",
            )
        if is_prod and lock.changeable_for_days is None:
            return fail("its lock can be lifted at any time", found="no changeableForDays", wanted="3 or more")
        return None

    return settled(
        vault, "lock", fault, fail("it is not locked", found="no lock", wanted=f"{amount(floor, 'day')} or more")
    )


_GUARDED: Final = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle")
"""Actions on recovery points, whose ARNs nobody knows beforehand."""
_OPENING: Final = "backup:PutBackupVaultAccessPolicy"
_OWN_ROLE: Final = "role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
_ARN: Final = "arn:aws:backup:us-east-1:111122223333:backup-vault:ledger"
_DENIAL: Final = Statement(
    effect="Deny", principals=(Principal(name="*"),), actions=(*_GUARDED, _OPENING), resources=("*",)
)


def _guarded_by(*statements: Statement) -> GuardedVault:
    return GuardedVault(arn=_ARN, certain=(PolicyDocument(statements=statements),))


def _sparing(*arns: str) -> Statement:
    return replace(_DENIAL, conditions=(Condition(operator="ArnNotEquals", key="aws:principalarn", values=arns),))


_ROLE: Final = "arn:aws:iam::111122223333:role/jobs/ledger-backup"
_ROLES: Final[dict[str, Any]] = {"recovery_point_roles": ("ledger-backup",), "account_id": "111122223333"}


@control(
    id="LG-DR-05",
    slug="backup-vault-recovery-points-guarded",
    severity=Severity.MEDIUM,
    requirements=("7.2.5", "10.3.2"),
    families=("pci", "backup", "identity"),
    source=_SOURCE,
    rationale="A ransomware crew ends the recovery points first and encrypts the databases afterwards; an operator "
    "with ordinary backup rights is all that it needs.",
    remediation="Deny backup:DeleteRecoveryPoint, backup:UpdateRecoveryPointLifecycle and "
    "backup:PutBackupVaultAccessPolicy on * to Principal * in an aws.backup.VaultPolicy, but for the roles that the "
    "profile lists in recovery_point_roles; or lock the vault with an aws.backup.VaultLockConfiguration.",
    parameters=("account_id", "recovery_point_roles"),
    passes=[
        example("denied to everybody", _guarded_by(_DENIAL)),
        example("denied to all but a role of the profile", _guarded_by(_sparing(_ROLE)), _ROLES),
        example("denied to all but AWS Backup itself", _guarded_by(_sparing(f"arn:aws:iam::111122223333:{_OWN_ROLE}"))),
        example(
            "in two statements",
            _guarded_by(replace(_DENIAL, actions=_GUARDED), replace(_DENIAL, actions=(_OPENING,), resources=(_ARN,))),
        ),
        example("locked", GuardedVault(arn=_ARN, locks=1)),
    ],
    fails=[
        example("neither policy nor lock", GuardedVault(arn=_ARN)),
        example("the policy can be replaced", _guarded_by(replace(_DENIAL, actions=_GUARDED))),
        example("the vault instead of its recovery points", _guarded_by(replace(_DENIAL, resources=(_ARN,)))),
        example("a role that the profile does not list", _guarded_by(_sparing(_ROLE))),
        example("a role of another account", _guarded_by(_sparing(_ROLE)), _ROLES | {"account_id": "444455556666"}),
        example("every role", _guarded_by(_sparing("arn:aws:iam::111122223333:role/*")), _ROLES),
        example(
            "a policy that AWS Backup would refuse",
            replace(_guarded_by(), certain=(PolicyDocument(malformed="no JSON"),)),
        ),
        example(
            "one of two policies",
            replace(_guarded_by(_DENIAL), certain=(PolicyDocument(statements=(_DENIAL,)), PolicyDocument())),
        ),
    ],
    unknowns=[
        example("the policy comes later", replace(_guarded_by(), certain=(PolicyDocument(statements=UNKNOWN),))),
        example("a policy whose vault is not known", GuardedVault(arn=_ARN, possible=_guarded_by(_DENIAL).certain)),
        example("a policy that is only looked up", GuardedVault(arn=_ARN, looked_up=True)),
        example("a lock whose vault is not known", GuardedVault(arn=_ARN, possible_locks=1)),
    ],
)
def recovery_points_guarded(vault: GuardedVault, settings: "Settings") -> Verdict:
    """Recovery points cannot be ended early by whoever may work with backups.

    The vault is locked; or Deny statements of each policy for it hold for Principal *, for backup:DeleteRecoveryPoint
    and backup:UpdateRecoveryPointLifecycle on *, since recovery points have ARNs of their own, and for
    backup:PutBackupVaultAccessPolicy on * or the vault. They may spare, by NotPrincipal or a condition on
    aws:PrincipalArn, AWS Backup's service-linked role and the roles of recovery_point_roles of the own account,
    written out. A policy that is only looked up is undecided.
    """
    own_account, roles = settings.account_id, settings.recovery_point_roles
    if vault.locks:
        return PASS

    def is_exempt(arn: str) -> bool:
        parsed = parse_arn(arn)
        if parsed is None or parsed.service != "iam" or (own_account and parsed.account != own_account):
            return False
        is_role = parsed.resource.startswith("role/") and parsed.resource.rpartition("/")[2] in roles
        return parsed.resource == _OWN_ROLE or is_role

    def fault(document: Any) -> Verdict | None:
        if document.malformed:
            return fail(f"its policy is none that AWS Backup takes: {document.malformed}")
        for action in (*_GUARDED, _OPENING):
            denials = [spared for each in document.statements if (spared := _spared(each, action, vault)) is not None]
            others = [[each for each in spared if not is_exempt(each)] for spared in denials]
            if not denials:
                return fail("its policy does not guard recovery points", found=f"no denial of {action}", wanted="Deny")
            # Every denial counts, so one that spares nobody else is enough.
            if all(others):
                return fail(f"its policy spares others from the denial of {action}", found=others[0], wanted=roles)
        return None

    absent = fail("nothing guards its recovery points", found="neither policy nor lock", wanted="a denial, or a lock")
    verdict = settled(vault, "policy", fault, absent)
    if verdict.status is Status.FAIL and vault.possible_locks:
        return undecided("whose a lock is, is not known; it may be its own")
    return verdict


def _spared(statement: Any, action: str, vault: Any) -> tuple[str, ...] | None:
    """Return whom a statement spares from the denial of an action; None where it does not deny it."""
    spared = exempt_from_denial(statement, action, "*")
    if spared is None and action == _OPENING:
        return exempt_from_denial(statement, action, vault.arn)
    return spared
