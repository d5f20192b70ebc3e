"""Every type of resource that the sandbox knows."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Final

from integration.sandbox.handler import Handler

_MODULES: Final = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]

HANDLERS: Final[Mapping[str, Handler]] = {
    handler.type: handler for module in _MODULES for handler in getattr(module, "HANDLERS", ())
}
"""Type token → how the sandbox holds it."""

NO_BACKEND: Final = frozenset(
    {
        "accessanalyzer",
        "auditmanager",
        "detective",
        "globalaccelerator",
        "resourceexplorer",
        "rolesanywhere",
        "route53recoverycontrol",
        "route53recoveryreadiness",
        "verifiedaccess",
    }
)
"""Modules of pulumi-aws whose services moto does not have at all, of those that a bank may want."""


def reason_against(type_: str) -> str:
    """Return why the sandbox does not hold a type that has no handler."""
    module = type_.split(":")[1].split("/", maxsplit=1)[0] if type_.startswith("aws:") else ""
    return f"moto has no backend for {module}" if module in NO_BACKEND else "the sandbox knows no such type"
