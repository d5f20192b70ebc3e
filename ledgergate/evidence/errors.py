"""What can be wrong with evidence."""

from ledgergate.errors import LedgergateError


class EvidenceError(LedgergateError):
    """A bundle, key or input of evidence is missing or malformed, so that nothing could be shown."""


class VerificationError(EvidenceError):
    """A bundle is not what was signed with that key, or does not follow from the one before."""
