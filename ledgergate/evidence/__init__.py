"""Evidence that an auditor can verify offline: a hash chain of records, signed with Ed25519.

Only the chain is offered here, which needs the standard library alone: command lines that import it stay quick.
"""

from ledgergate.evidence.chain import GENESIS, ChainError, Link, read_links, seal
from ledgergate.evidence.errors import EvidenceError, VerificationError

__all__ = [
    "GENESIS",
    "ChainError",
    "EvidenceError",
    "Link",
    "VerificationError",
    "read_links",
    "seal",
]
