"""Load balancing: certificates that were there before the program."""

from typing import Any

from moto.elbv2.models import ELBv2Backend

from integration.sandbox.corrections.registry import corrects


@corrects(
    ELBv2Backend,
    "_certificate_exists",
    fact="A certificate that the configuration names was there before the program; a new account of moto's is empty",
    source="Elastic Load Balancing API reference, CreateListener, Certificates",
)
def _given(_original: Any, _backend: ELBv2Backend, certificate_arn: str) -> bool:
    return certificate_arn.startswith("arn:") and ":certificate/" in certificate_arn
