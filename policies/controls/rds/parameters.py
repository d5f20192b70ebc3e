"""Controls of what a database demands of connections."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.facts.rds_parameters import FORCE_SSL, SECURE_TRANSPORT, ConnectionParameters, GroupOrigin
from policies.facts.rds_servers import is_mysql, is_postgres
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require, undecided

ON: Final = frozenset({"1", "on", "true"})
FORCED_BY_DEFAULT: Final = 15
"""Major version of RDS for PostgreSQL from which its default group forces TLS; Aurora's default stays off.

Source: PostgreSQL.Concepts.General.SSL, RDS user guide, and ssl-certificate-rotation-aurora-postgresql, Aurora user
guide, read 2026-11-30.
"""

POSTGRES: Final = ConnectionParameters(
    engine="aurora-postgresql", major_version=16, group=GroupOrigin.OWN, force_ssl="1"
)
MYSQL: Final = ConnectionParameters(
    engine="aurora-mysql", major_version=8, group=GroupOrigin.OWN, require_secure_transport="on"
)
DEFAULT: Final = ConnectionParameters(engine="postgres", major_version=15)


@control(
    id="LG-TLS-07",
    slug="rds-cluster-tls-forced",
    severity=Severity.HIGH,
    requirements=("4.2.1", "8.3.2"),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A client with a wrong setting connects in clear and nobody notices: its password and every row that it "
    "reads can be captured on the way.",
    remediation="Create an aws.rds.ClusterParameterGroup (aws.rds.ParameterGroup for an instance) with rds.force_ssl=1 "
    "for PostgreSQL or require_secure_transport=ON for MySQL, and name it in db_cluster_parameter_group_name "
    "(parameter_group_name).",
    passes=[
        example("PostgreSQL", POSTGRES),
        example("MySQL", MYSQL),
        example("MariaDB with the other spelling", replace(MYSQL, engine="mariadb", require_secure_transport="1")),
        example("default group of PostgreSQL 15", DEFAULT),
    ],
    fails=[
        example("off", replace(POSTGRES, force_ssl="0")),
        example("a group that does not say", replace(POSTGRES, force_ssl="")),
        example("the other engine's parameter", replace(MYSQL, require_secure_transport="", force_ssl="1")),
        example("default group of PostgreSQL 14", replace(DEFAULT, major_version=14)),
        example("default group of Aurora PostgreSQL", replace(DEFAULT, engine="aurora-postgresql", major_version=16)),
        example("default group of MySQL", replace(DEFAULT, engine="mysql", major_version=8)),
    ],
    unknowns=[
        example("the value comes later", replace(POSTGRES, force_ssl=UNKNOWN)),
        example("a group of another stack", replace(POSTGRES, group=GroupOrigin.ELSEWHERE, force_ssl="")),
        example("default group of a version that RDS chooses", replace(DEFAULT, major_version=0)),
        example("no engine", ConnectionParameters()),
    ],
    not_applicable=[example("Oracle", replace(DEFAULT, engine="oracle-se2"))],
)
def tls_forced(database: ConnectionParameters) -> Verdict:
    """A database refuses connections without TLS.

    The parameter group in use sets rds.force_ssl to 1 for PostgreSQL, require_secure_transport to ON for MySQL and
    MariaDB; a cluster uses its cluster parameter group. A group that does not set it fails. The default group passes
    for PostgreSQL outside Aurora from major version 15 on, where it forces TLS; a version that RDS chooses is
    undecided. Other engines are not applicable. Without an engine, as a replica may be written, and with a group that
    the stack does not create, it is undecided. In an account the values that are in force count, defaults among them; a
    group that waits for a restart is undecided.
    """
    engine = database.engine
    if engine == "":
        return undecided("it names no engine, so nobody knows which parameter forces TLS")
    if not is_postgres(engine) and not is_mysql(engine):
        return not_applicable(f"its engine {engine} has no such parameter")
    parameter = FORCE_SSL if is_postgres(engine) else SECURE_TRANSPORT
    if database.group is GroupOrigin.ELSEWHERE:
        return undecided("its parameter group is not created here, so nobody knows what it sets")
    if database.group is GroupOrigin.DEFAULT:
        return _by_default(engine, database, parameter)
    value = database.force_ssl if parameter == FORCE_SSL else database.require_secure_transport
    message = "its parameter group does not force TLS"
    return require(value in ON, message, found=f"{parameter}={value}" if value else f"no {parameter}", wanted="1 or ON")


def _by_default(engine: str, database: ConnectionParameters, parameter: str) -> Verdict:
    if engine == "postgres":
        if database.major_version == 0:
            return undecided("it names no version, so nobody knows whether its default group forces TLS")
        if database.major_version >= FORCED_BY_DEFAULT:
            return PASS
    return fail("the default parameter group does not force TLS", found=f"no {parameter}", wanted=f"{parameter} on")
