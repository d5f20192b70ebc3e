"""First lines of the process that holds program and engine.

Run as a script by the program's own interpreter: `bootstrap.py FD`. It makes `ledgergate` importable and
nothing else of this repository, so that a program may own modules called `policies`, `infra` or `settings`.
"""

import sys
import types
from pathlib import Path


def _expose_engine() -> None:
    package = Path(__file__).resolve().parent.parent
    hidden = {str(package.parent), str(Path(__file__).resolve().parent)}
    sys.path[:] = [entry for entry in sys.path if entry and str(Path(entry).resolve()) not in hidden]
    module = types.ModuleType(package.name)
    module.__path__ = [str(package)]
    sys.modules[package.name] = module


if __name__ == "__main__":
    _expose_engine()
    from ledgergate.engine import child

    child.main(int(sys.argv[1]))
