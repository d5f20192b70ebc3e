"""Which SDK code the stand-ins were verified with: versions, and a fingerprint of every function they depend on.

A fingerprint is taken from the source text, so that it is the same under every Python. `python -m
ledgergate.engine.fastpath.verified` prints those of the installed SDK.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

VERSIONS: Final = ("3.260.0", "3.265.0", "3.270.0", "3.271.0", "3.272.0")
"""SDKs with which the tests of this package have passed; in the older ones fewer patches find their code."""

FINGERPRINTS: Final[Mapping[str, str]] = {
    "pulumi._types:input_type_py_to_pulumi_names": "c33d4b506e75564f",
    "pulumi._types:resource_pulumi_to_py_names": "4774051c03b06e3c",
    "pulumi._types:resource_py_to_pulumi_names": "ad17aaadc211491a",
    "pulumi._types:resource_types": "464ec4d0bd96eaa8",
    "pulumi._types:unwrap_type": "df8119a0f7143e06",
    "pulumi.log:debug": "766897f70e3a1770",
    "pulumi.output:Output.__init__": "a3bc1b81c7e243b4",
    "pulumi.output:Output._from_data": "209a83dc3d719951",
    "pulumi.output:Output._track": "63c949b957b1c872",
    "pulumi.output:Output._untrack": "c3df30b7f640c31a",
    "pulumi.output:Output.recover": "206a5586822f3036",
    "pulumi.output:_OutputData": "6015421ba42d7ccb",
    "pulumi.runtime._callbacks:_CallbackServicer.__init__": "e0e97ef22cc7b451",
    "pulumi.runtime._callbacks:_CallbackServicer.shutdown": "6ee84ff25d6f2b45",
    "pulumi.runtime._context:wrap_with_context": "00831e6895e14e7f",
    "pulumi.runtime.resource:_get_source_position_for_frame": "c1e3095088374c18",
    "pulumi.runtime.resource:_get_stack_trace": "c1f8beec3dad09fa",
    "pulumi.runtime.resource:create_urn": "89596a4fa9d2c31a",
    "pulumi.runtime.rpc:contains_unknowns": "f5086b73a302d666",
    "pulumi.runtime.rpc:deserialize_properties": "bea0703e88e77769",
    "pulumi.runtime.rpc:deserialize_property": "ccca6787198c565d",
    "pulumi.runtime.rpc:serialize_property": "e0b49242fd53a00c",
    "pulumi.runtime.rpc:transfer_properties": "ce53437ae5bd676e",
    "pulumi.runtime.rpc:translate_output_properties": "ee7674dff49786be",
    "pulumi.runtime.rpc_manager:RPCManager": "163a895a6c821e8f",
    "pulumi.runtime.stack:run_pulumi_func": "d097b54514f00f91",
    "pulumi.runtime.stack:wait_for_rpcs": "0bf483f44da06fc7",
}
"""Module and function or class → first 16 hex digits of the SHA-256 of its source."""

_INDENT: Final = 4


def is_verified(names: Iterable[str]) -> bool:
    """Tell whether the installed SDK holds the very code that was verified.

    Args:
        names: Keys of `FINGERPRINTS`.
    """
    return all(fingerprint(name) == FINGERPRINTS[name] for name in names)


def fingerprint(name: str) -> str:
    """Return the fingerprint of a function or class of the installed SDK; empty when it is not there.

    Args:
        name: `pulumi.output:Output._track`.
    """
    module, _, path = name.partition(":")
    text = _source(module)
    for depth, part in enumerate(path.split(".")):
        text = _block(text, part, depth * _INDENT)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


@cache
def _source(module: str) -> str:
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return ""
    if spec is None or not spec.has_location or spec.origin is None:
        return ""
    try:
        return Path(spec.origin).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _block(text: str, name: str, indent: int) -> str:
    """Return a definition up to the next line that is indented as little and closes no bracket."""
    start = re.search(rf"^ {{{indent}}}(?:async def|def|class) {re.escape(name)}\b", text, re.MULTILINE)
    if start is None:
        return ""
    end = re.compile(rf"^ {{0,{indent}}}[^\s)\]}}]", re.MULTILINE).search(text, start.end())
    return text[start.start() : end.start() if end else len(text)].rstrip()


if __name__ == "__main__":
    sys.stdout.writelines(f'    "{name}": "{fingerprint(name)}",\n' for name in FINGERPRINTS)
