"""An apply that nothing uses raises."""

from kit import Thing


def refuse(arn: str) -> str:
    """Raise."""
    raise ValueError(f"cannot use {arn}")


Thing("base").arn.apply(refuse)
Thing("other")
