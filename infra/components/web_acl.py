"""A web ACL that records what it decided."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi
import pulumi_aws as aws

from components.delivered_log_group import DeliveredLogGroup, DeliveredLogGroupArgs, delivery_policy
from components.names import Names
from components.place import Place
from components.tags import DataClass
from components.web_acl_rules import visibility, web_acl_rules

LOG_PREFIX: Final = "aws-waf-logs-"
"""The service writes to log groups whose name begins so, and to no other."""

REDACTED_HEADERS: Final = ("authorization", "cookie")

_NAME_LIMIT: Final = 128


def acl_groups(names: Names) -> tuple[str, ...]:
    """Return the pattern of the log groups that web ACLs of a deployment write to."""
    return (f"{LOG_PREFIX}{names.system}-*-{names.suffix}",)


class Scope(StrEnum):
    """What a web ACL protects: a distribution, with everything in us-east-1, or something in its own Region."""

    CLOUDFRONT = "CLOUDFRONT"
    REGIONAL = "REGIONAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAclArgs:
    """What is protected, and where its record is kept.

    A distribution names its ACL itself; in front of a load balancer the ACL has to be tied to it.

    Args:
        names: Names of the deployment.
        place: Where the ACL is.
        scope: What it protects.
        kind: Part of its name, unique within the deployment.
        requests_per_minute: What one address may ask within 60 seconds.
        key_arn: Key of the record.
        retention_days: How long the record is kept; a value that CloudWatch Logs offers.
        protected_arn: Load balancer, for an ACL of scope REGIONAL.
    """

    names: Names
    place: Place
    scope: Scope
    kind: str
    requests_per_minute: int
    key_arn: pulumi.Input[str]
    retention_days: int
    protected_arn: pulumi.Input[str] | None = None

    @property
    def label(self) -> str:
        """Physical name; also the name of its metric."""
        return self.names.of(self.kind, limit=_NAME_LIMIT)


class WebAcl(pulumi.ComponentResource):
    """A web ACL that lets pass what no rule stops; without credentials in its record.

    Args:
        name: Logical name.
        args: What is protected, and where its record is kept.
        opts: Resource options.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: WebAclArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:WebAcl", name, None, opts)
        acl = self._make_acl(name, args)
        self._make_logging(name, args, acl, self._make_record(name, args))
        if args.protected_arn is not None:
            self._make_association(name, args, acl, args.protected_arn)
        self.arn = acl.arn
        self.register_outputs({"arn": self.arn})

    def _make_acl(self, name: str, args: WebAclArgs) -> aws.wafv2.WebAcl:
        return aws.wafv2.WebAcl(
            name,
            region=args.place.region,
            name=args.label,
            description=f"Protects the {args.kind} of {args.names.system}",
            scope=args.scope.value,
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            rules=web_acl_rules(args.requests_per_minute),
            visibility_config=visibility(args.label),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_record(self, name: str, args: WebAclArgs) -> DeliveredLogGroup:
        group = f"{LOG_PREFIX}{args.label}"
        return DeliveredLogGroup(
            f"{name}-acl-log",
            DeliveredLogGroupArgs(
                place=args.place,
                group=group,
                policy_name=args.names.of(f"{args.kind}-acl-log", limit=_NAME_LIMIT),
                policy=delivery_policy(args.place, group),
                data_class=DataClass.CONFIDENTIAL,
                key_arn=args.key_arn,
                retention_days=args.retention_days,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_logging(self, name: str, args: WebAclArgs, acl: aws.wafv2.WebAcl, record: DeliveredLogGroup) -> None:
        aws.wafv2.WebAclLoggingConfiguration(
            name,
            region=args.place.region,
            resource_arn=acl.arn,
            log_destination_configs=[record.arn],
            redacted_fields=[_header(header) for header in REDACTED_HEADERS],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[record.admission]),
        )

    def _make_association(
        self, name: str, args: WebAclArgs, acl: aws.wafv2.WebAcl, protected_arn: pulumi.Input[str]
    ) -> None:
        aws.wafv2.WebAclAssociation(
            name,
            region=args.place.region,
            web_acl_arn=acl.arn,
            resource_arn=protected_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _header(name: str) -> aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs:
    return aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs(
        single_header=aws.wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs(name=name)
    )
