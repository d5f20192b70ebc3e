"""Hooks of the program, which run when a resource is created, changed or deleted: never here.

Runs inside the program's interpreter: standard library and pulumi only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from ledgergate.engine.sources import program_function

Place = tuple[str, int, str]
"""File, line and name."""

_CLASSES: Final = ("ErrorHook", "ResourceHook")
_NOT_RUN: Final = "{place}the hook {name} was not run: that happens when resources are deployed"

_callbacks: list[Any] = []


def watch() -> None:
    """Follow which hooks the program makes, for the rest of the process; older SDKs have none."""
    try:
        from pulumi import resource_hooks
    except ImportError:
        return
    for name in _CLASSES:
        class_ = getattr(resource_hooks, name, None)
        if class_ is not None:
            class_.__init__ = _following(class_.__init__)


def not_run() -> tuple[list[str], list[str]]:
    """Return a sentence for each hook that may register resources, and one for each other hook."""
    if not _callbacks:
        return [], []
    from ledgergate.engine.reach import can_register

    places = dict.fromkeys(map(program_function, _callbacks))
    able = {program_function(func) for func in _callbacks if can_register(func)}
    return [f"{_told(each)}; it may register resources" for each in places if each in able], [
        _told(each) for each in places if each not in able
    ]


def _told(place: Place) -> str:
    file, line, name = place
    return _NOT_RUN.format(place=f"{file}:{line}: " if file else "", name=name)


def _following(plain: Callable[..., None]) -> Callable[..., None]:
    @wraps(plain)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        plain(self, *args, **kwargs)
        _callbacks.append(self.callback)

    return made
