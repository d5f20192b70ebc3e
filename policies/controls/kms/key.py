"""Controls of KMS keys."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.amounts import amount
from policies.controls.faults import first_fault, found_if
from policies.facts.kms_keys import CopiedKey, GuardedKey, KeyRotation
from policies.facts.policy_documents import PolicyDocument
from policies.iam_document import (
    SOURCE_KEYS,
    Condition,
    Principal,
    PrincipalKind,
    Statement,
    account_of,
    covers,
    is_bound,
    is_public,
    service_principals,
    touches_action,
)
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require, shown, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

_OWN: Final = "111122223333"
ROTATING: Final = KeyRotation(rotates=True)


@control(
    id="KMS.4",
    slug="kms-key-rotation-enabled",
    severity=Severity.MEDIUM,
    requirements=("3.7.4",),
    families=("pci", "encryption"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="Data of all years hangs on one piece of key material, so whatever reveals it reveals everything; and "
    "the assessor who asks when the key was last changed hears: never.",
    remediation="Set enable_key_rotation=True on the aws.kms.Key, and rotation_period_in_days to 365 or less.",
    parameters=("max_key_rotation_days",),
    passes=[
        example("rotates every year, as KMS does by itself", ROTATING),
        example("rotates every quarter", replace(ROTATING, period_days=90)),
    ],
    fails=[
        example("does not rotate", KeyRotation()),
        example("rotates every other year", replace(ROTATING, period_days=730)),
        example("a profile that asks for less than a year", ROTATING, params={"max_key_rotation_days": 180}),
    ],
    unknowns=[
        example("the flag comes later", KeyRotation(rotates=UNKNOWN)),
        example("the period comes later", replace(ROTATING, period_days=UNKNOWN)),
        example("nobody knows what kind of key it is", replace(ROTATING, spec=UNKNOWN)),
    ],
    not_applicable=[
        example("an asymmetric key", KeyRotation(spec="RSA_4096", usage="SIGN_VERIFY")),
        example("an HMAC key", KeyRotation(spec="HMAC_256", usage="GENERATE_VERIFY_MAC")),
        example("a key in a store of its own", KeyRotation(custom_store=True)),
    ],
)
def rotation_enabled(key: KeyRotation, settings: "Settings") -> Verdict:
    """A symmetric key whose material KMS makes is rotated at least once a year.

    enableKeyRotation is true (unset means false) and rotationPeriodInDays, 365 when unset, is at most
    max_key_rotation_days. KMS cannot rotate asymmetric and HMAC keys, nor keys in a custom key store: they are not
    applicable. Replicas and keys with imported material are resources of other types, which it does not speak about,
    and in an account a key that waits for its deletion is none any more.
    """
    if key.spec != "SYMMETRIC_DEFAULT" or key.usage != "ENCRYPT_DECRYPT":
        return not_applicable("KMS rotates symmetric encryption keys only")
    if key.custom_store:
        return not_applicable("KMS does not rotate keys in a custom key store")
    if not key.rotates:
        return fail("the key is not rotated", found="enableKeyRotation false", wanted="true")
    longest = settings.max_key_rotation_days
    found, wanted = f"every {amount(key.period_days, 'day')}", f"every {amount(longest, 'day')} or more often"
    return require(key.period_days <= longest, "the key is rotated too seldom", found=found, wanted=wanted)


_ROOT: Final = (Principal(name=f"arn:aws:iam::{_OWN}:root"),)
_USER: Final = (Principal(name=f"arn:aws:iam::{_OWN}:role/task"),)
ROOT: Final = Statement(principals=_ROOT, actions=("kms:*",), resources=("*",))
USER: Final = replace(ROOT, principals=_USER, actions=("kms:Decrypt",))
SERVICE: Final = replace(
    USER,
    principals=(Principal(kind=PrincipalKind.SERVICE, name="logs.eu-west-1.amazonaws.com"),),
    conditions=(
        Condition(
            operator="ArnLike",
            key="kms:encryptioncontext:aws:logs:arn",
            values=(f"arn:aws:logs:eu-west-1:{_OWN}:log-group:*",),
        ),
    ),
)


def _guarded(*statements: Statement) -> GuardedKey:
    return GuardedKey(account=_OWN, policy=PolicyDocument(statements=statements))


def _of_everyone(key: str, value: str) -> GuardedKey:
    condition = Condition(key=key, values=(value,))
    return _guarded(replace(USER, principals=(Principal(name="*"),), conditions=(condition,)))


@control(
    id="LG-IAM-08",
    slug="kms-key-policy-scoped",
    severity=Severity.HIGH,
    requirements=("3.6.1", "3.7.1", "7.2.5"),
    families=("pci", "identity", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="An administrator of keys who may also use them reads card data without a second person, and a loose "
    "principal lets a whole foreign account decrypt.",
    remediation="In policy of the aws.kms.Key or aws.kms.KeyPolicy name the actions of administrators and of users, "
    "bind Principal * by kms:CallerAccount, and services by kms:EncryptionContext:… or aws:SourceArn.",
    parameters=("account_id",),
    passes=[
        example("the account's root, a user and a service", _guarded(ROOT, USER, SERVICE)),
        example("the policy that KMS writes by itself", GuardedKey(account=_OWN)),
        example("everyone of one account", _of_everyone("kms:calleraccount", _OWN)),
        example("everyone through one service", _of_everyone("kms:viaservice", "s3.eu-west-1.amazonaws.com")),
        example("the root of the profile's account", replace(_guarded(ROOT), account="444455556666"),
                params={"account_id": _OWN}),
        example("a service for one source", _guarded(replace(
            SERVICE, conditions=(Condition(key="aws:sourceaccount", values=(_OWN,)),)))),
    ],
    fails=[
        example("a role that may do everything", _guarded(replace(USER, actions=("kms:*",)))),
        example("a role beside the root", _guarded(replace(ROOT, principals=(*_ROOT, *_USER)))),
        example("the root of another account", _guarded(replace(
            ROOT, principals=(Principal(name="arn:aws:iam::444455556666:root"),)))),
        example("a role that may do everything in other words", _guarded(replace(USER, actions=("kms:?*",)))),
        example("all but some actions, and none of them of KMS", _guarded(replace(
            USER, actions=None, not_actions=("s3:*",)))),
        example("all but one action", _guarded(replace(USER, actions=None, not_actions=("kms:ListKeys",)))),
        example("everyone", _guarded(replace(USER, principals=(Principal(name="*"),)))),
        example("everyone of an organisation", _of_everyone("aws:principalorgid", "o-a1b2c3d4e5")),
        example("everyone through any service", _of_everyone("kms:viaservice", "*")),
        example("a service for anybody", _guarded(replace(SERVICE, conditions=()))),
        example("a service for logs of any account", _guarded(replace(SERVICE, conditions=(replace(
            SERVICE.conditions[0], values=("arn:aws:logs:*:*:*",)),)))),
        example("a policy that KMS would refuse", GuardedKey(
            account=_OWN, policy=PolicyDocument(malformed="it is not JSON"))),
    ],
    unknowns=[
        example("the policy comes later", GuardedKey(account=_OWN, policy=UNKNOWN)),
        example("nobody knows whose root it is", replace(_guarded(ROOT), account=UNKNOWN)),
        example("the condition comes later", _guarded(replace(SERVICE, conditions=UNKNOWN))),
    ],
)  # fmt: skip
def policy_scoped(key: GuardedKey, settings: "Settings") -> Verdict:
    """A key policy keeps administration apart from use, and binds whomever it does not name.

    An Allow statement that holds every action of KMS, or all but those under NotAction, names the root of the key's own
    account alone: that of account_id, or else of the key's ARN. One with Principal `*` or NotPrincipal has a positive
    condition with named values on kms:CallerAccount or kms:ViaService. One with a Service principal has such a
    condition on an encryption context, aws:SourceAccount, aws:SourceArn, aws:SourceOrgID or aws:SourceOrgPaths. Each
    policy is judged where it stands, on a key of any type or as a KeyPolicy. Without one KMS writes its own, which
    trusts the root alone and passes. A policy that KMS would refuse as malformed fails.
    """
    if key.policy is None:
        return PASS

    def fault(statement: Statement) -> str | None:
        if statement.effect != "Allow":
            return None
        return _holds_all(statement, key, settings) or _is_unbound(statement) or _serves_anybody(statement)

    wanted = "named actions, principals and sources"
    return first_fault([key.policy], fault, "a statement of the key policy is too wide", wanted=wanted) or PASS


def _holds_all(statement: Statement, key: GuardedKey, settings: "Settings") -> str | None:
    if not _holds_whatever_is_not_named(statement):
        return None
    named = tuple(statement.principals or ())
    roots = [each for each in named if account_of(each) and each.name.endswith((":root", account_of(each)))]
    if not named or len(roots) < len(named):
        return "every action of KMS to others than the account's root"
    own = settings.account_id or key.account
    return found_if(any(account_of(each) != own for each in roots), "every action of KMS to another account")


_ANY_ACTION: Final = "kms:????*"
"""What every action of KMS matches, of which `Sign` is the shortest, so that `kms:?*` holds them all."""


def _holds_whatever_is_not_named(statement: Statement) -> bool:
    if statement.actions is None:
        return touches_action(statement, _ANY_ACTION)
    return any(covers(each, _ANY_ACTION) for each in statement.actions)


_CALLERS: Final = frozenset({"kms:calleraccount", "kms:viaservice"})


def _is_unbound(statement: Statement) -> str | None:
    return found_if(is_public(statement, _CALLERS), "everyone")


def _serves_anybody(statement: Statement) -> str | None:
    services = service_principals(statement)
    if not services:
        return None
    contexts = {each.key for each in statement.conditions if each.key.startswith("kms:encryptioncontext:")}
    return found_if(not is_bound(statement, SOURCE_KEYS | contexts), f"{', '.join(services)} for anybody")


REPLICATED: Final = CopiedKey(
    multi_region=True, region="us-east-1", replica_regions=("eu-west-1",), copied_stores=("ledger",)
)
_BANKING: Final = {"system": "banking", "regions": ("us-east-1", "eu-west-1")}


@control(
    id="LG-DR-13",
    slug="kms-key-multi-region",
    severity=Severity.MEDIUM,
    requirements=("3.7.2",),
    families=("pci", "resilience", "encryption"),
    source="Demand of the banking system, read 2026-11-20",
    rationale="The copied database arrives in the second Region encrypted under a key that exists only in the first: "
    "the fail-over ends with data nobody can read.",
    remediation="Set multi_region=True on the aws.kms.Key, which replaces it, and add an aws.kms.ReplicaKey with its "
    "ARN in every other Region of the system.",
    parameters=("system", "multi_region_key_systems", "regions"),
    passes=[example("a replica in the other Region", REPLICATED, _BANKING)],
    fails=[
        example("a key of one Region", replace(REPLICATED, multi_region=False, replica_regions=()), _BANKING),
        example("no replica", replace(REPLICATED, replica_regions=()), _BANKING),
        example("a Region without", REPLICATED, {**_BANKING, "regions": ("us-east-1", "eu-west-1", "eu-central-1")}),
    ],
    unknowns=[
        example("the flag comes later", replace(REPLICATED, multi_region=UNKNOWN), _BANKING),
        example("nobody knows whose the replica is", replace(REPLICATED, replica_regions=(UNKNOWN,)), _BANKING),
        example("nobody knows which key a store uses", replace(REPLICATED, copied_stores=UNKNOWN), _BANKING),
        example("the profile names no Region", REPLICATED, {**_BANKING, "regions": ()}),
    ],
    not_applicable=[
        example("another system", REPLICATED, {**_BANKING, "system": "payments"}),
        example("no copied store uses it", replace(REPLICATED, copied_stores=()), _BANKING),
    ],
)
def multi_region(key: CopiedKey, settings: "Settings") -> Verdict:
    """The key of a store that is copied to other Regions is there in each of them.

    Speaks about the systems in multi_region_key_systems and one without a name, and in them about keys that a copied
    store of the stack names: a DynamoDB table or a secret with replicas, a member of an Aurora global database, a
    bucket with replication. Such a key has multiRegion true (unset means false) and a ReplicaKey in every other Region
    of `regions`; without any it is undecided. Keys of regional stores are not applicable.
    """
    systems, regions = settings.multi_region_key_systems, settings.regions
    if settings.system and settings.system not in systems:
        return not_applicable("the system's copied stores need no key in other Regions")
    if not key.copied_stores:
        return not_applicable("no store that is copied to other Regions uses the key")
    if not key.multi_region:
        stores = shown(tuple(key.copied_stores))
        return fail("a copied store uses a key of one Region", found=f"multiRegion false, {stores}", wanted="true")
    if not regions:
        return undecided("the profile names no Regions, so nobody knows where the key should be")
    missing = tuple(_missing(key, regions))
    return require(not missing, "the key is not there in every Region", found=f"none in {shown(missing)}", wanted="all")


def _missing(key: CopiedKey, regions: tuple[str, ...]) -> Iterator[str]:
    present = {key.region, *key.replica_regions}
    return (region for region in regions if region not in present)
