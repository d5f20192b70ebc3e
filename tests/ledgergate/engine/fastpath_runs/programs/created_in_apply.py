"""Resources that are made inside applies, some of them in turn from others."""

import pulumi
from kit import Thing


def make(arn: str) -> pulumi.Output[str]:
    """Register one more."""
    inner = Thing(f"made-from-{arn[-1]}", display_name=arn)
    return inner.arn.apply(lambda found: Thing("last", display_name=found).arn)


pulumi.export("last", Thing("x", size=1).arn.apply(make))
