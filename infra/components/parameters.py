"""Settings of an application in Parameter Store."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names
from components.tags import DataClass

NAME_LIMIT: Final = 200
"""Characters; the service takes more, but counts the ARN as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersArgs:
    """Which settings.

    Args:
        names: Names of the deployment.
        region: Where they are.
        key_arn: Key that encrypts them.
        values: Kind, as in a name → value.
    """

    names: Names
    region: str
    key_arn: pulumi.Input[str]
    values: Mapping[str, pulumi.Input[str]]


class Parameters(pulumi.ComponentResource):
    """Encrypted parameters, one for each setting.

    Args:
        name: Logical name.
        args: Which settings.
        opts: Resource options.
    """

    arns: Mapping[str, pulumi.Output[str]]
    """Kind → ARN."""

    def __init__(self, name: str, args: ParametersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:Parameters", name, None, opts)
        self.arns = {kind: self._make_parameter(name, args, kind).arn for kind in args.values}
        self.register_outputs({"arns": self.arns})

    def _make_parameter(self, name: str, args: ParametersArgs, kind: str) -> aws.ssm.Parameter:
        return aws.ssm.Parameter(
            f"{name}-{kind}",
            region=args.region,
            name=f"/{args.names.system}/{args.names.of(kind, limit=NAME_LIMIT)}",
            type="SecureString",
            key_id=args.key_arn,
            value=args.values[kind],
            tags=DataClass.INTERNAL.tag,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
