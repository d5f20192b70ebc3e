"""An apply ends with the SDK's own error."""

import pulumi
from kit import Thing


def refuse(arn: str) -> str:
    """Raise."""
    raise pulumi.RunError(f"no {arn}")


pulumi.export("refused", Thing("base").arn.apply(refuse))
