"""Where a database is, kept in Secrets Manager: how to reach it, and no password."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names
from components.tags import DataClass

LONGEST_WINDOW_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSecretArgs:
    """What is needed to connect.

    Args:
        names: Names of the deployment.
        region: Where it is.
        kind: The kind in its name.
        key_arn: Key that encrypts it.
        details: Field → value; never a password.
        destroyable: Whether the stack may vanish: deletes the secret at once.
    """

    names: Names
    region: str
    kind: str
    key_arn: pulumi.Input[str]
    details: Mapping[str, pulumi.Input[str | int]]
    destroyable: bool = False


class ConnectionSecret(pulumi.ComponentResource):
    """A secret of the class connection-details: it holds no credential, so there is nothing to rotate.

    Args:
        name: Logical name.
        args: What is needed to connect.
        opts: Resource options.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: ConnectionSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ConnectionSecret", name, None, opts)
        secret = aws.secretsmanager.Secret(
            name,
            region=args.region,
            name=args.names.of(args.kind),
            description="How to reach the database; applications log in with IAM",
            kms_key_id=args.key_arn,
            recovery_window_in_days=0 if args.destroyable else LONGEST_WINDOW_DAYS,
            tags={**DataClass.CONFIDENTIAL.tag, "SecretClass": "connection-details"},
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        aws.secretsmanager.SecretVersion(
            name,
            region=args.region,
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps(dict(args.details)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = secret.arn
        self.register_outputs({"arn": self.arn})
