"""Function calls: answered from the sandbox where it knows better than the design stage."""

from collections.abc import Mapping
from typing import Any

import pytest

from integration.sandbox import Sandbox
from integration.sandbox.functions import answer_function
from integration.sandbox.report import Notes
from ledgergate.engine.provider import Invoked, ProviderConfig, ProviderError
from ledgergate.engine.symbolic.place import Place
from tests.integration.sandbox.conftest import ACCOUNT
from tests.integration.sandbox.stacks import NAME

PREFIX_LIST = "aws:ec2/getManagedPrefixList:getManagedPrefixList"
ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"


def ask(sandbox: Sandbox, token: str, args: Mapping[str, Any]) -> Invoked:
    """Call a function."""
    return sandbox._provider(NAME, Notes()).invoke(token, args, ProviderConfig("aws", "urn:provider"))


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_prefix_list_is_the_one_of_the_sandbox(region: str, sandbox: Sandbox) -> None:
    """By name, by filter and by id it is the same list, in the Region that was asked for."""
    name = f"com.amazonaws.{region}.s3"
    by_name = ask(sandbox, PREFIX_LIST, {"name": name, "region": region})
    id_ = by_name.result["id"]
    filters = [{"name": "prefix-list-name", "values": [name]}]
    assert ask(sandbox, PREFIX_LIST, {"id": id_, "region": region}) == by_name
    assert ask(sandbox, PREFIX_LIST, {"filters": filters, "region": region}) == by_name
    assert (by_name.result["name"], by_name.result["region"], by_name.assumed) == (name, region, False)


def test_a_list_that_is_not_there_is_an_error(sandbox: Sandbox) -> None:
    """Nothing is made up for it."""
    with pytest.raises(ProviderError, match="0 managed prefix lists match nobody"):
        ask(sandbox, PREFIX_LIST, {"name": "nobody"})


def test_zones_are_those_in_which_subnets_can_be_made(sandbox: Sandbox) -> None:
    """Every zone that is named exists; those that the program excludes are not."""
    found = ask(sandbox, ZONES, {"state": "available", "excludeNames": ["us-east-1b"]}).result
    ec2 = sandbox.session().client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"][
            "AvailabilityZoneId"
        ]
        for number, zone in enumerate(found["names"])
    ]
    assert made == found["zoneIds"]
    assert "us-east-1b" not in found["names"]


def test_who_asks_is_in_the_account_of_the_sandbox(sandbox: Sandbox) -> None:
    """What the design stage computes is computed here too, for this account."""
    found = ask(sandbox, "aws:index/getCallerIdentity:getCallerIdentity", {})
    assert (found.result["accountId"], found.assumed) == (ACCOUNT, False)


def test_what_is_made_up_is_counted_as_such(sandbox: Sandbox) -> None:
    """In a preview a function that the sandbox does not know is answered as at design time, and says so.

    An update would act on the unknowns in it, so the program is run again as in a preview.
    """
    provider = sandbox._provider(NAME, Notes())
    asked = ("aws:ec2/getVpc:getVpc", {"id": "vpc-1"}, ProviderConfig("aws", "urn:provider"))
    with pytest.raises(ProviderError, match="runs again as in a preview"):
        provider.invoke(*asked)
    assert provider.needs_preview
    provider.in_preview = True
    assert provider.invoke(*asked).assumed


def test_a_detector_that_is_there_is_found(sandbox: Sandbox) -> None:
    """A program that adopts the account's detector gets its id; without one the answer has to be made up."""
    clients = sandbox._clients_of(Place("aws", "us-east-1", ACCOUNT))
    token = "aws:guardduty/getDetector:getDetector"
    before = answer_function(token, {}, clients)
    made = sandbox.session().client("guardduty").create_detector(Enable=True)["DetectorId"]
    found = answer_function(token, {}, clients)
    assert before is None
    assert found is not None
    assert (found["id"], found["status"], found["arn"].split(":")[4]) == (made, "ENABLED", ACCOUNT)
