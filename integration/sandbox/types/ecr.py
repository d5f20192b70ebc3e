"""ECR repositories, who may use them, what happens to old images, and what scans new ones."""

from typing import Any, Final

from integration.sandbox.handler import Apply, GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel
from integration.sandbox.types.tags import as_tags, retag, tags_from

_EXCLUSIONS: Final = "imageTagMutabilityExclusionFilters"
_NO_RULES: Final = {"scanType": "BASIC", "rules": []}
"""How a registry is before anybody configures it, and after its configuration is deleted."""


def _create(subject: Subject) -> str:
    wanted = subject.inputs
    given: dict[str, Any] = {}
    if encryption := wanted.get("encryptionConfigurations"):
        given["encryptionConfiguration"] = {name: text for name, text in encryption[0].items() if text}
    subject.aws.of("ecr").create_repository(repositoryName=wanted["name"], **given)
    return str(wanted["name"])


def _read(subject: Subject) -> Properties:
    ecr = subject.aws.of("ecr")
    found: Any = ecr.describe_repositories(repositoryNames=[subject.id])["repositories"][0]
    return {
        "arn": found["repositoryArn"],
        "encryptionConfigurations": [found.get("encryptionConfiguration", {"encryptionType": "AES256"})],
        "imageScanningConfiguration": found["imageScanningConfiguration"],
        "imageTagMutability": found["imageTagMutability"],
        _EXCLUSIONS: found.get(_EXCLUSIONS),
        "name": found["repositoryName"],
        "registryId": found["registryId"],
        "repositoryUrl": found["repositoryUri"],
        "tagsAll": tags_from(ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]),
    }


def _set_scanning(subject: Subject) -> None:
    wanted = subject.inputs.get("imageScanningConfiguration") or {"scanOnPush": False}
    subject.aws.of("ecr").put_image_scanning_configuration(repositoryName=subject.id, imageScanningConfiguration=wanted)


def _set_mutability(subject: Subject) -> None:
    wanted = subject.inputs
    given = {_EXCLUSIONS: wanted[_EXCLUSIONS]} if wanted.get(_EXCLUSIONS) else {}
    subject.aws.of("ecr").put_image_tag_mutability(
        repositoryName=subject.id, imageTagMutability=wanted.get("imageTagMutability") or "MUTABLE", **given
    )


def _set_tags(subject: Subject) -> None:
    ecr, arn = subject.aws.of("ecr"), subject.arn("ecr", f"repository/{subject.id}")
    retag(
        subject,
        lambda tags: ecr.tag_resource(resourceArn=arn, tags=as_tags(tags)),
        lambda keys: ecr.untag_resource(resourceArn=arn, tagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    force = subject.inputs.get("forceDelete") is True
    subject.aws.of("ecr").delete_repository(repositoryName=subject.id, force=force)


def _document(kind: str, parameter: str, change: str) -> Handler:
    """Return how a document of a repository is held.

    Args:
        kind: `LifecyclePolicy` or `RepositoryPolicy`.
        parameter: What ECR's calls call the text.
        change: The call that writes it.
    """
    noun = "lifecycle_policy" if kind == "LifecyclePolicy" else "repository_policy"

    def write(subject: Subject) -> str:
        name, text = subject.inputs["repository"], subject.inputs["policy"]
        getattr(subject.aws.of("ecr"), change)(repositoryName=name, **{parameter: text})
        return str(name)

    def rewrite(subject: Subject) -> None:
        write(subject)

    def read(subject: Subject) -> Properties:
        found = getattr(subject.aws.of("ecr"), f"get_{noun}")(repositoryName=subject.id)
        return {"policy": found[parameter], "registryId": found["registryId"], "repository": found["repositoryName"]}

    delete: Apply = lambda subject: getattr(subject.aws.of("ecr"), f"delete_{noun}")(repositoryName=subject.id)  # noqa: E731 - one call
    return Handler(
        type=f"aws:ecr/{camel(kind)}:{kind}",
        create=write,
        read=read,
        delete=delete,
        fixed=("repository",),
        updates=put(rewrite, "policy"),
    )


def _configure_registry(subject: Subject) -> str:
    _reconfigure_registry(subject)
    return subject.place.account


def _reconfigure_registry(subject: Subject) -> None:
    wanted = {"scanType": subject.inputs["scanType"], "rules": subject.inputs.get("rules") or []}
    subject.aws.of("ecr").put_registry_scanning_configuration(**wanted)


def _read_registry(subject: Subject) -> Properties:
    found: Any = subject.aws.of("ecr").get_registry_scanning_configuration()
    if found["scanningConfiguration"] == _NO_RULES:
        raise GoneError
    return {**found["scanningConfiguration"], "registryId": found["registryId"]}


def _forget_registry(subject: Subject) -> None:
    subject.aws.of("ecr").put_registry_scanning_configuration(**_NO_RULES)


HANDLERS: Final = (
    Handler(
        type="aws:ecr/repository:Repository",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("encryptionConfigurations", "name"),
        settings={
            "imageScanningConfiguration": _set_scanning,
            **put(_set_mutability, "imageTagMutability", _EXCLUSIONS),
            "tagsAll": _set_tags,
        },
        ignored={"forceDelete": "used when the repository is deleted"},
    ),
    _document("LifecyclePolicy", "lifecyclePolicyText", "put_lifecycle_policy"),
    _document("RepositoryPolicy", "policyText", "set_repository_policy"),
    Handler(
        type="aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        create=_configure_registry,
        read=_read_registry,
        delete=_forget_registry,
        updates=put(_reconfigure_registry, "rules", "scanType"),
    ),
)
