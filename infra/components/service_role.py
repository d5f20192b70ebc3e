"""A role that one AWS service takes, with one policy that says all it may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.identity_policy import Statement, document, service_trust
from components.names import Names
from components.place import Place

ROLE_LIMIT: Final = 64
"""Characters of a role's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRoleArgs:
    """Who takes the role, and what for.

    Args:
        names: Names of the deployment.
        place: Account and Region.
        kind: What the role is for; the kind in its name.
        description: The same in a sentence.
        service: Short name of the service that takes it, `ecs-tasks`.
        source: ARN pattern of what the service acts for.
        statements: What it may do; may hold Pulumi outputs.
    """

    names: Names
    place: Place
    kind: str
    description: str
    service: str
    source: str
    statements: Sequence[Statement]


class ServiceRole(pulumi.ComponentResource):
    """A role for one service and one purpose.

    Args:
        name: Logical name.
        args: Who takes the role, and what for.
        opts: Resource options.
    """

    arn: pulumi.Output[str]
    policy: aws.iam.RolePolicy
    """Whoever uses the role at once waits for it."""

    def __init__(self, name: str, args: ServiceRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:ServiceRole", name, None, opts)
        role = aws.iam.Role(
            name,
            name=args.names.of(args.kind, limit=ROLE_LIMIT),
            description=args.description,
            assume_role_policy=service_trust(args.place, args.service, args.source),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.policy = aws.iam.RolePolicy(
            name,
            name=args.names.of(args.kind, limit=ROLE_LIMIT),
            role=role.name,
            policy=pulumi.Output.json_dumps(document(args.statements)),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
