"""Lambda functions: runtime, variables, key and network."""

from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.lambda_functions import (
    Function,
    FunctionKey,
    FunctionNetwork,
    function_from_graph,
    function_key_from_graph,
    function_network_from_graph,
    support_days_left,
)
from policies.facts.properties import UNKNOWN
from policies.facts.variables import Holding, Variable, variable_of
from tests.policies.graphs import KEY, graph, resource

FUNCTION: Final = "aws:lambda/function:Function"
SUBNET: Final = "aws:ec2/subnet:Subnet"
KEY_ARN: Final = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def function(inputs: dict[str, Any]) -> Function:
    """Return the fact of a function with these inputs, which outputs repeat."""
    asked, deployed = resource(FUNCTION, "f", inputs), resource(FUNCTION, "f", outputs=inputs)
    found = function_from_graph(graph(asked), asked)
    assert found == function_from_graph(graph(deployed), deployed)
    return found


def test_defaults() -> None:
    """Without package type it is an archive, and without environment it has no variables."""
    assert function({}) == Function(package_type="Zip", runtime="", support_days_left=None, variables=())


def test_what_is_not_known_stays_so() -> None:
    """A runtime that comes later has an end that comes later; a made-up one says nothing."""
    assert function({"runtime": UNKNOWN}).support_days_left == UNKNOWN
    assert function({"runtime": f"python-{SYMBOL_MARK}"}).runtime == UNKNOWN
    assert function({"environment": UNKNOWN}).variables == UNKNOWN
    assert function({"environment": {"variables": UNKNOWN}}).variables == UNKNOWN
    assert function({"environment": {"variables": {"A": UNKNOWN}}}).variables == (Variable(name="A", holds=UNKNOWN),)


def test_variables_may_be_secret_in_part_or_whole() -> None:
    """A secret value stays wrapped in its place; minted names are values like others."""
    table = f"scores-{SYMBOL_MARK}"
    found = function({"environment": {"variables": {"TABLE": table, "PIN": Secret("hush")}}})
    secret: Any = Secret(Holding.NAME)
    assert found.variables == (variable_of("TABLE", table), Variable(name="PIN", holds=secret))

    whole = function({"environment": {"variables": Secret({"PIN": "hush"})}})
    assert isinstance(whole.variables, Secret)
    assert "hush" not in repr(whole)


def test_days_of_support_are_counted_from_the_day() -> None:
    """The last day itself has none left; a runtime outside the table has no end that is known."""
    assert support_days_left("python3.13", date(2029, 6, 29)) == 1
    assert support_days_left("python3.13", date(2029, 6, 30)) == 0
    assert support_days_left("python2.7") is None
    assert function({"runtime": "nodejs20.x"}).support_days_left == support_days_left("nodejs20.x")


@given(st.dates(), st.integers(0, 2000))
def test_support_only_runs_out(day: date, later: int) -> None:
    """A day later there is a day less."""
    left = support_days_left("java21", day)
    assert left is not None
    if day.toordinal() + later <= date.max.toordinal():
        assert support_days_left("java21", date.fromordinal(day.toordinal() + later)) == left - later


def key_of(inputs: dict[str, Any], *others: Resource) -> FunctionKey:
    """Return the key of a function beside other resources."""
    subject = resource(FUNCTION, "f", inputs)
    return function_key_from_graph(graph(subject, *others), subject)


def test_key_is_joined() -> None:
    """A key of the stack, one that is written out, one that AWS manages, none, and one that comes later."""
    variables = {"environment": {"variables": {"A": "a"}}}
    key = resource(KEY, "k", outputs={"arn": KEY_ARN}, id=KEY_ARN[-36:])
    customer = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")

    assert key_of({}) == FunctionKey()
    assert key_of(variables) == FunctionKey(has_variables=True)
    assert key_of({**variables, "kmsKeyArn": KEY_ARN}, key).kms_key_arn == customer
    assert key_of({**variables, "kmsKeyArn": KEY_ARN}).kms_key_arn == customer
    aws = key_of({**variables, "kmsKeyArn": KEY_ARN.partition("key/")[0] + "alias/aws/lambda"}).kms_key_arn
    assert aws is not None
    assert aws.manager is KeyManager.AWS
    assert key_of({**variables, "kmsKeyArn": UNKNOWN}).kms_key_arn == UNKNOWN
    assert key_of({"environment": UNKNOWN}).has_variables == UNKNOWN


def subnet(id_: str, zone: object, kind: Kind = Kind.CUSTOM) -> Resource:
    """Return a subnet in a zone."""
    return resource(SUBNET, id_, {"availabilityZone": zone}, id=id_, kind=kind)


def network(vpc: object, *others: Resource) -> FunctionNetwork:
    """Return the network of a function beside other resources."""
    subject = resource(FUNCTION, "f", {"name": "scorer", "vpcConfig": vpc})
    return function_network_from_graph(graph(subject, *others), subject)


def test_zones_are_those_of_the_subnets() -> None:
    """Only a subnet that the stack creates tells its zone; those that do come first."""
    subnets = (
        subnet("subnet-1", "eu-west-1a"),
        subnet("subnet-2", UNKNOWN),
        subnet("subnet-3", "eu-west-1c", Kind.READ),
        subnet("subnet-4", "eu-west-1b"),
    )
    ids = ["subnet-2", "subnet-3", "subnet-1", "subnet-9", "subnet-4", UNKNOWN]
    found = network({"subnetIds": ids, "securityGroupIds": ["sg-1"]}, *subnets)

    assert found == FunctionNetwork(
        name="scorer", security_group_ids=("sg-1",), zones=("eu-west-1a", "eu-west-1b", *[UNKNOWN] * 4)
    )


@pytest.mark.parametrize(
    ("vpc", "zones"), [(None, ()), ({}, ()), (UNKNOWN, UNKNOWN), ({"subnetIds": UNKNOWN}, UNKNOWN)]
)
def test_network_that_is_absent_or_unknown(vpc: object, zones: object) -> None:
    """No VPC is none, and one that comes later is not none."""
    assert network(vpc).zones == zones


def test_subnets_of_a_preview_are_those_that_the_function_depends_on() -> None:
    """As many subnets as ids that come later are those; fewer or more are anybody's."""
    subnets = [resource(SUBNET, zone, {"availabilityZone": zone}) for zone in ("eu-west-1a", "eu-west-1b")]
    inputs = {"vpcConfig": {"subnetIds": [UNKNOWN, UNKNOWN], "securityGroupIds": ["sg-1"]}}

    def zones(*urns: str) -> object:
        subject = resource(FUNCTION, "f", inputs, property_dependencies={"vpcConfig": urns})
        return function_network_from_graph(graph(subject, *subnets), subject).zones

    assert zones(*(each.urn for each in subnets)) == ("eu-west-1a", "eu-west-1b")
    assert zones(subnets[0].urn) == (UNKNOWN, UNKNOWN)


def test_subnet_is_found_without_its_id() -> None:
    """A pack is told the ARN, which ends in the id."""
    arn = "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1"
    told = resource(SUBNET, "a", outputs={"arn": arn, "availabilityZone": "eu-west-1a"})

    assert network({"subnetIds": ["subnet-1"]}, told).zones == ("eu-west-1a",)
