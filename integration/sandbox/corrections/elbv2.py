"""Load balancing: certificates that were there before the program, and what nobody has set."""

from typing import Any, Final

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

from integration.sandbox.corrections.registry import corrects

_API: Final = "Elastic Load Balancing API reference, "


@corrects(
    ELBv2Backend,
    "_certificate_exists",
    fact="A certificate that the configuration names was there before the program; a new account of moto's is empty",
    source="Elastic Load Balancing API reference, CreateListener, Certificates",
)
def _given(_original: Any, _backend: ELBv2Backend, certificate_arn: str) -> bool:
    return certificate_arn.startswith("arn:") and ":certificate/" in certificate_arn


_LOGS: Final = {"access_logs.s3.enabled": "false"}
_DEFAULTS: Final = {
    "application": {
        **_LOGS,
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "false",
    },
    "network": _LOGS,
}
"""Type of a load balancer → attributes that it has although nobody has set them, as far as somebody reads them."""


@corrects(
    FakeLoadBalancer,
    "__init__",
    fact="A load balancer tells its attributes, whether or not somebody has set them",
    source=_API + "LoadBalancerAttribute, read 2026-11-30",
)
def _with_defaults(original: Any, balancer: FakeLoadBalancer, *args: Any, **kwargs: Any) -> None:
    original(balancer, *args, **kwargs)
    balancer.attrs |= _DEFAULTS.get(balancer.type, {})
