"""The control of how load balancers speak with their targets."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.lb import TargetGroup
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, undecided
from policies.vocabulary import EnvironmentClass

if TYPE_CHECKING:
    from policies.settings import Settings

_ENCRYPTED: Final = frozenset({"HTTPS", "TLS", "QUIC"})
_PASSED_THROUGH: Final = frozenset({"TCP", "TCP_QUIC"})
_HTTPS: Final = TargetGroup(target_type="ip", protocol="HTTPS")
_PLAIN: Final = replace(_HTTPS, protocol="HTTP")
_THROUGH: Final = replace(_HTTPS, protocol="TCP", listener_protocols=("TCP",))


@control(
    id="LG-TLS-06",
    slug="lb-targetgroup-traffic-encrypted",
    severity=Severity.MEDIUM,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Behind the balancer card numbers cross the network in clear; whoever captures traffic on one "
    "compromised host or mirror session reads them all.",
    remediation='Set protocol="HTTPS" on the aws.lb.TargetGroup, or "TLS" behind a network load balancer, and let the '
    "targets hold a certificate; a self-signed one will do.",
    parameters=("environment_class", "plain_target_environments"),
    passes=[
        example("HTTPS", _HTTPS),
        example("TLS", replace(_HTTPS, protocol="TLS")),
        example("TLS that is passed through", _THROUGH),
    ],
    fails=[
        example("HTTP", _PLAIN),
        example("UDP", replace(_HTTPS, protocol="UDP")),
        example("TCP or UDP", replace(_HTTPS, protocol="TCP_UDP")),
        example("TCP behind a listener that ends TLS", replace(_THROUGH, listener_protocols=("TCP", "TLS"))),
        example("HTTP in prod, whatever the profile says", _PLAIN, {"plain_target_environments": ("dev",)}),
    ],
    unknowns=[
        example("protocol comes later", replace(_HTTPS, protocol=UNKNOWN)),
        example("TCP behind a listener that comes later", replace(_THROUGH, listener_protocols=(UNKNOWN,))),
        example("TCP behind no listener of the stack", replace(_THROUGH, listener_protocols=())),
        example("no protocol", replace(_HTTPS, protocol="")),
    ],
    not_applicable=[
        example("a function", TargetGroup(target_type="lambda")),
        example("packets for an appliance", replace(_HTTPS, protocol="GENEVE")),
        example(
            "HTTP where the profile allows it",
            _PLAIN,
            {"environment_class": EnvironmentClass.DEV, "plain_target_environments": ("dev",)},
        ),
    ],
)
def targets_reached_by_tls(group: TargetGroup, settings: "Settings") -> Verdict:
    """A load balancer speaks with its targets in encrypted form.

    protocol is HTTPS, TLS or QUIC, or TCP behind listeners that are all for TCP, so that TLS is passed through; HTTP,
    UDP and TCP_UDP are violations, in environments of every class that is not in plain_target_environments. Functions
    are called by the service, and GENEVE carries packets to an appliance: neither is applicable. TCP behind no listener
    of the stack, in an account behind none at all, is undecided.
    """
    if settings.environment_class.value in settings.plain_target_environments:
        return not_applicable("the profile lets load balancers of this class speak plainly with their targets")
    if group.target_type == "lambda":
        return not_applicable("its targets are functions, which the service calls")
    return _by_protocol(group, group.protocol)


def _by_protocol(group: Any, protocol: str) -> Verdict:
    if protocol in _ENCRYPTED:
        return PASS
    if protocol == "GENEVE":
        return not_applicable("it carries packets to an appliance")
    if not protocol:
        return undecided("it names no protocol")
    if protocol in _PASSED_THROUGH:
        return _passed_through(tuple(group.listener_protocols), protocol)
    return fail("its targets are spoken to in the clear", found=protocol, wanted="HTTPS or TLS")


def _passed_through(before: tuple[str, ...], protocol: str) -> Verdict:
    if not before:
        return undecided("no listener of the stack forwards to it, so nobody knows whether TLS is passed through")
    others = [each for each in before if each != protocol]
    if others:
        return fail("TLS ends before its targets", found=f"{protocol} behind {others[0]}", wanted="HTTPS or TLS")
    return PASS
