"""How a scan reaches AWS: through clients that can only read, each made once."""

import os
import threading
from collections.abc import Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakKeyDictionary

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError

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

_READS: Final = ("BatchGet", "Describe", "Get", "List")

WHO: Final = "sts:GetCallerIdentity"
"""The one call that no reader declares: whose credentials these are."""


class ChangeRefusedError(Exception):
    """Somebody wanted to do more than the readers declare: a defect of a reader."""


class RegionNotListedError(BotoCoreError):
    """A call would have gone to a Region that is not on the list of those that may be asked."""

    fmt = "{region} is not listed"


GLOBAL_HOMES: Final = frozenset({"us-east-1", "us-gov-west-1", "cn-northwest-1"})
"""Regions in which services that belong to no Region are asked."""

_GLOBAL: Final = frozenset({"cloudfront", "iam", "logs", "sts", "wafv2"})
"""Services asked in a home of the global ones whatever is listed: what belongs to CloudFront lies there.

Source: web ACLs of CloudFront, AWS WAF developer guide; standard logging (v2), CloudFront developer guide. 2026-11-30.
"""


def bounds_of(listed: Collection[str], service: str, region: str) -> Callable[..., None]:
    """Return a hook that lets the calls of one client through if its Region may be asked, and raises otherwise.

    Args:
        listed: Regions that may be asked; none for any.
        service: botocore's name of the service.
        region: The client's Region.
    """
    within = not listed or region in listed or (region in GLOBAL_HOMES and service in _GLOBAL)

    def refuse(**_: Any) -> None:
        if not within:
            raise RegionNotListedError(region=region)

    return refuse


def refusal_of(allowed: Collection[str]) -> Callable[..., None]:
    """Return a hook that lets nothing through but what some reader declares, and of that reads alone.

    Names alone do not tell a read of configuration from one that hands out data or credentials, so nothing is allowed
    by its name; what is declared must be a read by its name all the same.

    Args:
        allowed: `service:Operation` texts.
    """
    known = frozenset(allowed)

    def refuse(model: "OperationModel", **_: Any) -> None:
        name = f"{model.service_model.service_name}:{model.name}"
        if not model.name.startswith(_READS):
            raise ChangeRefusedError(f"{name} may change something, and an audit only reads")
        if name not in known:
            raise ChangeRefusedError(f"{name} is declared by no reader, and an audit calls nothing else")
        if model.has_streaming_output or model.has_event_stream_output:
            raise ChangeRefusedError(f"{name} reads data, and an audit reads configuration")

    return refuse


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


_REGIONS: Final[WeakKeyDictionary[Any, str]] = WeakKeyDictionary()


def region_of(client: Any) -> str:
    """Return the Region that a client of `Connections` was asked for; botocore may call it by another name.

    It decides what a call is called in the evidence, where neither endpoint nor profile of the day must show.
    """
    return _REGIONS[client]


def isolated_core() -> botocore.session.Session:
    """Return a session underneath which nothing of the user's own AWS configuration is known: no profile, no file."""
    core = botocore.session.Session({"profile": (None, None, None, None)})
    core.set_config_variable("config_file", os.devnull)
    core.set_config_variable("credentials_file", os.devnull)
    settings: Any = {"ignore_configured_endpoint_urls": True}
    core.set_default_client_config(Config(**settings))
    return core


