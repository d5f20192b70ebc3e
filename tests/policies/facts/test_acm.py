"""ACM certificates: their key and their term."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.acm import (
    CertificateKey,
    CertificateTerm,
    certificate_key_from_graph,
    certificate_term_from_graph,
    days_until,
)
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import graph, resource

CERTIFICATE: Final = "aws:acm/certificate:Certificate"


def key(**inputs: Any) -> CertificateKey:
    """Return the key of a certificate, the same from inputs and from outputs."""
    settings = {"tags": {}, **inputs}
    asked, deployed = resource(CERTIFICATE, "c", settings), resource(CERTIFICATE, "c", outputs=settings)
    found = certificate_key_from_graph(graph(asked), asked)
    assert found == certificate_key_from_graph(graph(deployed), deployed)
    return found


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"domainName": "a.example"}, CertificateKey()),
        ({"domainName": "a.example", "keyAlgorithm": "EC_prime256v1"}, CertificateKey(algorithm="EC_prime256v1")),
        ({"keyAlgorithm": UNKNOWN}, CertificateKey(algorithm=UNKNOWN)),
        ({"privateKey": Secret("hush")}, CertificateKey(imported=True, algorithm="")),
        ({"certificateBody": UNKNOWN}, CertificateKey(imported=True, algorithm="")),
        ({"privateKeyWoVersion": 1}, CertificateKey(imported=True, algorithm="")),
        ({"privateKey": "", "certificateBody": None}, CertificateKey()),
        (
            {"privateKey": Secret("hush"), "keyAlgorithm": "RSA_1024"},
            CertificateKey(imported=True, algorithm="RSA_1024"),
        ),
    ],
)
def test_key(inputs: dict[str, Any], expected: CertificateKey) -> None:
    """ACM makes RSA_2048 unless asked for another; the key of an imported one shows where ACM tells it."""
    assert key(**inputs) == expected


def term(**outputs: Any) -> CertificateTerm:
    """Return the term of a certificate."""
    subject = resource(CERTIFICATE, "c", {"domainName": "a.example"}, outputs=outputs)
    return certificate_term_from_graph(graph(subject), subject)


def test_term_shows_after_deployment() -> None:
    """Before it nobody knows the end, whatever was minted for it; afterwards the days are counted."""
    end = (datetime.now(UTC) + timedelta(days=40, hours=1)).isoformat()

    assert term() == term(notAfter=UNKNOWN, status=UNKNOWN) == term(notAfter=f"x{SYMBOL_MARK}") == CertificateTerm()
    assert term(notAfter=end, status="ISSUED") == CertificateTerm(status="ISSUED", days_left=40)
    assert term(notAfter="", status="PENDING_VALIDATION") == CertificateTerm(status="PENDING_VALIDATION")
    with pytest.raises(ValueError, match="isoformat"):
        term(notAfter="tomorrow")


@given(st.integers(-4000, 4000), st.integers(0, 86_399))
def test_whole_days(days: int, seconds: int) -> None:
    """A day counts once it is whole, before the end and after it."""
    now = datetime(2026, 11, 30, tzinfo=UTC)

    assert days_until(now + timedelta(days=days, seconds=seconds), now) == days
