"""Reads what IAM grants: one paged call for the whole account, and one for the tags that it leaves out.

Permission sets of IAM Identity Center are not read here: they belong to the organisation's account, not to this one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from integration.readers.iam_roles import ROLE_OPERATIONS, role_tasks
from integration.readers.iam_tags import TAG_OPERATIONS, TAGS, begin_tagged
from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.iam import Grants
from policies.facts.policy_documents import PolicyDocument
from policies.facts.support_access import SupportAccess
from policies.facts.tagging import Tagged
from policies.iam_document import MalformedPolicyError, parse_identity_policy

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of what `GetAccountAuthorizationDetails` lists.

    Args:
        members: Member of the answer that lists them.
        type: Type token.
        name: Member of an item that holds its name.
        path: How its ARN begins after the account.
        policies: Member of an item that lists its inline policies; empty for none.
        tags_of: Client → operation that lists its tags; None where it takes none.
        named_by: Parameter of that operation, and the member of an item that it is.
    """

    members: str
    type: str
    name: str
    path: str
    policies: str = ""
    tags_of: "Callable[[IAMClient], Callable[..., Any]] | None" = None
    named_by: tuple[str, str] = ("", "")


_KINDS: Final = (
    _Kind(
        "RoleDetailList", "aws:iam/role:Role", "RoleName", "role", "RolePolicyList",
        lambda iam: iam.list_role_tags, ("RoleName", "RoleName"),
    ),
    _Kind(
        "UserDetailList", "aws:iam/user:User", "UserName", "user", "UserPolicyList",
        lambda iam: iam.list_user_tags, ("UserName", "UserName"),
    ),
    _Kind("GroupDetailList", "aws:iam/group:Group", "GroupName", "group", "GroupPolicyList"),
    _Kind(
        "Policies", "aws:iam/policy:Policy", "PolicyName", "policy", "",
        lambda iam: iam.list_policy_tags, ("PolicyArn", "Arn"),
    ),
)  # fmt: skip

_ACCOUNT: Final = Paging("Marker", tuple(kind.members for kind in _KINDS))
_ENTITIES: Final = Paging("Marker", ("PolicyRoles",))
_PAGE: Final = 1_000
"""Items a page, the most that IAM gives. Source: IAM API reference, read 2026-11-20."""

_OF_A_SERVICE: Final = ("/aws-service-role/", "/aws-reserved/")
"""Paths of roles that services make and own, those of IAM Identity Center among them: nobody else can tag them.

Source: IAM user guide, service-linked roles, and rebuy-de/aws-nuke#1028 for Identity Center, read 2026-11-30.
"""


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    listed = tuple(fact for fact in (Grants, Tagged, *ROLE_OPERATIONS) if fact in wanted)
    if listed:
        everything = Subject(place.arn("iam", "*"), "aws:iam/*", place)
        yield Task(everything, listed, partial(_list_account, place, wanted))
    if SupportAccess in wanted:
        account = Subject(place.arn("iam", "root"), "pulumi:pulumi:Stack", place)
        yield Task(account, (SupportAccess,), partial(_read_support, account))
    if Tagged in wanted:
        yield from begin_tagged(place)


