"""Controls of how CloudFront asks the servers behind it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.controls.cloudfront.distribution import ENCRYPTED, SECURITY_HUB
from policies.facts.cloudfront import OriginServers, Server
from policies.model import UNKNOWN, Verdict, control, example, not_applicable, require

if TYPE_CHECKING:
    from policies.settings import Settings

_SERVER: Final = Server(protocol_policy="https-only", protocols=("TLSv1.2",))
GOOD: Final = OriginServers(servers=(_SERVER,), viewer_policies=("redirect-to-https", "https-only"))
_WITHIN_VPC: Final = OriginServers(servers=(_SERVER,))
_NONE: Final = "none of its origins is a server of its own"


def _with(**changes: Any) -> OriginServers:
    return replace(GOOD, servers=(_SERVER, replace(_SERVER, **changes)))


@control(
    id="CloudFront.9",
    slug="cloudfront-origin-https-only",
    severity=Severity.MEDIUM,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source=SECURITY_HUB,
    rationale="What the viewer sent over TLS travels on to the origin in clear, across networks of others, where card "
    "data and session cookies can be copied unseen.",
    remediation="Set origin_protocol_policy to https-only, in custom_origin_config of each of origins of the "
    "aws.cloudfront.Distribution and in vpc_origin_endpoint_config of the aws.cloudfront.VpcOrigin.",
    passes=[
        example("HTTPS only", GOOD),
        example("as viewers do, and they all use HTTPS", _with(protocol_policy="match-viewer")),
        example("HTTPS only within a VPC", _WITHIN_VPC),
    ],
    fails=[
        example("plain HTTP", _with(protocol_policy="http-only")),
        example(
            "as viewers do, some of them without HTTPS",
            replace(_with(protocol_policy="match-viewer"), viewer_policies=("https-only", "allow-all")),
        ),
        example(
            "as viewers do, whoever they are",
            replace(_WITHIN_VPC, servers=(replace(_SERVER, protocol_policy="match-viewer"),)),
        ),
    ],
    unknowns=[
        example("the origins come later", replace(GOOD, servers=UNKNOWN)),
        example("the policy comes later", _with(protocol_policy=UNKNOWN)),
        example(
            "as viewers do, and nobody knows how",
            replace(_with(protocol_policy="match-viewer"), viewer_policies=UNKNOWN),
        ),
    ],
    not_applicable=[example("buckets alone", replace(GOOD, servers=()))],
)
def origins_asked_over_https(origin: OriginServers) -> Verdict:
    """CloudFront asks the servers behind it over HTTPS alone.

    originProtocolPolicy of every customOriginConfig of a distribution, and of every VPC origin, is https-only, or for a
    distribution match-viewer while no cache behaviour takes plain HTTP. Without a custom origin a distribution is not
    applicable: buckets have no such setting, and VPC origins are judged by themselves.
    """
    policies = [each.protocol_policy for each in origin.servers]
    if not policies:
        return not_applicable(_NONE)
    wrong = [each for each in policies if each not in ("https-only", "match-viewer")]
    if not wrong and "match-viewer" in policies and not _asked_over_https(tuple(origin.viewer_policies)):
        wrong = ["match-viewer, and viewers may use HTTP"]
    return require(not wrong, "it asks an origin over plain HTTP", found=wrong, wanted="https-only")


def _asked_over_https(viewer_policies: tuple[str, ...]) -> bool:
    return bool(viewer_policies) and ENCRYPTED.issuperset(viewer_policies)


@control(
    id="CloudFront.10",
    slug="cloudfront-origin-modern-tls-only",
    severity=Severity.MEDIUM,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source=SECURITY_HUB,
    rationale="An attacker on the way to the origin forces the oldest protocol that both sides take and uses its "
    "known flaws, such as POODLE in SSLv3, to recover session cookies.",
    remediation="Set origin_ssl_protocols to TLSv1.2 alone, in custom_origin_config of each of origins of the "
    "aws.cloudfront.Distribution and in vpc_origin_endpoint_config of the aws.cloudfront.VpcOrigin.",
    parameters=("forbidden_origin_protocols",),
    passes=[
        example("TLS 1.2", GOOD),
        example("TLS 1.2 within a VPC", _WITHIN_VPC),
        example(
            "what the profile does not forbid",
            _with(protocols=("TLSv1.1", "TLSv1.2")),
            {"forbidden_origin_protocols": ("SSLv3",)},
        ),
    ],
    fails=[
        example("SSL 3", _with(protocols=("SSLv3", "TLSv1.2"))),
        example("TLS 1.1", _with(protocols=("TLSv1.1", "TLSv1.2"))),
        example("TLS 1.1 within a VPC", replace(_WITHIN_VPC, servers=(replace(_SERVER, protocols=("TLSv1.1",)),))),
        example(
            "SSL 3, whatever the profile says",
            _with(protocols=("SSLv3",)),
            {"forbidden_origin_protocols": ("TLSv1",)},
        ),
    ],
    unknowns=[
        example("the origins come later", replace(GOOD, servers=UNKNOWN)),
        example("the protocols come later", _with(protocols=UNKNOWN)),
    ],
    not_applicable=[example("buckets alone", replace(GOOD, servers=()))],
)
def origins_speak_modern_tls(origin: OriginServers, settings: "Settings") -> Verdict:
    """CloudFront offers the servers behind it no outdated protocol.

    originSslProtocols of no customOriginConfig of a distribution, and of no VPC origin, holds SSLv3 or another of
    forbidden_origin_protocols. Without a custom origin a distribution is not applicable; VPC origins are judged by
    themselves.
    """
    if not origin.servers:
        return not_applicable(_NONE)
    forbidden = {"SSLv3", *settings.forbidden_origin_protocols}
    old = [protocol for each in origin.servers for protocol in each.protocols if protocol in forbidden]
    return require(not old, "it offers an origin an outdated protocol", found=old, wanted="TLSv1.2 alone")
