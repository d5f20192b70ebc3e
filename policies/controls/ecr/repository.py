"""Controls of ECR repositories."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.controls.settled import gravest
from policies.facts.ecr import (
    ImageEncryption,
    RepositoryEncryption,
    RepositoryScans,
    RepositoryTags,
    ScanRule,
    filter_matches,
)
from policies.facts.kms import KeyManager, KeyUse
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, require

if TYPE_CHECKING:
    from policies.settings import Settings

_SYSTEMS: Final = "Demand of the banking, payments and fraud systems, read 2026-11-20"

_UNSCANNED: Final = RepositoryScans(name="bank/api")
_RULE: Final = ScanRule(frequency="SCAN_ON_PUSH", filters=("bank/*",))
_SCANNING: Final = frozenset({"CONTINUOUS_SCAN", "SCAN_ON_PUSH"})


@control(
    id="ECR.1",
    slug="ecr-repository-scanned-on-push",
    severity=Severity.HIGH,
    requirements=("6.2.3", "6.2.4"),
    families=("pci", "supply-chain"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="An image with a library whose exploit is already public is deployed like any other, since nothing "
    "looked at it between the build and production.",
    remediation="Set image_scanning_configuration.scan_on_push of the aws.ecr.Repository to True, or give an "
    "aws.ecr.RegistryScanningConfiguration of its Region a rule whose filter matches it.",
    passes=[
        example("by itself", replace(_UNSCANNED, scan_on_push=True)),
        example("by a rule of the registry", replace(_UNSCANNED, rules=(_RULE,))),
        example("all the time", replace(_UNSCANNED, rules=(replace(_RULE, frequency="CONTINUOUS_SCAN"),))),
        example("by a part of its name", replace(_UNSCANNED, rules=(replace(_RULE, filters=("api",)),))),
        example(
            "by the second filter",
            replace(
                _UNSCANNED,
                rules=(
                    replace(
                        _RULE,
                        filters=("web*", "*"),
                    ),
                ),
            ),
        ),
    ],
    fails=[
        example("by nothing", _UNSCANNED),
        example("when somebody asks", replace(_UNSCANNED, rules=(replace(_RULE, frequency="MANUAL"),))),
        example("a rule for others", replace(_UNSCANNED, rules=(replace(_RULE, filters=("web*", "*bank")),))),
        example("a rule without filters", replace(_UNSCANNED, rules=(replace(_RULE, filters=()),))),
    ],
    unknowns=[
        example("the flag comes later", replace(_UNSCANNED, scan_on_push=UNKNOWN)),
        example("the rules come later", replace(_UNSCANNED, rules=(UNKNOWN,))),
    ],
)
def scanned_on_push(repository: RepositoryScans) -> Verdict:
    """A repository scans every image that is pushed to it.

    imageScanningConfiguration.scanOnPush is true, false when unset; or a rule of a registry scanning configuration that
    the stack makes in the repository's Region has scanFrequency SCAN_ON_PUSH or CONTINUOUS_SCAN and a filter that
    matches its name. A filter without * matches every name that holds it. In an account the rules are those that its
    registry has in the Region.
    """
    if repository.scan_on_push:
        return PASS
    for rule in repository.rules:
        if rule.frequency in _SCANNING and any(filter_matches(each, repository.name) for each in rule.filters):
            return PASS
    return fail("nothing scans its images", found="scanOnPush false, and no rule", wanted="scanOnPush true")


_KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
_ENCRYPTION: Final = ImageEncryption(type="KMS", kms_key=_KEY)
_KMS: Final = frozenset({"KMS", "KMS_DSSE"})


def _with(**changes: object) -> RepositoryEncryption:
    return RepositoryEncryption(configurations=(replace(_ENCRYPTION, **changes),))  # type: ignore[arg-type]  # fields by name


@control(
    id="LG-ENC-13",
    slug="ecr-repository-encrypted-with-customer-key",
    severity=Severity.MEDIUM,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption", "supply-chain"),
    source=_SYSTEMS,
    rationale="Images hold code and often configuration; in a breach a key of your own can be disabled so that nobody "
    "pulls them, while one of AWS's can neither be disabled nor bound.",
    remediation="Give the aws.ecr.Repository an entry in encryption_configurations with encryption_type='KMS' and "
    "kms_key of a customer managed key.",
    passes=[
        example("a customer's key", _with()),
        example("two layers of encryption", _with(type="KMS_DSSE")),
    ],
    fails=[
        example("no configuration", RepositoryEncryption()),
        example("the service's own key", _with(type="AES256", kms_key=None)),
        example("no key named", _with(kms_key=None)),
        example("the key that AWS manages", _with(kms_key=replace(_KEY, manager=KeyManager.AWS))),
    ],
    unknowns=[
        example("the configurations come later", RepositoryEncryption(configurations=UNKNOWN)),
        example("the key comes later", _with(kms_key=UNKNOWN)),
        example("a key that is looked up", _with(kms_key=replace(_KEY, manager=KeyManager.UNSEEN))),
    ],
)
def encrypted_with_customer_key(repository: RepositoryEncryption) -> Verdict:
    """A repository encrypts its images under a key that the customer manages.

    Each of encryptionConfigurations has encryptionType KMS or KMS_DSSE and a kmsKey that AWS does not manage; without
    one ECR takes AES256, and KMS without a kmsKey means the key that AWS manages. A key of which only the account can
    tell more is undecided.
    """
    found = [_fault(each) or PASS for each in repository.configurations]
    return gravest(*found) if found else _bare("no encryptionConfigurations, so AES256")


def _fault(encryption: ImageEncryption) -> Verdict | None:
    if encryption.type not in _KMS:
        return _bare(f"encryptionType {encryption.type}")
    return without_customer_key(encryption.kms_key, "kmsKey") or open_about_key(encryption.kms_key, "kmsKey")


def _bare(found: str) -> Verdict:
    return fail("no customer managed key encrypts its images", found=found, wanted="KMS with a kmsKey")


_FIXED: Final = RepositoryTags(mutability="IMMUTABLE")
_CACHE: Final = RepositoryTags(mutability="IMMUTABLE_WITH_EXCLUSION", exclusions=("cache-*",))


@control(
    id="LG-SUP-01",
    slug="ecr-repository-tags-immutable",
    severity=Severity.MEDIUM,
    requirements=("6.3.2", "6.5.1"),
    families=("pci", "supply-chain"),
    source=_SYSTEMS,
    rationale="Somebody with push rights puts a changed image under the tag that was tested and approved, and the "
    "next restart runs it in production.",
    remediation="Set image_tag_mutability of the aws.ecr.Repository to IMMUTABLE.",
    parameters=("mutable_tag_filters",),
    passes=[
        example("no tag moves", _FIXED),
        example("only those move that the profile names", _CACHE, {"mutable_tag_filters": ("cache-*",)}),
    ],
    fails=[
        example("the default", RepositoryTags()),
        example("every tag but some moves", RepositoryTags(mutability="MUTABLE_WITH_EXCLUSION", exclusions=("v*",))),
        example("an exclusion that nobody allowed", _CACHE),
        example(
            "one exclusion too many",
            replace(_CACHE, exclusions=("cache-*", "*")),
            {"mutable_tag_filters": ("cache-*",)},
        ),
    ],
    unknowns=[
        example("the mode comes later", RepositoryTags(mutability=UNKNOWN)),
        example("the exclusions come later", replace(_CACHE, exclusions=UNKNOWN)),
    ],
)
def tags_immutable(repository: RepositoryTags, settings: "Settings") -> Verdict:
    """A tag of a repository never moves to another image.

    imageTagMutability is IMMUTABLE, or IMMUTABLE_WITH_EXCLUSION where mutable_tag_filters names the filter of each of
    imageTagMutabilityExclusionFilters; unset means MUTABLE.
    """
    allowed = settings.mutable_tag_filters
    if repository.mutability == "IMMUTABLE_WITH_EXCLUSION":
        loose = [each for each in repository.exclusions if each not in allowed]
        return require(not loose, "tags of it may move", found=loose, wanted=allowed or "no exclusion")
    mode = repository.mutability
    return require(mode == "IMMUTABLE", "tags of it may move", found=mode, wanted="IMMUTABLE")
