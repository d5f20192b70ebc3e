"""How a scan reaches AWS: through clients that can only read, each made once."""

import threading
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from types_boto3_ec2 import EC2Client
    from types_boto3_iam import IAMClient
    from types_boto3_kms import KMSClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_rds import RDSClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sts import STSClient

_READS: Final = ("Describe", "Get", "Head", "List")

REVIEWED: Final[Mapping[str, str]] = {}
"""`service:Operation` → why it changes nothing although its name does not say so. Nothing needs one so far."""

GIVES_AWAY: Final[Mapping[str, str]] = {
    "GetAuthorizationToken": "credentials",
    "GetClusterCredentials": "credentials",
    "GetClusterCredentialsWithIAM": "credentials",
    "GetCredentials": "credentials",
    "GetFederationToken": "credentials",
    "GetId": "an identity that it creates",
    "GetOpenIdToken": "credentials",
    "GetOpenIdTokenForDeveloperIdentity": "credentials",
    "GetParameter": "what may be a secret",
    "GetParameterHistory": "what may be a secret",
    "GetParameters": "what may be a secret",
    "GetParametersByPath": "what may be a secret",
    "GetPasswordData": "a password",
    "GetRoleCredentials": "credentials",
    "GetSecretValue": "a secret",
    "GetSessionToken": "credentials",
}
"""Operations whose names begin as a read's and that an audit must not call all the same → what they give away."""


class ChangeRefusedError(Exception):
    """A reader wanted to do more than read the configuration of an account: a defect of the reader."""


def refuse_changes(model: "OperationModel", **_: Any) -> None:
    """Let nothing through but reads of configuration; a hook of every client, before a request is sent.

    Raises:
        ChangeRefusedError: The operation is none.
    """
    name = f"{model.service_model.service_name}:{model.name}"
    if not model.name.startswith(_READS) and name not in REVIEWED:
        raise ChangeRefusedError(f"{name} may change something, and an audit only reads")
    if model.name in GIVES_AWAY:
        raise ChangeRefusedError(f"{name} gives away {GIVES_AWAY[model.name]}, and an audit reads configuration")
    if model.has_streaming_output or model.has_event_stream_output:
        raise ChangeRefusedError(f"{name} reads data, and an audit reads configuration")


def patience(*, attempts: int = 5, connections: int = 16) -> Config:
    """Return how long clients wait and how often they try.

    Args:
        attempts: How often a call is sent at most before it counts as failed, >= 1.
        connections: How many calls of one client may be under way at once, >= 1.
    """
    return Config(
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=connections,
        retries={"mode": "adaptive", "total_max_attempts": attempts},
        user_agent_extra="ledgergate-audit",
    )


class Connections:
    """Makes the clients of one account, each once, and each with the hook that refuses changes.

    Args:
        session: Whose credentials and endpoint they use.
        config: How they wait and retry.
    """

    def __init__(self, session: boto3.Session, config: Config | None = None) -> None:
        self._session = session
        self._config = config or patience()
        self._made: dict[tuple[str, str], Any] = {}
        self._making = threading.Lock()

    def client(self, service: str, region: str) -> Any:
        """Return the client of a service in a Region."""
        with self._making:
            if (service, region) not in self._made:
                make: Any = self._session.client
                client = make(service, region_name=region, config=self._config)
                client.meta.events.register_first("before-call", refuse_changes)
                self._made[service, region] = client
            return self._made[service, region]

    def clients(self, region: str) -> "Clients":
        """Return the clients of a Region."""
        return Clients(self, region)


class Clients:
    """The clients of one Region, made when they are first needed.

    Args:
        connections: Makes them.
        region: AWS Region.
    """

    def __init__(self, connections: Connections, region: str) -> None:
        self.region = region
        self._connections = connections

    @cached_property
    def acm(self) -> Any:
        """Client of Certificate Manager."""
        return self._client("acm")

    @cached_property
    def cloudtrail(self) -> Any:
        """Client of CloudTrail."""
        return self._client("cloudtrail")

    @cached_property
    def ec2(self) -> "EC2Client":
        """Client of EC2."""
        return cast("EC2Client", self._client("ec2"))

    @cached_property
    def iam(self) -> "IAMClient":
        """Client of IAM."""
        return cast("IAMClient", self._client("iam"))

    @cached_property
    def kms(self) -> "KMSClient":
        """Client of KMS."""
        return cast("KMSClient", self._client("kms"))

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """Client of CloudWatch Logs."""
        return cast("CloudWatchLogsClient", self._client("logs"))

    @cached_property
    def rds(self) -> "RDSClient":
        """Client of RDS."""
        return cast("RDSClient", self._client("rds"))

    @cached_property
    def s3(self) -> "S3Client":
        """Client of S3."""
        return cast("S3Client", self._client("s3"))

    @cached_property
    def secretsmanager(self) -> "SecretsManagerClient":
        """Client of Secrets Manager."""
        return cast("SecretsManagerClient", self._client("secretsmanager"))

    @cached_property
    def ssm(self) -> Any:
        """Client of Systems Manager."""
        return self._client("ssm")

    @cached_property
    def sts(self) -> "STSClient":
        """Client of STS."""
        return cast("STSClient", self._client("sts"))

    def elsewhere(self, region: str) -> "Clients":
        """Return clients of another Region, for what a resource names there."""
        return Clients(self._connections, region)

    @cached_property
    def tagging(self) -> Any:
        """Client of the Resource Groups Tagging API."""
        return self._client("resourcegroupstaggingapi")

    def _client(self, service: str) -> Any:
        return self._connections.client(service, self.region)
