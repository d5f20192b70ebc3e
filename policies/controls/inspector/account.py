"""Controls of what Amazon Inspector scans."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity, Stage
from policies.controls.account_wide import REACH, ShownOn, in_every_region
from policies.facts.vulnerability_scans import Scanning, VulnerabilityScans
from policies.model import PASS, UNKNOWN, Verdict, control, example

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"
_EARLIER: Final = (Stage.DESIGN, Stage.DEPLOY)
_ACCOUNT: Final = "111122223333"
_ONE: Final[dict[str, Any]] = {"regions": ("us-east-1",), "account_id": _ACCOUNT}
_TWO: Final[dict[str, Any]] = _ONE | {"regions": ("us-east-1", "us-west-2")}
_PARAMETERS: Final = ("account_id", "regions")


def _examples(kind: str) -> ShownOn:
    """Return what each of the controls is shown on."""
    here = Scanning(region="us-east-1", account_ids=(_ACCOUNT,), resource_types=("EKS", kind))
    there = replace(here, region="us-west-2")
    stack = VulnerabilityScans(regions=("us-east-1",), scans=(here,))
    account = replace(stack, read_in="us-east-1")
    return {
        "passes": [
            example("switched on", stack, _ONE),
            example("switched on in each Region", replace(stack, scans=(here, there)), _TWO),
            example("the stack's own Regions count where the profile names none", stack, {"account_id": _ACCOUNT}),
            example("on in the account", account, _ONE),
        ],
        "fails": [
            example("off in the account", replace(account, scans=(replace(here, resource_types=("EKS",)),)), _ONE),
            example("nothing on in the account", VulnerabilityScans(read_in="us-east-1"), _ONE),
            example("on for another account", replace(account, scans=(replace(here, account_ids=("1" * 12,)),)), _ONE),
        ],
        "unknowns": [
            example(
                "what is scanned comes later", replace(stack, scans=(replace(here, resource_types=UNKNOWN),)), _ONE
            ),
            example("for whom comes later", replace(stack, scans=(replace(here, account_ids=UNKNOWN),)), _ONE),
            example("no Region is known", VulnerabilityScans(), _ONE | {"regions": ()}),
        ],
        "not_applicable": [
            example("a Region that the profile does not name", VulnerabilityScans(read_in="eu-west-1"), _ONE)
        ],
    }


def _scanned(scans: Any, settings: "Settings", kind: str) -> Verdict:
    account = settings.account_id

    def in_region(region: str) -> Verdict | None:
        here = [each for each in scans.scans if each.region == region]
        own = [each for each in here if not account or account in each.account_ids]
        # An enabler that leaves a type out may have another one beside it, in another stack.
        return PASS if any(kind in each.resource_types for each in own) else None

    return in_every_region(scans, settings.regions, in_region, "Inspector does not scan it", f"{kind} scanned")


def _remediation(kind: str) -> str:
    return f'Add "{kind}" to resource_types of an aws.inspector2.Enabler for the account in each of its Regions.'


@control(
    id="Inspector.1",
    slug="inspector-account-ec2-scanned",
    severity=Severity.HIGH,
    requirements=("11.3.1",),
    families=("pci", "supply-chain"),
    source=_SOURCE,
    rationale="A machine goes on with a kernel or OpenSSL flaw for months because patching missed it, and the "
    "assessor asks in vain for scans that show when it was mended.",
    remediation=_remediation("EC2"),
    deferrable=_EARLIER,
    reach=REACH,
    parameters=_PARAMETERS,
    **_examples("EC2"),
)
def ec2_scanned(scans: VulnerabilityScans, settings: "Settings") -> Verdict:
    """Inspector scans EC2 instances in every Region of the system.

    In each of the regions of the profile, or of the stack where that names none, an Enabler for the account lists EC2
    in resourceTypes. A Region in which none of the stack does is left to the audit, which asks Inspector.
    """
    return _scanned(scans, settings, "EC2")


@control(
    id="Inspector.2",
    slug="inspector-account-ecr-scanned",
    severity=Severity.HIGH,
    requirements=("11.3.1",),
    families=("pci", "supply-chain"),
    source=_SOURCE,
    rationale="An image that was clean on the day of the build has a critical hole a month later and still runs; "
    "without continuous scans the first to notice is the attacker.",
    remediation=_remediation("ECR"),
    deferrable=_EARLIER,
    reach=REACH,
    parameters=_PARAMETERS,
    **_examples("ECR"),
)
def ecr_scanned(scans: VulnerabilityScans, settings: "Settings") -> Verdict:
    """Inspector scans container images in every Region of the system.

    In each of the regions of the profile, or of the stack where that names none, an Enabler for the account lists ECR
    in resourceTypes. A Region in which none of the stack does is left to the audit, which asks Inspector.
    """
    return _scanned(scans, settings, "ECR")


@control(
    id="Inspector.3",
    slug="inspector-account-lambda-code-scanned",
    severity=Severity.HIGH,
    requirements=("6.2.4", "6.3.1"),
    families=("pci", "supply-chain"),
    source=_SOURCE,
    rationale="Injection flaws or keys left in a function's own source ship unseen, and an attacker who finds the "
    "endpoint finds them by trying.",
    remediation=_remediation("LAMBDA_CODE"),
    deferrable=_EARLIER,
    reach=REACH,
    parameters=_PARAMETERS,
    **_examples("LAMBDA_CODE"),
)
def lambda_code_scanned(scans: VulnerabilityScans, settings: "Settings") -> Verdict:
    """Inspector scans the code of Lambda functions in every Region of the system.

    In each of the regions of the profile, or of the stack where that names none, an Enabler for the account lists
    LAMBDA_CODE in resourceTypes; LAMBDA alone looks at packages only. A Region in which none of the stack does is left
    to the audit, which asks Inspector.
    """
    return _scanned(scans, settings, "LAMBDA_CODE")


@control(
    id="Inspector.4",
    slug="inspector-account-lambda-scanned",
    severity=Severity.HIGH,
    requirements=("6.2.4", "6.3.1"),
    families=("pci", "supply-chain"),
    source=_SOURCE,
    rationale="A bundled library in a function that nobody has redeployed for a year carries public exploits, and no "
    "server team has it on its patch list.",
    remediation=_remediation("LAMBDA"),
    deferrable=_EARLIER,
    reach=REACH,
    parameters=_PARAMETERS,
    **_examples("LAMBDA"),
)
def lambda_scanned(scans: VulnerabilityScans, settings: "Settings") -> Verdict:
    """Inspector scans the packages of Lambda functions in every Region of the system.

    In each of the regions of the profile, or of the stack where that names none, an Enabler for the account lists
    LAMBDA in resourceTypes. A Region in which none of the stack does is left to the audit, which asks Inspector.
    """
    return _scanned(scans, settings, "LAMBDA")
