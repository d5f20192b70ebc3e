"""Controls of secrets: their key, their copies and their rotation."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity, Stage, Status
from policies.amounts import amount
from policies.controls.customer_keys import REACH, open_about_key, without_customer_key
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.secrets import RotatedSecret, Rotation, SecretReplica, StoredSecret
from policies.model import PASS, UNKNOWN, Verdict, control, deferred, example, fail, not_applicable, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

SECURITY_HUB: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"
KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="us-east-1")
AWS_KEY: Final = replace(KEY, manager=KeyManager.AWS)
THERE: Final = SecretReplica(region="eu-west-1", kms_key_id=replace(KEY, region="eu-west-1"))
STORED: Final = StoredSecret(region="us-east-1", kms_key_id=KEY)
COPIED: Final = replace(STORED, replicas=(THERE,))


@control(
    id="LG-ENC-12",
    slug="secretsmanager-secret-encrypted-with-customer-key",
    severity=Severity.MEDIUM,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Whoever gets secretsmanager:GetSecretValue by a wide policy has the password; with a key of your own, "
    "its policy is a second lock that has to open, too.",
    remediation="Set kms_key_id of the aws.secretsmanager.Secret to a customer managed key, and in each of its "
    "replicas to one of the replica's Region.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach=REACH,
    passes=[example("a customer's key", STORED), example("one for each copy", COPIED)],
    fails=[
        example("no key", replace(STORED, kms_key_id=None)),
        example("the key that AWS manages", replace(STORED, kms_key_id=AWS_KEY)),
        example("a copy without a key", replace(COPIED, replicas=(THERE, SecretReplica(region="eu-west-2")))),
        example(
            "a copy under the key that AWS manages", replace(STORED, replicas=(replace(THERE, kms_key_id=AWS_KEY),))
        ),
    ],
    unknowns=[
        example("the key comes later", replace(STORED, kms_key_id=UNKNOWN)),
        example("the copies come later", replace(STORED, replicas=UNKNOWN)),
        example("no name of a key", replace(STORED, kms_key_id=replace(KEY, manager=KeyManager.UNREADABLE))),
    ],
)
def secret_under_customer_key(secret: StoredSecret) -> Verdict:
    """A secret and each of its copies is encrypted with a key that the customer manages.

    kmsKeyId of the secret and of each entry of replicas names a key that is not AWS's own, alias/aws/secretsmanager; an
    unset one means that key. A key of which only the account can tell more is left to the audit.
    """
    keys = (secret.kms_key_id, *(each.kms_key_id for each in secret.replicas))
    problems = (without_customer_key(key, "kmsKeyId") for key in keys)
    return next(filter(None, problems), None) or _gravest(open_about_key(key, "kmsKeyId") for key in keys) or PASS


def _gravest(verdicts: Iterator[Verdict | None]) -> Verdict | None:
    """Return one that blocks before one that is left to the audit."""
    found = [each for each in verdicts if each is not None]
    return min(found, key=lambda each: each.status is Status.DEFERRED, default=None)


REPLICATED: Final[dict[str, Any]] = {"system": "banking", "regions": ("us-east-1", "eu-west-1")}


@control(
    id="LG-DR-14",
    slug="secretsmanager-secret-replicated",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("resilience",),
    source="Demand of the banking system, read 2026-11-20",
    rationale="The application starts in the second Region, asks for its database password and gets nothing; the "
    "fail-over stalls while the secret store of the first is down.",
    remediation="Give the aws.secretsmanager.Secret an entry in replicas for each other Region of the system.",
    parameters=("replicated_secret_systems", "system", "regions"),
    passes=[example("a copy in each other Region", COPIED, REPLICATED)],
    fails=[
        example("no copy", STORED, REPLICATED),
        example("a Region is missing", COPIED, REPLICATED | {"regions": ("us-east-1", "eu-west-1", "ap-southeast-1")}),
        example("a copy elsewhere", replace(STORED, replicas=(replace(THERE, region="eu-west-2"),)), REPLICATED),
    ],
    unknowns=[
        example("the copies come later", replace(STORED, replicas=UNKNOWN), REPLICATED),
        example("the profile names no Regions", COPIED, {"system": "banking"}),
    ],
    not_applicable=[
        example("another system", STORED, {"system": "payments", "regions": ("us-east-1", "us-west-2")}),
        example("a system in one Region", STORED, {"system": "banking", "regions": ("us-east-1",)}),
    ],
)
def secret_replicated(secret: StoredSecret, settings: "Settings") -> Verdict:
    """A secret is there in each Region that may have to take over.

    In the systems of replicated_secret_systems, replicas holds an entry for each Region of the stack but the secret's
    own. Other systems, and stacks in one Region, are not applicable; a profile without Regions leaves it undecided.
    """
    if settings.system not in settings.replicated_secret_systems:
        return not_applicable("its system does not fail over with its secrets")
    if not settings.regions:
        return undecided("the profile names no Regions")
    others = [region for region in settings.regions if region != secret.region]
    if not others:
        return not_applicable("its system has no other Region")
    there = [each.region for each in secret.replicas]
    missing = [region for region in others if region not in there]
    return require(not missing, "a Region of the system has no copy of it", found=there, wanted=others)


MONTHLY: Final = RotatedSecret(rotations=(Rotation(longest_days=30),))
HELD: Final[dict[str, Any]] = {"unrotated_secret_classes": ("connection-details",)}
DETAILS: Final = RotatedSecret(class_tag="connection-details")


@control(
    id="SecretsManager.1",
    slug="secretsmanager-secret-rotation-enabled",
    severity=Severity.MEDIUM,
    requirements=("8.6.3", "8.3.9"),
    families=("pci", "identity"),
    source=SECURITY_HUB,
    rationale="A password that leaked two years ago in a log or a laptop still opens the database today, and nobody "
    "dares to change it by hand.",
    remediation="Create an aws.secretsmanager.SecretRotation for the secret, with a rotation function and "
    "rotation_rules. A secret that holds no credential is tagged SecretClass with a class that the profile lists.",
    parameters=("max_secret_rotation_days", "unrotated_secret_classes"),
    passes=[
        example("rotated each month", MONTHLY),
        example("as seldom as allowed", RotatedSecret(rotations=(Rotation(longest_days=90),))),
        example("a service owns it", RotatedSecret(owned=True)),
    ],
    fails=[
        example("no rotation", RotatedSecret()),
        example("a class that the profile does not list", DETAILS),
        example("switched off", RotatedSecret(rotations=(Rotation(enabled=False),))),
        example("too seldom", RotatedSecret(rotations=(Rotation(longest_days=91),))),
        example(
            "two, one of which is too seldom",
            replace(MONTHLY, rotations=(*MONTHLY.rotations, Rotation(longest_days=365))),
        ),
    ],
    unknowns=[
        example("a rotation that may be its own", RotatedSecret(maybe_rotated=True)),
        example("a rotation that is only looked up", RotatedSecret(rotation_read=True)),
        example("the interval comes later", RotatedSecret(rotations=(Rotation(longest_days=UNKNOWN),))),
        example("a schedule that nobody understands", RotatedSecret(rotations=(Rotation(),))),
    ],
    not_applicable=[example("holds no credential", DETAILS, HELD)],
)
def rotation_enabled(secret: RotatedSecret, settings: "Settings") -> Verdict:
    """A secret is rotated by itself.

    A SecretRotation names it, is not switched off, and waits at most max_secret_rotation_days; with several, all of
    them. A secret that a service owns is rotated by that service. One whose tag SecretClass is among
    unrotated_secret_classes holds no credential and is not applicable. A rotation of which nobody knows for which
    secret it is, one that is only looked up and a schedule that is not understood leave it undecided.
    """
    if secret.class_tag in settings.unrotated_secret_classes:
        return not_applicable("it holds no credential")
    if secret.owned:
        return PASS
    if not secret.rotations:
        if secret.maybe_rotated or secret.rotation_read:
            return undecided("nobody knows the rules of its rotation, or whether it has one")
        return fail("nothing rotates it", found="no SecretRotation", wanted="a rotation")
    return _too_seldom(secret.rotations, settings) or PASS


def _too_seldom(rotations: Any, settings: "Settings") -> Verdict | None:
    most = settings.max_secret_rotation_days
    open_: Verdict | None = None
    for each in rotations:
        if not each.enabled:
            return fail("its rotation is switched off", found="rotationEnabled false", wanted="true")
        days = each.longest_days
        if days is None:
            open_ = undecided("nobody knows how long its rotation waits")
        elif days > most:
            return fail(
                "its rotation waits too long", found=amount(days, "day"), wanted=f"{amount(most, 'day')} or less"
            )
    return open_


@control(
    id="SecretsManager.4",
    slug="secretsmanager-secret-recently-rotated",
    severity=Severity.MEDIUM,
    requirements=("8.6.3", "8.3.9"),
    families=("pci", "identity"),
    source=SECURITY_HUB,
    rationale="The rotation is configured but has been failing for months; people who left and old backups still know "
    "a password that works.",
    remediation="Set rotation_rules of the aws.secretsmanager.SecretRotation to an interval within the limit, and "
    "see to it that the rotation function succeeds.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="the day of the last rotation, where nothing in the stack rotates the secret",
    parameters=("max_secret_rotation_days", "unrotated_secret_classes"),
    passes=[
        example("rotated each month", MONTHLY),
        example("rotated by hand in time", RotatedSecret(days_since_rotation=90)),
    ],
    fails=[
        example("rotated too long ago", replace(MONTHLY, days_since_rotation=91)),
        example("an interval that is too long", RotatedSecret(rotations=(Rotation(longest_days=120),))),
    ],
    unknowns=[
        example("the interval comes later", RotatedSecret(rotations=(Rotation(longest_days=UNKNOWN),))),
        example("nobody read the day", replace(MONTHLY, days_since_rotation=UNKNOWN)),
    ],
    not_applicable=[example("holds no credential", DETAILS, HELD)],
)
def recently_rotated(secret: RotatedSecret, settings: "Settings") -> Verdict:
    """A secret was rotated not long ago.

    The last rotation, or the creation of a secret that never had one, is at most max_secret_rotation_days ago. Before
    deployment the rules of its SecretRotation must not allow more; a secret without one is left to the audit, since
    somebody may rotate it by hand. A secret whose tag SecretClass is among unrotated_secret_classes is not applicable.
    """
    if secret.class_tag in settings.unrotated_secret_classes:
        return not_applicable("it holds no credential")
    days, most = secret.days_since_rotation, settings.max_secret_rotation_days
    if days is not None:
        return require(
            days <= most,
            "it was rotated too long ago",
            found=amount(days, "day"),
            wanted=f"{amount(most, 'day')} or less",
        )
    if not secret.rotations:
        return deferred(Stage.RUN, "nothing here rotates it, so only the account shows when it was rotated")
    return _too_seldom(secret.rotations, settings) or PASS
