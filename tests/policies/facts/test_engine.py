"""Components that hide what they do, and resources that share a name."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.finding import Status
from ledgergate.graph import Kind, Resource
from ledgergate.values import UNKNOWN, Secret
from policies.controls.engine.component import component_inspectable
from policies.controls.engine.resource import physical_name_unique
from policies.facts.engine import MAKERS, PhysicalName, physical_name_from_graph
from policies.runner import Judge
from policies.settings import Settings
from tests.policies.graphs import BUCKET, ROLE, graph, provider, resource

QUEUE: Final = "aws:sqs/queue:Queue"
FAR: Final = "urn:pulumi:dev::bank::pulumi:providers:aws::far"


def queue(logical: str, name: Any = "ledger", **fields: Any) -> Resource:
    """Return a queue with a physical name."""
    return resource(QUEUE, logical, {"name": name, **fields.pop("inputs", {})}, **fields)


def statuses(*resources: Resource) -> list[Status]:
    """Return how the resources end under LG-ENG-02, in order."""
    judge = Judge([physical_name_unique], Settings())
    return [said.verdict.status for said in judge.stack(graph(*resources))]


def test_opaque_resource_is_undecided() -> None:
    """What nobody can look into blocks, with a message that says so; a component of the program passes."""
    remote = resource("awsx:ec2:Vpc", "vpc", kind=Kind.OPAQUE)
    local = resource("bank:network:Network", "net", kind=Kind.COMPONENT)
    judge = Judge([component_inspectable], Settings())
    said = [each.verdict for one in (remote, local) for each in judge.resource(one, graph(remote, local))]

    assert [each.status for each in said] == [Status.UNKNOWN, Status.PASS]
    assert said[0].message.startswith("nobody can look inside awsx:ec2:Vpc")


@pytest.mark.parametrize("type_", [*MAKERS, "aws-native:s3:Bucket", "awscc:s3:Bucket"])
def test_what_makes_others_is_undecided(type_: str) -> None:
    """A resource that makes others of a template hides them as a remote component does."""
    maker = resource(type_, "hidden", {"templateBody": "{}"})
    judge = Judge([component_inspectable], Settings())

    assert [each.verdict.status for each in judge.resource(maker, graph(maker))] == [Status.UNKNOWN]


def test_equal_names_fail_both() -> None:
    """Each of two resources with one name is told who the other is."""
    one, two = queue("one"), queue("two")

    assert physical_name_from_graph(graph(one, two), one) == PhysicalName(name="ledger", namesakes=("two",))
    assert statuses(one, two, queue("three", "journal")) == [Status.FAIL, Status.FAIL, Status.PASS]


def test_equal_names_of_different_types_pass() -> None:
    """A queue and a topic may be called the same."""
    assert statuses(queue("one"), resource("aws:sns/topic:Topic", "two", {"name": "ledger"})) == [Status.PASS] * 2


def test_equal_names_in_different_regions_pass() -> None:
    """A regional name counts in its Region, whether the resource or its provider says which."""
    assert statuses(queue("one"), queue("two", inputs={"region": "us-east-1"})) == [Status.PASS] * 2
    far = provider("us-east-1", "far")
    assert statuses(provider(), far, queue("one"), queue("two", provider=far.urn)) == [Status.PASS] * 2


def test_buckets_share_one_world() -> None:
    """The name of a bucket is taken everywhere, except in a namespace of the account."""
    inputs = {"bucket": "ledger"}
    one = resource(BUCKET, "one", inputs)
    two = resource(BUCKET, "two", {**inputs, "region": "us-east-1"})
    own = {"bucketNamespace": "account-regional"}

    assert statuses(one, two) == [Status.FAIL] * 2
    assert (
        statuses(replace(one, inputs={**one.inputs, **own}), replace(two, inputs={**two.inputs, **own}))
        == [Status.PASS] * 2
    )


def test_names_of_an_account_count_in_every_region_and_case() -> None:
    """IAM knows no Regions and no letter case."""
    one = resource(ROLE, "one", {"name": "Ledger"})
    far = provider("us-east-1", "far")

    assert (
        statuses(provider(), far, one, resource(ROLE, "two", {"name": "ledger"}, provider=far.urn)) == [Status.FAIL] * 2
    )


def test_names_in_different_accounts_pass() -> None:
    """Providers that take on different roles work in different accounts."""
    far = provider(name="far", assumeRoles='[{"roleArn": "arn:aws:iam::999988887777:role/deploy"}]')

    assert statuses(provider(), far, queue("one"), queue("two", provider=far.urn)) == [Status.PASS] * 2


def test_name_that_is_made_up_passes() -> None:
    """Without a name, or with a prefix, the provider finds one that is free."""
    assert statuses(resource(QUEUE, "one"), resource(QUEUE, "two", {"namePrefix": "ledger-"})) == [Status.PASS] * 2


def test_unknown_name_is_undecided() -> None:
    """A name that comes later could be anybody's."""
    assert statuses(queue("one", UNKNOWN), queue("two")) == [Status.UNKNOWN, Status.PASS]


def test_unknown_region_is_undecided_only_with_a_namesake() -> None:
    """The Region matters only when another resource has the name."""
    nowhere = queue("one", provider="")

    assert statuses(nowhere) == [Status.PASS]
    assert statuses(nowhere, queue("two")) == [Status.UNKNOWN] * 2
    assert statuses(nowhere, queue("two", provider="")) == [Status.UNKNOWN] * 2


def test_read_takes_no_name() -> None:
    """A resource that is looked up was there before and may be the very one that is adopted elsewhere."""
    assert statuses(queue("one"), queue("two", kind=Kind.READ)) == [Status.PASS]


def test_secret_names_are_compared_and_not_shown() -> None:
    """Two equal secret names fail without being told."""
    judge = Judge([physical_name_unique], Settings())
    said = [each.verdict for each in judge.stack(graph(queue("one", Secret("hush")), queue("two", Secret("hush"))))]

    assert [each.status for each in said] == [Status.FAIL] * 2
    assert "hush" not in repr(said)
