"""The bucket that records every request to a load balancer."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.bucket_companions import Companions
from components.bucket_policy import Statement, bucket_policy, modern_tls_only
from components.lifecycle import Lifecycle
from components.place import Place
from components.tags import DataClass

PREFIX: Final = "balancer"


def balancer_log_delivery(place: Place, bucket: str) -> tuple[Statement, ...]:
    """Let load balancers of the account deliver their access logs.

    Source: Elastic Load Balancing user guide, access logs for your Application Load Balancer, as quoted in public
    Terraform modules, read 2026-11-30.

    Args:
        place: Account and Region of the load balancers.
        bucket: Name of the bucket that receives the logs.
    """
    return (
        {
            "Sid": "BalancerLogDelivery",
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{place.bucket_arn(bucket)}/{PREFIX}/AWSLogs/{place.account_id}/*",
            "Condition": {"ArnLike": {"aws:SourceArn": place.arn("elasticloadbalancing", "loadbalancer/*")}},
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancerLogBucketArgs:
    """Where the log goes and how long it stays.

    Args:
        bucket: Physical name.
        place: Where it lives.
        access_log_bucket: Name of the bucket that records every request to this one.
        lifecycle: How long records stay.
        destroyable: Whether the stack may vanish: removes the records with the bucket.
    """

    bucket: str
    place: Place
    access_log_bucket: pulumi.Input[str]
    lifecycle: Lifecycle
    destroyable: bool = False


class BalancerLogBucket(pulumi.ComponentResource):
    """A target of access logs; load balancers deliver them under the service's own encryption only.

    Args:
        name: Logical name.
        args: Where the log goes and how long it stays.
        opts: Resource options.
    """

    bucket: pulumi.Output[str]
    """Physical name."""

    def __init__(self, name: str, args: BalancerLogBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:BalancerLogBucket", name, None, opts)
        bucket = self._make_bucket(name, args)
        companions = Companions(name=name, region=args.place.region, bucket=bucket, owner=self)
        delivery = balancer_log_delivery(args.place, args.bucket)
        policy = bucket_policy([*modern_tls_only(args.place.bucket_arn(args.bucket)), *delivery])
        companions.make_policy(policy, companions.make_guard())
        companions.make_service_encryption()
        companions.make_lifecycle(args.lifecycle, companions.make_versioning())
        self._make_access_log(name, args, bucket)
        self.bucket = bucket.bucket
        self.register_outputs({"bucket": self.bucket})

    def _make_bucket(self, name: str, args: BalancerLogBucketArgs) -> aws.s3.Bucket:
        return aws.s3.Bucket(
            name,
            region=args.place.region,
            bucket=args.bucket,
            force_destroy=args.destroyable,
            tags={**DataClass.INTERNAL.tag, "Purpose": "access-logs"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_access_log(self, name: str, args: BalancerLogBucketArgs, bucket: aws.s3.Bucket) -> None:
        aws.s3.BucketLogging(
            name,
            region=args.place.region,
            bucket=bucket.id,
            target_bucket=args.access_log_bucket,
            target_prefix=f"{args.bucket}/",
            opts=pulumi.ResourceOptions(parent=self),
        )
