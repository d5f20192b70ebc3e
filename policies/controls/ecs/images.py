"""Controls of where images come from, and who looks at them before they run."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from ledgergate.values import PLACEHOLDER_ACCOUNT
from policies.controls.ecs.containers import (
    HIDDEN,
    MALFORMED,
    PINNED,
    SYSTEMS,
    TASK,
    refused,
    with_container,
)
from policies.facts.ecs_services import LifecycleHook, ServiceImages
from policies.facts.ecs_tasks import TaskDefinition
from policies.facts.images import Image
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, undecided
from policies.vocabulary import EnvironmentClass

if TYPE_CHECKING:
    from policies.settings import Settings

_OWN: Final[dict[str, Any]] = {"account_id": "111122223333"}
_DEV: Final[dict[str, Any]] = {**_OWN, "environment_class": EnvironmentClass.DEV}
_TAGGED: Final = replace(PINNED, digest="")
_PUBLIC: Final = Image(registry="public.ecr.aws", digest=PINNED.digest)


@control(
    id="LG-SUP-02",
    slug="ecs-taskdefinition-image-pinned-by-digest",
    severity=Severity.MEDIUM,
    requirements=("6.3.2", "6.5.1"),
    families=("pci", "supply-chain"),
    source=SYSTEMS,
    rationale="The registry serves other content under the same tag, by accident or by a hijacked account, and tasks "
    "that scale out run code that nobody reviewed.",
    remediation="Write image in container_definitions of the aws.ecs.TaskDefinition as repository@sha256:…, from the "
    "account's own ECR registry or one of image_registries.",
    parameters=("account_id", "environment_class", "image_registries", "image_tags_allowed"),
    passes=[
        example("the account's own registry", TASK, _OWN),
        example("a registry of the profile", with_container(image=_PUBLIC), _OWN),
        example(
            "a repository of the stack, whose account nobody named",
            replace(
                TASK, containers=(replace(TASK.containers[0], image=replace(PINNED, ecr_account=PLACEHOLDER_ACCOUNT)),)
            ),
        ),
        example("a tag while trying out", with_container(image=_TAGGED), {**_DEV, "image_tags_allowed": True}),
    ],
    fails=[
        example("a tag", with_container(image=_TAGGED), _OWN),
        example("a tag in production", with_container(image=_TAGGED), {**_OWN, "image_tags_allowed": True}),
        example("a tag in development that nobody allowed", with_container(image=_TAGGED), _DEV),
        example("another account's registry", with_container(image=replace(PINNED, ecr_account="999988887777")), _OWN),
        example("a registry that nobody allowed", with_container(image=Image(digest=PINNED.digest)), _OWN),
        example("no container definitions that ECS takes", MALFORMED),
    ],
    unknowns=[
        example("the containers come later", HIDDEN),
        example("the digest comes later", with_container(image=replace(PINNED, digest=UNKNOWN)), _OWN),
        example("the registry comes later", with_container(image=replace(_PUBLIC, registry=UNKNOWN)), _OWN),
        example("a profile without an account", TASK),
    ],
)
def image_pinned(task: TaskDefinition, settings: "Settings") -> Verdict:
    """Every image is named by what it holds, and comes from a registry that somebody chose.

    The reference of every container ends in @sha256: and 64 hexadecimal digits; below class prod a tag is enough where
    image_tags_allowed is true. Its registry is the private ECR registry of the stack's account or one of
    image_registries; a reference without a registry means docker.io. A private ECR registry is undecided where the
    profile names no account_id. Container definitions that ECS would not take fail.

    In an account the newest active revision of each family is judged, and every other one that a service runs.
    """
    wrong = refused(task)
    if wrong is not None:
        return wrong
    open_: Verdict | None = None
    tags = settings.image_tags_allowed and settings.environment_class is not EnvironmentClass.PROD
    for container in task.containers:
        image = container.image
        if not tags and not image.digest:
            found = f"{container.name}: no digest"
            return fail("a tag may move to another image", found=found, wanted="@sha256: and 64 hexadecimal digits")
        if image.registry in settings.image_registries or image.ecr_account in _own(settings):
            continue
        if image.ecr_account and not settings.account_id:
            open_ = open_ or undecided("the profile names no account, so nobody knows whether that registry is its own")
            continue
        return _foreign(container.name, image.registry, settings)
    return open_ or PASS


def _own(settings: "Settings") -> tuple[str, ...]:
    """Return the accounts that are the stack's own; a minted registry may stand under the placeholder."""
    return (settings.account_id or PLACEHOLDER_ACCOUNT, PLACEHOLDER_ACCOUNT)


