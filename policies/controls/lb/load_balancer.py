"""Controls of load balancers themselves."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.facts.lb import APPLICATION, CLASSIC, NETWORK, BalancerLog, LoadBalancer, RecordedBalancer
from policies.model import UNKNOWN, Verdict, control, example, fail, not_applicable, require

SECURITY_HUB: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"
SAFE: Final = LoadBalancer(drops_invalid_headers=True, desync_mode="strictest")
OF_CONNECTIONS: Final = LoadBalancer(type=NETWORK)
_MODES: Final = ("defensive", "strictest")
_OTHER_TYPE: Final = "it is no application load balancer"

_RECORDED: Final = RecordedBalancer(log=BalancerLog(enabled=True, has_bucket=True))


@control(
    id="ELB.4",
    slug="lb-loadbalancer-invalid-headers-dropped",
    severity=Severity.MEDIUM,
    requirements=("6.2.4",),
    families=("pci", "network"),
    source=SECURITY_HUB,
    rationale="Malformed headers are read one way by the balancer and another way by the application; an attacker "
    "hides a second request in the gap and takes another customer's session.",
    remediation="Set drop_invalid_header_fields=True on the aws.lb.LoadBalancer.",
    passes=[example("dropped", SAFE)],
    fails=[
        example("passed on, as by default", LoadBalancer()),
        example("passed on", replace(SAFE, drops_invalid_headers=False)),
    ],
    unknowns=[
        example("set later", replace(SAFE, drops_invalid_headers=UNKNOWN)),
        example("its type comes later", replace(SAFE, type=UNKNOWN)),
    ],
    not_applicable=[example("a network load balancer", OF_CONNECTIONS)],
)
def invalid_headers_dropped(balancer: LoadBalancer) -> Verdict:
    """An application load balancer drops header fields that are not valid.

    dropInvalidHeaderFields is true; unset means false. Load balancers of other types, which look at no headers, are not
    applicable; an unset type means application.
    """
    if balancer.type != APPLICATION:
        return not_applicable(_OTHER_TYPE)
    message = "header fields that are not valid reach its targets"
    return require(balancer.drops_invalid_headers, message, found="false", wanted="dropInvalidHeaderFields true")


@control(
    id="ELB.12",
    slug="lb-loadbalancer-desync-mitigated",
    severity=Severity.MEDIUM,
    requirements=("6.2.4",),
    families=("pci", "network"),
    source=SECURITY_HUB,
    rationale="With ambiguous Content-Length and Transfer-Encoding a request is smuggled past the login check, and "
    "the answer to it reaches the next customer on that connection.",
    remediation='Leave desync_mitigation_mode of the aws.lb.LoadBalancer out, or set it to "strictest".',
    passes=[
        example("strictest", SAFE),
        example("defensive, as by default", LoadBalancer()),
    ],
    fails=[example("only watched", replace(SAFE, desync_mode="monitor"))],
    unknowns=[example("set later", replace(SAFE, desync_mode=UNKNOWN))],
    not_applicable=[example("a network load balancer", OF_CONNECTIONS)],
)
def desync_mitigated(balancer: LoadBalancer) -> Verdict:
    """An application load balancer refuses or mends requests that two servers may read differently.

    desyncMitigationMode is defensive or strictest; unset means defensive. Load balancers of other types are not
    applicable.
    """
    if balancer.type != APPLICATION:
        return not_applicable(_OTHER_TYPE)
    mode = balancer.desync_mode
    return require(mode in _MODES, "ambiguous requests reach its targets", found=mode, wanted=_MODES)


@control(
    id="LG-LOG-05",
    slug="lb-loadbalancer-access-logged",
    severity=Severity.MEDIUM,
    requirements=("10.2.1",),
    families=("pci", "logging"),
    source="Demand of the banking, payments and fraud systems, after Security Hub ELB.5, read 2026-11-20",
    rationale="After an attack through the front door nobody can tell which requests came from where, which accounts "
    "were tried, or whether data left.",
    remediation="Give the aws.lb.LoadBalancer or aws.elb.LoadBalancer access_logs with a bucket and enabled=True, and "
    "let the bucket's policy admit the delivery.",
    passes=[
        example("an application load balancer", _RECORDED),
        example("a classic one", replace(_RECORDED, type=CLASSIC)),
        example("a network one that ends TLS", replace(_RECORDED, type=NETWORK, has_tls_listener=True)),
    ],
    fails=[
        example("no log", RecordedBalancer()),
        example("off, as by default", RecordedBalancer(log=BalancerLog(enabled=False, has_bucket=True))),
        example("no bucket", RecordedBalancer(log=BalancerLog(enabled=True, has_bucket=False))),
        example("a network one that ends TLS", RecordedBalancer(type=NETWORK, has_tls_listener=True)),
        example("a classic one", RecordedBalancer(type=CLASSIC)),
    ],
    unknowns=[
        example("set later", RecordedBalancer(log=BalancerLog(enabled=UNKNOWN, has_bucket=True))),
        example("log comes later", RecordedBalancer(log=UNKNOWN)),
        example("nobody knows its listeners", RecordedBalancer(type=NETWORK, has_tls_listener=UNKNOWN)),
    ],
    not_applicable=[
        example("a network one without TLS", RecordedBalancer(type=NETWORK)),
        example("a gateway load balancer", RecordedBalancer(type="gateway")),
    ],
)
def access_logged(balancer: RecordedBalancer) -> Verdict:
    """A load balancer records every request in a bucket.

    accessLogs.enabled is true and accessLogs.bucket names a bucket; enabled is false when unset, for a classic load
    balancer true. A network load balancer records TLS requests only, so one without a TLS listener in the stack is not
    applicable; neither is a gateway load balancer, which has no access log.
    """
    if balancer.type not in (APPLICATION, CLASSIC, NETWORK):
        return not_applicable("a load balancer of its type keeps no access log")
    if balancer.type == NETWORK and not balancer.has_tls_listener:
        return not_applicable("a network load balancer records TLS requests only, and has no TLS listener here")
    log = balancer.log
    if log is None:
        return fail("its requests are recorded nowhere", found="no accessLogs", wanted="accessLogs with a bucket")
    kept = log.enabled and log.has_bucket
    return require(kept, "its requests are recorded nowhere", found="accessLogs that are off", wanted="enabled true")
