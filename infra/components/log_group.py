"""A log group under a customer-managed key that keeps its records as long as it must."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.tags import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroupArgs:
    """What is kept and for how long.

    Args:
        name: Physical name.
        region: Where it is.
        key_arn: Key that encrypts it.
        retention_days: A value that CloudWatch Logs offers.
        data_class: What the records may hold.
    """

    name: str
    region: str
    key_arn: pulumi.Input[str]
    retention_days: int
    data_class: DataClass


class LogGroup(pulumi.ComponentResource):
    """One log group.

    Args:
        name: Logical name.
        args: What is kept and for how long.
        opts: Resource options.
    """

    name: pulumi.Output[str]
    """Physical name."""

    def __init__(self, name: str, args: LogGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:LogGroup", name, None, opts)
        group = aws.cloudwatch.LogGroup(
            name,
            region=args.region,
            name=args.name,
            kms_key_id=args.key_arn,
            retention_in_days=args.retention_days,
            tags=args.data_class.tag,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = group.name
        self.register_outputs({"name": self.name})
