"""Numbers with their unit, as a reader of a report wants them."""


def amount(count: int, unit: str) -> str:
    """Return a number with its unit: `1 day`, `30 days`, `0 days`.

    Args:
        count: How many.
        unit: One of them, `day`.
    """
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
