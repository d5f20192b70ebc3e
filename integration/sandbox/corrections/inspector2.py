"""Inspector: what it says of an account that never switched it on."""

from typing import Any

from moto.inspector2.models import AccountStatus, Inspector2Backend

from integration.sandbox.corrections.registry import corrects


@corrects(
    Inspector2Backend,
    "batch_get_account_status",
    fact="An account that never switched Inspector on is told of as disabled, and is meant where none is named",
    source="Amazon Inspector API reference, BatchGetAccountStatus, read 2026-11-30",
)
def _status(original: Any, backend: Inspector2Backend, account_ids: list[str] | None) -> Any:
    own = backend.account_id
    backend.account_status.setdefault(own, AccountStatus(own))
    return original(backend, account_ids or [own])
