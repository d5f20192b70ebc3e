"""Configuration of a stack, gathered under full keys from where the Pulumi CLI takes it.

Runs in the gate's process.
Source: the Pulumi CLI's merge of project and stack configuration, read 2026-11-21.
"""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ledgergate.engine.manifest import ProjectError
from ledgergate.engine.secrets import Decrypter
from ledgergate.values import SYMBOL_MARK

_DECLARATION: Final = frozenset(("type", "items", "default", "value", "description", "secret"))


class Configuration:
    """Values of one stack; a later one replaces an earlier one, and what was secret once stays so.

    Args:
        project: Project name, the namespace of keys that have none.
        decrypter: Opens `secure:` values.
    """

    def __init__(self, project: str, decrypter: Decrypter) -> None:
        self.values: dict[str, str] = {}
        self.secret: set[str] = set()
        self.secret_texts: set[str] = set()
        self.undecryptable: set[str] = set()
        self.project = project
        self._decrypter = decrypter

    def full_key(self, key: str) -> str:
        """Return the key with its namespace; the older `project:config:key` form becomes `project:key`."""
        parts = key.split(":")
        if len(parts) == 3 and parts[1] == "config":  # noqa: PLR2004 - namespace, the word, name
            return f"{parts[0]}:{parts[2]}"
        return key if len(parts) > 1 else f"{self.project}:{key}"

    def set(self, key: str, value: object, *, secret: bool = False) -> None:
        """Keep one value."""
        full = self.full_key(key)
        self.undecryptable.discard(full)
        plain = self._plain(full, value)
        if secret:
            self.secret.add(full)
        self.values[full] = plain if isinstance(plain, str) else json.dumps(plain)
        if full in self.secret:
            self.secret_texts.update(_texts_of_secret(value, plain))

    def _plain(self, key: str, value: object) -> Any:
        if isinstance(value, dict):
            if set(value) == {"secure"} and isinstance(value["secure"], str):
                self.secret.add(key)
                return self._decrypt(key, value["secure"])
            return {_key_text(name): self._plain(key, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._plain(key, item) for item in value]
        return value

    def _decrypt(self, key: str, cipher: str) -> str:
        text = self._decrypter.decrypt(cipher)
        if text is None:
            self.undecryptable.add(key)
            return f"{SYMBOL_MARK}-secret-{key.replace(':', '-')}"
        self.secret_texts.add(text)
        return text


def _key_text(name: object) -> str:
    return name if isinstance(name, str) else json.dumps(name)


def _texts_of_secret(written: object, plain: object) -> Iterator[str]:
    """Yield the texts of a value that is secret as a whole: not those beside a `secure:` leaf."""
    if isinstance(written, str):
        yield written
        try:
            plain = json.loads(written)
        except ValueError:
            return
        yield from _leaves(plain)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)


def take_defaults(configuration: Configuration, declared: Mapping[str, Any]) -> None:
    """Take what the project file itself gives: plain values, and the values of declarations."""
    for name, entry in declared.items():
        if not _is_declaration(entry):
            configuration.set(str(name), entry)
            continue
        value = entry.get("default", entry.get("value"))
        if value is not None:
            configuration.set(str(name), value, secret=bool(entry.get("secret")))


def take_environment(configuration: Configuration) -> None:
    """Take `PULUMI_CONFIG`, the variable that the language host itself uses, when the caller sets it.

    Raises:
        ProjectError: It is not a JSON object.
    """
    text = os.environ.get("PULUMI_CONFIG")
    if not text:
        return
    try:
        values = json.loads(text)
        secret = set(json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS") or "[]"))
    except (ValueError, TypeError):
        values = None
    if not isinstance(values, dict):
        raise ProjectError("the environment variable PULUMI_CONFIG is not a JSON object")
    for key, value in values.items():
        configuration.set(key, value, secret=key in secret)


def demand_declared(configuration: Configuration, declared: Mapping[str, Any], where: str) -> None:
    """Hold the values against what the project file declares.

    Args:
        configuration: Every value.
        declared: The project's `config` block.
        where: What to name in a message.

    Raises:
        ProjectError: A value is missing or of another type than declared.
    """
    for name, entry in declared.items():
        if not _is_declaration(entry):
            continue
        key = configuration.full_key(str(name))
        value = configuration.values.get(key)
        if value is None:
            if key.partition(":")[0] != configuration.project:
                continue  # another package's: its own default applies
            raise ProjectError(
                f"{where}: configuration `{key}` is required and not set",
                f"Set it in the stack's file or with `--config {name}=VALUE`.",
            )
        type_ = entry.get("type")
        if type_ is not None and key not in configuration.undecryptable and not _fits(value, str(type_)):
            raise ProjectError(f"{where}: configuration `{key}` must be of type {type_}")


def _is_declaration(entry: object) -> bool:
    return isinstance(entry, dict) and bool(entry) and set(entry) <= _DECLARATION


def _fits(value: str, type_: str) -> bool:
    if type_ == "boolean":
        return value in ("true", "false")
    if type_ == "integer":
        return value.lstrip("+-").isdecimal()
    if type_ in ("array", "object"):
        try:
            return isinstance(json.loads(value), list if type_ == "array" else dict)
        except ValueError:
            return False
    return True
