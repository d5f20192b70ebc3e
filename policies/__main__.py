"""The policy pack: `pulumi preview --policy-pack policies`, `pulumi up --policy-pack policies`."""

import sys
from pathlib import Path

# The language host puts this folder itself on the path: `import model` would then be a second `policies.model`.
_PACK = Path(__file__).resolve().parent
sys.path[:] = [str(_PACK.parent), *(entry for entry in sys.path if Path(entry or ".").resolve() != _PACK)]

from policies import serving  # noqa: E402 - only after the path is right

if __name__ == "__main__":
    serving.main(_PACK)
