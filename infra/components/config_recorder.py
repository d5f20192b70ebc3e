"""The recorder of AWS Config, for an account that has none in a Region yet: a second one is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.identity_policy import Statement, allow
from components.names import Names
from components.place import Place
from components.service_role import ServiceRole, ServiceRoleArgs

GLOBAL_TYPES_REGION: Final = "us-east-1"
"""Where IAM is recorded; in every Region it would be recorded, and paid for, over and over."""

_KIND: Final = "config"
_NAME_LIMIT: Final = 256


def delivery_statements(place: Place, bucket: str, key_arn: pulumi.Input[str]) -> tuple[Statement, ...]:
    """Return what a recorder needs to deliver into a bucket of its account.

    Source: permissions for the IAM role, AWS Config developer guide, read 2026-12-01.

    Args:
        place: Account and Region.
        bucket: Physical name.
        key_arn: Key of the bucket.
    """
    arn = place.bucket_arn(bucket)
    return (
        allow("Deliver", ["s3:PutObject"], f"{arn}/AWSLogs/{place.account_id}/*"),
        allow("LookAtBucket", ["s3:GetBucketAcl"], arn),
        allow("Encrypt", ["kms:Decrypt", "kms:GenerateDataKey"], key_arn),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigRecorderArgs:
    """What is recorded, and where the record goes.

    Args:
        names: Names of the deployment.
        place: Account and Region without a recorder.
        bucket: Physical name of the bucket that takes the record; AWS Config refuses one with a default object lock.
        key_arn: Key of the bucket.
        after: What the bucket needs before anything is delivered.
    """

    names: Names
    place: Place
    bucket: str
    key_arn: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class ConfigRecorder(pulumi.ComponentResource):
    """The recorder of one Region, over every type of resource, with its role and its delivery channel.

    Rules wait for the whole component: AWS refuses them before there is a recorder.

    Args:
        name: Logical name.
        args: What is recorded, and where the record goes.
        opts: Resource options.
    """

    def __init__(self, name: str, args: ConfigRecorderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ConfigRecorder", name, None, opts)
        role = self._make_role(name, args)
        reading = self._make_reading(name, args, role)
        recorder = self._make_recorder(name, args, role)
        channel = self._make_channel(name, args, [recorder, reading, role.policy, *args.after])
        self._make_start(name, args, recorder, channel)
        self.register_outputs({})

    def _make_role(self, name: str, args: ConfigRecorderArgs) -> ServiceRole:
        made = ServiceRoleArgs(
            names=args.names,
            place=args.place,
            kind=_KIND,
            description="Records the configuration of the account",
            service="config",
            source=args.place.arn("config", "*"),
            statements=delivery_statements(args.place, args.bucket, args.key_arn),
        )
        return ServiceRole(name, made, pulumi.ResourceOptions(parent=self))

    def _make_reading(self, name: str, args: ConfigRecorderArgs, role: ServiceRole) -> aws.iam.RolePolicyAttachment:
        # AWS extends this policy with every type that AWS Config learns; a list of our own would fall behind.
        return aws.iam.RolePolicyAttachment(
            name,
            role=role.policy.role,
            policy_arn=f"arn:{args.place.partition}:iam::aws:policy/service-role/AWS_ConfigRole",
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_recorder(self, name: str, args: ConfigRecorderArgs, role: ServiceRole) -> aws.cfg.Recorder:
        region = args.place.region
        everything = aws.cfg.RecorderRecordingGroupArgs(
            all_supported=True, include_global_resource_types=region == GLOBAL_TYPES_REGION
        )
        return aws.cfg.Recorder(
            name,
            region=region,
            name=args.names.of(_KIND, limit=_NAME_LIMIT),
            role_arn=role.arn,
            recording_group=everything,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_channel(
        self, name: str, args: ConfigRecorderArgs, after: Sequence[pulumi.Resource]
    ) -> aws.cfg.DeliveryChannel:
        return aws.cfg.DeliveryChannel(
            name,
            region=args.place.region,
            name=args.names.of(_KIND, limit=_NAME_LIMIT),
            s3_bucket_name=args.bucket,
            s3_kms_key_arn=args.key_arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*after], delete_before_replace=True),
        )

    def _make_start(
        self, name: str, args: ConfigRecorderArgs, recorder: aws.cfg.Recorder, channel: aws.cfg.DeliveryChannel
    ) -> None:
        aws.cfg.RecorderStatus(
            name,
            region=args.place.region,
            name=recorder.name,
            is_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[channel]),
        )
