"""A customer-managed key with its alias."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.key_policy import Statement, key_policy
from components.names import Names
from components.place import Place

ROTATION_DAYS: Final = 365
LONGEST_WINDOW_DAYS: Final = 30
SHORTEST_WINDOW_DAYS: Final = 7
"""The service takes no less, so seven days of every key outlive a stack that was destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionKeyArgs:
    """What a key is for.

    Args:
        names: Names of the deployment.
        place: Where it lives.
        purpose: What it encrypts; part of its alias.
        uses: Statements of its policy that let somebody use it.
        destroyable: Whether the stack may vanish: shortens the window in which a deletion can be undone.
    """

    names: Names
    place: Place
    purpose: str
    uses: Sequence[Statement]
    destroyable: bool = False


class EncryptionKey(pulumi.ComponentResource):
    """A symmetric key that rotates every year.

    Args:
        name: Logical name.
        args: What it is for.
        opts: Resource options.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:EncryptionKey", name, None, opts)
        key = self._make_key(name, args)
        self._make_alias(name, args, key)
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})

    def _make_key(self, name: str, args: EncryptionKeyArgs) -> aws.kms.Key:
        return aws.kms.Key(
            name,
            region=args.place.region,
            description=f"Encrypts {args.purpose} data of {args.names.system}",
            policy=key_policy(args.place, args.uses),
            enable_key_rotation=True,
            rotation_period_in_days=ROTATION_DAYS,
            deletion_window_in_days=SHORTEST_WINDOW_DAYS if args.destroyable else LONGEST_WINDOW_DAYS,
            tags=args.names.tag(args.purpose),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_alias(self, name: str, args: EncryptionKeyArgs, key: aws.kms.Key) -> aws.kms.Alias:
        return aws.kms.Alias(
            name,
            region=args.place.region,
            name=f"alias/{args.names.of(args.purpose)}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
