"""Every service: what is answered when moto lacks an operation, or breaks over one."""

import logging
from typing import Any, Final

from moto.core.botocore_stubber import BotocoreStubber

from integration.sandbox.corrections.registry import corrects

_LOG: Final = logging.getLogger(__name__)


def status_of(error: object) -> int:
    """Return the HTTP status that says what happened; botocore understands it best without a body."""
    return 501 if isinstance(error, NotImplementedError) else 500


@corrects(
    BotocoreStubber,
    "process_request",
    fact="A service answers with an error, whatever happens inside it; moto in process raises what it raised",
    source="Any AWS API reference, common errors",
)
def _answered(original: Any, stubber: BotocoreStubber, request: Any) -> Any:
    try:
        return original(stubber, request)
    except Exception as error:  # noqa: BLE001 - a caller must see what it would see of a service that broke
        if not isinstance(error, NotImplementedError):
            _LOG.exception("moto broke over a request")
        return status_of(error), {}, ""
