"""The drills that can be run, by name."""

from collections.abc import Mapping
from typing import Any, Final

from runbooks.drills import aurora_writer_zone_loss
from runbooks.errors import DrillError
from runbooks.model import Drill

DRILLS: Final[Mapping[str, Drill[Any]]] = {drill.name: drill for drill in (aurora_writer_zone_loss.DRILL,)}


def find_drill(name: str) -> Drill[Any]:
    """Return a drill.

    Raises:
        DrillError: There is none of this name.
    """
    if name not in DRILLS:
        raise DrillError(f"there is no drill {name!r}", f"There are: {', '.join(DRILLS)}.")
    return DRILLS[name]
