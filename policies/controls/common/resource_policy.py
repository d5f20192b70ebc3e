"""Controls of the policies of buckets, queues, topics, event buses, repositories, secrets and functions."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.faults import first_fault, found_if
from policies.facts.policy_documents import PolicyDocument
from policies.facts.resource_policies import ResourcePolicy
from policies.iam_document import (
    Condition,
    Principal,
    PrincipalKind,
    Statement,
    is_bound,
    is_public,
    service_principals,
)
from policies.model import PASS, UNKNOWN, Verdict, control, example

_OWN: Final = Condition(key="aws:sourceaccount", values=("111122223333",))
SERVICE: Final = Statement(
    principals=(Principal(kind=PrincipalKind.SERVICE, name="sns.amazonaws.com"),),
    actions=("sqs:SendMessage",),
    resources=("*",),
    conditions=(_OWN,),
)
EVERYONE: Final = replace(SERVICE, principals=(Principal(name="*"),), conditions=())


def _allowing(*statements: Statement) -> ResourcePolicy:
    return ResourcePolicy(policy=PolicyDocument(statements=statements))


@control(
    id="LG-IAM-25",
    slug="common-resource-policy-bounded",
    severity=Severity.HIGH,
    requirements=("7.2.5", "7.3.2"),
    families=("pci", "identity", "supply-chain"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A stranger reads the secret, pulls the images or floods the queue with forged payment events, and "
    "needs no foothold in your account to do it.",
    remediation="Name principals in the policy, or bind them by a condition on aws:SourceAccount, aws:SourceArn or "
    "aws:PrincipalOrgID; for a service set aws:SourceAccount or aws:SourceArn, on an aws.lambda_.Permission "
    "source_account or source_arn.",
    passes=[
        example("a service for one account", _allowing(SERVICE)),
        example("everyone for one account", _allowing(replace(EVERYONE, conditions=(_OWN,)))),
        example("everyone denied", _allowing(replace(EVERYONE, effect="Deny"))),
        example("no policy", ResourcePolicy()),
        example("a skill by its token", _allowing(replace(
            SERVICE, conditions=(Condition(key="lambda:eventsourcetoken", values=("amzn1.ask.skill.1",)),)))),
    ],
    fails=[
        example("everyone", _allowing(EVERYONE)),
        example("everyone, the second statement", _allowing(SERVICE, EVERYONE)),
        example("everyone but one", _allowing(replace(
            EVERYONE, principals=None, not_principals=(Principal(name="444455556666"),)))),
        example("everyone under a condition that anybody meets", _allowing(replace(
            EVERYONE, conditions=(Condition(operator="Bool", key="aws:securetransport", values=("true",)),)))),
        example("a service for anybody", _allowing(replace(SERVICE, conditions=()))),
        example("a service for topics of any account", _allowing(replace(SERVICE, conditions=(
            Condition(operator="ArnLike", key="aws:sourcearn", values=("arn:aws:sns:*:*:orders",)),)))),
        example("a service that may do everything", _allowing(replace(SERVICE, actions=("*",)))),
        example("a service that may do everything with a queue", _allowing(replace(SERVICE, actions=("sqs:*",)))),
        example("a service that may do everything in other words", _allowing(replace(SERVICE, actions=("sqs:?*",)))),
        example("a service that may do all but something", _allowing(replace(
            SERVICE, actions=None, not_actions=("sqs:DeleteQueue",)))),
        example("a policy that the service would refuse", ResourcePolicy(
            policy=PolicyDocument(malformed="it is not JSON"))),
    ],
    unknowns=[
        example("the policy comes later", ResourcePolicy(policy=UNKNOWN)),
        example("the principal comes later", _allowing(replace(EVERYONE, principals=(UNKNOWN,)))),
        example("the condition comes later", _allowing(replace(SERVICE, conditions=UNKNOWN))),
    ],
)  # fmt: skip
def policy_bounded(resource: ResourcePolicy) -> Verdict:
    """The policy of a bucket, queue, topic, event bus, repository or secret lets in nobody at large.

    No Allow statement has Principal `*` or NotPrincipal without a positive condition that names an account, an
    organisation, a source or a network. One with a Service principal has such a condition on aws:SourceArn or
    aws:SourceAccount, and names its actions: neither `*`, nor every action of a service, nor NotAction. So has a Lambda
    Permission, for which a skill's eventSourceToken does as well, and an EventBridge permission is a statement of its
    bus. IfExists and wildcards in place of the name do not count. A resource without a policy passes: its service then
    lets in the owner's account. Each policy is judged where it stands, on its resource or as one of its own. A policy
    that the service would refuse as malformed fails.
    """
    if resource.policy is None:
        return PASS
    wanted = "named principals, or a condition that names an account or a source"
    large = first_fault([resource.policy], _at_large, "a statement lets in somebody at large", wanted=wanted)
    return large or first_fault([resource.policy], _unlimited, "a service may do everything", wanted="actions") or PASS


_SOURCES: Final = frozenset({"aws:sourceaccount", "aws:sourcearn", "lambda:eventsourcetoken"})


def _at_large(statement: Statement) -> str | None:
    if is_public(statement):
        return "everyone"
    if statement.effect != "Allow":
        return None
    services = service_principals(statement)
    return found_if(services and not is_bound(statement, _SOURCES), ", ".join(services))


def _unlimited(statement: Statement) -> str | None:
    if statement.effect != "Allow" or not service_principals(statement):
        return None
    actions = statement.actions
    every = actions is None or not all(pattern.partition(":")[2].strip("*?") for pattern in actions)
    return found_if(every, ", ".join(actions or ("NotAction",)))
