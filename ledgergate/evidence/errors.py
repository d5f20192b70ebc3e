"""What can be wrong with evidence."""

from ledgergate.errors import LedgergateError


class EvidenceError(LedgergateError):
    """A bundle, key or input of evidence is missing, malformed or not what it claims to be."""
