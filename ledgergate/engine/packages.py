"""Which modules can have to do with resources: the program's own, and libraries that know the Pulumi SDK.

Runs inside the program's interpreter: standard library only.
"""

import functools
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from ledgergate.engine.sources import is_program_file


def space_of(module: ModuleType) -> Mapping[str, Any]:
    """Return a module's names; one that loads itself when it is asked for something stays as it is."""
    space: Mapping[str, Any] = object.__getattribute__(module, "__dict__")
    return space


@functools.cache
def is_followed(module: str) -> bool:
    """Tell whether a module's code may lead to a resource."""
    top = module.partition(".")[0]
    if top in ("pulumi", "ledgergate", "builtins"):
        return module in ("pulumi", "pulumi.runtime")
    loaded = sys.modules.get(module)
    if loaded is not None and is_program_file(str(space_of(loaded).get("__file__") or "")):
        return True
    return module == "__main__" or (top not in sys.stdlib_module_names and _knows_pulumi(top))


def may_register_once_imported(module: str) -> bool:
    """Tell whether a module that is not loaded yet is the program's own, or of a package that needs the SDK."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return False
    spec = sys.modules[top].__spec__ if top in sys.modules else find_spec(top)
    if spec is None:
        return top in sys.modules  # one that is not installed cannot be imported
    places = [spec.origin or "", *(spec.submodule_search_locations or ())]
    return top.startswith("pulumi") or any(map(is_program_file, places)) or _requires_pulumi(top)


@functools.cache
def _knows_pulumi(package: str) -> bool:
    """Tell whether a loaded package refers to the SDK anywhere."""
    if package.startswith("pulumi"):
        return True
    loaded = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] == package]
    return any(map(_refers_to_pulumi, loaded))


def _refers_to_pulumi(module: ModuleType) -> bool:
    for value in list(space_of(module).values()):
        owner = space_of(value).get("__name__") if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        if isinstance(owner, str) and owner.startswith("pulumi"):
            return True
    return False


def _requires_pulumi(package: str) -> bool:
    from importlib.metadata import packages_distributions, requires

    needed = (text for name in packages_distributions().get(package, ()) for text in requires(name) or ())
    return any(text.startswith("pulumi") for text in needed)