def _list_account(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    kinds: Any = ["User", "Role", "Group", "LocalManagedPolicy"]
    details = desk.aws.iam.get_account_authorization_details
    for page in desk.pages(_ACCOUNT, details, Filter=kinds, MaxItems=_PAGE):
        listed: Mapping[str, Any] = {**page}
        for kind in _KINDS:
            for item in listed[kind.members]:
                # What AWS manages is judged where it is attached.
                if f":iam::{place.account}:" in item["Arn"]:
                    yield from _tasks_of(place, kind, item, wanted)


def _tasks_of(place: Place, kind: _Kind, item: Mapping[str, Any], wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(item["Arn"], kind.type, place)
    if Grants in wanted:
        yield Task(subject, (Grants,), partial(_read_grants, subject, kind, item))
    if Tagged in wanted and kind.tags_of is not None:
        yield Task(subject, (Tagged,), partial(_read_tags, subject, kind, item))
    # Whom a service trusts with its own role is the service's to say.
    if kind.members == "RoleDetailList" and not item["Path"].startswith(_OF_A_SERVICE):
        yield from role_tasks(subject, item, wanted, partial(_tags_of, kind, item))


def _read_grants(subject: Subject, kind: _Kind, item: Mapping[str, Any], _desk: Desk) -> Iterator[Observed]:
    if not kind.policies:
        yield Observed(subject, Grants(documents=(_default_version(item),)))
        return
    inline = tuple(_document(each["PolicyName"], each["PolicyDocument"]) for each in item[kind.policies])
    attached = tuple(each["PolicyArn"] for each in item["AttachedManagedPolicies"])
    yield Observed(subject, Grants(documents=inline, attached_arns=attached))


def _default_version(item: Mapping[str, Any]) -> PolicyDocument:
    (document,) = (each["Document"] for each in item["PolicyVersionList"] if each["IsDefaultVersion"])
    return _document("policy", document)


def _document(name: str, document: Any) -> PolicyDocument:
    try:
        return PolicyDocument(property=name, statements=parse_identity_policy(document))
    except MalformedPolicyError as error:
        return PolicyDocument(property=name, malformed=str(error))


def _read_tags(subject: Subject, kind: _Kind, item: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    if item["Path"].startswith(_OF_A_SERVICE):
        yield Observed(subject, Tagged(type=subject.type, takes_tags=False))
    else:
        yield tagged(subject, _tags_of(kind, item, desk))


def _tags_of(kind: _Kind, item: Mapping[str, Any], desk: Desk) -> Iterable[Mapping[str, Any]]:
    if "Tags" in item or kind.tags_of is None:
        return tuple(item["Tags"])
    parameter, member = kind.named_by
    pages = desk.every(TAGS, kind.tags_of(desk.aws.iam), **{parameter: item[member]})
    return [tag for page in pages for tag in page["Tags"]]


def _read_support(subject: Subject, desk: Desk) -> Iterator[Observed]:
    policy = f"arn:{subject.place.partition}:iam::aws:policy/AWSSupportAccess"
    asked = desk.every(_ENTITIES, desk.aws.iam.list_entities_for_policy, PolicyArn=policy, EntityFilter="Role")
    yield Observed(subject, SupportAccess(roles=sum(len(page["PolicyRoles"]) for page in asked), whole_account=True))


_PARTS: Final = {
    f"aws:iam/{kind}{form[0].upper()}{form[1:]}:{kind[0].upper()}{kind[1:]}{form[0].upper()}{form[1:]}": (named,)
    for kind in ("role", "user", "group")
    for form, named in (
        ("policy", kind),
        ("policyAttachment", kind),
        ("policiesExclusive", f"{kind}Name"),
        ("policyAttachmentsExclusive", f"{kind}Name"),
    )
} | {"aws:iam/policyAttachment:PolicyAttachment": ("roles", "users", "groups")}
"""Type token of what a program writes by itself → properties that name whose grants it is a part of."""

_ORGANISATION: Final = "the organisation keeps it; what it grants is read as the role that Identity Center makes here"

_ELSEWHERE: Final = {
    "aws:budgets/budgetAction:BudgetAction": "a budget attaches it only when it is exceeded; then the identity is read",
    "aws:quicksight/iamPolicyAssignment:IamPolicyAssignment": "QuickSight keeps it for its own users",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": _ORGANISATION,
    "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": _ORGANISATION,
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": _ORGANISATION,
}
"""Type token → why its grants are not read here."""

_DETAILS: Final = "iam:GetAccountAuthorizationDetails"

READING: Final = Reading(
    service="iam",
    regional=False,
    gives={
        Grants: (_DETAILS,),
        **ROLE_OPERATIONS,
        SupportAccess: ("iam:ListEntitiesForPolicy",),
        Tagged: (
            _DETAILS,
            "iam:ListPolicyTags",
            "iam:ListRoleTags",
            "iam:ListUserTags",
            *TAG_OPERATIONS,
        ),
    },
    begin=_begin,
    parts={(Grants, token): names for token, names in _PARTS.items()},
    leaves_out={(Grants, token): reason for token, reason in _ELSEWHERE.items()},
)
