"""Requests to the symbolic provider, as the engine makes them."""

from collections.abc import Mapping
from typing import Any

from ledgergate.engine import urns
from ledgergate.engine.provider import ProviderConfig, ResourceRequest

ACCOUNT = "123456789012"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def config(package: str = "aws", **inputs: Any) -> ProviderConfig:
    """Return a provider's configuration, in eu-west-1 unless said otherwise."""
    given = {"region": "eu-west-1", **inputs} if package == "aws" else inputs
    return ProviderConfig(package, f"urn:pulumi:dev::shop::pulumi:providers:{package}::default", inputs=given)


def request(
    type_: str, inputs: Mapping[str, Any] | None = None, *, name: str = "main", provider: ProviderConfig | None = None
) -> ResourceRequest:
    """Return a request for one resource at the top of the stack."""
    return ResourceRequest(
        urn=urns.make_urn("dev", "shop", "", type_, name),
        type=type_,
        name=name,
        inputs=inputs or {},
        provider=provider or config(urns.package_of(type_)),
    )


def with_inputs(asked: ResourceRequest, inputs: Mapping[str, Any]) -> ResourceRequest:
    """Return the same request with other inputs."""
    return ResourceRequest(asked.urn, asked.type, asked.name, inputs, asked.provider)
