"""Where resources live, so that ARNs in policies are plain text long before anything is created."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One account in one Region.

    Args:
        partition: `aws`, `aws-cn` or `aws-us-gov`.
        account_id: Twelve digits.
        region: `us-east-1`.
    """

    partition: str
    account_id: str
    region: str

    @property
    def account_root(self) -> str:
        """ARN of the account itself; as a principal it lets IAM policies of the account decide."""
        return f"arn:{self.partition}:iam::{self.account_id}:root"

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a regional resource.

        Args:
            service: Namespace, `logs`.
            resource: What follows the account, `log-group:/payment/flow-logs-dev`.
        """
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource that belongs to no Region.

        Args:
            service: Namespace, `cloudfront`.
            resource: What follows the account, `distribution/*`.
        """
        return f"arn:{self.partition}:{service}::{self.account_id}:{resource}"

    def bucket_arn(self, bucket: str) -> str:
        """Return the ARN of the bucket with this name."""
        return f"arn:{self.partition}:s3:::{bucket}"

    def endpoint(self, service: str) -> str:
        """Return the regional host name of a service, the form that `kms:ViaService` compares."""
        return f"{service}.{self.region}.amazonaws.com"
