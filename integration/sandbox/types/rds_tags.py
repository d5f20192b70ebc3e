"""Tags of RDS resources, which are named by their ARNs."""

from integration.sandbox.handler import Apply, Subject
from integration.sandbox.types.tags import dropped_tags, tag_list


def set_tags(kind: str, *, regional: bool = True) -> Apply:
    """Return what gives a resource the wanted tags, and no others.

    Args:
        kind: Part of the ARN before the id: `cluster`, `db`, `subgrp`, …
        regional: Whether the ARN names a Region.
    """

    def apply(subject: Subject) -> None:
        arn = subject.arn("rds", f"{kind}:{subject.id}", regional=regional)
        if dropped := dropped_tags(subject):
            subject.aws.rds.remove_tags_from_resource(ResourceName=arn, TagKeys=dropped)
        if tags := tag_list(subject):
            subject.aws.rds.add_tags_to_resource(ResourceName=arn, Tags=tags)

    return apply
