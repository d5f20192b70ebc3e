"""Operations that moto lacks and that have to keep a document and nothing more."""

from types import ModuleType
from typing import Any, Final

from moto.core.exceptions import JsonRESTError

from integration.sandbox.corrections.registry import add_routes

SHELVES: Final = "ledgergate_shelves"
"""Attribute of a backend of moto's; a reset of the backend empties it."""


def shelf(backend: Any, name: str) -> dict[str, Any]:
    """Return what a backend keeps of one kind: key → document.

    Args:
        backend: Backend of moto's, of one account and Region.
        name: Kind of document.
    """
    shelves: dict[str, dict[str, Any]] = vars(backend).setdefault(SHELVES, {})
    return shelves.setdefault(name, {})


def take_json(backend: Any, name: str, key: str) -> Any:
    """Return a document of a service that speaks JSON.

    Raises:
        JsonRESTError: There is none.
    """
    found = shelf(backend, name).get(key)
    if found is None:
        raise JsonRESTError("ResourceNotFoundException", f"{key} is not there")
    return found


def serve(urls: ModuleType, response: type, *paths: str) -> None:
    """Let moto answer under more paths.

    Args:
        urls: The service's module of paths.
        response: Class that answers.
        paths: Patterns, with `{0}` for the host.
    """
    add_routes(urls, dict.fromkeys(paths, response.dispatch))  # type: ignore[attr-defined]  # every response class of moto has it
