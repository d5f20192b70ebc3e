"""Controls of physical names."""

import re
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.given_names import GivenName, LimitedName
from policies.model import UNKNOWN, Verdict, control, example, not_applicable, require

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "Demand of the banking, payments and fraud systems, read 2026-11-20"
_PREFIXES: Final = ("aws-waf-logs-", "AWSServiceRole", "/aws/", "alias/")
"""Beginnings that a service asks for."""
_FIFO: Final = ".fifo"
_WITHOUT_HYPHEN: Final = frozenset(
    {
        "aws:appsync/dataSource:DataSource",
        "aws:appsync/function:Function",
        "aws:athena/database:Database",
        "aws:backup/framework:Framework",
        "aws:backup/reportPlan:ReportPlan",
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "aws:backup/restoreTestingSelection:RestoreTestingSelection",
        "aws:bedrock/agentcoreAgentRuntimeEndpoint:AgentcoreAgentRuntimeEndpoint",
        "aws:bedrock/agentcoreBrowser:AgentcoreBrowser",
        "aws:bedrock/agentcoreCodeInterpreter:AgentcoreCodeInterpreter",
        "aws:bedrock/agentcoreMemory:AgentcoreMemory",
        "aws:glue/catalogDatabase:CatalogDatabase",
        "aws:iot/topicRule:TopicRule",
        "aws:keyspaces/keyspace:Keyspace",
        "aws:lex/bot:Bot",
        "aws:lex/botAlias:BotAlias",
        "aws:lex/intent:Intent",
        "aws:lex/slotType:SlotType",
        "aws:s3tables/table:Table",
        "aws:signer/signingProfile:SigningProfile",
    }
)
"""Types whose names take underscores and no hyphens.

Source: CreateFramework, CreateReportPlan and CreateRestoreTestingPlan, AWS Backup API reference; naming of databases,
Amazon Athena user guide; read 2026-11-30. The patterns of the other names: the services' models in botocore, read
2026-12-01."""

_PAYMENTS: Final[dict[str, Any]] = {"name_pattern": "^(payment-)?[a-z0-9-]+-dev1$"}
_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_PLAN: Final = "aws:backup/restoreTestingPlan:RestoreTestingPlan"


@control(
    id="LG-NAM-01",
    slug="common-resource-name-pattern-followed",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("naming",),
    source=_SOURCE,
    rationale="On call at three, people stop the wrong cluster because its name says neither system nor environment, "
    "and policies that grant by name prefix miss it or let it in.",
    remediation="Give the resource a name that follows name_pattern of the profile (name, bucket, cluster_identifier, "
    "identifier or replication_group_id, as its type calls it), or leave the name to the provider.",
    not_read="an account does not show whether a program gave a name, or its provider or a service made it up",
    parameters=("name_pattern",),
    passes=[
        example("a name that follows it", GivenName(name="payment-alarms-dev1"), _PAYMENTS),
        example("after a prefix of a service", GivenName(name="aws-waf-logs-payment-edge-dev1"), _PAYMENTS),
        example(
            "inside a path of a service",
            GivenName(type=_GROUP, name="/aws/ecs/payment-main-dev1/performance"),
            _PAYMENTS,
        ),
        example("inside a path", GivenName(type=_GROUP, name="/payment/payment-backend-dev1"), _PAYMENTS),
        example("an alias", GivenName(name="alias/payment-s3-dev1"), _PAYMENTS),
        example("a type without hyphens", GivenName(type=_PLAN, name="payment_restore_dev1"), _PAYMENTS),
        example(
            "a rule of IoT, which takes no hyphens",
            GivenName(type="aws:iot/topicRule:TopicRule", name="payment_positions_dev1"),
            _PAYMENTS,
        ),
        example("a FIFO topic", GivenName(name="payment-orders-dev1.fifo"), _PAYMENTS),
        example("letters, digits and hyphens, as by default", GivenName(name="ledger-7")),
    ],
    fails=[
        example("another suffix", GivenName(name="payment-alarms-prod1"), _PAYMENTS),
        example("no suffix", GivenName(name="payment-alarms"), _PAYMENTS),
        example("capitals", GivenName(name="Payment-alarms-dev1"), _PAYMENTS),
        example("underscores where hyphens are taken", GivenName(name="payment_alarms_dev1"), _PAYMENTS),
        example("a path none of whose parts follows it", GivenName(type=_GROUP, name="/payment/backend"), _PAYMENTS),
        example("a path of a service alone", GivenName(type=_GROUP, name="/aws/ecs/performance"), _PAYMENTS),
        example("a line break behind it", GivenName(name="payment-alarms-dev1\n"), _PAYMENTS),
    ],
    unknowns=[example("the name comes later", GivenName(name=UNKNOWN), _PAYMENTS)],
    not_applicable=[example("the provider makes up a name", GivenName(), _PAYMENTS)],
)
def name_pattern_followed(resource: GivenName, settings: "Settings") -> Verdict:
    """A name that a program gives a resource follows the pattern of its system.

    The whole name follows name_pattern, after a prefix that a service asks for (aws-waf-logs-, AWSServiceRole, /aws/,
    alias/) and before the ending .fifo. Of a name with slashes one part does. Underscores count as hyphens for types
    that take no hyphens. Names that the provider makes up, also from a prefix, and types whose name is a word of the
    service, a domain name, a person or another resource are not applicable.
    """
    name = resource.name
    if name is None:
        return not_applicable("the program gives it no name")
    shown = name
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    name = name.removesuffix(_FIFO)
    if resource.type in _WITHOUT_HYPHEN:
        name = name.replace("_", "-")
    pattern = settings.name_pattern
    # Python keeps compiled expressions: 512 of them, and a run needs one.
    follows = any(re.fullmatch(pattern, part) for part in name.split("/"))
    return require(follows, "its name does not follow the pattern of the system", found=shown, wanted=pattern)


@control(
    id="LG-NAM-02",
    slug="common-resource-name-within-limit",
    severity=Severity.LOW,
    requirements=(),
    families=("naming",),
    source=_SOURCE,
    rationale="The service refuses the long name after half of the update has run, often in production alone, whose "
    "stack name is the longest, and leaves a mixed state.",
    remediation="Shorten the name of the resource: name, bucket, cluster_identifier, identifier or "
    "replication_group_id, as its type calls it.",
    not_read="a service refuses a name that is too long, so no account holds one",
    passes=[
        example("short", LimitedName(limit=32, name="front")),
        example("as long as it may be", LimitedName(limit=32, name="x" * 32)),
    ],
    fails=[
        example("one character too many", LimitedName(limit=32, name="x" * 33)),
        example("a queue whose ending is too much", LimitedName(limit=80, name="q" * 76 + ".fifo")),
    ],
    unknowns=[example("the name comes later", LimitedName(limit=32, name=UNKNOWN))],
    not_applicable=[example("the provider makes up a name", LimitedName(limit=32))],
)
def name_within_limit(resource: LimitedName) -> Verdict:
    """A name is no longer than its service takes, so that a deployment does not stop half-way.

    Load balancers and target groups take 32 characters, replication groups 40, buckets and databases 63, roles and
    Lambda functions 64, queues 80 with .fifo. Names that the provider makes up are not applicable.
    """
    name = resource.name
    if name is None:
        return not_applicable("the program gives it no name")
    limit = resource.limit
    return require(
        len(name) <= limit, "its name is too long", found=f"{len(name)} characters", wanted=f"{limit} or less"
    )
