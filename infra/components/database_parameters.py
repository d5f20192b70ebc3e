"""What the cluster's parameter group says: TLS only, and who read or changed what."""

from typing import Final

import pulumi_aws as aws

MAJOR_VERSION: Final = "16"
FAMILY: Final = f"aurora-postgresql{MAJOR_VERSION}"

_SETTINGS: Final = {
    "rds.force_ssl": "1",
    "log_connections": "1",
    "log_disconnections": "1",
    "pgaudit.log": "read,write,ddl,role",
}
"""PCI DSS v4.0.1 10.2.1.1 asks for every access to cardholder data, so reads are audited too."""

_AFTER_RESTART: Final = {"shared_preload_libraries": "pg_stat_statements,pgaudit"}


def audit_parameters(slow_query_ms: int) -> list[aws.rds.ClusterParameterGroupParameterArgs]:
    """Return the parameters of the cluster.

    Args:
        slow_query_ms: Statements slower than this are logged.
    """
    at_once = {**_SETTINGS, "log_min_duration_statement": str(slow_query_ms)}
    return [
        *(_parameter(name, value, "immediate") for name, value in sorted(at_once.items())),
        *(_parameter(name, value, "pending-reboot") for name, value in sorted(_AFTER_RESTART.items())),
    ]


def _parameter(name: str, value: str, apply_method: str) -> aws.rds.ClusterParameterGroupParameterArgs:
    return aws.rds.ClusterParameterGroupParameterArgs(name=name, value=value, apply_method=apply_method)
