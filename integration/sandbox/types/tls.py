"""Keys and self-signed certificates, which no service holds: the sandbox makes them itself."""

import base64
import datetime as dt
import hashlib
import ipaddress
from collections.abc import Iterator
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from integration.sandbox.handler import Handler, Properties, Subject
from integration.sandbox.types.passwords import forget_made, read_made

_EXPONENT: Final = 65537
_CURVES: Final[dict[str, Any]] = {
    "P224": ec.SECP224R1,
    "P256": ec.SECP256R1,
    "P384": ec.SECP384R1,
    "P521": ec.SECP521R1,
}

_OPENSSH: Final = (
    "privateKeyOpenssh",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
    "publicKeyOpenssh",
)

_NAMES: Final = {
    "commonName": NameOID.COMMON_NAME,
    "country": NameOID.COUNTRY_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "organizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "postalCode": NameOID.POSTAL_CODE,
    "province": NameOID.STATE_OR_PROVINCE_NAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
}

_USES: Final = {
    "digital_signature": "digital_signature",
    "content_commitment": "content_commitment",
    "key_encipherment": "key_encipherment",
    "data_encipherment": "data_encipherment",
    "key_agreement": "key_agreement",
    "cert_signing": "key_cert_sign",
    "crl_signing": "crl_sign",
    "encipher_only": "encipher_only",
    "decipher_only": "decipher_only",
}
"""Use of a key as programs write it → as `cryptography` does."""

_EXTENDED: Final = {
    "any_extended": ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    "client_auth": ExtendedKeyUsageOID.CLIENT_AUTH,
    "code_signing": ExtendedKeyUsageOID.CODE_SIGNING,
    "email_protection": ExtendedKeyUsageOID.EMAIL_PROTECTION,
    "ocsp_signing": ExtendedKeyUsageOID.OCSP_SIGNING,
    "server_auth": ExtendedKeyUsageOID.SERVER_AUTH,
    "timestamping": ExtendedKeyUsageOID.TIME_STAMPING,
}


def _create_key(subject: Subject) -> str:
    key = _generate(subject.inputs)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    id_ = hashlib.sha1(pem, usedforsecurity=False).hexdigest()
    subject.aws.made[id_] = {
        **_openssh(key),
        "privateKeyPem": _text(key, _usual_form(key)),
        "privateKeyPemPkcs8": _text(key, PrivateFormat.PKCS8),
        "publicKeyPem": pem.decode(),
    }
    return id_


def _openssh(key: Any) -> dict[str, str]:
    """Return the forms that OpenSSH reads, empty for the one curve that it does not know."""
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP224R1):
        return dict.fromkeys(_OPENSSH, "")
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    blob = base64.b64decode(public.split()[1])
    md5 = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    sha256 = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    fingerprint = ":".join(md5[at : at + 2] for at in range(0, len(md5), 2))
    texts = (_text(key, PrivateFormat.OpenSSH), fingerprint, f"SHA256:{sha256}", public.decode() + "\n")
    return dict(zip(_OPENSSH, texts, strict=True))


def _generate(wanted: Properties) -> Any:
    if wanted["algorithm"] == "RSA":
        return rsa.generate_private_key(_EXPONENT, int(wanted.get("rsaBits") or 2048))
    if wanted["algorithm"] == "ECDSA":
        return ec.generate_private_key(_CURVES[wanted.get("ecdsaCurve") or "P224"]())
    return ed25519.Ed25519PrivateKey.generate()


def _usual_form(key: Any) -> PrivateFormat:
    return PrivateFormat.PKCS8 if isinstance(key, ed25519.Ed25519PrivateKey) else PrivateFormat.TraditionalOpenSSL


def _text(key: Any, form: PrivateFormat) -> str:
    return str(key.private_bytes(Encoding.PEM, form, NoEncryption()).decode())


def _create_certificate(subject: Subject) -> str:
    wanted = subject.inputs
    key: Any = load_pem_private_key(wanted["privateKeyPem"].encode(), password=None)
    start = dt.datetime.now(dt.UTC).replace(microsecond=0)
    end = start + dt.timedelta(hours=wanted["validityPeriodHours"])
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    certificate = _unsigned(wanted, key, start, end).sign(key, digest)
    id_ = str(certificate.serial_number)
    subject.aws.made[id_] = {
        "certPem": certificate.public_bytes(Encoding.PEM).decode(),
        "keyAlgorithm": _algorithm(key),
        "readyForRenewal": False,
        "validityEndTime": end.isoformat(),
        "validityStartTime": start.isoformat(),
    }
    return id_


def _algorithm(key: Any) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return "RSA"
    return "ECDSA" if isinstance(key, ec.EllipticCurvePrivateKey) else "ED25519"


def _unsigned(wanted: Properties, key: Any, start: dt.datetime, end: dt.datetime) -> x509.CertificateBuilder:
    given = wanted.get("subject") or {}
    name = x509.Name([x509.NameAttribute(oid, given[each]) for each, oid in _NAMES.items() if given.get(each)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), start, end)
    for extension, critical in _extensions(wanted):
        builder = builder.add_extension(extension, critical)
    return builder


def _extensions(wanted: Properties) -> Iterator[tuple[Any, bool]]:
    yield x509.BasicConstraints(ca=wanted.get("isCaCertificate") is True, path_length=None), True
    uses = wanted.get("allowedUses") or ()
    yield x509.KeyUsage(**{ours: each in uses for each, ours in _USES.items()}), True
    if extended := [oid for each, oid in _EXTENDED.items() if each in uses]:
        yield x509.ExtendedKeyUsage(extended), False
    addresses = [x509.IPAddress(ipaddress.ip_address(each)) for each in wanted.get("ipAddresses") or ()]
    names: list[Any] = [x509.DNSName(each) for each in wanted.get("dnsNames") or ()]
    if names or addresses:
        yield x509.SubjectAlternativeName([*names, *addresses]), False


HANDLERS: Final = (
    Handler(
        type="tls:index/privateKey:PrivateKey",
        create=_create_key,
        read=read_made,
        delete=forget_made,
        fixed=("algorithm", "ecdsaCurve", "rsaBits"),
    ),
    Handler(
        type="tls:index/selfSignedCert:SelfSignedCert",
        create=_create_certificate,
        read=read_made,
        delete=forget_made,
        fixed=(
            "allowedUses",
            "dnsNames",
            "ipAddresses",
            "isCaCertificate",
            "privateKeyPem",
            "subject",
            "validityPeriodHours",
        ),
    ),
)
