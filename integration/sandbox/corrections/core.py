"""Every service: what an operation answers that moto does not have."""

from typing import Any, Final

from moto.core.botocore_stubber import BotocoreStubber

from integration.sandbox.corrections.registry import corrects

_NOT_IMPLEMENTED: Final = 501


@corrects(
    BotocoreStubber,
    "process_request",
    fact="A service answers with an error, whatever happens inside it; moto in process raises NotImplementedError",
    source="moto 5.2.5, which as a server answers 501",
)
def _answered(original: Any, stubber: BotocoreStubber, request: Any) -> Any:
    try:
        return original(stubber, request)
    except NotImplementedError:
        # Every parser of botocore understands an error without a body.
        return _NOT_IMPLEMENTED, {}, ""
