"""The policy of a bucket that a distribution serves: known only after the distribution, which needs the bucket."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.bucket_policy import bucket_policy, modern_tls_only, own_keys_only, read_by_distribution
from components.place import Place


def served_bucket_policy(place: Place, bucket: str, distribution_arn: str) -> str:
    """Return the policy, JSON: what every bucket refuses, and one reader.

    Args:
        place: Where the bucket is.
        bucket: Physical name.
        distribution_arn: The reader.
    """
    arn = place.bucket_arn(bucket)
    return bucket_policy(
        [*modern_tls_only(arn), *own_keys_only(place, arn), *read_by_distribution(arn, distribution_arn)]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedBucketPolicyArgs:
    """Which bucket, for which distribution.

    Args:
        place: Where the bucket is.
        bucket: A bucket that was made as `served`.
        distribution_arn: The only one that reads it.
    """

    place: Place
    bucket: Bucket
    distribution_arn: pulumi.Input[str]


class ServedBucketPolicy(pulumi.ComponentResource):
    """Lets one distribution read a bucket; refuses the rest as every bucket does.

    Args:
        name: Logical name.
        args: Which bucket, for which distribution.
        opts: Resource options.
    """

    def __init__(self, name: str, args: ServedBucketPolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ServedBucketPolicy", name, None, opts)
        policy = pulumi.Output.all(args.bucket.bucket, args.distribution_arn).apply(
            lambda known: served_bucket_policy(args.place, known[0], known[1])
        )
        # S3 refuses two changes of a bucket's access at a time, hence after all of the bucket.
        aws.s3.BucketPolicy(
            name,
            region=args.place.region,
            bucket=args.bucket.bucket,
            policy=policy,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.bucket]),
        )
        self.register_outputs({})
