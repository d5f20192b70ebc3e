"""Answers made fit to be kept: plain JSON data, without what must not be shown."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from botocore.model import Shape

REDACTED: Final = "[redacted]"

_SECRETS: Final = frozenset(
    name.casefold()
    for name in (
        "AccessKeyId",
        "AuthToken",
        "ClientSecret",
        "Environment",
        "MasterPassword",
        "MasterUserPassword",
        "Password",
        "Plaintext",
        "PrivateKey",
        "SecretAccessKey",
        "SecretBinary",
        "SecretString",
        "SessionToken",
        "UserData",
    )
)
"""Members that hold secrets, or may, whether or not the service's model calls them sensitive."""

_NAMES: Final = frozenset({"KMSMasterKeyID"})
"""Members that a model calls sensitive although they are a name: S3 tells the ARN of a bucket's key, which every other
service shows, and a control asks whose key it is."""


_TAGS: Final = "tags"
"""Member whose keys, where it is a map, somebody has chosen."""


def fit_to_keep(answer: Mapping[str, Any], shape: "Shape | None") -> dict[str, Any]:
    """Return an answer as JSON data, with `[redacted]` for what is sensitive by its type.

    Args:
        answer: What botocore made of the response.
        shape: Shape of the answer in the service's model; None when it has none.
    """
    members = _members(shape)
    return {name: _kept(name, value, members.get(name)) for name, value in answer.items() if name != "ResponseMetadata"}


def _kept(name: str, value: Any, shape: "Shape | None") -> Any:
    sensitive = shape is not None and shape.metadata.get("sensitive")
    if ((sensitive and name not in _NAMES) or name.casefold() in _SECRETS) and value not in (None, "", [], {}):
        return REDACTED
    if isinstance(value, Mapping):
        members = _members(shape)
        inner = getattr(shape, "value", None)
        # Whoever calls a tag `Environment` means no member of that name.
        own = name.casefold() != _TAGS
        return {str(key): _kept(str(key) if own else "", item, members.get(key, inner)) for key, item in value.items()}
    if isinstance(value, list):
        return [_kept(name, item, getattr(shape, "member", None)) for item in value]
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else REDACTED


def _members(shape: "Shape | None") -> Mapping[str, "Shape"]:
    return getattr(shape, "members", {})
