"""Grants as IAM describes them."""

from typing import Any

import pytest

from integration.readers import iam, iam_tags
from integration.readers.kinds import Kind
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.iam import Grants
from policies.facts.iam_roles import TrustedRole, WorkloadRole
from policies.facts.policy_documents import PolicyDocument
from policies.facts.properties import UNKNOWN
from policies.facts.support_access import SupportAccess
from policies.facts.tagging import Tag, Tagged
from policies.iam_document import Statement
from tests.integration.scanning.lines import Answer, CannedLine, read

ARN = "arn:aws:iam::111122223333:"
READS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
STATEMENTS = (Statement(actions=("s3:GetObject",), resources=("*",)),)
ROLE = {
    "Path": "/",
    "RoleName": "worker",
    "Arn": ARN + "role/worker",
    "RolePolicyList": [{"PolicyName": "reads", "PolicyDocument": READS}],
    "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
}
POLICY = {
    "Path": "/",
    "PolicyName": "reads",
    "Arn": ARN + "policy/reads",
    "PolicyVersionList": [
        {"Document": {**READS, "Statement": []}, "IsDefaultVersion": False},
        {"Document": READS, "IsDefaultVersion": True},
    ],
}
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
NOTHING_ELSE: dict[str, Answer | list[Answer]] = {kind.operation: {kind.items: []} for kind in iam_tags.RESOURCES}


def account(wanted: type, answers: dict[str, Answer | list[Answer]] | None = None, **lists: list[Any]) -> list[Any]:
    """Return what is read of an account with these lists."""
    details = {**{name: [] for name in LISTS}, **lists}
    line = CannedLine({"GetAccountAuthorizationDetails": details, **NOTHING_ELSE, **(answers or {})})
    return read(iam.READING, line, [wanted])


def test_a_role_is_what_it_carries_and_what_it_attaches() -> None:
    """Inline policies are named as IAM names them; attached ones by their ARN."""
    (found,) = account(Grants, RoleDetailList=[ROLE])
    attached = ("arn:aws:iam::aws:policy/ReadOnlyAccess",)
    assert found.fact == Grants(
        documents=(PolicyDocument(property="reads", statements=STATEMENTS),), attached_arns=attached
    )
    assert (found.subject.arn, found.subject.type, found.subject.place.region) == (ROLE["Arn"], "aws:iam/role:Role", "")


@pytest.mark.parametrize(
    ("member", "policies", "type_"),
    [
        ("UserDetailList", "UserPolicyList", "aws:iam/user:User"),
        ("GroupDetailList", "GroupPolicyList", "aws:iam/group:Group"),
    ],
)
def test_users_and_groups(member: str, policies: str, type_: str) -> None:
    """Users and groups are read like roles."""
    item = {**ROLE, policies: ROLE["RolePolicyList"]}
    lists: Any = {member: [item]}
    (found,) = account(Grants, **lists)
    assert (found.subject.type, len(found.fact.documents)) == (type_, 1)


def test_only_the_default_version_of_a_policy_grants() -> None:
    """Older versions of a policy grant nothing."""
    (found,) = account(Grants, Policies=[POLICY])
    assert found.fact == Grants(documents=(PolicyDocument(statements=STATEMENTS),))


