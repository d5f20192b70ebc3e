"""The secret header by which the load balancer knows its own CloudFront distribution."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_random as random

HEADER: Final = "X-Origin-Verify"

_LENGTH: Final = 48


def slot_generations(generation: int) -> tuple[int, int]:
    """Return which generation of the secret each of the two slots holds.

    The slots take turns: a new generation replaces the older of the two values and leaves the one that
    CloudFront still sends untouched, so no request is refused while the new value spreads.

    Args:
        generation: The newest generation, 1 or more.
    """
    older = generation - 1
    return (generation, older) if generation % 2 else (older, generation)


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginHeaderArgs:
    """Which secret is in use.

    Args:
        generation: Counts up by one for each rotation, from 1.
    """

    generation: int


class OriginHeader(pulumi.ComponentResource):
    """Two random values: the one that is sent, and the one that was sent before; both are accepted.

    Args:
        name: Logical name.
        args: Which secret is in use.
        opts: Resource options.
    """

    value: pulumi.Output[str]
    """What CloudFront sends."""
    accepted: tuple[pulumi.Output[str], pulumi.Output[str]]
    """What the load balancer lets pass."""

    def __init__(self, name: str, args: OriginHeaderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:OriginHeader", name, None, opts)
        generations = slot_generations(args.generation)
        first, second = (self._make_value(f"{name}-{slot}", held) for slot, held in zip("ab", generations, strict=True))
        self.accepted = (first, second)
        self.value = self.accepted[generations.index(args.generation)]
        self.register_outputs({})

    def _make_value(self, name: str, generation: int) -> pulumi.Output[str]:
        # Letters and digits only: a listener rule reads * and ? as wildcards.
        password = random.RandomPassword(
            name,
            length=_LENGTH,
            special=False,
            keepers={"generation": str(generation)},
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["result", "bcryptHash"]),
        )
        return pulumi.Output.secret(password.result)
