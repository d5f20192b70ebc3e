"""A failure that the program recovers from is none."""

import pulumi
from kit import Thing

base = Thing("base")
failing = base.arn.apply(lambda arn: arn.missing)
pulumi.export("recovered", failing.recover(lambda error: f"instead of {type(error).__name__}"))
Thing("after", display_name=failing.recover(lambda _: "fallback"))
