"""References to container images, in their parts."""

import re
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.values import Unknown, Value, is_symbolic
from policies.facts.properties import UNKNOWN

DEFAULT_REGISTRY: Final = "docker.io"
"""Registry of a reference that names none. Source: the image parameter, Amazon ECS developer guide, read 2026-11-30."""

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_ECR: Final = re.compile(r"(\d{12})\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A reference to an image.

    Args:
        registry: Host name of its registry; `docker.io` when it names none.
        ecr_account: Account whose private ECR registry that is; empty for any other registry.
        digest: `sha256:` and 64 hexadecimal digits; empty when it is named by a tag, or in another form.

    A part that was minted is unknown: the name of a repository may be made up, not where it is or what is in it.
    """

    registry: str = DEFAULT_REGISTRY
    ecr_account: str = ""
    digest: str = ""


_HIDDEN: Final = Image(registry=UNKNOWN, ecr_account=UNKNOWN, digest=UNKNOWN)


def image_of(value: Value) -> Image:
    """Return the parts of a reference; all of them unknown where the reference is."""
    if isinstance(value, Unknown):
        return _HIDDEN
    name, at, digest = value.partition("@")
    registry = _registry(name)
    return Image(registry=registry, ecr_account=_account(registry), digest=_digest(name, at, digest))


def _registry(name: str) -> Any:
    first, slash, _ = name.partition("/")
    if is_symbolic(first):
        return UNKNOWN
    return first if slash and (first == "localhost" or any(sign in first for sign in ".:")) else DEFAULT_REGISTRY


def _account(registry: Any) -> Any:
    found = _ECR.fullmatch(registry) if isinstance(registry, str) else None
    return UNKNOWN if isinstance(registry, Unknown) else found.group(1) if found else ""


def _digest(name: str, at: str, digest: str) -> Any:
    if at:
        return UNKNOWN if is_symbolic(digest) else digest if _DIGEST.fullmatch(digest) else ""
    # A minted text may end in anything; behind the colon of a tag there is no room for a digest.
    last = name.rpartition("/")[2]
    tag = last.partition(":")[2]
    return UNKNOWN if is_symbolic(last) and (not tag or is_symbolic(tag)) else ""
