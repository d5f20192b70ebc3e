"""Every input of the installed provider that names an IAM policy is judged, or there is a reason why not."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from policies.controls.iam.policy import admin_statement_absent
from policies.facts.registry import adapters_of

_CLASS: Final = re.compile(r"^class (\w+)[(:]", re.MULTILINE)
_INPUT: Final = re.compile(r"^ {17}(\w*policy_arns?|permissions_boundary): ", re.MULTILINE)
_TOKEN: Final = re.compile(r'@pulumi\.type_token\("([^"]+)"\)')

_SESSION: Final = "limits a session: it lets in what the role allows as well, and grants nothing by itself"
_BOUNDARY: Final = "a permissions boundary limits what other policies grant, and grants nothing by itself"
_OTHER_KIND: Final = "names a policy that is no IAM policy"

EXCEPTIONS: Final = {
    ("aws:iam/role:Role", "permissions_boundary"): _BOUNDARY,
    ("aws:iam/user:User", "permissions_boundary"): _BOUNDARY,
    (
        "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment",
        "permissions_boundary",
    ): _BOUNDARY,
    ("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "guardrail_policy_arns"): _BOUNDARY,
    ("aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration", "guardrail_policy_arns"): _BOUNDARY,
    ("aws:emr/studioSessionMapping:StudioSessionMapping", "session_policy_arn"): _SESSION,
    ("aws:rolesanywhere/profile:Profile", "managed_policy_arns"): _SESSION,
    ("aws:batch/jobQueue:JobQueue", "scheduling_policy_arn"): _OTHER_KIND,
    ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "policy_arn"): _OTHER_KIND,
    ("aws:networkfirewall/firewall:Firewall", "firewall_policy_arn"): _OTHER_KIND,
    ("aws:resiliencehub/v2Service:V2Service", "policy_arn"): _OTHER_KIND,
    ("aws:resiliencehub/v2UserJourney:V2UserJourney", "policy_arn"): _OTHER_KIND,
}
NESTED_EXCEPTIONS: Final = {
    "ProviderAssumeRoleArgs": _SESSION,
    "ProviderAssumeRoleWithWebIdentityArgs": _SESSION,
    "PermissionsBoundaryAttachmentPermissionsBoundaryArgs": _BOUNDARY,
}
NESTED: Final = {"BudgetActionDefinitionIamActionDefinitionArgs": "aws:budgets/budgetAction:BudgetAction"}
"""Nested inputs that are judged, and the type that holds them."""


def sources() -> Iterator[tuple[Path, str]]:
    """Yield the provider's modules that speak of policies."""
    spec = find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        pytest.fail("pulumi-aws belongs to the tools of the tests")
    for path in Path(spec.origin).parent.rglob("*.py"):
        content = path.read_bytes()
        if b"policy_arn" in content or b"permissions_boundary" in content:
            yield path, content.decode()


def inputs_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield (class, input) for each argument of a constructor in a module."""
    starts = [*_CLASS.finditer(text)]
    for here, end in zip(starts, [*(each.start() for each in starts[1:]), len(text)], strict=True):
        yield from ((here[1], each) for each in dict.fromkeys(_INPUT.findall(text, here.start(), end)))


def test_every_input_that_names_a_policy_is_judged_or_excepted() -> None:
    """A type that attaches policies and that nobody put into the tables would go without a judgement."""
    judged = {type_ for each in adapters_of(admin_statement_absent.fact) for type_ in each.types}
    direct: set[tuple[str, str]] = set()
    nested: set[str] = set()
    for path, text in sources():
        token = _TOKEN.search(text)
        if path.name == "_inputs.py":
            nested |= {name for name, _ in inputs_of(text)}
        elif token:
            arguments = {each for name, each in inputs_of(text) if name.endswith("Args")}
            direct |= {(token[1], each) for each in arguments}

    unjudged = {each for each in direct if each[0] not in judged or each[1] == "permissions_boundary"}
    assert unjudged == set(EXCEPTIONS)
    assert nested == {*NESTED_EXCEPTIONS, *NESTED}
    assert judged.issuperset(NESTED.values())
