"""Ed25519 keys of those who sign: evidence, and the approvals of drills."""

import hashlib
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledgergate.evidence.errors import EvidenceError

PASSPHRASE_VARIABLE: Final = "LEDGERGATE_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
"""Environment variable with the passphrase of a private key."""

_ID_DIGITS: Final = 16


def generate_key(path: Path) -> Ed25519PublicKey:
    """Write a new private key, readable by its owner alone, and its public key beside it as `<name>.pub`.

    With `LEDGERGATE_KEY_PASSPHRASE` set the private key is encrypted.

    Raises:
        EvidenceError: The file exists or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    passphrase = _passphrase()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption(),
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(private)
        path.with_name(path.name + ".pub").write_bytes(_public_pem(key.public_key()))
    except FileExistsError:
        raise EvidenceError(f"{path} exists already", "A key is never overwritten; name another file.") from None
    except OSError as error:
        raise EvidenceError(f"{path} cannot be written: {error.strerror}") from None
    return key.public_key()


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key.

    Raises:
        EvidenceError: It is missing, encrypted under another passphrase, or no Ed25519 key.
    """
    try:
        key = serialization.load_pem_private_key(_read(path), _passphrase())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise EvidenceError(
            f"{path} is no private key that can be opened here",
            f"Is it encrypted? The passphrase is taken from {PASSPHRASE_VARIABLE}.",
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise EvidenceError(f"{path} is no Ed25519 key")
    return key


def load_public_key(path: Path) -> Ed25519PublicKey:
    """Read a public key.

    Raises:
        EvidenceError: It is missing or no Ed25519 key.
    """
    try:
        key = serialization.load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        raise EvidenceError(f"{path} is no public key in PEM form") from None
    if not isinstance(key, Ed25519PublicKey):
        raise EvidenceError(f"{path} is no Ed25519 key")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """Return a short name of a key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:_ID_DIGITS]


def is_signed(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Tell whether a signature over some content is that key's."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{path} cannot be read: {error.strerror}") from None


def _public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _passphrase() -> bytes | None:
    text = os.environ.get(PASSPHRASE_VARIABLE)
    return text.encode() if text else None
