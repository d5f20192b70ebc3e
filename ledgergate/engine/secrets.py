"""Decryption of `secure:` configuration values where a passphrase is at hand.

Source: the Pulumi CLI's passphrase secrets provider (`sdk/go/common/resource/config/crypt.go`), read 2026-11-21:
AES-256-GCM under PBKDF2-SHA256 with 1,000,000 rounds; `v1:<nonce>:<ciphertext>`, base64.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_ROUNDS: Final = 1_000_000
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Decrypter:
    """Decrypts the secrets of one stack; without a key it decrypts nothing.

    Args:
        key: AES key of 32 bytes, or None.
    """

    key: bytes | None = field(default=None, repr=False)

    @classmethod
    def of_stack(cls, content: Mapping[str, Any]) -> "Decrypter":
        """Derive the key from the stack's salt and `PULUMI_CONFIG_PASSPHRASE` (or its `_FILE`)."""
        salt = content.get("encryptionsalt")
        passphrase = _passphrase()
        parts = salt.split(":", 2) if isinstance(salt, str) else []
        if passphrase is None or len(parts) != _PARTS or parts[0] != "v1":
            return cls()
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

        try:
            raw = base64.b64decode(parts[1], validate=True)
        except binascii.Error:
            return cls()
        key = PBKDF2HMAC(SHA256(), 32, raw, _ROUNDS).derive(passphrase.encode())
        found = cls(key)
        return found if found.decrypt(parts[2]) == "pulumi" else cls()

    def decrypt(self, cipher: str) -> str | None:
        """Return the plain text, or None when this key does not open it."""
        parts = cipher.split(":")
        if self.key is None or len(parts) != _PARTS or parts[0] != "v1":
            return None
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            nonce, sealed = (base64.b64decode(part, validate=True) for part in parts[1:])
            return AESGCM(self.key).decrypt(nonce, sealed, None).decode()
        except (binascii.Error, InvalidTag, UnicodeDecodeError, ValueError):
            return None


def _passphrase() -> str | None:
    text = os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    path = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if text is None and path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError:
            return None
    return text
