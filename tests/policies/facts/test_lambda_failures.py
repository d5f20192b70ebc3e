"""What becomes of failed invocations, and which invocations a function gets."""

from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from policies.facts.lambda_failures import EventMapping, FunctionFailures, function_failures_from_graph
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import graph, resource

ARN: Final = "arn:aws:lambda:eu-west-1:111122223333:function:scorer"
QUEUE: Final = "arn:aws:sqs:eu-west-1:111122223333:orders"
TYPE: Final = "aws:lambda/function:Function"
CONFIG: Final = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"
TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
PERMISSION: Final = "aws:lambda/permission:Permission"
ALIAS: Final = "aws:lambda/alias:Alias"


def function(**inputs: Any) -> Resource:
    """Return the function that is looked at."""
    return resource(TYPE, "scorer", {"name": "scorer", **inputs}, outputs={"arn": ARN}, id="scorer")


def failures(*others: Resource, **inputs: Any) -> FunctionFailures:
    """Return the fact of the function beside other resources."""
    subject = function(**inputs)
    return function_failures_from_graph(graph(subject, *others), subject)


def test_nothing_said() -> None:
    """A function by itself keeps nothing and is called by nobody."""
    assert failures() == FunctionFailures()


@pytest.mark.parametrize("name", ["scorer", ARN, f"{ARN}:live", "scorer:live"])
def test_destination_counts_for_its_function(name: str) -> None:
    """By name or ARN, with an alias or without; that of another function does not count."""
    on_failure = {"destinationConfig": {"onFailure": {"destination": QUEUE}}}

    assert failures(resource(CONFIG, "c", {"functionName": name, **on_failure})).kept is True
    assert failures(resource(CONFIG, "c", {"functionName": f"not-{name}", **on_failure})).kept is False
    assert failures(resource(CONFIG, "c", {"functionName": name})).kept is False


def test_dead_letter_queue() -> None:
    """It is set, set later, or left out."""
    assert failures(deadLetterConfig={"targetArn": QUEUE}).kept is True
    assert failures(deadLetterConfig={"targetArn": UNKNOWN}).kept == UNKNOWN
    assert failures(deadLetterConfig=UNKNOWN).kept == UNKNOWN


def test_config_for_a_function_that_nobody_knows_may_be_for_this_one() -> None:
    """It makes the answer unknown and no better."""
    config = {"functionName": UNKNOWN, "destinationConfig": {"onFailure": {"destination": QUEUE}}}

    assert failures(resource(CONFIG, "c", config)).kept == UNKNOWN
    assert (
        failures(resource(CONFIG, "c", config, property_dependencies={"functionName": (function().urn,)})).kept is True
    )
    other = resource(TYPE, "other", id="other")
    foreign = resource(CONFIG, "c", config, property_dependencies={"functionName": (other.urn,)})
    assert failures(other, foreign).kept is False


def test_who_invokes_without_waiting() -> None:
    """Event targets, schedules, and services that got a permission; API Gateway waits."""
    found = failures(
        resource(TARGET, "nightly", {"arn": ARN}),
        resource(TARGET, "another", {"arn": ARN.replace("scorer", "other")}),
        resource(SCHEDULE, "hourly", {"target": {"arn": f"{ARN}:live"}}),
        resource(PERMISSION, "from-s3", {"function": "scorer", "principal": "s3.amazonaws.com"}),
        resource(PERMISSION, "from-api", {"function": "scorer", "principal": "apigateway.amazonaws.com"}),
        resource(TARGET, "read", {"arn": ARN}, kind=Kind.READ),
    )

    assert found.invoked_by == ("nightly", "hourly", "from-s3")


def test_invocation_through_an_alias_that_is_not_known_yet() -> None:
    """What depends on an alias may be for its function."""
    alias = resource(ALIAS, "live", {"functionName": "scorer", "name": "live"})
    target = resource(TARGET, "nightly", {"arn": UNKNOWN}, property_dependencies={"arn": (alias.urn,)})

    assert failures(alias, target).invoked_by == (UNKNOWN,)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"eventSourceArn": QUEUE}, EventMapping(name="m", source="sqs")),
        (
            {"eventSourceArn": QUEUE, "functionResponseTypes": ["ReportBatchItemFailures"]},
            EventMapping(name="m", source="sqs", reports_items=True),
        ),
        (
            {"eventSourceArn": QUEUE.replace("sqs", "kinesis"), "bisectBatchOnFunctionError": True},
            EventMapping(name="m", source="kinesis", bisects=True),
        ),
        ({"eventSourceArn": UNKNOWN}, EventMapping(name="m", source=UNKNOWN)),
        ({"functionResponseTypes": [UNKNOWN]}, EventMapping(name="m", reports_items=UNKNOWN)),
        ({"functionResponseTypes": UNKNOWN}, EventMapping(name="m", reports_items=UNKNOWN)),
    ],
)
def test_mappings(inputs: dict[str, Any], expected: EventMapping) -> None:
    """Defaults are those of Lambda; outputs say the same as inputs."""
    settings = {"functionName": ARN, **inputs}

    assert failures(resource(MAPPING, "m", settings)).mappings == (expected,)
    assert failures(resource(MAPPING, "m", outputs=settings)).mappings == (expected,)


def test_mapping_of_a_function_that_nobody_knows() -> None:
    """It may feed this one."""
    assert failures(resource(MAPPING, "m", {"functionName": UNKNOWN})).mappings == (UNKNOWN,)
