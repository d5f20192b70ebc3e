"""A private image repository whose tags cannot move and whose images are scanned as they arrive."""

import json
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names
from components.tags import DataClass

KEPT_IMAGES: Final = 100
UNTAGGED_DAYS: Final = 30


def lifecycle_policy(kept_images: int, untagged_days: int) -> str:
    """Return which images go, JSON.

    Args:
        kept_images: How many of the newest images stay.
        untagged_days: Days that an image without a tag stays.
    """
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": untagged_days,
    }
    surplus = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": kept_images}
    rules = [
        {"rulePriority": 1, "description": "Untagged images", "selection": untagged},
        {"rulePriority": 2, "description": "All but the newest images", "selection": surplus},
    ]
    return json.dumps({"rules": [{**rule, "action": {"type": "expire"}} for rule in rules]})


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryArgs:
    """Whose images it holds.

    Args:
        names: Names of the deployment.
        region: Where it is.
        service: What the images run; the kind in its name.
        key_arn: Key that encrypts the layers.
        destroyable: Whether the stack may vanish: removes the images with the repository.
    """

    names: Names
    region: str
    service: str
    key_arn: pulumi.Input[str]
    destroyable: bool = False


class Repository(pulumi.ComponentResource):
    """A repository under a customer-managed key.

    A scanning configuration of the whole registry would win over this repository's own.

    Args:
        name: Logical name.
        args: Whose images it holds.
        opts: Resource options.
    """

    name: pulumi.Output[str]

    def __init__(self, name: str, args: RepositoryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:Repository", name, None, opts)
        repository = self._make_repository(name, args)
        aws.ecr.LifecyclePolicy(
            name,
            region=args.region,
            repository=repository.name,
            policy=lifecycle_policy(KEPT_IMAGES, UNTAGGED_DAYS),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = repository.name
        self.register_outputs({"name": self.name})

    def _make_repository(self, name: str, args: RepositoryArgs) -> aws.ecr.Repository:
        encryption = aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=args.key_arn)
        return aws.ecr.Repository(
            name,
            region=args.region,
            name=args.names.of(args.service),
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[encryption],
            force_delete=args.destroyable,
            tags=DataClass.INTERNAL.tag,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
