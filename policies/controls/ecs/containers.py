"""Controls of what the containers of a task hold and may do."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.controls.variables import without_secrets
from policies.facts.arns import parse_arn
from policies.facts.container_definitions import Container, SecretReference
from policies.facts.ecs_tasks import TaskDefinition
from policies.facts.images import Image
from policies.facts.variables import variable_of
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail

if TYPE_CHECKING:
    from policies.settings import Settings

SYSTEMS: Final = "Demand of the banking, payments and fraud systems, read 2026-11-20"
SECURITY_HUB: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"

DIGEST: Final = f"sha256:{'0' * 64}"
PINNED: Final = Image(
    registry="111122223333.dkr.ecr.eu-west-1.amazonaws.com", ecr_account="111122223333", digest=DIGEST
)
SECRET_ARN: Final = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"  # noqa: S105 - names one
API: Final = Container(
    name="api",
    image=PINNED,
    environment=(variable_of("PORT", "8080"),),
    secrets=(SecretReference(name="DB_PASSWORD", value_from=SECRET_ARN),),
    readonly_root=True,
    user="1000:1000",
    log_driver="awslogs",
    log_group="/bank/api",
)
TASK: Final = TaskDefinition(network_mode="awsvpc", containers=(API,))
MALFORMED: Final = TaskDefinition(malformed="it is not JSON")
HIDDEN: Final = TaskDefinition(network_mode="awsvpc", containers=UNKNOWN)


def with_container(**changes: Any) -> TaskDefinition:
    """Return a task whose second container differs in this."""
    return replace(TASK, containers=(API, replace(API, name="worker", **changes)))


def refused(task: TaskDefinition) -> Verdict | None:
    """Return the failure of container definitions that ECS would not take; None where it would."""
    if not task.malformed:
        return None
    return fail("ECS does not take its container definitions", found=task.malformed, wanted="a list of containers")


_CREDENTIALS: Final = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"})


@control(
    id="ECS.8",
    slug="ecs-taskdefinition-credential-free-environment",
    severity=Severity.HIGH,
    requirements=("8.6.2",),
    families=("pci", "identity"),
    source=SECURITY_HUB,
    rationale="Long-lived access keys in a task definition are readable by anyone who may describe it, and work from "
    "any laptop until somebody notices and revokes them.",
    remediation="Take the variable out of environment in container_definitions of the aws.ecs.TaskDefinition: a task "
    "gets AWS credentials from its task_role_arn, and other ones through secrets.",
    parameters=("credential_variables",),
    passes=[
        example("a port", TASK),
        example("a credential that ECS fetches", with_container(secrets=(replace(API.secrets[0], name="AWS_SECRET"),))),
        example("what a variable holds does not count", with_container(environment=(variable_of("A", "x"),))),
    ],
    fails=[
        example("an access key", with_container(environment=(variable_of("AWS_ACCESS_KEY_ID", "x"),))),
        example("the login of a registry", with_container(environment=(variable_of("ECS_ENGINE_AUTH_DATA", ""),))),
        example(
            "a name of the profile",
            with_container(environment=(variable_of("VAULT", "x"),)),
            {"credential_variables": ("VAULT",)},
        ),
        example("no container definitions that ECS takes", MALFORMED),
    ],
    unknowns=[
        example("the containers come later", HIDDEN),
        example("a name comes later", with_container(environment=(variable_of(UNKNOWN, "x"),))),
    ],
)
def credential_free(task: TaskDefinition, settings: "Settings") -> Verdict:
    """The containers of a task get no credentials as plain variables.

    No container has an entry of environment called AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ECS_ENGINE_AUTH_DATA or
    as credential_variables says, whatever it holds. Entries of secrets are not looked at. Container definitions that
    ECS would not take fail.

    In an account the newest active revision of each family is judged, and every other one that a service runs.
    """
    wrong = refused(task)
    if wrong is not None:
        return wrong
    names = _CREDENTIALS.union(settings.credential_variables)
    for container in task.containers:
        for variable in container.environment:
            if variable.name in names:
                found = f"{container.name}: {variable.name}"
                return fail("an environment variable holds a credential", found=found, wanted="secrets")
    return PASS


@control(
    id="LG-IAM-11",
    slug="ecs-taskdefinition-secret-free-environment",
    severity=Severity.HIGH,
    requirements=("8.3.2", "8.6.2"),
    families=("pci", "identity"),
    source=SYSTEMS,
    rationale="A password in a task definition stays in every old revision for good and shows to each viewer of it; "
    "an intruder in one container reads it with env.",
    remediation="Move the variable from environment to secrets in container_definitions of the aws.ecs.TaskDefinition, "
    "with valueFrom the ARN of an aws.secretsmanager.Secret or aws.ssm.Parameter.",
    parameters=("secret_name_words",),
    passes=[
        example("a port, and a password that ECS fetches", TASK),
        example(
            "a part of a secret",
            with_container(secrets=(SecretReference(name="A", value_from=f"{SECRET_ARN}:password::"),)),
        ),
        example(
            "a parameter",
            with_container(
                secrets=(
                    SecretReference(name="A", value_from="arn:aws:ssm:eu-west-1:111122223333:parameter/bank/level"),
                )
            ),
        ),
        example("the ARN of a secret", with_container(environment=(variable_of("SECRET_ARN", SECRET_ARN),))),
    ],
    fails=[
        example("a password", with_container(environment=(variable_of("DB_PASSWORD", "correct horse"),))),
        example("a URL with a password", with_container(environment=(variable_of("DSN", "postgres://a:b@db/x"),))),
        example(
            "a word of the profile",
            with_container(environment=(variable_of("PIN", "1234"),)),
            {"secret_name_words": ("pin",)},
        ),
        example(
            "a password where its ARN belongs", with_container(secrets=(replace(API.secrets[0], value_from="hush"),))
        ),
        example(
            "the ARN of something else",
            with_container(secrets=(replace(API.secrets[0], value_from="arn:aws:s3:::bucket/key"),)),
        ),
        example("no container definitions that ECS takes", MALFORMED),
    ],
    unknowns=[
        example("the containers come later", HIDDEN),
        example("a value comes later", with_container(environment=(variable_of("A", UNKNOWN),))),
        example(
            "where a value comes from comes later",
            with_container(secrets=(replace(API.secrets[0], value_from=UNKNOWN),)),
        ),
    ],
)
def secret_free(task: TaskDefinition, settings: "Settings") -> Verdict:
    """The environment variables of a task's containers hold no secret.

    Names and values of environment are looked at as LG-IAM-10 says for functions. Each valueFrom of secrets is the ARN
    of a secret in Secrets Manager or of a parameter, so that no secret stands there itself; a plain parameter name
    does not count. Container definitions that ECS would not take fail.

    In an account the newest active revision of each family is judged, and every other one that a service runs.
    """
    wrong = refused(task)
    if wrong is not None:
        return wrong
    for container in task.containers:
        said = without_secrets(container.environment, settings.secret_name_words)
        if said is not PASS:
            return said
        for reference in container.secrets:
            if not _names_a_store(reference.value_from):
                found = f"{container.name}: {reference.name}"
                wanted = "the ARN of a secret or a parameter"
                return fail(
                    "what a variable of secrets comes from is no ARN of such a store", found=found, wanted=wanted
                )
    return PASS


def _names_a_store(value_from: str) -> bool:
    arn = parse_arn(value_from)
    kinds = {"secretsmanager": "secret:", "ssm": "parameter/"}
    return arn is not None and arn.resource.startswith(kinds.get(arn.service, "\0"))


_ROOT: Final = re.compile(r"root|[-+]?0*")
"""Users that are root, or none; a runtime takes digits for a number, leading zeros included."""


@control(
    id="LG-IAM-14",
    slug="ecs-taskdefinition-containers-confined",
    severity=Severity.HIGH,
    requirements=("2.2.6", "7.2.1"),
    families=("pci", "identity"),
    source=SYSTEMS,
    rationale="An intruder who may write to the image installs tools that look like part of it, and from a privileged "
    "container takes over the host and its neighbours.",
    remediation="In container_definitions of the aws.ecs.TaskDefinition set readonlyRootFilesystem true, leave "
    "privileged out and name a user; leave pid_mode='host' out, and set network_mode='awsvpc'.",
    passes=[
        example("nothing that it does not need", TASK),
        example("root in a network of its own", with_container(user="")),
        example("a user on the host's network", replace(TASK, network_mode="host")),
        example("processes shared within the task", replace(TASK, pid_mode="task")),
    ],
    fails=[
        example("a root file system that can be written to", with_container(readonly_root=False)),
        example("a privileged container", with_container(privileged=True)),
        example("the host's processes", replace(TASK, pid_mode="host")),
        example("root on the host's network", replace(with_container(user="root"), network_mode="host")),
        example("root by number", replace(with_container(user="0:1000"), network_mode="host")),
        example("root by another number", replace(with_container(user="00"), network_mode="host")),
        example("no user on the host's network", replace(with_container(user=""), network_mode="host")),
        example("no container definitions that ECS takes", MALFORMED),
    ],
    unknowns=[
        example("the containers come later", HIDDEN),
        example("a flag comes later", with_container(readonly_root=UNKNOWN)),
        example("the network mode comes later", replace(TASK, network_mode=UNKNOWN)),
        example(
            "the user on the host's network comes later", replace(with_container(user=UNKNOWN), network_mode="host")
        ),
    ],
)
def confined(task: TaskDefinition) -> Verdict:
    """The containers of a task cannot change their image or take over their host.

    pidMode is not host, and every container has readonlyRootFilesystem true and not privileged true; both are false
    when unset. Where networkMode is host, every container names a user other than root or 0; without one the image
    decides, and may choose root. Container definitions that ECS would not take fail.

    In an account the newest active revision of each family is judged, and every other one that a service runs.
    """
    wrong = refused(task)
    if wrong is not None:
        return wrong
    if task.pid_mode == "host":
        return fail("it sees the processes of its host", found="pidMode host", wanted="no pidMode, or task")
    on_host = task.network_mode == "host"
    for container in task.containers:
        problem = _looseness(container, on_host=on_host)
        if problem:
            found, wanted = problem
            return fail("a container is not confined", found=f"{container.name}: {found}", wanted=wanted)
    return PASS


def _looseness(container: Container, *, on_host: bool) -> tuple[str, str] | None:
    """Return what is too loose about a container, and what is wanted; None when nothing is."""
    if not container.readonly_root:
        return "readonlyRootFilesystem false", "true"
    if container.privileged:
        return "privileged true", "false"
    if on_host and _ROOT.fullmatch(container.user.partition(":")[0].strip()):
        return f"user {container.user or 'unset'}", "a user other than root"
    return None


@control(
    id="LG-LOG-07",
    slug="ecs-taskdefinition-containers-logged",
    severity=Severity.HIGH,
    requirements=("10.2.1",),
    families=("pci", "logging"),
    source=SYSTEMS,
    rationale="When a container dies its output dies with it: the stack trace of the outage and the traces of an "
    "intruder are gone before anyone looks.",
    remediation="Give each of container_definitions of the aws.ecs.TaskDefinition a logConfiguration with logDriver "
    "awslogs and the option awslogs-group, the name of an aws.cloudwatch.LogGroup.",
    parameters=("log_drivers",),
    passes=[
        example("a log group", TASK),
        example("a log router", with_container(log_driver="awsfirelens", log_group="")),
        example(
            "another driver of the profile",
            with_container(log_driver="splunk", log_group=""),
            {"log_drivers": ("awslogs", "splunk")},
        ),
    ],
    fails=[
        example("no log configuration", with_container(log_driver="", log_group="")),
        example("a driver that leaves the log on the host", with_container(log_driver="json-file")),
        example("no log group", with_container(log_group="")),
        example("no container definitions that ECS takes", MALFORMED),
    ],
    unknowns=[
        example("the containers come later", HIDDEN),
        example("the driver comes later", with_container(log_driver=UNKNOWN)),
        example("the log group comes later", with_container(log_group=UNKNOWN)),
    ],
)
def containers_logged(task: TaskDefinition, settings: "Settings") -> Verdict:
    """Every container of a task sends its output away.

    Every container has a logConfiguration whose logDriver is one of log_drivers, and with awslogs the option
    awslogs-group. Container definitions that ECS would not take fail.

    In an account the newest active revision of each family is judged, and every other one that a service runs.
    """
    wrong = refused(task)
    if wrong is not None:
        return wrong
    for container in task.containers:
        driver = container.log_driver
        if driver not in settings.log_drivers:
            found = f"{container.name}: {driver or 'no logConfiguration'}"
            return fail("the output of a container goes nowhere", found=found, wanted=settings.log_drivers)
        if driver == "awslogs" and not container.log_group:
            found = f"{container.name}: no awslogs-group"
            return fail("the output of a container goes nowhere", found=found, wanted="awslogs-group")
    return PASS
