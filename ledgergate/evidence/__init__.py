"""Evidence that an auditor can verify offline: a hash chain of records, signed with Ed25519."""

from ledgergate.evidence.bundle import Bundle, Entry, Manifest, write_bundle
from ledgergate.evidence.chain import GENESIS, ChainError, Link, read_links, seal
from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.keys import generate_key, load_private_key, load_public_key
from ledgergate.evidence.verification import verify_bundle

__all__ = [
    "GENESIS",
    "Bundle",
    "ChainError",
    "Entry",
    "EvidenceError",
    "Link",
    "Manifest",
    "generate_key",
    "load_private_key",
    "load_public_key",
    "read_links",
    "seal",
    "verify_bundle",
    "write_bundle",
]
