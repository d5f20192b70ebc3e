"""Controls of how CloudFront distributions meet viewers."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.cloudfront import Distribution, ViewerCertificate
from policies.model import UNKNOWN, Verdict, control, example, fail, require

if TYPE_CHECKING:
    from policies.settings import Settings

SECURITY_HUB: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"
SYSTEMS: Final = "Demand of the banking, payments and fraud systems, read 2026-11-20"

_CERTIFICATE: Final = ViewerCertificate(custom=True, support_method="sni-only", policy="TLSv1.2_2021")
GOOD: Final = Distribution(
    root_object="index.html",
    viewer_policies=("redirect-to-https", "https-only"),
    certificate=_CERTIFICATE,
)


def _with_certificate(**changes: Any) -> Distribution:
    return replace(GOOD, certificate=replace(_CERTIFICATE, **changes))


@control(
    id="CloudFront.1",
    slug="cloudfront-distribution-root-object-set",
    severity=Severity.HIGH,
    requirements=("2.2.6",),
    families=("pci", "network"),
    source=SECURITY_HUB,
    rationale="Where the origin is a bucket that may be listed, a request for / returns the names of its files, and "
    "an attacker picks backups and exports from the list.",
    remediation="Set default_root_object of the aws.cloudfront.Distribution, such as index.html.",
    passes=[example("a page", GOOD)],
    fails=[example("none", replace(GOOD, root_object=""))],
    unknowns=[example("it comes later", replace(GOOD, root_object=UNKNOWN))],
)
def root_object_set(distribution: Distribution) -> Verdict:
    """A distribution answers a request for its root with a page, not with what lies in its origin.

    defaultRootObject is set and not empty.
    """
    return require(distribution.root_object, "it has no root object", found="none", wanted="defaultRootObject")


ENCRYPTED: Final = frozenset({"https-only", "redirect-to-https"})


@control(
    id="CloudFront.3",
    slug="cloudfront-distribution-viewer-https-only",
    severity=Severity.MEDIUM,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source=SECURITY_HUB,
    rationale="On a hotel's or an airport's network, somebody between viewer and CloudFront reads cookies and card "
    "data in plain HTTP, or swaps the script of the payment page.",
    remediation="Set viewer_protocol_policy of default_cache_behavior and of each of ordered_cache_behaviors of the "
    "aws.cloudfront.Distribution to redirect-to-https or https-only.",
    passes=[example("every behaviour asks for HTTPS", GOOD)],
    fails=[
        example("the default behaviour takes HTTP", replace(GOOD, viewer_policies=("allow-all",))),
        example("an ordered one does", replace(GOOD, viewer_policies=("https-only", "allow-all"))),
    ],
    unknowns=[
        example("the behaviours come later", replace(GOOD, viewer_policies=UNKNOWN)),
        example("a policy comes later", replace(GOOD, viewer_policies=("https-only", UNKNOWN))),
    ],
)
def viewers_use_https(distribution: Distribution) -> Verdict:
    """Viewers reach a distribution over HTTPS alone.

    viewerProtocolPolicy of the default and of every ordered cache behaviour is redirect-to-https or https-only.
    """
    plain = [each for each in distribution.viewer_policies if each not in ENCRYPTED]
    return require(
        not plain, "a cache behaviour takes plain HTTP", found=plain, wanted="redirect-to-https or https-only"
    )


@control(
    id="LG-TLS-03",
    slug="cloudfront-distribution-tls-floor",
    severity=Severity.HIGH,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source=SYSTEMS,
    rationale="Old browsers and attackers alike negotiate TLS 1.0, whose weaknesses are public, and the quarterly "
    "external scan reports the site as not compliant.",
    remediation="Give viewer_certificate of the aws.cloudfront.Distribution an acm_certificate_arn, "
    "ssl_support_method='sni-only' and minimum_protocol_version='TLSv1.2_2021'.",
    parameters=("viewer_tls_policies",),
    passes=[
        example("TLS 1.2", GOOD),
        example("TLS 1.3", _with_certificate(policy="TLSv1.3_2025")),
    ],
    fails=[
        example("CloudFront's own certificate", replace(GOOD, certificate=ViewerCertificate())),
        example("the policy that it has by default", _with_certificate(policy="TLSv1")),
        example("TLS 1.2 with old ciphers", _with_certificate(policy="TLSv1.2_2019")),
        example("addresses of its own", _with_certificate(support_method="vip")),
        example("one that the profile left out", GOOD, {"viewer_tls_policies": ("TLSv1.3_2025",)}),
    ],
    unknowns=[
        example("the certificate comes later", replace(GOOD, certificate=UNKNOWN)),
        example("the policy comes later", _with_certificate(policy=UNKNOWN)),
    ],
)
def viewers_speak_modern_tls(distribution: Distribution, settings: "Settings") -> Verdict:
    """A distribution speaks modern TLS with viewers, under a certificate of its own.

    viewerCertificate has an acmCertificateArn or an iamCertificateId, sslSupportMethod sni-only, and a
    minimumProtocolVersion of viewer_tls_policies; unset means TLSv1. cloudfrontDefaultCertificate fails, since it goes
    with TLSv1.
    """
    shown = distribution.certificate
    if not shown.custom:
        return fail("its certificate is CloudFront's own", found="TLSv1", wanted="a certificate of its own")
    if shown.support_method != "sni-only":
        return fail(
            "it does not use SNI", found=f"sslSupportMethod {shown.support_method or 'unset'}", wanted="sni-only"
        )
    allowed = settings.viewer_tls_policies
    return require(shown.policy in allowed, "it speaks outdated TLS with viewers", found=shown.policy, wanted=allowed)