def _foreign(container: str, registry: str, settings: "Settings") -> Verdict:
    wanted = ("the account's own ECR registry", *settings.image_registries)
    return fail("an image comes from a registry that nobody chose", found=f"{container}: {registry}", wanted=wanted)


_GRADUAL: Final = frozenset({"BLUE_GREEN", "CANARY", "LINEAR"})
"""Strategies that ask lifecycle hooks. Source: Amazon ECS deployment lifecycle hooks, developer guide, read
2026-11-30."""

_BEFORE_START: Final = "PRE_SCALE_UP"
"""Stage that every such deployment goes through before a task of the new revision starts. RECONCILE_SERVICE, the one
before it, is left out where a single revision is active. Source: as above."""

_GATE: Final = LifecycleHook(
    target="arn:aws:lambda:eu-west-1:111122223333:function:image-gate", stages=(_BEFORE_START,)
)
GATED: Final = ServiceImages(strategy="BLUE_GREEN", hooks=(_GATE,), images=(PINNED,))
_UNSCANNED: Final = replace(GATED, images=(PINNED, _PUBLIC))


@control(
    id="LG-SUP-03",
    slug="ecs-service-image-scan-gated",
    severity=Severity.HIGH,
    requirements=("6.3.1", "6.3.3", "11.3.1"),
    families=("pci", "supply-chain"),
    source=SYSTEMS,
    rationale="An image whose scan reports a critical hole goes live all the same, since the report is read after the "
    "deployment, if at all.",
    remediation="Give deployment_configuration of the aws.ecs.Service strategy BLUE_GREEN and a lifecycle hook with "
    "lifecycle_stages ['PRE_SCALE_UP'] and hook_target_arn of an aws.lambda_.Function that reads the scan, and push "
    "the images to an aws.ecr.Repository.",
    parameters=("environment_class", "unscanned_images_allowed"),
    passes=[
        example("a gate before tasks start", GATED),
        example(
            "an image without a scan while trying out",
            _UNSCANNED,
            {"environment_class": EnvironmentClass.DEV, "unscanned_images_allowed": True},
        ),
    ],
    fails=[
        example("no hook", replace(GATED, hooks=())),
        example("a hook that comes too late", replace(GATED, hooks=(replace(_GATE, stages=("POST_SCALE_UP",)),))),
        example("a hook without a function", replace(GATED, hooks=(replace(_GATE, target=""),))),
        example("a pause", replace(GATED, hooks=(replace(_GATE, target_type="PAUSE"),))),
        example("a strategy that asks no hook", replace(GATED, strategy="ROLLING")),
        example("an image of a registry that ECR does not scan", _UNSCANNED),
        example(
            "an image without a scan in staging",
            _UNSCANNED,
            {"environment_class": EnvironmentClass.STAGING, "unscanned_images_allowed": True},
        ),
    ],
    unknowns=[
        example("the hooks come later", replace(GATED, hooks=UNKNOWN)),
        example("the images come later, or those of another stack", replace(GATED, images=UNKNOWN)),
        example("the strategy comes later", replace(GATED, strategy=UNKNOWN)),
    ],
)
def image_scan_gated(service: ServiceImages, settings: "Settings") -> Verdict:
    """No image runs before somebody has read its scan.

    The service is replaced by strategy BLUE_GREEN, LINEAR or CANARY, which ask lifecycle hooks, and one of them is a
    Lambda function at stage PRE_SCALE_UP, before a new task starts. Every container's image comes from a private ECR
    registry, the only ones that ECR scans; in class dev unscanned_images_allowed lets others in. What a scan found
    shows in the account alone, and is the function's to judge. Images of a task definition of another stack are
    undecided.
    """
    if service.strategy not in _GRADUAL:
        return fail("nobody is asked before an image runs", found=f"strategy {service.strategy}", wanted=_GRADUAL)
    if not any(map(_gates, service.hooks)):
        wanted = f"a Lambda function at {_BEFORE_START}"
        return fail("nobody is asked before an image runs", found="no such lifecycle hook", wanted=wanted)
    lenient = settings.unscanned_images_allowed and settings.environment_class is EnvironmentClass.DEV
    outside = [] if lenient else [image.registry for image in service.images if not image.ecr_account]
    if outside:
        return fail("an image has no scan that could be read", found=outside[0], wanted="a private ECR registry")
    return PASS


def _gates(hook: LifecycleHook) -> bool:
    return hook.target_type == "AWS_LAMBDA" and _BEFORE_START in hook.stages and bool(hook.target)
