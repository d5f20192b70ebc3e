"""Functions as Lambda lists them: their versions and aliases, and variables that nobody may decrypt."""

import json
from typing import Any

from integration.readers import functions
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.lambda_failures import EventMapping, FunctionFailures
from policies.facts.lambda_functions import Function, FunctionKey, FunctionNetwork
from policies.facts.properties import UNKNOWN
from policies.facts.resource_policies import FunctionAccess, ResourcePolicy
from policies.facts.variables import variable_of
from tests.integration.scanning.lines import Answer, CannedLine, read

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:scorer"
ITEM = {"FunctionName": "scorer", "FunctionArn": ARN, "PackageType": "Zip", "Runtime": "python3.13"}
ABSENT = Trouble(Cause.REFUSED, "ResourceNotFoundException")
DENIED = Trouble(Cause.DENIED, "AccessDeniedException")
NOBODY: dict[str, Answer | list[Answer]] = {
    "GetPolicy": ABSENT,
    "ListAliases": {"Aliases": []},
    "ListFunctionUrlConfigs": {"FunctionUrlConfigs": []},
    "ListVersionsByFunction": {"Versions": [{"Version": "$LATEST"}]},
}


def found(fact: type, answers: dict[str, Answer | list[Answer]] | None = None, **item: Any) -> list[Any]:
    """Return what is read of one function."""
    line = CannedLine({"ListFunctions": {"Functions": [{**ITEM, **item}]}, **NOBODY, **(answers or {})})
    return read(functions.READING, line, [fact])


def policy(principal: str) -> Answer:
    """Return a policy that lets somebody invoke the function."""
    statement = {
        "Sid": principal,
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "*",
        "Resource": ARN,
    }
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_the_second_page_is_read() -> None:
    """Lambda goes on with a marker of another name."""
    second = {**ITEM, "FunctionArn": f"{ARN}-two"}
    pages: list[Answer] = [{"Functions": [ITEM], "NextMarker": "2"}, {"Functions": [second]}]
    assert [each.subject.arn for each in found(Function, {"ListFunctions": pages})] == [ARN, f"{ARN}-two"]


def test_variables_that_nobody_may_decrypt() -> None:
    """That there are some is known, which they are is not, and the failure says what it takes."""
    hidden: Any = {"Environment": {"Error": {"ErrorCode": "AccessDeniedException"}}}
    (only,) = found(Function, **hidden)
    assert (only.fact.variables, only.fact.runtime) == (UNKNOWN, "python3.13")
    assert "kms:Decrypt" in str(only.failures[0])
    (only,) = found(FunctionKey, **hidden)
    assert only.fact == FunctionKey(has_variables=True)


def test_variables_are_what_the_evidence_keeps() -> None:
    """A value is known by its kind alone."""
    kept: Any = {"Environment": {"Variables": {"A": "[redacted] a PEM block", "B": "[redacted] a name"}}}
    (only,) = found(Function, **kept)
    assert only.fact.variables == (variable_of("A", "-----BEGIN X-----"), variable_of("B", "name"))


def test_policies_of_versions_and_aliases_count() -> None:
    """Whoever may invoke an alias may invoke the function."""
    answers: dict[str, Answer | list[Answer]] = {
        "ListAliases": {"Aliases": [{"Name": "live"}]},
        "ListVersionsByFunction": {"Versions": [{"Version": "$LATEST"}, {"Version": "7"}]},
        "GetPolicy": [ABSENT, policy("s3.amazonaws.com"), policy("events.amazonaws.com")],
    }
    (only,) = found(FunctionAccess, answers)
    assert [each.sid for each in only.fact.statements] == ["s3.amazonaws.com", "events.amazonaws.com"]
    assert found(ResourcePolicy) == []
    assert isinstance(found(ResourcePolicy, {"GetPolicy": DENIED})[0], Unread)


def test_keys_and_zones_that_nobody_may_look_at() -> None:
    """The field is unknown, with the call that failed."""
    (only,) = found(FunctionKey, {"DescribeKey": DENIED}, KMSKeyArn="arn:k", Environment={"Variables": {"A": "b"}})
    assert (only.fact.kms_key_arn, only.failures[0].call.operation) == (UNKNOWN, "DescribeKey")
    network: Any = {"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
    (only,) = found(FunctionNetwork, {"DescribeSubnets": DENIED}, **network)
    assert only.fact == FunctionNetwork(name="scorer", security_group_ids=("sg-1",), zones=(UNKNOWN,))
    described = {"KeyMetadata": {"Arn": "arn:aws:kms:eu-west-1:111122223333:key/1", "KeyManager": "CUSTOMER"}}
    (only,) = found(FunctionKey, {"DescribeKey": described}, KMSKeyArn="arn:k")
    assert only.fact.kms_key_arn == KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")


def test_what_feeds_a_function_by_an_alias() -> None:
    """Targets and mappings of a version or an alias are the function's, and those of a namesake are not."""
    rules = {"EventBuses": [{"Name": "default"}]}, {"Rules": [{"Name": "nightly"}]}
    targets = {"Targets": [{"Arn": f"{ARN}:live"}, {"Arn": f"{ARN}-two"}]}
    mapping = {"UUID": "m", "FunctionArn": f"{ARN}:7", "EventSourceArn": "arn:aws:sqs:eu-west-1:111122223333:orders"}
    (only,) = found(
        FunctionFailures,
        {
            "ListEventBuses": rules[0],
            "ListRules": rules[1],
            "ListTargetsByRule": targets,
            "ListSchedules": {"Schedules": [{"Name": "other", "Target": {"Arn": f"{ARN}-two"}}]},
            "ListEventSourceMappings": {"EventSourceMappings": [mapping, {**mapping, "FunctionArn": f"{ARN}-two"}]},
            "ListFunctionEventInvokeConfigs": {
                "FunctionEventInvokeConfigs": [{"DestinationConfig": {"OnFailure": {}}}]
            },
        },
    )
    assert isinstance(only, Observed)
    assert only.fact == FunctionFailures(invoked_by=("nightly",), mappings=(EventMapping(name="m", source="sqs"),))
