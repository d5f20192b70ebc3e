"""The resources that every bucket needs beside itself: a bucket alone protects nothing."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.lifecycle import Lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Companions:
    """Makes the companions of one bucket.

    Args:
        name: Logical name of the bucket.
        region: Region of the bucket.
        bucket: The bucket.
        owner: Component that they belong to.
    """

    name: str
    region: str
    bucket: aws.s3.Bucket
    owner: pulumi.Resource

    def make_guard(self) -> aws.s3.BucketPublicAccessBlock:
        """Refuse public access and access lists; a policy has to wait for what is returned."""
        block = aws.s3.BucketPublicAccessBlock(
            self.name,
            region=self.region,
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._opts(),
        )
        aws.s3.BucketOwnershipControls(
            self.name,
            region=self.region,
            bucket=self.bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._opts(),
        )
        return block

    def make_policy(self, policy: str, guard: aws.s3.BucketPublicAccessBlock) -> None:
        """Attach the policy.

        Args:
            policy: Policy document, JSON.
            guard: S3 refuses two changes of a bucket's access at a time.
        """
        aws.s3.BucketPolicy(
            self.name, region=self.region, bucket=self.bucket.id, policy=policy, opts=self._opts(after=guard)
        )

    def make_key_encryption(self, key_arn: pulumi.Input[str]) -> None:
        """Encrypt with a customer-managed key."""
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=key_arn
        )
        self._make_encryption(
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=default, bucket_key_enabled=True
            )
        )

    def make_service_encryption(self) -> None:
        """Encrypt with the service's own key, for targets of logs that can be delivered under no other."""
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="AES256"
        )
        self._make_encryption(
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(apply_server_side_encryption_by_default=default)
        )

    def make_versioning(self) -> aws.s3.BucketVersioning:
        """Keep every version of an object."""
        return aws.s3.BucketVersioning(
            self.name,
            region=self.region,
            bucket=self.bucket.id,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=self._opts(),
        )

    def make_lifecycle(self, lifecycle: Lifecycle, versioning: aws.s3.BucketVersioning) -> None:
        """Say how long objects stay.

        Args:
            lifecycle: How long.
            versioning: Must be on before a rule may speak of versions.
        """
        aws.s3.BucketLifecycleConfiguration(
            self.name,
            region=self.region,
            bucket=self.bucket.id,
            rules=[lifecycle.rule],
            opts=self._opts(after=versioning),
        )

    def _make_encryption(self, rule: aws.s3.BucketServerSideEncryptionConfigurationRuleArgs) -> None:
        aws.s3.BucketServerSideEncryptionConfiguration(
            self.name, region=self.region, bucket=self.bucket.id, rules=[rule], opts=self._opts()
        )

    def _opts(self, after: pulumi.Resource | None = None) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self.owner, depends_on=[after] if after else None)
