"""Between the lists that programs write and CloudFront's lists, which count themselves."""

from collections.abc import Mapping
from typing import Any, Final

from integration.sandbox.types.shapes import camel, pascal, whole

_SPELT: Final = {
    "AcmCertificateArn": "ACMCertificateArn",
    "CloudfrontDefaultCertificate": "CloudFrontDefaultCertificate",
    "DefaultTtl": "DefaultTTL",
    "HttpPort": "HTTPPort",
    "HttpsPort": "HTTPSPort",
    "IamCertificateId": "IAMCertificateId",
    "IncludeSubdomains": "IncludeSubdomains",
    "IsIpv6Enabled": "IsIPV6Enabled",
    "MaxTtl": "MaxTTL",
    "MinTtl": "MinTTL",
    "SslSupportMethod": "SSLSupportMethod",
    "WebAclId": "WebACLId",
}
"""Name as `pascal` makes it → as CloudFront's calls write it."""

_PROGRAMS: Final = {call: name for name, call in _SPELT.items()}


def in_calls(value: Any) -> Any:
    """Return a setting as CloudFront's calls take it: every list as its items and their number."""
    if isinstance(value, Mapping):
        made = {_SPELT.get(pascal(name), pascal(name)): in_calls(item) for name, item in value.items()}
        return _counted(made)
    if isinstance(value, list):
        return {"Quantity": len(value), "Items": [in_calls(item) for item in value]}
    return whole(value)


def _counted(made: dict[str, Any]) -> dict[str, Any]:
    """Return a setting that holds `items` itself, as programs write some lists, with its list unwrapped."""
    if made.keys() <= {"Items", "Quantity"} and isinstance(made.get("Items"), dict):
        return dict(made["Items"])
    return made


def in_programs(value: Any) -> Any:
    """Return a setting as programs write it: every counted list as a list."""
    if isinstance(value, Mapping):
        if "Quantity" in value and value.keys() <= {"Enabled", "Items", "Quantity"}:
            return [in_programs(item) for item in value.get("Items") or ()]
        return {camel(_PROGRAMS.get(name, name)): in_programs(item) for name, item in value.items()}
    return [in_programs(item) for item in value] if isinstance(value, list) else value


def with_items(value: Any, *dropped: str) -> Any:
    """Return a setting as programs write it where they, too, write a list as its `items`.

    Args:
        value: What CloudFront says.
        dropped: Names that programs do not write.
    """
    if isinstance(value, Mapping):
        kept = {camel(_PROGRAMS.get(name, name)): item for name, item in value.items()}
        return {name: with_items(item, *dropped) for name, item in kept.items() if name not in dropped}
    return [with_items(item, *dropped) for item in value] if isinstance(value, list) else value
