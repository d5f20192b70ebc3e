"""Old-style transformations change resources before they are registered."""

import pulumi
from kit import Group, Thing


def tag(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Add a tag."""
    if args.type_ != "kit:index:Thing":
        return None
    return pulumi.ResourceTransformationResult({**args.props, "tags": {"By": "transformation"}}, args.opts)


pulumi.runtime.register_stack_transformation(tag)
group = Group("group", pulumi.ResourceOptions(transformations=[lambda args: None]))
Thing("tagged", pulumi.ResourceOptions(parent=group), display_name="x")
