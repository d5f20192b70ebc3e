"""A self-signed certificate that stands in until there is an issued one; CloudFront does not trust it."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_tls as tls

RSA_BITS: Final = 2048
VALID_HOURS: Final = 365 * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceholderCertificateArgs:
    """Whom it names.

    Args:
        region: Where it is.
        domain: Host name; one that nobody can own, such as `balancer.invalid`.
    """

    region: str
    domain: str


class PlaceholderCertificate(pulumi.ComponentResource):
    """A certificate for trying out: browsers and CloudFront refuse it, a client told to trust it does not.

    Args:
        name: Logical name.
        args: Whom it names.
        opts: Resource options.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: PlaceholderCertificateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:PlaceholderCertificate", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        key = tls.PrivateKey(name, algorithm="RSA", rsa_bits=RSA_BITS, opts=child)
        certificate = tls.SelfSignedCert(
            name,
            private_key_pem=key.private_key_pem,
            subject=tls.SelfSignedCertSubjectArgs(common_name=args.domain),
            dns_names=[args.domain],
            allowed_uses=["digital_signature", "key_encipherment", "server_auth"],
            validity_period_hours=VALID_HOURS,
            opts=child,
        )
        imported = aws.acm.Certificate(
            name,
            region=args.region,
            certificate_body=certificate.cert_pem,
            private_key=key.private_key_pem,
            opts=child,
        )
        self.arn = imported.arn
        self.register_outputs({"arn": self.arn})
