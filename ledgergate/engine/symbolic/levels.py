"""How much the symbolic provider makes up."""

from enum import StrEnum


class Level(StrEnum):
    """From everything that can be made up to nothing at all; each level is tried when the one before failed."""

    SYMBOLIC = "symbolic"
    """Every output that has a well-formed, recognisable form."""

    IDENTITIES = "identities"
    """Ids, ARNs, names, URLs and host names; all other outputs are unknown."""

    UNKNOWNS = "unknowns"
    """Nothing: outputs are the inputs and the id is unknown, as in a real preview."""
