"""Controls of ACM certificates."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity, Stage
from policies.amounts import amount
from policies.facts.acm import CertificateKey, CertificateTerm
from policies.model import UNKNOWN, Verdict, control, deferred, example, fail, not_applicable, require

if TYPE_CHECKING:
    from policies.settings import Settings

_SECURITY_HUB: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"
_ISSUED: Final = CertificateTerm(status="ISSUED", days_left=90)
_NEVER_ISSUED: Final = frozenset({"FAILED", "PENDING_VALIDATION", "VALIDATION_TIMED_OUT"})
"""Statuses of certificates without an end. Source: DescribeCertificate, ACM API reference, read 2026-11-30."""


@control(
    id="ACM.1",
    slug="acm-certificate-renewed-before-expiry",
    severity=Severity.MEDIUM,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source=_SECURITY_HUB,
    rationale="The day a certificate ends, every browser and every payment client refuses the connection, and the "
    "outage lasts until somebody finds who can issue a new one.",
    remediation="Leave the DNS records of an aws.acm.CertificateValidation in place, so that ACM renews the "
    "aws.acm.Certificate; import one that comes from elsewhere anew in time.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="until when a certificate is valid",
    parameters=("certificate_days",),
    passes=[
        example("months to go", _ISSUED),
        example("just long enough", replace(_ISSUED, days_left=30)),
        example("long enough for the profile", replace(_ISSUED, days_left=14), {"certificate_days": 14}),
    ],
    fails=[
        example("not renewed in time", replace(_ISSUED, days_left=29)),
        example("expired", CertificateTerm(status="EXPIRED", days_left=-1)),
    ],
    unknowns=[
        example("its end comes later", replace(_ISSUED, days_left=UNKNOWN)),
        example("its status comes later", replace(_ISSUED, status=UNKNOWN)),
    ],
    not_applicable=[
        example("not validated yet", CertificateTerm(status="PENDING_VALIDATION")),
        example("never issued", CertificateTerm(status="VALIDATION_TIMED_OUT")),
    ],
)
def renewed_before_expiry(certificate: CertificateTerm, settings: "Settings") -> Verdict:
    """A certificate is renewed long before it ends.

    At least certificate_days remain until notAfter, whether ACM issued the certificate or somebody imported it. One
    that was never issued, PENDING_VALIDATION, VALIDATION_TIMED_OUT or FAILED, is not applicable. Before deployment no
    program knows the end, so it is left to the audit.
    """
    if certificate.status in _NEVER_ISSUED:
        return not_applicable("it was never issued")
    left, least = certificate.days_left, settings.certificate_days
    if left is None:
        return deferred(Stage.RUN, "only the account shows until when it is valid")
    return require(
        left >= least, "it ends too soon", found=amount(left, "day"), wanted=f"{amount(least, 'day')} or more"
    )


_RSA: Final = re.compile(r"RSA_(\d{3,5})")


@control(
    id="ACM.2",
    slug="acm-certificate-strong-rsa-key",
    severity=Severity.HIGH,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source=_SECURITY_HUB,
    rationale="A short RSA key can be factored by whoever rents enough computers, and then impersonates the site and "
    "reads card numbers as visitors type them.",
    remediation="Leave key_algorithm of the aws.acm.Certificate out, or set it to RSA_2048 or to EC_prime256v1.",
    parameters=("min_rsa_bits",),
    passes=[
        example("the default", CertificateKey()),
        example("a longer one", CertificateKey(algorithm="RSA_4096")),
        example("an imported one whose key shows", CertificateKey(imported=True)),
    ],
    fails=[
        example("too short", CertificateKey(algorithm="RSA_1024")),
        example("an imported one that is too short", CertificateKey(imported=True, algorithm="RSA_1024")),
        example("too short for the profile", CertificateKey(), {"min_rsa_bits": 3072}),
        example("no algorithm that anybody knows", CertificateKey(algorithm="DSA_2048")),
    ],
    unknowns=[example("the algorithm comes later", CertificateKey(algorithm=UNKNOWN))],
    not_applicable=[
        example("an elliptic curve", CertificateKey(algorithm="EC_prime256v1")),
        example("an imported one before deployment", CertificateKey(imported=True, algorithm="")),
    ],
)
def strong_rsa_key(certificate: CertificateKey, settings: "Settings") -> Verdict:
    """The RSA key of a certificate is long enough.

    keyAlgorithm, RSA_2048 when unset, is RSA_ and at least min_rsa_bits. EC_ algorithms are not applicable, and neither
    is an imported certificate while its key does not show.
    """
    algorithm, least = certificate.algorithm, settings.min_rsa_bits
    if not algorithm and certificate.imported:
        return not_applicable("it is imported, and its key does not show before deployment")
    if algorithm.startswith("EC_"):
        return not_applicable("its key is no RSA key")
    found, wanted = _RSA.fullmatch(algorithm), f"RSA_{least} or more, or EC_…"
    if found is None:
        return fail("nobody knows its kind of key", found=algorithm, wanted=wanted)
    return require(int(found[1]) >= least, "its RSA key is too short", found=algorithm, wanted=wanted)