def test_policies_of_aws_are_judged_where_they_are_attached() -> None:
    """What AWS manages is nobody's here."""
    assert account(Grants, Policies=[{**POLICY, "Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]) == []


def test_a_document_that_nobody_understands_fails_rather_than_passes() -> None:
    """A malformed document says so."""
    item = {**ROLE, "RolePolicyList": [{"PolicyName": "odd", "PolicyDocument": "%7Bno json"}]}
    (found,) = account(Grants, RoleDetailList=[item])
    assert found.fact.documents == (PolicyDocument(property="odd", malformed="it is not JSON"),)


@pytest.mark.parametrize("missing", ["RolePolicyList", "AttachedManagedPolicies"])
def test_a_missing_list_is_undecided(missing: str) -> None:
    """A role of which a list is missing is not a role that grants nothing."""
    item = {key: value for key, value in ROLE.items() if key != missing}
    (found,) = account(Grants, RoleDetailList=[item])
    assert isinstance(found, Unread)
    assert found.failure.cause is Cause.UNPARSABLE


def test_tags_that_iam_does_not_tell_are_asked_for() -> None:
    """Tags come with the details, or page by page from a call of their own."""
    tags = [{"Key": "a", "Value": "b"}]
    (told,) = account(Tagged, RoleDetailList=[{**ROLE, "Tags": tags}])
    pages: list[Answer] = [{"Tags": tags, "IsTruncated": True, "Marker": "2"}, {"Tags": [{"Key": "c", "Value": "d"}]}]
    (asked,) = account(Tagged, {"ListPolicyTags": pages}, Policies=[POLICY])
    assert told.fact.tags == (Tag(key="a", value="b"),)
    assert asked.fact.tags == (Tag(key="a", value="b"), Tag(key="c", value="d"))
    assert [call.operation for call in asked.calls] == [
        "GetAccountAuthorizationDetails",
        "ListPolicyTags",
        "ListPolicyTags",
    ]


@pytest.mark.parametrize("path", ["/aws-service-role/rds.amazonaws.com/", "/aws-reserved/sso.amazonaws.com/"])
def test_a_service_owns_its_role(path: str) -> None:
    """Roles that AWS made for a service, or for a permission set, take nobody's tags."""
    (found,) = account(Tagged, RoleDetailList=[{**ROLE, "Path": path}])
    assert found.fact == Tagged(type="aws:iam/role:Role", takes_tags=False)


def test_instance_profiles_carry_tags() -> None:
    """Profiles are listed by themselves; one whose tags are denied hides no other."""
    profiles = [{"Arn": f"{ARN}instance-profile/{name}", "InstanceProfileName": name} for name in ("one", "two")]
    answers: dict[str, Answer | list[Answer]] = {
        "ListInstanceProfiles": {"InstanceProfiles": profiles},
        "ListInstanceProfileTags": [Trouble(Cause.DENIED, "AccessDenied"), {"Tags": []}],
    }
    found = account(Tagged, answers, RoleDetailList=[])
    assert sorted(type(each).__name__ for each in found) == ["Observed", "Unread"]
    assert isinstance(next(each for each in found if isinstance(each, Observed)).fact, Tagged)


@pytest.mark.parametrize("kind", iam_tags.RESOURCES, ids=lambda kind: kind.path)
def test_what_else_carries_tags(kind: Kind[Any]) -> None:
    """Each kind is listed by itself and asked for its tags by the name that its call wants."""
    arn = f"{ARN}{kind.path}/it"
    assert kind.tags is not None
    answers: dict[str, Answer | list[Answer]] = {
        kind.operation: {kind.items: [{kind.tags.member: "it", kind.named: arn}]},
        kind.tags.operation: {"Tags": [{"Key": "a", "Value": "b"}]},
    }
    (found,) = account(Tagged, answers)
    assert (found.subject.arn, found.fact) == (arn, Tagged(type=kind.type, tags=(Tag(key="a", value="b"),)))
    assert [call.operation for call in found.calls] == [*kind.operations]


@pytest.mark.parametrize("missing", LISTS)
def test_a_page_without_one_of_its_lists(missing: str) -> None:
    """IAM always gives all four lists, so a page without one is no page."""
    details: dict[str, list[Any]] = {name: [] for name in LISTS if name != missing}
    (found,) = read(iam.READING, CannedLine({"GetAccountAuthorizationDetails": details}), [Grants])
    assert isinstance(found, Unread)
    assert found.failure.cause is Cause.UNPARSABLE


def test_roles_that_may_turn_to_support_are_counted_over_every_page() -> None:
    """The policy is asked for its roles, so one call a page tells it for the whole account."""
    pages: list[Answer] = [
        {"PolicyRoles": [{"RoleName": "support"}], "IsTruncated": True, "Marker": "2"},
        {"PolicyRoles": [{"RoleName": "operator"}], "IsTruncated": False},
    ]
    (found,) = account(SupportAccess, {"ListEntitiesForPolicy": pages})
    assert found.fact == SupportAccess(roles=2, whole_account=True)
    assert found.subject.arn == ARN + "root"


def test_nobody_may_turn_to_support() -> None:
    """A policy that nobody has has no roles."""
    (found,) = account(SupportAccess, {"ListEntitiesForPolicy": {"PolicyRoles": []}})
    assert found.fact == SupportAccess(roles=0, whole_account=True)


@pytest.mark.parametrize(
    ("answer", "cause"), [(Trouble(Cause.DENIED, "AccessDenied"), Cause.DENIED), ({}, Cause.UNPARSABLE)]
)
def test_support_that_nobody_may_ask_about_is_undecided(answer: Answer, cause: Cause) -> None:
    """A refusal, and an answer without the list, tell nothing."""
    (found,) = account(SupportAccess, {"ListEntitiesForPolicy": answer})
    assert isinstance(found, Unread)
    assert (found.facts, found.failure.cause) == ((SupportAccess,), cause)


def _workload(answers: dict[str, Answer | list[Answer]], **item: Any) -> Any:
    trusting = {**ROLE, "AssumeRolePolicyDocument": TRUST, **item}
    return account(WorkloadRole, answers, RoleDetailList=[trusting])


def test_a_workload_may_do_what_its_policies_allow() -> None:
    """Every policy counts, those that AWS manages included; one that nobody may read is unknown, and only that."""
    version = {"PolicyVersion": {"Document": READS}}
    (found,) = _workload({"GetPolicy": {"Policy": {"DefaultVersionId": "v3"}}, "GetPolicyVersion": version})
    names = ("reads", "arn:aws:iam::aws:policy/ReadOnlyAccess")
    assert found.fact.documents == tuple(PolicyDocument(property=name, statements=STATEMENTS) for name in names)
    (found,) = _workload({"GetPolicy": Trouble(Cause.DENIED, "AccessDenied")})
    assert found.fact.documents[1] == PolicyDocument(property=names[1], statements=UNKNOWN)
    assert [failure.call.operation for failure in found.failures] == ["GetPolicy"]


def test_roles_of_services_trust_whom_they_like() -> None:
    """What a service owns is not judged; a role whose tags are not told is asked for them."""
    role = {**ROLE, "AssumeRolePolicyDocument": TRUST}
    assert account(TrustedRole, RoleDetailList=[{**role, "Path": "/aws-service-role/rds.amazonaws.com/"}]) == []
    tags = {"ListRoleTags": {"Tags": [{"Key": "Role", "Value": "auditor"}]}}
    (found,) = account(TrustedRole, {**tags}, RoleDetailList=[role])
    assert (found.fact.name, found.fact.tags) == ("worker", (Tag(key="Role", value="auditor"),))
    assert found.fact.account == "111122223333"
