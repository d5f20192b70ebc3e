"""Asks Lambda who may invoke a function: its policy, those of its versions and aliases, and its addresses."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Subject
from policies.facts.policy_documents import PolicyDocument
from policies.facts.resource_policies import FunctionAccess, ResourcePolicy
from policies.iam_document import Statement, parse_resource_policy

_ALIASES: Final = Paging("Marker", ("Aliases",), answered="NextMarker")
_VERSIONS: Final = Paging("Marker", ("Versions",), answered="NextMarker")
_URLS: Final = Paging("Marker", ("FunctionUrlConfigs",), answered="NextMarker")
_LATEST: Final = "$LATEST"

Answer = Mapping[str, Any]


def read_access(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    """Yield who may invoke a function, once for its policies and once for each address; nothing for nobody."""
    statements = statements_of(desk, item["FunctionName"])
    pages = desk.every(_URLS, desk.aws.lambda_.list_function_url_configs, FunctionName=item["FunctionName"])
    addresses = [each["AuthType"] for page in pages for each in page["FunctionUrlConfigs"]]
    if statements:
        yield Observed(subject, FunctionAccess(statements=statements))
    for each in addresses:
        yield Observed(subject, FunctionAccess(url_authorization=each))


def read_policy(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    """Yield what a function allows others; nothing of one that allows nothing, as of a program without permissions."""
    statements = statements_of(desk, item["FunctionName"])
    if statements:
        yield Observed(subject, ResourcePolicy(policy=PolicyDocument(property="permission", statements=statements)))


def statements_of(desk: Desk, name: str) -> tuple[Statement, ...]:
    """Return the statements of a function's policies: its own, and those of its versions and aliases.

    Source: resource-based policies, AWS Lambda developer guide, read 2026-11-30.
    """
    get, absent = desk.aws.lambda_.get_policy, "ResourceNotFoundException"
    found = [desk.one_or_none(absent, get, FunctionName=name)]
    found += [desk.one_or_none(absent, get, FunctionName=name, Qualifier=each) for each in _qualifiers(desk, name)]
    return tuple(statement for each in found if each is not None for statement in parse_resource_policy(each["Policy"]))


def _qualifiers(desk: Desk, name: str) -> list[str]:
    aliases = desk.every(_ALIASES, desk.aws.lambda_.list_aliases, FunctionName=name)
    versions = desk.every(_VERSIONS, desk.aws.lambda_.list_versions_by_function, FunctionName=name)
    numbers = [each["Version"] for page in versions for each in page["Versions"]]
    return [
        *(each["Name"] for page in aliases for each in page["Aliases"]),
        *(each for each in numbers if each != _LATEST),
    ]


POLICY_CALLS: Final = ("lambda:GetPolicy", "lambda:ListAliases", "lambda:ListVersionsByFunction")
ACCESS_CALLS: Final[Mapping[type, tuple[str, ...]]] = {
    FunctionAccess: (*POLICY_CALLS, "lambda:ListFunctionUrlConfigs"),
    ResourcePolicy: POLICY_CALLS,
}
"""Fact → every call that it may take for one function."""
