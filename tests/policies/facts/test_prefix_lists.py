"""Prefix lists as sources of rules: created, looked up, managed by AWS, or somebody else's."""

from typing import Any, Final

import pytest

from ledgergate.graph import Graph, Kind, LookUp, Resource
from policies.facts.prefix_lists import CLOUDFRONT, UNSEEN, PrefixList, prefix_list
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import graph, resource

LIST: Final = "aws:ec2/managedPrefixList:ManagedPrefixList"
ENTRY: Final = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"
RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OFFICE: Final = resource(LIST, "office", {"entries": [{"cidr": "10.1.0.0/16"}]}, id="pl-1")
UNCLEAR: Final = PrefixList(cidrs=(UNKNOWN,))


def found(id_: Any, *others: Resource, depends_on: tuple[Resource, ...] = (), calls: tuple[LookUp, ...] = ()) -> Any:
    """Return the list that a rule names by an id, in a stack with other resources."""
    urns = tuple(each.urn for each in depends_on)
    rule = resource(RULE, "rule", {"prefixListId": id_}, property_dependencies={"prefixListId": urns})
    stack = graph(rule, *others)
    return prefix_list(Graph("bank", "dev", stack, calls), rule, "prefixListId", id_)


def entry(cidr: Any, list_: Any = "pl-1", name: str = "entry") -> Resource:
    """Return an entry that is a resource of its own."""
    return resource(ENTRY, name, {"cidr": cidr, "prefixListId": list_})


def test_list_of_the_stack_is_what_its_entries_are() -> None:
    """Entries in the list and entries beside it count alike; those of another list do not."""
    other = resource(LIST, "other", {}, id="pl-2")

    assert found("pl-1", OFFICE) == PrefixList(cidrs=("10.1.0.0/16",))
    assert found("pl-1", OFFICE, entry("0.0.0.0/0")).cidrs == ("10.1.0.0/16", "0.0.0.0/0")
    assert found("pl-1", OFFICE, other, entry("0.0.0.0/0", "pl-2")).cidrs == ("10.1.0.0/16",)
    assert found("pl-1", OFFICE, entry("1.0.0.0/8"), entry("2.0.0.0/8", name="second")).cidrs[1:] == (
        "1.0.0.0/8",
        "2.0.0.0/8",
    )


def test_outputs_say_the_same() -> None:
    """A list of which only outputs are known holds what they show."""
    shown = resource(LIST, "office", outputs={"entries": [{"cidr": "10.1.0.0/16"}]}, id="pl-1")

    assert found("pl-1", shown) == PrefixList(cidrs=("10.1.0.0/16",))


def test_what_nobody_knows_of_a_list_is_an_unknown_entry() -> None:
    """Entries that come later, or whose list comes later, are not left out."""
    later = resource(LIST, "office", {"entries": UNKNOWN}, id="pl-1")

    assert found("pl-1", later).cidrs == (UNKNOWN,)
    assert found("pl-1", OFFICE, entry(UNKNOWN)).cidrs == ("10.1.0.0/16", UNKNOWN)
    assert found("pl-1", OFFICE, entry("0.0.0.0/0", UNKNOWN)).cidrs == ("10.1.0.0/16", UNKNOWN)


def test_unknown_id_means_the_one_list_it_depends_on() -> None:
    """In a preview the id is unknown; what it depends on tells which list it is."""
    other = resource(LIST, "other", {})

    assert found(UNKNOWN, OFFICE, depends_on=(OFFICE,)).cidrs == ("10.1.0.0/16",)
    assert found(UNKNOWN, OFFICE, other, depends_on=(OFFICE, other)) == UNCLEAR
    assert found(UNKNOWN, OFFICE) == UNCLEAR


def test_list_that_only_the_account_shows() -> None:
    """A list of another stack, and one that is looked up, are seen by the audit alone."""
    looked_up = resource(LIST, "office", outputs={"entries": [{"cidr": "10.1.0.0/16"}]}, id="pl-1", kind=Kind.READ)

    assert (found("pl-9"), found("pl-1", looked_up)) == (UNSEEN, UNSEEN)


@pytest.mark.parametrize("token", ["getManagedPrefixList", "getPrefixList"])
def test_call_names_a_list_of_aws(token: str) -> None:
    """What the program asked for is what it got; a name of somebody's own says nothing."""
    call = LookUp(f"aws:ec2/{token}:{token}", {"name": CLOUDFRONT}, {"id": "pl-3", "name": CLOUDFRONT})
    own = LookUp(f"aws:ec2/{token}:{token}", {"name": "office"}, {"id": "pl-3", "name": "office"})
    filtered = LookUp(call.token, {"filters": [{"name": "prefix-list-name", "values": [CLOUDFRONT]}]}, {"id": "pl-3"})

    assert found("pl-3", calls=(call,)) == found("pl-3", calls=(filtered,)) == PrefixList(aws_name=CLOUDFRONT)
    assert found("pl-3", calls=(own,)) == UNSEEN


def test_list_of_a_gateway_endpoint_is_that_of_its_service() -> None:
    """A gateway endpoint leads to the addresses of one AWS service."""
    inputs = {"serviceName": "com.amazonaws.eu-west-1.s3"}
    gateway = resource("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", inputs, outputs={"prefixListId": "pl-7"})
    s3 = PrefixList(aws_name="com.amazonaws.eu-west-1.s3")

    assert found("pl-7", gateway) == found(UNKNOWN, gateway, depends_on=(gateway,)) == s3
