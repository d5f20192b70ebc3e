"""The root of every error that Ledgergate raises for a user to read."""


class LedgergateError(Exception):
    """Something is wrong with the input, said in one sentence a user can act on.

    Args:
        message: What is wrong and where.
        hint: What to do about it; empty when the message says it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message
