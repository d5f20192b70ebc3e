"""The web ACL: what it stops, what it protects and what it records."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.web_acl_rules import MANAGED_GROUPS, web_acl_rules
from tests.infra.recording import Changed, Recording
from tests.infra.test_edge import DISTRIBUTION, one

ACL = "aws:wafv2/webAcl:WebAcl"


def rules(recording: Recording, acl: str = "edge") -> dict[str, Mapping[str, Any]]:
    """Return name → rule of one web ACL."""
    return {rule["name"]: rule for rule in one(recording.graph, ACL, acl).inputs["rules"]}


@pytest.mark.requirement("B-46")
def test_an_address_may_ask_a_thousand_times_a_minute(payments: Recording) -> None:
    """Beyond 1,000 requests of one address within 60 seconds the answer is 429."""
    rate = rules(payments)["rate"]

    assert rate["statement"]["rateBasedStatement"] == {
        "limit": 1000,
        "evaluationWindowSec": 60,
        "aggregateKeyType": "IP",
    }
    assert rate["action"] == {"block": {"customResponse": {"responseCode": 429}}}


@pytest.mark.requirement("B-48")
def test_known_attacks_are_stopped(payments: Recording) -> None:
    """The managed groups against injection, scripting, bad inputs and bad addresses decide as AWS keeps them."""
    managed = {
        rule["statement"]["managedRuleGroupStatement"]["name"]: rule["overrideAction"]
        for rule in rules(payments).values()
        if "managedRuleGroupStatement" in rule["statement"]
    }

    assert managed == {
        f"AWSManagedRules{name}": {"none": {}}
        for name in ("CommonRuleSet", "SQLiRuleSet", "KnownBadInputsRuleSet", "AmazonIpReputationList")
    }


@pytest.mark.requirement("B-47")
def test_acl_protects_the_distribution(payments: Recording) -> None:
    """The one ACL has the scope of CloudFront, and the distribution names it."""
    (acl,) = payments.graph.of_type(ACL)

    assert (acl.inputs["scope"], acl.inputs["region"]) == ("CLOUDFRONT", "us-east-1")
    assert one(payments.graph, DISTRIBUTION).inputs["webAclId"] == f"arn/WebAcl/{acl.name}"


@pytest.mark.requirement("B-47")
def test_balancer_gets_an_acl_of_its_own_on_demand(changed: Changed) -> None:
    """With `balancerWebAcl` a second ACL of the same rules stands in front of the load balancer."""
    found = changed(payments__balancerWebAcl=True)
    tie = one(found.graph, "aws:wafv2/webAclAssociation:WebAclAssociation").inputs

    assert one(found.graph, ACL, "balancer").inputs["scope"] == "REGIONAL"
    assert rules(found, "balancer") == rules(found, "edge")
    assert (tie["webAclArn"], tie["resourceArn"].partition("/")[0]) == ("arn/WebAcl/balancer", "arn")


@pytest.mark.requirement("B-49")
def test_decisions_are_recorded_without_credentials(payments: Recording) -> None:
    """Every decision goes to a log group under a customer-managed key, without authorization and cookie headers."""
    record = one(payments.graph, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs
    (group,) = (g for g in payments.graph.of_type("aws:cloudwatch/logGroup:LogGroup") if "waf" in g.inputs["name"])

    assert record["logDestinationConfigs"] == [f"arn/LogGroup/{group.name}"]
    assert [field["singleHeader"]["name"] for field in record["redactedFields"]] == ["authorization", "cookie"]
    assert group.inputs["name"] == f"aws-waf-logs-payment-edge-lg{payments.graph.stack}"
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == ("arn/Key/edge", 365)


@pytest.mark.requirement("B-49")
def test_only_log_delivery_of_the_account_writes_the_record(prod: Recording) -> None:
    """The policy of a delivered log group admits one service, for this account, into that group."""
    for policy in prod.graph.of_type("aws:cloudwatch/logResourcePolicy:LogResourcePolicy"):
        (statement,) = json.loads(policy.inputs["policyDocument"])["Statement"]

        assert all(service.endswith(".amazonaws.com") for service in _services(statement))
        assert "123456789012" in json.dumps(statement["Condition"])
        assert statement["Resource"] != "*"


def _services(statement: Mapping[str, Any]) -> list[str]:
    named = statement["Principal"]["Service"]
    return [named] if isinstance(named, str) else list(named)


@given(limit=st.integers(10, 2_000_000_000))
def test_the_limit_is_asked_first_and_no_two_rules_share_a_place(limit: int) -> None:
    """Whatever the limit, it decides before the groups, and priorities and metrics are unique."""
    found = web_acl_rules(limit)
    places = [int(str(rule.priority)) for rule in found]

    assert places == sorted(set(places))
    assert found[0].name == "rate"
    assert len({rule.name for rule in found}) == len(MANAGED_GROUPS) + 1
