"""Sessions and clients that reach a sandbox and nothing else."""

from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.loaders
import botocore.session
from botocore.config import Config

from integration.session import isolated_core

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from types_boto3_ec2 import EC2Client
    from types_boto3_iam import IAMClient
    from types_boto3_kms import KMSClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_rds import RDSClient
    from types_boto3_s3 import S3Client

ROLE: Final = "sandbox"
"""Role whose credentials stand for the account; nobody has to create it."""

_ANYBODY: Final = ("AKIASANDBOX", "sandbox", "")


class SandboxSession(boto3.Session):
    """A session whose clients go to a sandbox unless they are told to go elsewhere.

    Args:
        core: The session underneath.
        endpoint: URL of the sandbox; empty when it runs in this process.
        settings: What `boto3.Session` takes.
    """

    def __init__(self, core: botocore.session.Session, endpoint: str, **settings: Any) -> None:
        super().__init__(botocore_session=core, **settings)
        self._endpoint = endpoint or None

    def client(self, *args: Any, **settings: Any) -> Any:
        """Return a client of a service, as `boto3.Session.client` does."""
        settings["endpoint_url"] = settings.get("endpoint_url") or self._endpoint
        return super().client(*args, **settings)


def open_session(endpoint: str, account: str, region: str) -> SandboxSession:
    """Return a session whose calls a sandbox takes for those of an account.

    The account of a call is that of its credentials, so they are what an assumed role of that account gets.

    Args:
        endpoint: URL of the sandbox; empty when it runs in this process.
        account: AWS account id, 12 digits.
        region: Region of clients that name none.
    """
    key, secret, token = _ANYBODY
    anybody = SandboxSession(_core(), endpoint, aws_access_key_id=key, aws_secret_access_key=secret, region_name=region)
    arn = f"arn:aws:iam::{account}:role/{ROLE}"
    found = anybody.client("sts").assume_role(RoleArn=arn, RoleSessionName=ROLE, DurationSeconds=43200)["Credentials"]
    key, secret, token = found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]
    return SandboxSession(
        _core(),
        endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        region_name=region,
    )


@cache
def model_loader() -> botocore.loaders.Loader:
    """Return what reads the services' models: once in a process, since it takes longer than most calls."""
    return botocore.loaders.create_loader()


def _core() -> botocore.session.Session:
    """Return a session that knows nothing of the user's own AWS configuration."""
    core = isolated_core()
    core.register_component("data_loader", model_loader())
    # What moto lacks answers 500, which would be tried again.
    settings: Any = {"ignore_configured_endpoint_urls": True, "retries": {"total_max_attempts": 1}}
    core.set_default_client_config(Config(**settings))
    return core


class Calls:
    """Which operations were called, in order."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def watch(self, session: boto3.Session) -> None:
        """Note the calls of the clients that a session makes from now on."""
        session.events.register("before-call", self._note)

    def _note(self, model: "OperationModel", **_: Any) -> None:
        self.names.append(f"{model.service_model.service_name}:{model.name}")


class Clients:
    """The clients of one account and Region, made when they are first needed.

    Args:
        session: Where they come from.
        region: AWS Region.
    """

    def __init__(self, session: boto3.Session, region: str) -> None:
        self._session = session
        self._region = region
        self._others: dict[str, Any] = {}
        self.made: dict[str, Mapping[str, Any]] = {}
        """What the sandbox makes itself because no service does: id → properties, secrets among them."""

    def of(self, service: str) -> Any:
        """Return the client of a service that has no property here, by its name in boto3."""
        if service not in self._others:
            session: Any = self._session
            self._others[service] = session.client(service, region_name=self._region)
        return self._others[service]

    def elsewhere(self, region: str) -> "Clients":
        """Return clients of another Region of the account."""
        return Clients(self._session, region)

    @cached_property
    def ec2(self) -> "EC2Client":
        """Client of EC2 and VPC."""
        return self._session.client("ec2", region_name=self._region)

    @cached_property
    def iam(self) -> "IAMClient":
        """Client of IAM."""
        return self._session.client("iam", region_name=self._region)

    @cached_property
    def kms(self) -> "KMSClient":
        """Client of KMS."""
        return self._session.client("kms", region_name=self._region)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """Client of CloudWatch Logs."""
        return self._session.client("logs", region_name=self._region)

    @cached_property
    def rds(self) -> "RDSClient":
        """Client of RDS."""
        return self._session.client("rds", region_name=self._region)

    @cached_property
    def s3(self) -> "S3Client":
        """Client of S3."""
        return self._session.client("s3", region_name=self._region)