class Connections:
    """Makes the clients of one account, each once, and each with the hook that refuses changes.

    Args:
        session: Whose credentials and endpoint they use.
        allowed: `service:Operation` of every call that may be made besides the one that asks whose credentials these
            are.
        config: How they wait and retry.
        regions: Regions that may be asked, whatever names another one; none for any.
    """

    def __init__(
        self,
        session: boto3.Session,
        allowed: Collection[str] = (),
        config: Config | None = None,
        regions: Collection[str] = (),
    ) -> None:
        self._session = session
        self._refuse = refusal_of({WHO, *allowed})
        self._config = config or patience()
        self._regions = frozenset(regions)
        self._made: dict[tuple[str, str], Any] = {}
        self._making = threading.Lock()

    def client(self, service: str, region: str) -> Any:
        """Return the client of a service in a Region."""
        with self._making:
            if (service, region) not in self._made:
                make: Any = self._session.client
                client = make(service, region_name=region, config=self._config)
                client.meta.events.register_first("before-call", self._refuse)
                client.meta.events.register("before-call", bounds_of(self._regions, service, region))
                _REGIONS[client] = region
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
    def autoscaling(self) -> Any:
        """Client of EC2 Auto Scaling."""
        return self._client("autoscaling")

    @cached_property
    def apigateway(self) -> Any:
        """Client of API Gateway."""
        return self._client("apigateway")

    @cached_property
    def backup(self) -> Any:
        """Client of AWS Backup."""
        return self._client("backup")

    @cached_property
    def cloudfront(self) -> Any:
        """Client of CloudFront."""
        return self._client("cloudfront")

    @cached_property
    def cloudtrail(self) -> Any:
        """Client of CloudTrail."""
        return self._client("cloudtrail")

    @cached_property
    def cloudwatch(self) -> Any:
        """Client of CloudWatch."""
        return self._client("cloudwatch")

    @cached_property
    def cognito(self) -> Any:
        """Client of Cognito's user pools."""
        return self._client("cognito-idp")

    @cached_property
    def dynamodb(self) -> Any:
        """Client of DynamoDB."""
        return self._client("dynamodb")

    @cached_property
    def ec2(self) -> "EC2Client":
        """Client of EC2."""
        return cast("EC2Client", self._client("ec2"))

    @cached_property
    def ecr(self) -> Any:
        """Client of ECR."""
        return self._client("ecr")

    @cached_property
    def ecs(self) -> Any:
        """Client of ECS."""
        return self._client("ecs")

    @cached_property
    def efs(self) -> Any:
        """Client of EFS."""
        return self._client("efs")

    @cached_property
    def eks(self) -> Any:
        """Client of EKS."""
        return self._client("eks")

    @cached_property
    def elasticache(self) -> Any:
        """Client of ElastiCache."""
        return self._client("elasticache")

    @cached_property
    def emr(self) -> Any:
        """Client of EMR."""
        return self._client("emr")

    @cached_property
    def redshift(self) -> Any:
        """Client of Redshift."""
        return self._client("redshift")

    @cached_property
    def events(self) -> Any:
        """Client of EventBridge."""
        return self._client("events")

    @cached_property
    def elb(self) -> Any:
        """Client of Elastic Load Balancing, for classic load balancers."""
        return self._client("elb")

    @cached_property
    def elbv2(self) -> Any:
        """Client of Elastic Load Balancing."""
        return self._client("elbv2")

    @cached_property
    def guardduty(self) -> Any:
        """Client of GuardDuty."""
        return self._client("guardduty")

    @cached_property
    def inspector2(self) -> Any:
        """Client of Inspector."""
        return self._client("inspector2")

    @cached_property
    def iam(self) -> "IAMClient":
        """Client of IAM."""
        return cast("IAMClient", self._client("iam"))

    @cached_property
    def kms(self) -> "KMSClient":
        """Client of KMS."""
        return cast("KMSClient", self._client("kms"))

    @cached_property
    def lambda_(self) -> Any:
        """Client of Lambda."""
        return self._client("lambda")

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
    def scheduler(self) -> Any:
        """Client of EventBridge Scheduler."""
        return self._client("scheduler")

    @cached_property
    def secretsmanager(self) -> "SecretsManagerClient":
        """Client of Secrets Manager."""
        return cast("SecretsManagerClient", self._client("secretsmanager"))

    @cached_property
    def sns(self) -> Any:
        """Client of SNS."""
        return self._client("sns")

    @cached_property
    def sqs(self) -> Any:
        """Client of SQS."""
        return self._client("sqs")

    @cached_property
    def ssm(self) -> Any:
        """Client of Systems Manager."""
        return self._client("ssm")

    @cached_property
    def sts(self) -> "STSClient":
        """Client of STS."""
        return cast("STSClient", self._client("sts"))

    def elsewhere(self, region: str) -> "Clients":
        """Return the clients of a Region, for what a resource names there: these for their own."""
        return self if region == self.region else Clients(self._connections, region)

    @cached_property
    def tagging(self) -> Any:
        """Client of the Resource Groups Tagging API."""
        return self._client("resourcegroupstaggingapi")

    @cached_property
    def wafv2(self) -> Any:
        """Client of WAF."""
        return self._client("wafv2")

    def _client(self, service: str) -> Any:
        return self._connections.client(service, self.region)
