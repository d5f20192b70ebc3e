"""A resource cannot wait for itself: its child names it as a dependency of the parent's."""

import pulumi
from kit import Group, Thing

group = Group("group")
child = Thing("child", pulumi.ResourceOptions(parent=group, depends_on=[group]))
