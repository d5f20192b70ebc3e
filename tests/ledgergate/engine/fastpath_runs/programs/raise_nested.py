"""An apply inside an apply inside a combination raises."""

import pulumi
from kit import Thing

one, two = Thing("one"), Thing("two")


def inner(value: str) -> int:
    """Raise."""
    return int(value)


outer = pulumi.Output.all(one.arn, two.arn).apply(
    lambda arns: two.display_name.apply(lambda _: inner(arns[0]), run_with_unknowns=True)
)
pulumi.export("nested", outer)
Thing("after", tags={"Nested": outer})
