"""Every type of resource that the sandbox knows."""

from collections.abc import Mapping
from typing import Final

from integration.sandbox.handler import Handler
from integration.sandbox.types import (
    autoscaling,
    backup,
    balancers,
    certificates,
    distributions,
    ecr,
    ecs,
    ecs_services,
    edge_policies,
    iam,
    iam_policies,
    kms,
    lambdas,
    listeners,
    log_routes,
    logs,
    passwords,
    posture,
    rds,
    rds_groups,
    restore_tests,
    routing,
    s3,
    s3_companions,
    secrets,
    security_groups,
    sns,
    ssm,
    tls,
    vpc,
    waf,
    watching,
)

_MODULES: Final = (
    autoscaling,
    backup,
    balancers,
    certificates,
    distributions,
    ecr,
    ecs,
    ecs_services,
    edge_policies,
    iam,
    iam_policies,
    kms,
    lambdas,
    listeners,
    log_routes,
    logs,
    passwords,
    posture,
    rds,
    rds_groups,
    restore_tests,
    routing,
    s3,
    s3_companions,
    secrets,
    security_groups,
    sns,
    ssm,
    tls,
    vpc,
    waf,
    watching,
)

HANDLERS: Final[Mapping[str, Handler]] = {handler.type: handler for module in _MODULES for handler in module.HANDLERS}
"""Type token → how the sandbox holds it."""

NO_BACKEND: Final = frozenset(
    {
        "accessanalyzer",
        "auditmanager",
        "detective",
        "globalaccelerator",
        "resourceexplorer",
        "rolesanywhere",
        "route53recoverycontrol",
        "route53recoveryreadiness",
        "verifiedaccess",
    }
)
"""Modules of pulumi-aws whose services moto does not have at all, of those that a bank may want."""


def reason_against(type_: str) -> str:
    """Return why the sandbox does not hold a type that has no handler."""
    module = type_.split(":")[1].split("/", maxsplit=1)[0] if type_.startswith("aws:") else ""
    return f"moto has no backend for {module}" if module in NO_BACKEND else "the sandbox knows no such type"
