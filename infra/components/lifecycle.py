"""How long a bucket keeps what, as plain numbers."""

from dataclasses import dataclass
from typing import Final

import pulumi_aws as aws

ABANDONED_UPLOAD_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """How long objects stay.

    Args:
        noncurrent_days: Days until a version that was overwritten or deleted goes.
        archive_after_days: Days until an object moves to cheaper storage that is still readable at once; 0 = never.
        expire_days: Days until an object goes; 0 = never.
    """

    noncurrent_days: int
    archive_after_days: int = 0
    expire_days: int = 0

    @property
    def rule(self) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
        """The one rule of the bucket, for all its objects."""
        archive = aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(
            days=self.archive_after_days, storage_class="GLACIER_IR"
        )
        expiration = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=self.expire_days)
        return aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="retention",
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
            abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=ABANDONED_UPLOAD_DAYS
            ),
            noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=self.noncurrent_days
            ),
            transitions=[archive] if self.archive_after_days else None,
            expiration=expiration if self.expire_days else None,
        )
