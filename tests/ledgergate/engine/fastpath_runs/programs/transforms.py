"""Transforms of a resource, of its parent and of the stack, which the engine calls on the program's own loop."""

import pulumi
from kit import Group, Thing


def adding(key: str) -> pulumi.ResourceTransform:
    """Make a transform that adds a tag."""

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != "kit:index:Thing":
            return None
        tags = {**(args.props.get("tags") or {}), key: "added"}
        return pulumi.ResourceTransformResult({**args.props, "tags": tags}, args.opts)

    return transform


group = Group("group", pulumi.ResourceOptions(transforms=[adding("Parent")]))
first = Thing("first", pulumi.ResourceOptions(parent=group, transforms=[adding("Own")]), tags={"A": "b"})
Thing("second", pulumi.ResourceOptions(parent=group), display_name=first.arn)
pulumi.runtime.register_resource_transform(adding("Stack"))
Thing("third", tags=first.tags)
pulumi.export("tags", first.tags)
