"""What can go wrong with a sandbox."""

from ledgergate.errors import LedgergateError


class SandboxError(LedgergateError):
    """A sandbox cannot do what was asked of it."""
