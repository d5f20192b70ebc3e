"""Which form a property's value takes, judged by its name, for properties that the table of identities leaves open.

A string is made up only where its form can carry the mark and only where it belongs to the resource itself. What
names another resource (`kmsKeyId`, `webAclArn`, `vpcId`) or states a configuration (`engine`, `status`, `policy`)
would be a guess that a control could take for a fact, and a date, an address or a certificate cannot carry the mark:
those stay unknown.

Runs inside the program's interpreter: standard library only.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FILLERS: Final = frozenset({"aws", "db", "dbi", "identifier", "physical", "resource", "unique"})
"""Words of an id's name that say nothing about whose id it is."""

_HOSTS: Final = frozenset({"endpoint", "host", "hostname", "fqdn", "cname", "dns"})
_LABELS: Final = frozenset(
    {"alias", "etag", "password", "reference", "result", "revision", "secret", "suffix", "token", "uuid", "version"}
)
"""Last words of free text that a service makes up for a resource of its own."""

_FOREIGN: Final = frozenset(
    {"certificate", "engine", "key", "kms", "origin", "owner", "peer", "policy", "source", "target"}
)
"""Words that point away from the resource, or to a format that cannot be made up."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is made.

    Args:
        template: See `template.py`.
        identity: Whether the value identifies the resource: an id, ARN, name, URL or host name.
    """

    template: str
    identity: bool


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a camelCase name."""
    return tuple(word.lower() for word in _WORD.findall(name))


@cache
def noun_of(class_name: str) -> str:
    """Return the last word of a class's name: what its instances are."""
    words = [word for word in words_of(class_name) if word.isalpha()]
    return words[-1] if words else ""


def form_of(name: str, nouns: frozenset[str], service: str) -> Form | None:
    """Return the form of a string property, or None when it stays unknown.

    Args:
        name: camelCase property.
        nouns: What the object with this property is: nouns of its class and of the resource.
        service: Service in ARNs and host names; empty outside AWS.
    """
    words = words_of(name)
    if not words:
        return None
    domain = f"{service}.{{region}}.{{dns}}" if service else "invalid"
    if words[-1] in ("url", "uri"):
        return Form(f"https://{{hex16:{name}}}.{domain}", identity=True)
    if words[-1] in _HOSTS or words[-2:] in (("dns", "name"), ("domain", "name"), ("host", "name")):
        return Form(f"{{hex16:{name}}}.{domain}", identity=True)
    if words[-1] in ("arn", "id", "name"):
        return _identifier(name, words, nouns, service)
    if words[-1] in _LABELS and not _FOREIGN & frozenset(words):
        return Form(f"{{hex32:{name}}}", identity=False)
    return None


def names_itself(words: tuple[str, ...], nouns: frozenset[str]) -> bool:
    """Tell whether an id, ARN or name is that of the object which has the property.

    Args:
        words: Words of the property, `("db", "instance", "arn")`.
        nouns: See `form_of`.
    """
    fillers = _FILLERS if words[-1] != "name" else ()
    stem = [word for word in words[:-1] if word not in fillers]
    return not stem or stem[-1] in nouns


def opaque_arn(service: str, class_name: str, *, regional: bool) -> str:
    """Return the ARN template of a type outside the table: well-formed, equal to nothing else."""
    region = "{region}" if regional else ""
    return f"arn:{{partition}}:{service}:{region}:{{account}}:{class_name.lower()}/{{hex32}}"


def _identifier(name: str, words: tuple[str, ...], nouns: frozenset[str], service: str) -> Form | None:
    if not names_itself(words, nouns):
        return None
    if words[-1] != "arn":
        return Form(f"{{hex32:{name}}}", identity=True)
    arn = f"arn:{{partition}}:{service}:{{region}}:{{account}}:{name}/{{hex32:{name}}}"
    return Form(arn, identity=True) if service else None
