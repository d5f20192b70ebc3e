"""What can go wrong with a drill."""

from ledgergate.errors import LedgergateError


class DrillError(LedgergateError):
    """A drill cannot be planned, run or read as asked."""


class StepError(DrillError):
    """A step could not do its work; the drill has failed and is taken back."""


class NotYetError(DrillError):
    """Something is not ready now and may become so: it is asked again until the step's deadline."""


class JournalError(DrillError):
    """A journal cannot be written, or was changed after it was written."""


class UnrecordedError(DrillError):
    """A journal could not be written any more while acts were in effect; they were taken back without it."""
