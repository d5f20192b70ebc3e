"""The function that ECS asks before it starts a new revision, and the role with which it asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pulumi
import pulumi_aws as aws

from components.identity_policy import ANY, Statement, allow
from components.log_group import LogGroup, LogGroupArgs
from components.names import Names
from components.place import Place
from components.service_role import ServiceRole, ServiceRoleArgs
from components.tags import DataClass

RUNTIME: Final = "python3.13"
KIND: Final = "image-gate"

_SOURCES: Final = Path(__file__).parents[1] / "functions" / "image_gate"
_TIMEOUT_S: Final = 60
_MEMORY_MIB: Final = 256
_INTERFACES: Final = ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces")


def gate_statements(place: Place, function: str, log_group: str, repositories: Sequence[str]) -> list[Statement]:
    """Return what the function may do but decrypt its environment: read revisions and scans, and write its log.

    Network interfaces are Lambda's business before the code runs; the code itself is refused them.
    Source for the condition: AWS Lambda developer guide, source function ARN, read 2026-11-30.

    Args:
        place: Account and Region.
        function: Name of the function.
        log_group: Name of its log group.
        repositories: Names of the repositories whose scans it reads.
    """
    refusal = allow("OwnInterfaces", _INTERFACES, ANY)
    code = {"ArnEquals": {"lambda:SourceFunctionArn": place.arn("lambda", f"function:{function}")}}
    return [
        allow("Revisions", ["ecs:DescribeServiceRevisions"], place.arn("ecs", "service-revision/*")),
        allow("TaskDefinitions", ["ecs:DescribeTaskDefinition"], ANY),
        allow(
            "Scans",
            ["ecr:DescribeImageScanFindings"],
            [place.arn("ecr", f"repository/{repository}") for repository in repositories],
        ),
        allow(
            "Log",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            place.arn("logs", f"log-group:{log_group}:log-stream:*"),
        ),
        allow("Interfaces", _INTERFACES, ANY),
        {**refusal, "Effect": "Deny", "Condition": code},
    ]


def source_archive() -> pulumi.AssetArchive:
    """Return the code, file by file, so that nothing else of the folder is deployed."""
    return pulumi.AssetArchive(
        {f"image_gate/{path.name}": pulumi.StringAsset(path.read_text()) for path in sorted(_SOURCES.glob("*.py"))}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageGateArgs:
    """Which images it judges, and how strictly.

    Args:
        names: Names of the deployment.
        place: Account and Region.
        key_arn: Key of its environment.
        log_key_arn: Key of its log group.
        log_retention_days: A value that CloudWatch Logs offers.
        subnet_ids: Private subnets in at least two zones.
        security_group_id: Group that reaches the endpoints of ECR and ECS.
        repositories: Names of the repositories whose scans it reads.
        allow_unscanned: Whether an image without a scan passes.
    """

    names: Names
    place: Place
    key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    repositories: Sequence[str]
    allow_unscanned: bool = False


class ImageGate(pulumi.ComponentResource):
    """A deployment lifecycle hook.

    ECS calls it and waits for the answer, so there is no failed event to keep: a failed call stops the deployment.

    Args:
        name: Logical name.
        args: Which images it judges, and how strictly.
        opts: Resource options.
    """

    arn: pulumi.Output[str]
    caller: ServiceRole
    """Role with which ECS calls it."""
    log_group: pulumi.Output[str]

    def __init__(self, name: str, args: ImageGateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ImageGate", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        log_group = self._make_log_group()
        self.log_group = log_group.name
        self.arn = self._make_function(self._make_role(), log_group).arn
        self.caller = self._make_caller()
        self.register_outputs({"arn": self.arn})

    def _make_log_group(self) -> LogGroup:
        args = LogGroupArgs(
            name=self._args.names.log_group(KIND),
            region=self._args.place.region,
            key_arn=self._args.log_key_arn,
            retention_days=self._args.log_retention_days,
            data_class=DataClass.INTERNAL,
        )
        return LogGroup(self._name, args, self._child)

    def _make_role(self) -> ServiceRole:
        names, place = self._args.names, self._args.place
        function = names.of(KIND)
        granted = gate_statements(place, function, names.log_group(KIND), self._args.repositories)
        args = ServiceRoleArgs(
            names=names,
            place=place,
            kind=KIND,
            description="Reads image scans before a deployment",
            service="lambda",
            source=place.arn("lambda", f"function:{function}"),
            statements=[*granted, allow("Environment", ["kms:Decrypt"], self._args.key_arn)],
        )
        return ServiceRole(self._name, args, self._child)

    def _make_function(self, role: ServiceRole, log_group: LogGroup) -> aws.lambda_.Function:
        args = self._args
        strictness = {"ALLOW_UNSCANNED": str(args.allow_unscanned).lower()}
        return aws.lambda_.Function(
            self._name,
            region=args.place.region,
            name=args.names.of(KIND),
            description="Lets a deployment go on only with images that have no severe finding",
            role=role.arn,
            runtime=RUNTIME,
            architectures=["arm64"],
            handler="image_gate.handler.handle",
            code=source_archive(),
            timeout=_TIMEOUT_S,
            memory_size=_MEMORY_MIB,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=strictness),
            kms_key_arn=args.key_arn,
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(log_format="JSON", log_group=log_group.name),
            vpc_config=aws.lambda_.FunctionVpcConfigArgs(
                subnet_ids=args.subnet_ids, security_group_ids=[args.security_group_id]
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role.policy], delete_before_replace=True),
        )

    def _make_caller(self) -> ServiceRole:
        place = self._args.place
        function = place.arn("lambda", f"function:{self._args.names.of(KIND)}")
        args = ServiceRoleArgs(
            names=self._args.names,
            place=place,
            kind="gate-caller",
            description="Lets ECS ask the image gate",
            service="ecs",
            source=place.arn("ecs", "*"),
            statements=[allow("Ask", ["lambda:InvokeFunction"], [function, f"{function}:*"])],
        )
        return ServiceRole(f"{self._name}-caller", args, self._child)
