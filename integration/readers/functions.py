"""Reads Lambda functions: what one list tells of each, the zones of its subnets, and its key."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.function_access import ACCESS_CALLS, read_access, read_policy
from integration.readers.function_failures import FAILURE_CALLS, read_failures
from integration.readers.keys import key_use
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Cause, Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.lambda_failures import FunctionFailures
from policies.facts.lambda_functions import Function, FunctionKey, FunctionNetwork, by_zone, support_days_left
from policies.facts.properties import UNKNOWN
from policies.facts.resource_policies import FUNCTION_URL, PERMISSION, FunctionAccess, ResourcePolicy
from policies.facts.variables import variable_of

_TYPE: Final = "aws:lambda/function:Function"
_FUNCTIONS: Final = Paging("Marker", ("Functions",), answered="NextMarker")

Answer = Mapping[str, Any]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in _READS if each in wanted)
    everything = Subject(place.arn("lambda", "function:*"), _TYPE, place)
    yield Task(everything, facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_FUNCTIONS, desk.aws.lambda_.list_functions):
        for each in page["Functions"]:
            subject = Subject(each["FunctionArn"], _TYPE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_READS[fact], subject, each))


def _read_function(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    # An image has no runtime of Lambda's.
    runtime = item.get("Runtime", "")
    failures: list[Failure] = []
    fact = Function(
        package_type=item["PackageType"],
        runtime=runtime,
        support_days_left=support_days_left(runtime, desk.now.date()),
        variables=_variables(item, desk, failures),
    )
    yield Observed(subject, fact, failures=tuple(failures))


def _variables(item: Answer, desk: Desk, failures: list[Failure]) -> Any:
    environment = item.get("Environment", {})
    if "Error" in environment:
        # Lambda shows them to whoever may decrypt with the function's own key.
        code = f"{environment['Error']['ErrorCode']}: to see its variables takes kms:Decrypt"
        failures.append(Failure(desk.calls[-1], Cause.DENIED, code))
        return UNKNOWN
    return tuple(variable_of(name, value) for name, value in environment.get("Variables", {}).items())


def _read_key(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    environment = item.get("Environment", {})
    has_variables = "Error" in environment or bool(environment.get("Variables"))
    fact = FunctionKey(has_variables=has_variables, kms_key_arn=key_use(desk, item.get("KMSKeyArn"), failures))
    yield Observed(subject, fact, failures=tuple(failures))


def _read_network(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    network = item.get("VpcConfig") or {}
    fact = FunctionNetwork(
        name=item["FunctionName"],
        security_group_ids=tuple(network.get("SecurityGroupIds", ())),
        zones=_zones(desk, network.get("SubnetIds", ()), failures),
    )
    yield Observed(subject, fact, failures=tuple(failures))


def _zones(desk: Desk, subnet_ids: Any, failures: list[Failure]) -> tuple[str, ...]:
    if not subnet_ids:
        return ()
    try:
        found = desk.one(desk.aws.ec2.describe_subnets, SubnetIds=[*subnet_ids])["Subnets"]
    except CallFailedError as error:
        failures.append(error.failure)
        return tuple(UNKNOWN for _ in subnet_ids)
    return by_zone(each["AvailabilityZone"] for each in found)


_READS: Final[Mapping[type, Callable[[Subject, Answer, Desk], Iterator[Observed]]]] = {
    Function: _read_function,
    FunctionAccess: read_access,
    FunctionFailures: read_failures,
    FunctionKey: _read_key,
    FunctionNetwork: _read_network,
    ResourcePolicy: read_policy,
}
_LIST: Final = "lambda:ListFunctions"

READING: Final = Reading(
    service="lambda",
    regional=True,
    gives={
        Function: (_LIST,),
        FunctionAccess: (_LIST, *ACCESS_CALLS[FunctionAccess]),
        FunctionFailures: (_LIST, *FAILURE_CALLS),
        FunctionKey: (_LIST, "kms:DescribeKey"),
        FunctionNetwork: (_LIST, "ec2:DescribeSubnets"),
        ResourcePolicy: (_LIST, *ACCESS_CALLS[ResourcePolicy]),
    },
    begin=_begin,
    parts={
        (FunctionAccess, PERMISSION): ("function",),
        (FunctionAccess, FUNCTION_URL): ("functionName",),
        (ResourcePolicy, PERMISSION): ("function",),
    },
    read_of={FunctionAccess: (_TYPE,), ResourcePolicy: (_TYPE,)},
)
"""What can be read of functions."""
