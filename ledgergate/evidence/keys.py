"""Ed25519 keys of those who sign: evidence, and the approvals of drills."""

import hashlib
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.files import read_file, sync_folder

PASSPHRASE_VARIABLE: Final = "LEDGERGATE_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
"""Environment variable with the passphrase of a private key."""

_ID_DIGITS: Final = 16
_PRIVATE: Final = 0o600
_PUBLIC: Final = 0o644
_OTHERS: Final = 0o077
_NEVER_OVERWRITTEN: Final = "A key is never overwritten; name another file."


def generate_key(path: Path) -> Ed25519PublicKey:
    """Write a new private key, readable by its owner alone, and its public key beside it as `<name>.pub`.

    With `LEDGERGATE_KEY_PASSPHRASE` set the private key is encrypted.

    Raises:
        EvidenceError: One of the two exists, or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    passphrase = _passphrase()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption(),
    )
    public = path.with_name(path.name + ".pub")
    if public.exists():
        raise EvidenceError(f"{public} exists already", _NEVER_OVERWRITTEN)
    try:
        _write_anew(path, private, _PRIVATE)
        _write_anew(public, _public_pem(key.public_key()), _PUBLIC)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise EvidenceError(f"{error.filename} exists already", _NEVER_OVERWRITTEN) from None
    except OSError as error:
        raise EvidenceError(f"{path} cannot be written: {error.strerror}") from None
    return key.public_key()


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key.

    Raises:
        EvidenceError: It is missing, open to others, encrypted under another passphrase, or no Ed25519 key.
    """
    content = read_file(path)
    if path.stat().st_mode & _OTHERS:
        raise EvidenceError(f"{path} can be read by others: nobody knows who signs with it", f"chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(content, _passphrase())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise EvidenceError(
            f"{path} is no private key that can be opened here",
            f"The passphrase is taken from {PASSPHRASE_VARIABLE}; a key without one is opened without it.",
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
        key = serialization.load_pem_public_key(read_file(path))
    except (ValueError, UnsupportedAlgorithm):
        raise EvidenceError(f"{path} is no public key in PEM form", "`keygen` writes one as <name>.pub.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise EvidenceError(f"{path} is no Ed25519 key")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """Return a short name of a key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(bytes.fromhex(public_hex(key))).hexdigest()[:_ID_DIGITS]


def public_hex(key: Ed25519PublicKey) -> str:
    """Return the 32 bytes of a public key, hex."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def public_key_from(text: str) -> Ed25519PublicKey:
    """Return the public key that `public_hex` wrote.

    Raises:
        EvidenceError: It is none.
    """
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        raise EvidenceError(f"{text!r} is no Ed25519 key") from None


def is_signed(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Tell whether a signature over some content is that key's."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _write_anew(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _passphrase() -> bytes | None:
    text = os.environ.get(PASSPHRASE_VARIABLE)
    return text.encode() if text else None
