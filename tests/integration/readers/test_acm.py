"""Certificates as ACM describes them."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from integration.readers import acm
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.acm import CertificateKey, CertificateTerm
from tests.integration.scanning.lines import Answer, CannedLine, read

ARN: Final = "arn:aws:acm:eu-west-1:111122223333:certificate/1"
LISTED: Final = {"CertificateSummaryList": [{"CertificateArn": ARN}]}
END: Final = (datetime.now(UTC) + timedelta(days=45, hours=1)).isoformat()
ISSUED: Final = {"Status": "ISSUED", "Type": "AMAZON_ISSUED", "KeyAlgorithm": "RSA-2048", "NotAfter": END}


def certificate(answer: Answer) -> Any:
    """Return what is read of a certificate that is described so: its term and its key."""
    line = CannedLine({"ListCertificates": LISTED, "DescribeCertificate": answer})
    found = read(acm.READING, line, [CertificateKey, CertificateTerm])
    facts = {type(each.fact): each.fact for each in found if isinstance(each, Observed)}
    return (facts[CertificateTerm], facts[CertificateKey]) if facts else [each.failure.cause for each in found]  # type: ignore[union-attr]  # all are unread then


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"Certificate": ISSUED}, (CertificateTerm(status="ISSUED", days_left=45), CertificateKey())),
        (
            {"Certificate": {**ISSUED, "Type": "IMPORTED", "KeyAlgorithm": "EC_prime256v1"}},
            (CertificateTerm(status="ISSUED", days_left=45), CertificateKey(imported=True, algorithm="EC_prime256v1")),
        ),
        (
            {"Certificate": {"Status": "PENDING_VALIDATION", "Type": "AMAZON_ISSUED", "KeyAlgorithm": "RSA-2048"}},
            (CertificateTerm(status="PENDING_VALIDATION"), CertificateKey()),
        ),
        ({"Certificate": {"NotAfter": END}}, [Cause.UNPARSABLE]),
        ({"Certificate": {**ISSUED, "NotAfter": "tomorrow"}}, [Cause.UNPARSABLE]),
        ({}, [Cause.UNPARSABLE]),
        (Trouble(Cause.DENIED, "AccessDeniedException"), [Cause.DENIED]),
    ],
)
def test_certificates(answer: Answer, expected: object) -> None:
    """Days are counted from now, a hyphen is an underscore, and what is missing is undecided."""
    assert certificate(answer) == expected


def test_every_kind_of_key_is_listed() -> None:
    """Unless asked, ACM leaves out longer keys and elliptic curves."""
    line = CannedLine({"ListCertificates": LISTED, "DescribeCertificate": {"Certificate": ISSUED}})
    read(acm.READING, line, [CertificateTerm])

    assert [call.operation for call in line.asked] == ["ListCertificates", "DescribeCertificate"]
    assert "RSA_4096" in line.asked[0].parameters
    assert "EC_secp521r1" in line.asked[0].parameters


def test_a_second_page_that_is_denied() -> None:
    """What the first page holds is read, and that there is more is said."""
    first = {**LISTED, "NextToken": "more"}
    denied = Trouble(Cause.THROTTLED, "ThrottlingException")
    line = CannedLine({"ListCertificates": [first, denied], "DescribeCertificate": {"Certificate": ISSUED}})
    whole, one = read(acm.READING, line, [CertificateTerm])

    assert isinstance(whole, Unread)
    assert (whole.subject.arn, whole.failure.cause) == (
        "arn:aws:acm:eu-west-1:111122223333:certificate/*",
        Cause.THROTTLED,
    )
    assert isinstance(one, Observed)
