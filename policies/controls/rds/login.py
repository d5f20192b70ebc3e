"""Controls of who logs in to a database, and how."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.facts.rds_servers import DatabaseServer, MasterLogin, is_mysql, is_postgres
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

DEFAULT_NAMES: Final = frozenset({"admin", "postgres"})
"""Names that the engines of RDS give a first user. Source: RDS.24, AWS Security Hub, read 2026-11-20."""

OWNER: Final = MasterLogin(username="ledger_owner", managed=True)
CLUSTER: Final = DatabaseServer(engine="aurora-postgresql", login=OWNER, iam_authentication=True)
INSTANCE: Final = replace(CLUSTER, cluster=False, engine="postgres")
REPLICA: Final = replace(CLUSTER, replica=True, login=MasterLogin())
SECONDARY: Final = replace(CLUSTER, global_member=True, login=MasterLogin())
WRITTEN: Final = MasterLogin(username="ledger_owner", password=True)


@control(
    id="RDS.24",
    slug="rds-cluster-custom-admin-name",
    severity=Severity.MEDIUM,
    requirements=("2.2.2",),
    families=("pci", "identity"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="Password-guessing tools try admin and postgres first: once the name is known, half of the login is "
    "guessed and only the password is left to find.",
    remediation="Set master_username of the aws.rds.Cluster to a name that no engine gives by itself. Another name "
    "replaces the cluster.",
    parameters=("default_master_names",),
    passes=[
        example("a name of its own", CLUSTER),
        example("a name that only begins like a default", replace(CLUSTER, login=MasterLogin(username="admins"))),
        example("primary of a global database", replace(SECONDARY, login=OWNER), {"default_master_names": ("root",)}),
    ],
    fails=[
        example("a default name", replace(CLUSTER, login=MasterLogin(username="postgres"))),
        example("a default name in capitals", replace(CLUSTER, login=MasterLogin(username="Admin"))),
        example("no name", replace(CLUSTER, login=MasterLogin())),
        example(
            "a name that the profile adds",
            replace(CLUSTER, login=MasterLogin(username="root")),
            {"default_master_names": ("Root",)},
        ),
    ],
    unknowns=[
        example("the name comes later", replace(CLUSTER, login=MasterLogin(username=UNKNOWN))),
        example("nobody knows whether it is a member", replace(SECONDARY, global_member=UNKNOWN)),
    ],
    not_applicable=[
        example("instance outside a cluster", INSTANCE),
        example("replica", REPLICA),
        example("secondary of a global database", SECONDARY),
        example("made from a snapshot", replace(CLUSTER, restored=True)),
    ],
)
def custom_master_name(database: DatabaseServer, settings: "Settings") -> Verdict:
    """A cluster's first user has a name that cannot be guessed from its engine.

    masterUsername is none of admin, postgres and the default_master_names of the profile, whatever the case of its
    letters; a cluster of its own that names nobody fails. A cluster that replicates another one, is restored, or joins
    a global database without naming a user has the user of its source, and is not applicable. An account does not show
    what was restored, so there its user is judged too.
    """
    if not database.cluster:
        return not_applicable("it is no cluster")
    if database.follows:
        return not_applicable("its first user is that of the database it is made from")
    refused = DEFAULT_NAMES | {name.lower() for name in settings.default_master_names}
    name = database.login.username
    if name is None:
        return fail("it names no first user", found="no masterUsername", wanted="a name of its own")
    return require(name.lower() not in refused, "its first user has a default name", found=name, wanted="another name")


@control(
    id="LG-IAM-09",
    slug="rds-cluster-iam-authentication-enabled",
    severity=Severity.MEDIUM,
    requirements=("7.2.5", "7.3.2", "8.3.4"),
    families=("pci", "identity"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Shared database passwords wander through chats and scripts, still work after people leave, and cannot "
    "be tied to one person when the auditor asks who logged in.",
    remediation="Set iam_database_authentication_enabled=True on the aws.rds.Cluster or aws.rds.Instance, and give "
    "applications rds-db:connect instead of a password.",
    passes=[
        example("Aurora with IAM", CLUSTER),
        example("instance with IAM", INSTANCE),
        example("replica that leaves its engine to its source", replace(INSTANCE, replica=True, engine="")),
    ],
    fails=[
        example("Aurora without IAM", replace(CLUSTER, iam_authentication=False)),
        example("MariaDB without IAM", replace(INSTANCE, engine="mariadb", iam_authentication=False)),
    ],
    unknowns=[
        example("set later", replace(CLUSTER, iam_authentication=UNKNOWN)),
        example("no engine and no IAM", replace(INSTANCE, engine="", iam_authentication=False)),
    ],
    not_applicable=[
        example("Oracle", replace(INSTANCE, engine="oracle-ee", iam_authentication=False)),
        example("Multi-AZ DB cluster", replace(CLUSTER, engine="mysql", iam_authentication=False)),
    ],
)
def iam_authentication_enabled(database: DatabaseServer) -> Verdict:
    """Users can log in to a database with IAM.

    iamDatabaseAuthenticationEnabled is true; unset means false. It concerns Aurora clusters, and MySQL, MariaDB and
    PostgreSQL instances outside clusters; other engines are not applicable. Without an engine, as replicas and
    restored instances may be written, it is undecided unless the flag is on.
    """
    engine = database.engine
    if engine == "" and not database.iam_authentication:
        return undecided("it names no engine and does not enable IAM, so nobody knows whether it has to")
    if engine and not _takes_iam(database.cluster, engine):
        return not_applicable(f"its engine {engine} is not one that has to take IAM")
    message = "nobody can log in with IAM"
    return require(database.iam_authentication, message, found="false", wanted="iamDatabaseAuthenticationEnabled true")


def _takes_iam(cluster: bool, engine: str) -> bool:  # noqa: FBT001 - a field of the fact
    if cluster:
        return engine.startswith("aurora")
    return is_mysql(engine) or is_postgres(engine)


@control(
    id="LG-IAM-12",
    slug="rds-cluster-password-not-in-state",
    severity=Severity.HIGH,
    requirements=("8.3.2", "8.6.2"),
    families=("pci", "identity"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="The password lies in the state file, its backups and the pipeline's logs; an engineer or a thief with "
    "the state logs in as the most powerful database user.",
    remediation="Set manage_master_user_password=True, or master_password_wo with its version (password_wo on an "
    "instance); remove master_password and password. A member of a global database takes a secret master_password.",
    passes=[
        example("RDS manages it", CLUSTER),
        example("write-only", replace(INSTANCE, login=replace(OWNER, managed=False, write_only=True))),
        example(
            "secret in a global database",
            replace(CLUSTER, global_member=True, login=replace(WRITTEN, password_secret=True)),
        ),
    ],
    fails=[
        example("written out", replace(CLUSTER, login=WRITTEN)),
        example("secret outside a global database", replace(CLUSTER, login=replace(WRITTEN, password_secret=True))),
        example("in the open in a global database", replace(CLUSTER, global_member=True, login=WRITTEN)),
        example("nothing at all", replace(INSTANCE, login=MasterLogin(username="owner"))),
        example("written beside the managed one", replace(CLUSTER, login=replace(WRITTEN, managed=True))),
        example("written on what is restored", replace(INSTANCE, restored=True, login=WRITTEN)),
    ],
    unknowns=[example("managed, or not, later", replace(CLUSTER, login=replace(OWNER, managed=UNKNOWN)))],
    not_applicable=[
        example("replica", REPLICA),
        example("secondary of a global database", SECONDARY),
        example("made from a snapshot", replace(INSTANCE, restored=True, login=MasterLogin())),
    ],
)
def password_not_in_state(database: DatabaseServer) -> Verdict:
    """The password of a database's first user is kept out of the stack's state.

    manageMasterUserPassword is true, or the password is write-only: masterPasswordWo of a cluster, passwordWo of an
    instance. masterPassword and password fail, secret or not, except for a secret masterPassword in a cluster that
    names a global database, where RDS refuses to manage it. A database of its own without any of them fails; a
    replica, a restored database and a secondary that set none keep the password of their source and are not applicable.
    In an account it passes where RDS manages the password; where it does not, only the state shows where the password
    is, so it is undecided.
    """
    login = database.login
    if login.password:
        allowed = database.global_member and login.password_secret
        return PASS if allowed else fail("its password is in the state", found="a password", wanted="a managed one")
    if login.managed or login.write_only:
        return PASS
    if database.follows:
        return not_applicable("its password is that of the database it is made from")
    return fail("nothing keeps its password", found="no managed password", wanted="manageMasterUserPassword true")
