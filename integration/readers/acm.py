"""Reads ACM certificates: one list in each Region, then one call for each certificate."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.acm import CertificateKey, CertificateTerm, days_until

_TYPE: Final = "aws:acm/certificate:Certificate"

_CERTIFICATES: Final = Paging("NextToken", ("CertificateSummaryList",))
KEY_TYPES: Final = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)
"""Unless they are named, ACM lists RSA_1024 and RSA_2048 only. Source: Filters, ACM API reference, read 2026-11-30."""


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    everything = Subject(place.arn("acm", "certificate/*"), _TYPE, place)
    yield Task(everything, tuple(wanted), partial(_list_certificates, place, wanted))


def _list_certificates(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    included = {"keyTypes": [*KEY_TYPES]}
    for page in desk.pages(_CERTIFICATES, desk.aws.acm.list_certificates, Includes=included):
        for each in page["CertificateSummaryList"]:
            subject = Subject(each["CertificateArn"], _TYPE, place)
            yield Task(subject, tuple(wanted), partial(_read_certificate, subject, wanted))


def _read_certificate(subject: Subject, wanted: frozenset[type], desk: Desk) -> Iterator[Observed]:
    found = desk.one(desk.aws.acm.describe_certificate, CertificateArn=subject.arn)["Certificate"]
    if CertificateTerm in wanted:
        # A certificate that was never issued has no end.
        ends = found.get("NotAfter")
        left = None if ends is None else days_until(datetime.fromisoformat(ends), desk.now)
        yield Observed(subject, CertificateTerm(status=found["Status"], days_left=left))
    if CertificateKey in wanted:
        # The call answers RSA-2048 where the list and the request say RSA_2048.
        algorithm = found["KeyAlgorithm"].replace("-", "_")
        yield Observed(subject, CertificateKey(imported=found["Type"] == "IMPORTED", algorithm=algorithm))


_CALLS: Final = ("acm:ListCertificates", "acm:DescribeCertificate")

READING: Final = Reading(
    service="acm", regional=True, gives={CertificateKey: _CALLS, CertificateTerm: _CALLS}, begin=_begin
)
"""What can be read of certificates."""
