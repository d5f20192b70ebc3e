"""How a property's value becomes part of an identity: the names that follow `|` in a template.

Each takes the property's text and returns the part, or None when the text has no such part.

Runs inside the program's interpreter: standard library only.
"""

from collections.abc import Callable
from typing import Final

from ledgergate.engine.symbolic.place import Place
from ledgergate.engine.symbolic.regions import short_code

Filter = Callable[[str, Place], str | None]

_ARN_PARTS: Final = 6


def _arn_part(text: str, number: int) -> str | None:
    parts = text.split(":", _ARN_PARTS - 1)
    return parts[number] if len(parts) == _ARN_PARTS and parts[0] == "arn" else None


def _tail(text: str) -> str:
    resource = _arn_part(text, 5) or text
    return resource.rsplit("/", 1)[-1].rsplit(":", 1)[-1] if resource != text else text.rsplit("/", 1)[-1]


def _function_name(text: str) -> str:
    resource = _arn_part(text, 5) or text
    return resource.split(":")[1] if resource.startswith("function:") else resource.split(":")[0]


def _key_arn(text: str, place: Place) -> str | None:
    if text.startswith("arn:"):
        return text
    if text.startswith("alias/"):
        return None
    return f"arn:{place.partition}:kms:{place.region}:{place.account}:key/{text}"


def _between(kind: str, other: str) -> Filter:
    """Change the kind of resource in a load balancer's ARN, whose path goes on in its listeners and rules."""
    return lambda text, _: text.replace(f":{kind}/", f":{other}/", 1) if f":{kind}/" in text else None


def _choice(**choices: str) -> Filter:
    return lambda text, _: choices.get(text)


def _before(sign: str) -> Filter:
    return lambda text, _: sign + text


FILTERS: Final[dict[str, Filter]] = {
    "afterslash": lambda text, _: text.split("/", 1)[1] if "/" in text else None,
    "arnaccount": lambda text, _: _arn_part(text, 4),
    "arnregion": lambda text, _: _arn_part(text, 3),
    "busdash": lambda text, _: "" if _tail(text) == "default" else f"{_tail(text)}-",
    "buspath": lambda text, _: "" if _tail(text) == "default" else f"{_tail(text)}/",
    "colon": _before(":"),
    "comma": _before(","),
    "digits": lambda text, _: text.rsplit("-", 1)[-1],
    "direction": _choice(INBOUND="in", OUTBOUND="out"),
    "fn": lambda text, _: _function_name(text),
    "gateway": _choice(Gateway=""),
    "joined": lambda text, _: text,
    "keyarn": _key_arn,
    "lbkind": _choice(application="app", network="net", gateway="gwy"),
    "listener": _between("loadbalancer", "listener"),
    "listenerrule": _between("listener", "listener-rule"),
    "lower": lambda text, _: text.lower(),
    "noscheme": lambda text, _: text.removeprefix("https://"),
    "nowildcard": lambda text, _: text.removeprefix("*."),
    "scheme": _choice(HTTP="https", WEBSOCKET="wss"),
    "short": lambda text, _: short_code(text),
    "slash": lambda text, _: text if text.startswith("/") else f"/{text}",
    "slashed": _before("/"),
    "tail": lambda text, _: _tail(text),
    "trimdot": lambda text, _: text.rstrip("."),
    "underscored": _before("_"),
    "wafscope": _choice(REGIONAL="regional", CLOUDFRONT="global"),
}
