"""Every control there is: those of this package, and those in a bank's own folders."""

import hashlib
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

import policies.controls
from ledgergate.errors import LedgergateError
from policies.frameworks import FAMILIES
from policies.model import Control
from policies.suggestion import EVERY_CONTROL, did_you_mean, near_matches


@dataclass(frozen=True)
class Catalogue:
    """Controls by id, in natural order: `S3.8` before `S3.15`."""

    controls: Mapping[str, Control]

    @cached_property
    def names(self) -> frozenset[str]:
        """Every id and slug."""
        return frozenset(name for each in self.controls.values() for name in (each.id, each.slug))

    def select(self, selectors: Iterable[str] = ()) -> tuple[Control, ...]:
        """Return the controls that any selector names, each once; all of them without a selector.

        Args:
            selectors: Families, control ids and slugs.

        Raises:
            LedgergateError: A selector names nothing, or a family that no control belongs to: nothing would be judged.
        """
        wanted = tuple(selectors)
        used = frozenset(family for control in self.controls.values() for family in control.families)
        for selector in wanted:
            if selector not in self.names and selector not in FAMILIES:
                raise LedgergateError(f"there is no control or family {selector}", self._hint(selector))
            if selector not in self.names | used:
                raise LedgergateError(
                    f"no control belongs to the family {selector}",
                    f"Families with controls: {', '.join(sorted(used))}.",
                )
        return tuple(
            control
            for control in self.controls.values()
            if not wanted or not {control.id, control.slug, *control.families}.isdisjoint(wanted)
        )

    def _hint(self, selector: str) -> str:
        """Name what a selector may have meant; far from everything, the families, which are few."""
        known = self.names | FAMILIES
        if near_matches(selector, known):
            return did_you_mean(selector, known)
        return f"Families: {', '.join(sorted(FAMILIES))}; {EVERY_CONTROL}."


def load_catalogue(extra_folders: Sequence[Path] = ()) -> Catalogue:
    """Return every control of this package and of some folders of a bank's own.

    Args:
        extra_folders: Folders of `.py` files that define controls with the same decorator.

    Raises:
        LedgergateError: Two controls share an id or a slug, or a folder or a file in it cannot be used.
    """
    found: dict[str, tuple[Control, str]] = {}
    for module in (*_own_modules(), *(each for folder in extra_folders for each in _modules_in(folder))):
        for control in _controls_in(module):
            _add(found, control, module.__file__ or module.__name__)
    return Catalogue({name: found[name][0] for name in sorted(found, key=_natural)})


def _add(found: dict[str, tuple[Control, str]], control: Control, place: str) -> None:
    for other, elsewhere in found.values():
        if other is control:
            return
        if control.id == other.id or control.slug == other.slug:
            raise LedgergateError(
                f"two controls are called {control.id} or {control.slug}: one in {elsewhere}, one in {place}",
                "Give one of them another id and slug.",
            )
    if not control.adapters:
        raise LedgergateError(
            f"control {control.id} in {place} judges {control.fact.__name__}, which no adapter builds",
            "Write a function `…_from_graph` with @adapter that returns it.",
        )
    found[control.id] = (control, place)


def _controls_in(module: ModuleType) -> Iterator[Control]:
    return (value for value in vars(module).values() if isinstance(value, Control))


def _own_modules() -> Iterator[ModuleType]:
    folder = policies.controls
    for found in pkgutil.walk_packages(folder.__path__, f"{folder.__name__}."):
        yield importlib.import_module(found.name)


def _modules_in(folder: Path) -> Iterator[ModuleType]:
    files = sorted(folder.glob("*.py")) if folder.is_dir() else []
    if not files:
        raise LedgergateError(
            f"{folder} holds no controls", "`controls` in ledgergate.toml names folders of .py files."
        )
    package = ModuleType(f"bank_controls_{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}")
    # A package, so that its files may share facts: `from .facts import Account`.
    package.__path__ = [str(folder)]
    sys.modules.setdefault(package.__name__, package)
    for file in files:
        try:
            yield _imported(f"{package.__name__}.{file.stem}")
        except Exception as error:
            raise LedgergateError(f"{file} cannot be loaded: {type(error).__name__}: {error}") from error


def _imported(name: str) -> ModuleType:
    """Import a module of a bank, and keep nothing compiled in its folder."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return importlib.import_module(name)
    finally:
        sys.dont_write_bytecode = before


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|\D+", name)]
