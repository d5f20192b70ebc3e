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
    qualified = ({"Qualifier": each} for each in _qualifiers(desk, name))
    named = ({"FunctionName": name, **more} for more in ({}, *qualified))
    return tuple(statement for parameters in named for statement in _policy(desk, parameters))


def _policy(desk: Desk, parameters: Mapping[str, str]) -> tuple[Statement, ...]:
    found = desk.one_or_none("ResourceNotFoundException", desk.aws.lambda_.get_policy, **parameters)
    return () if found is None else tuple(parse_resource_policy(found["Policy"]))


def _qualifiers(desk: Desk, name: str) -> Iterator[str]:
    for aliases in desk.every(_ALIASES, desk.aws.lambda_.list_aliases, FunctionName=name):
        yield from (each["Name"] for each in aliases["Aliases"])
    for versions in desk.every(_VERSIONS, desk.aws.lambda_.list_versions_by_function, FunctionName=name):
        yield from (each["Version"] for each in versions["Versions"] if each["Version"] != _LATEST)


POLICY_CALLS: Final = ("lambda:GetPolicy", "lambda:ListAliases", "lambda:ListVersionsByFunction")
ACCESS_CALLS: Final[Mapping[type, tuple[str, ...]]] = {
    FunctionAccess: (*POLICY_CALLS, "lambda:ListFunctionUrlConfigs"),
    ResourcePolicy: POLICY_CALLS,
}
"""Fact → every call that it may take for one function."""
