"""First lines of the process that holds program and engine.

Run as a script by the program's own interpreter: `bootstrap.py FD`. It makes `ledgergate` importable and
nothing else of this repository, so that a program may own modules called `policies`, `infra` or `settings`.
"""

import os
import site
import sys
from importlib.machinery import ModuleSpec, PathFinder

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - see `_expose_engine`
_OLDEST_PYTHON = (3, 11)
_OLDEST_SDK = (3, 113)
_BESIDE = ("integration", "policies", "runbooks")


class _HiddenPackages:
    """Finds none of the packages that pip installed beside this one: a program means its own, or another's."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - the protocol of finders
        if path is not None or name not in _BESIDE:
            return None
        spec = PathFinder.find_spec(name, [entry for entry in sys.path if os.path.realpath(entry) != self._folder])
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec


def _expose_engine() -> None:
    """Take this folder off the path before anything else is imported: its `secrets` is not Python's.

    So is the folder that the package lies in, unless that is where pip installs: there lie pulumi and what the
    program needs, and only what is ours in it is hidden.
    """
    package = os.path.dirname(_HERE)  # noqa: PTH120
    around = os.path.realpath(os.path.dirname(package))  # noqa: PTH120
    installed = {os.path.realpath(folder) for folder in (*site.getsitepackages(), site.getusersitepackages())}
    hidden = {os.path.realpath(_HERE), around} - installed
    sys.path[:] = [entry for entry in sys.path if entry and os.path.realpath(entry) not in hidden]
    sys.meta_path.insert(0, _HiddenPackages(around))
    module = type(sys)("ledgergate")
    module.__path__ = [package]
    sys.modules["ledgergate"] = module


def _obstacle() -> str:
    """Say why this interpreter cannot run a program, or nothing."""
    if sys.version_info < _OLDEST_PYTHON:
        needed, found = (".".join(map(str, version[:2])) for version in (_OLDEST_PYTHON, sys.version_info))
        return f"it is Python {found}, and programs are run by Python {needed} or newer"
    try:
        from importlib.metadata import version

        import pulumi.runtime  # noqa: F401

        found = version("pulumi")
    except ImportError as error:
        if error.name:
            return (
                f"`{error.name}` is not installed there\n  Install it, e.g. `{sys.executable} -m pip install pulumi`."
            )
        return f"pulumi cannot be imported there: {error}"
    except Exception as error:  # noqa: BLE001 - any broken installation is the same to the user
        return f"pulumi cannot be imported there: {type(error).__name__}: {error}"
    if tuple(map(int, found.split(".")[:2])) < _OLDEST_SDK:
        return f"pulumi {found} is installed there; the oldest one that works is {'.'.join(map(str, _OLDEST_SDK))}"
    return ""


def _main(descriptor: int) -> None:
    _expose_engine()
    import socket

    from ledgergate.engine.channel import Channel
    from ledgergate.engine.namespace import leave_network

    os.set_inheritable(descriptor, False)  # noqa: FBT003 - the call takes it by position
    channel = Channel(socket.socket(fileno=descriptor))
    job = channel.receive()
    isolated = bool(job["namespace"]) and leave_network()
    obstacle = _obstacle()
    if obstacle:
        channel.send({"kind": "refusal", "message": obstacle})
        return
    from ledgergate.engine import child

    child.main(job, channel, isolated=isolated)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
