"""The record of every request to a distribution."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.delivered_log_group import DeliveredLogGroup, DeliveredLogGroupArgs, delivery_policy
from components.names import Names
from components.place import Place
from components.tags import DataClass

RECORDED_FIELDS: Final = (
    "date",
    "time",
    "x-edge-location",
    "x-edge-request-id",
    "c-ip",
    "cs-method",
    "cs-protocol",
    "cs-protocol-version",
    "cs(Host)",
    "x-host-header",
    "cs-uri-stem",
    "cs(User-Agent)",
    "cs-bytes",
    "sc-status",
    "sc-bytes",
    "sc-content-type",
    "ssl-protocol",
    "ssl-cipher",
    "time-taken",
    "time-to-first-byte",
    "x-edge-result-type",
    "x-edge-response-result-type",
    "x-edge-detailed-result-type",
)
"""Neither cookies nor query strings nor referrers: a card number or a session has no place in a record."""

_NAME_LIMIT: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionLogArgs:
    """Whose requests are recorded, and where.

    Args:
        names: Names of the deployment.
        place: us-east-1, wherever the system runs.
        distribution_arn: Distribution.
        key_arn: Key of the record.
        retention_days: How long the record is kept; a value that CloudWatch Logs offers.
    """

    names: Names
    place: Place
    distribution_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    retention_days: int

    @property
    def label(self) -> str:
        """Physical name of every part of the delivery."""
        return self.names.of("cloudfront", limit=_NAME_LIMIT)


class DistributionLog(pulumi.ComponentResource):
    """Standard logging of its second version: into CloudWatch Logs, under a customer-managed key.

    Args:
        name: Logical name.
        args: Whose requests are recorded, and where.
        opts: Resource options.
    """

    def __init__(self, name: str, args: DistributionLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:DistributionLog", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        record = self._make_record(name, args)
        self._make_delivery(name, args, self._make_source(name, args), self._make_destination(name, args, record))
        self.register_outputs({})

    def _make_record(self, name: str, args: DistributionLogArgs) -> DeliveredLogGroup:
        group = args.names.log_group("cloudfront")
        return DeliveredLogGroup(
            name,
            DeliveredLogGroupArgs(
                place=args.place,
                group=group,
                policy_name=args.label,
                policy=delivery_policy(args.place, group),
                data_class=DataClass.CONFIDENTIAL,
                key_arn=args.key_arn,
                retention_days=args.retention_days,
            ),
            opts=self._child,
        )

    def _make_source(self, name: str, args: DistributionLogArgs) -> aws.cloudwatch.LogDeliverySource:
        return aws.cloudwatch.LogDeliverySource(
            name,
            region=args.place.region,
            name=args.label,
            log_type="ACCESS_LOGS",
            resource_arn=args.distribution_arn,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_destination(
        self, name: str, args: DistributionLogArgs, record: DeliveredLogGroup
    ) -> aws.cloudwatch.LogDeliveryDestination:
        target = aws.cloudwatch.LogDeliveryDestinationDeliveryDestinationConfigurationArgs(
            destination_resource_arn=record.arn
        )
        return aws.cloudwatch.LogDeliveryDestination(
            name,
            region=args.place.region,
            name=args.label,
            delivery_destination_configuration=target,
            output_format="json",
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True, depends_on=[record.admission]),
        )

    def _make_delivery(
        self,
        name: str,
        args: DistributionLogArgs,
        source: aws.cloudwatch.LogDeliverySource,
        destination: aws.cloudwatch.LogDeliveryDestination,
    ) -> None:
        aws.cloudwatch.LogDelivery(
            name,
            region=args.place.region,
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            record_fields=list(RECORDED_FIELDS),
            opts=self._child,
        )
