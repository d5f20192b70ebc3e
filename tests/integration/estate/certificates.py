"""A certificate of ACM."""

import datetime as dt
from typing import Any, Final

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.integration.estate.account import TAGS

PASSES: Final = frozenset({"ACM.1", "ACM.2"})
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Import a certificate."""
    acm: Any = session.client("acm")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pay.example.com")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=365))
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signed = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    acm.import_certificate(Certificate=signed, PrivateKey=own, Tags=TAGS)
