"""The last look before something is sealed for years: what is a secret by its kind does not go in.

Gate and audit leave secrets out already, each by what it knows of their types. This is the net below, for whatever
a message, an answer or a state may carry: members that are named like secrets, and values that can be nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

REDACTED: Final = "[redacted]"

_SECRET_NAME: Final = re.compile(
    r"(password|passwd|passphrase|privatekey|accesskeyid|secretkey|secretaccesskey|secretstring|secretbinary"
    r"|clientsecret|apikey|(auth|access|session|security|bearer|refresh|id)token|plaintext|userdata|connectionstring)$"
)
_VALUES: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+"  # a JSON web token
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"  # user and password in a URL
    r"|(?<=[Bb]earer )[\w.~+/-]{16,}=*"
    r"|(?i:(?:password|passwd|passphrase|secret_?access_?key|secret_?string)[\\\"']*\s*[=:]\s*[\\\"']*)"
    r"(?!\[redacted\]|\[secret\])[^\s\\\"',;&]+",
    re.DOTALL,
)
_PAIRS: Final = (("Key", "Value"), ("Name", "Value"), ("ParameterName", "ParameterValue"))
_HARMLESS: Final = ("", REDACTED, "[secret]")


@dataclass
class Redaction:
    """Takes secrets out of JSON data, and counts them."""

    count: int = 0

    def applied(self, value: Any) -> Any:
        """Return JSON data with `[redacted]` for every secret in it."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.applied(item) for item in value]
        if isinstance(value, Mapping):
            secret = _secret_of_pair(value)
            return {
                # A key is text too: a map may have been keyed by what should have been a value.
                self._text(name): self._member(item, named=name == secret or is_secret_name(name))
                for name, item in value.items()
            }
        return value

    def _member(self, value: Any, *, named: bool) -> Any:
        if not named:
            return self.applied(value)
        if isinstance(value, list):
            return [self._member(item, named=True) for item in value]
        if not isinstance(value, str):
            # A flag such as ManageMasterUserPassword; objects have names of their own.
            return self.applied(value)
        if value in _HARMLESS or value.startswith("arn:"):
            return value
        self.count += 1
        return REDACTED

    def _text(self, text: str) -> str:
        redacted, count = _VALUES.subn(REDACTED, text)
        self.count += count
        return redacted


def is_secret_name(name: str) -> bool:
    """Tell whether what is named like this is a secret by its kind: a member of an answer, a tag, a parameter."""
    return _SECRET_NAME.search(re.sub(r"[^a-z]", "", name.casefold())) is not None


def _secret_of_pair(value: Mapping[str, Any]) -> str:
    """Return the member that holds what a tag or a parameter of a secret's name is set to; empty when none does."""
    for name, content in _PAIRS:
        if isinstance(value.get(name), str) and content in value and is_secret_name(value[name]):
            return content
    return ""
