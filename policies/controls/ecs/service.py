"""Controls of how ECS services are deployed."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.controls.ecs.containers import SECURITY_HUB, SYSTEMS
from policies.controls.ecs.network import without_network
from policies.facts.ecs_services import FARGATE, LifecycleHook, Service
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require
from policies.vocabulary import EnvironmentClass

if TYPE_CHECKING:
    from policies.settings import Settings

PRIVATE: Final = Service(
    launch_type="FARGATE", in_vpc=True, desired_count=2, breaker=True, rollback=True, strategy="ROLLING"
)


@control(
    id="ECS.2",
    slug="ecs-service-no-public-ip",
    severity=Severity.HIGH,
    requirements=("1.4.4",),
    families=("pci", "network"),
    source=SECURITY_HUB,
    rationale="A task with its own address answers the internet directly, past load balancer and web firewall, so a "
    "forgotten debug port is open to the first scanner.",
    remediation="Leave assign_public_ip out of network_configuration of the aws.ecs.Service, or set it to False.",
    passes=[example("private addresses only", PRIVATE)],
    fails=[
        example("public addresses", replace(PRIVATE, assign_public_ip=True)),
        example("Fargate without a network, which ECS refuses", replace(PRIVATE, in_vpc=False)),
        example(
            "a share on Fargate without a network",
            replace(PRIVATE, launch_type="", capacity_providers=("own-hosts", "FARGATE_SPOT"), in_vpc=False),
        ),
    ],
    unknowns=[
        example("the flag comes later", replace(PRIVATE, assign_public_ip=UNKNOWN)),
        example("the network comes later", replace(PRIVATE, in_vpc=UNKNOWN)),
        example("no network, and where it runs comes later", replace(PRIVATE, in_vpc=False, launch_type=UNKNOWN)),
    ],
    not_applicable=[
        example("the network of its hosts", replace(PRIVATE, in_vpc=False, launch_type="EC2")),
        example("the cluster decides", replace(PRIVATE, in_vpc=False, launch_type="")),
    ],
)
def no_public_address(service: Service) -> Verdict:
    """The tasks of a service have no public address.

    networkConfiguration.assignPublicIp is not true; false when unset. A service without networkConfiguration is judged
    as in LG-NET-09.
    """
    if not service.in_vpc:
        asked = (service.launch_type, *service.capacity_providers)
        return without_network(on_fargate=not FARGATE.isdisjoint(asked))
    return require(
        not service.assign_public_ip, "its tasks get public addresses", found="assignPublicIp true", wanted="false"
    )


@control(
    id="ECS.10",
    slug="ecs-service-latest-fargate-platform",
    severity=Severity.MEDIUM,
    requirements=("6.3.3",),
    families=("pci", "supply-chain"),
    source=SECURITY_HUB,
    rationale="A flaw in the container runtime or kernel that a newer platform version has mended stays open, and "
    "whoever breaks into the container uses it to get out.",
    remediation="Leave platform_version of the aws.ecs.Service out, or set it to LATEST.",
    parameters=("newest_fargate_linux", "newest_fargate_windows"),
    passes=[
        example("the newest, whichever that is", PRIVATE),
        example("the newest for Linux", replace(PRIVATE, platform_version="1.4.0")),
        example("the newest for Windows", replace(PRIVATE, platform_version="1.0.0")),
        example("the cluster decides, and nothing else is set", replace(PRIVATE, launch_type="")),
        example(
            "a share on Fargate", replace(PRIVATE, launch_type="", capacity_providers=("own-hosts", "FARGATE_SPOT"))
        ),
    ],
    fails=[
        example("an old one", replace(PRIVATE, platform_version="1.3.0")),
        example("an old one where the cluster decides", replace(PRIVATE, launch_type="", platform_version="1.3.0")),
        example(
            "one that is no longer the newest",
            replace(PRIVATE, platform_version="1.4.0"),
            {"newest_fargate_linux": "1.5.0"},
        ),
    ],
    unknowns=[
        example("the version comes later", replace(PRIVATE, platform_version=UNKNOWN)),
        example("where it runs comes later", replace(PRIVATE, launch_type=UNKNOWN)),
    ],
    not_applicable=[
        example("hosts of one's own", replace(PRIVATE, launch_type="EC2")),
        example("machines outside AWS", replace(PRIVATE, launch_type="EXTERNAL")),
        example("capacity of one's own", replace(PRIVATE, launch_type="", capacity_providers=("own-hosts",))),
    ],
)
def latest_platform(service: Service, settings: "Settings") -> Verdict:
    """A service on Fargate runs on the newest version of it.

    platformVersion is LATEST, which it is when unset, or newest_fargate_linux or newest_fargate_windows. Of launchType
    EC2 or EXTERNAL, or where every capacity provider is something else than FARGATE and FARGATE_SPOT, it is not
    applicable. With neither the cluster decides, and may choose Fargate; an account tells what it chose.
    """
    if service.launch_type and service.launch_type != "FARGATE":
        return not_applicable("it does not run on Fargate")
    if service.capacity_providers and not FARGATE.intersection(service.capacity_providers):
        return not_applicable("it does not run on Fargate")
    newest = ("LATEST", settings.newest_fargate_linux, settings.newest_fargate_windows)
    version = service.platform_version
    return require(version in newest, "its platform version is not the newest", found=version, wanted=newest)


_HOOK: Final = LifecycleHook(target="arn:aws:lambda:eu-west-1:111122223333:function:gate", stages=("PRE_SCALE_UP",))
_GRADUAL: Final = replace(PRIVATE, breaker=False, rollback=False, strategy="BLUE_GREEN", hooks=(_HOOK,))
_HOOKED: Final = frozenset({"BLUE_GREEN", "CANARY", "LINEAR"})
_DEV: Final[dict[str, Any]] = {"environment_class": EnvironmentClass.DEV}


@control(
    id="LG-DR-19",
    slug="ecs-service-deployment-rolled-back",
    severity=Severity.MEDIUM,
    requirements=("6.5.1",),
    families=("pci", "resilience"),
    source=SYSTEMS,
    rationale="A broken image restarts in a loop while healthy tasks are replaced, and the service is down until "
    "somebody awake finds out and deploys the old one.",
    remediation="Give the aws.ecs.Service deployment_circuit_breaker with enable and rollback True, and a "
    "desired_count of two or more.",
    parameters=("environment_class", "min_service_tasks"),
    passes=[
        example("a circuit breaker that rolls back", PRIVATE),
        example("a strategy that a hook can stop", _GRADUAL),
        example("one task while trying out", replace(PRIVATE, desired_count=1), _DEV),
        example("a task on every host", replace(PRIVATE, scheduling="DAEMON", desired_count=0)),
    ],
    fails=[
        example("no circuit breaker", replace(PRIVATE, breaker=False, rollback=False)),
        example("a circuit breaker that only stops", replace(PRIVATE, rollback=False)),
        example("a strategy without a hook", replace(_GRADUAL, hooks=())),
        example("a hook that only waits", replace(_GRADUAL, hooks=(replace(_HOOK, target_type="PAUSE", target=""),))),
        example("one task", replace(PRIVATE, desired_count=1)),
        example("too few tasks for the profile", PRIVATE, {"min_service_tasks": 3}),
    ],
    unknowns=[
        example("the circuit breaker comes later", replace(PRIVATE, breaker=UNKNOWN)),
        example("the number of tasks comes later", replace(PRIVATE, desired_count=UNKNOWN)),
    ],
)
def rolled_back(service: Service, settings: "Settings") -> Verdict:
    """A deployment of a service that goes wrong is taken back.

    deploymentCircuitBreaker has enable and rollback true, both false when unset; or the strategy is BLUE_GREEN, LINEAR
    or CANARY with a lifecycle hook that is a Lambda function, whose failure takes it back. In class prod desiredCount,
    0 when unset, is at least min_service_tasks; of schedulingStrategy DAEMON the hosts decide.
    """
    if not (service.breaker and service.rollback) and not _is_stopped_by_hook(service):
        wanted = "deploymentCircuitBreaker with enable and rollback"
        return fail("a deployment that goes wrong stays", found="no circuit breaker that rolls back", wanted=wanted)
    if settings.environment_class is not EnvironmentClass.PROD or service.scheduling == "DAEMON":
        return PASS
    tasks, fewest = service.desired_count, settings.min_service_tasks
    return require(tasks >= fewest, "it has too few tasks", found=f"desiredCount {tasks}", wanted=f"{fewest} or more")


def _is_stopped_by_hook(service: Service) -> bool:
    if service.strategy not in _HOOKED:
        return False
    return any(each.target_type == "AWS_LAMBDA" and each.target for each in service.hooks)
