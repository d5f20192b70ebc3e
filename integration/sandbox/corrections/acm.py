"""ACM: certificates that were there before the program."""

from typing import Any

from moto.acm.models import AWSCertificateManagerBackend

from integration.sandbox.corrections.registry import corrects


@corrects(
    AWSCertificateManagerBackend,
    "set_certificate_in_use_by",
    fact="A certificate that the configuration names was there before the program; a new account of moto's is empty",
    source="Elastic Load Balancing API reference, CreateListener, Certificates",
)
def _used(original: Any, backend: AWSCertificateManagerBackend, arn: str, load_balancer_name: str) -> None:
    if arn in backend._certificates:  # noqa: SLF001 - where moto keeps them
        original(backend, arn, load_balancer_name)
