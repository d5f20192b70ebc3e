"""Facts about ACM certificates."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, is_symbolic, reveal
from policies.facts.properties import attribute, lift, literal, settings_of
from policies.facts.registry import adapter

CERTIFICATES: Final = ("aws:acm/certificate:Certificate",)
_IMPORTED: Final = ("certificateBody", "privateKey", "privateKeyWo", "privateKeyWoVersion")
_DEFAULT: Final = "RSA_2048"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateKey:
    """The key of a certificate.

    Args:
        imported: Whether somebody made it elsewhere and brought it along: it has a private key or a body.
        algorithm: `keyAlgorithm` with underscores, `RSA_2048`, `EC_prime256v1`; `RSA_2048` when unset, and empty for an
            imported one, whose key ACM finds out.

    Source of the default: RequestCertificate, ACM API reference, read 2026-11-30.
    """

    imported: bool = False
    algorithm: str = _DEFAULT


@adapter(types=CERTIFICATES)
def certificate_key_from_graph(_graph: Graph, resource: Resource) -> CertificateKey:
    """Build the key of a certificate."""
    settings = settings_of(resource)
    imported = any(settings.get(name) is not None and settings.get(name) != "" for name in _IMPORTED)
    return CertificateKey(
        imported=imported, algorithm=literal(settings, "keyAlgorithm", default="" if imported else _DEFAULT)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateTerm:
    """For how long a certificate is valid.

    Args:
        status: `status`, `ISSUED`, `PENDING_VALIDATION`, …; empty where it does not show yet.
        days_left: Whole days until `notAfter`, negative afterwards; None where it does not show yet, which is before
            deployment, or where there is none because the certificate was never issued.
    """

    status: str = ""
    days_left: int | None = None


@adapter(types=CERTIFICATES)
def certificate_term_from_graph(_graph: Graph, resource: Resource) -> CertificateTerm:
    """Build for how long a certificate is valid, as of now, where a stage knows what became of it."""
    shown = {name: attribute(resource, name) for name in ("status", "notAfter")}
    known = {name: value for name, value in shown.items() if not _is_to_come(value)}
    ends = literal(known, "notAfter")
    return CertificateTerm(
        status=literal(known, "status", default=""),
        days_left=lift(ends, lambda text: days_until(datetime.fromisoformat(text)) if text else None),
    )


def _is_to_come(value: Any) -> bool:
    """Tell whether an output comes with the deployment: no program knows it before."""
    plain = reveal(value)
    return isinstance(plain, Unknown) or is_symbolic(plain)


def days_until(moment: datetime, now: datetime | None = None) -> int:
    """Return for how many whole days a moment is still to come, negative afterwards.

    Args:
        moment: With its time zone.
        now: Moment to count from; the present when None.
    """
    return (moment - (now or datetime.now(UTC))).days
