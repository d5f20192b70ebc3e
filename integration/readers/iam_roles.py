"""Reads who may assume roles, and what workloads may do with them: one item of the account's details for each role."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Subject, Task
from policies.facts.iam_roles import TrustedRole, WorkloadRole
from policies.facts.policy_documents import PolicyDocument, policy_document
from policies.facts.properties import UNKNOWN
from policies.facts.tagging import Tag
from policies.iam_document import parse_identity_policy, parse_trust_policy, service_principals

Answer = Mapping[str, Any]
TagsOf = Callable[[Desk], Iterable[Answer]]

_TRUST: Final = "assumeRolePolicy"


def role_tasks(subject: Subject, item: Answer, wanted: frozenset[type], tags_of: TagsOf) -> Iterator[Task]:
    """Yield the tasks that read a role.

    Args:
        subject: The role.
        item: What the account's details say of it.
        wanted: Classes of facts.
        tags_of: Returns its tags, `Key` and `Value` each.
    """
    if TrustedRole in wanted:
        yield Task(subject, (TrustedRole,), partial(_read_trust, subject, item, tags_of))
    if WorkloadRole in wanted:
        yield Task(subject, (WorkloadRole,), partial(_read_workload, subject, item))


def _read_trust(subject: Subject, item: Answer, tags_of: TagsOf, desk: Desk) -> Iterator[Observed]:
    fact = TrustedRole(
        name=item["RoleName"],
        tags=tuple(Tag(key=each["Key"], value=each.get("Value", "")) for each in tags_of(desk)),
        account=subject.place.account,
        trust=_trust(item),
    )
    yield Observed(subject, fact)


def _trust(item: Answer) -> PolicyDocument:
    return policy_document(item["AssumeRolePolicyDocument"], _TRUST, parse_trust_policy)


def _read_workload(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    trust = _trust(item)
    ask = _attached if any(map(service_principals, trust.statements)) else _unasked
    inline = [_identity(each["PolicyDocument"], each["PolicyName"]) for each in item["RolePolicyList"]]
    attached = [ask(desk, each["PolicyArn"], failures) for each in item["AttachedManagedPolicies"]]
    fact = WorkloadRole(trust=trust, documents=(*inline, *attached))
    yield Observed(subject, fact, failures=tuple(failures))


def _attached(desk: Desk, arn: str, failures: list[Failure]) -> PolicyDocument:
    """Return what an attached policy allows, whoever manages it."""
    try:
        version = desk.one(desk.aws.iam.get_policy, PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = desk.one(desk.aws.iam.get_policy_version, PolicyArn=arn, VersionId=version)["PolicyVersion"]
    except CallFailedError as error:
        failures.append(error.failure)
        return PolicyDocument(property=arn, statements=UNKNOWN)
    return _identity(found["Document"], arn)


def _unasked(_desk: Desk, arn: str, _failures: list[Failure]) -> PolicyDocument:
    """Return an attached policy of a role that no service may assume: it runs no workload, whatever it may do."""
    return PolicyDocument(property=arn, statements=UNKNOWN)


def _identity(document: Any, name: str) -> PolicyDocument:
    return policy_document(document, name, parse_identity_policy)


ROLE_OPERATIONS: Final[Mapping[type, tuple[str, ...]]] = {
    TrustedRole: ("iam:GetAccountAuthorizationDetails", "iam:ListRoleTags"),
    WorkloadRole: ("iam:GetAccountAuthorizationDetails", "iam:GetPolicy", "iam:GetPolicyVersion"),
}
"""Fact → every call that it may take."""
