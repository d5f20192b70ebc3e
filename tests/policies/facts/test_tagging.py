"""Tags of any AWS resource, its own and those its provider adds."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest

from ledgergate.finding import Status
from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, UNKNOWN, Secret
from policies.controls.tagging.resource import required_tags_set
from policies.facts.tagging import Tag, Tagged, tag_forms, tagged_from_graph
from policies.runner import Judge
from policies.settings import Settings
from tests.policies.graphs import BUCKET, graph, provider, resource

GROUP: Final = "aws:autoscaling/group:Group"
NEWER: Final = "aws:new/thing:Thing"
TAGS: Final = {"Environment": "dev", "Owner": "ledger", "CostCenter": "4711", "ManagedBy": "Pulumi", "Project": "bank"}


def status(type_: str, inputs: Mapping[str, Any], *others: Resource, **fields: Any) -> Status | None:
    """Return how a resource with these inputs ends; None when it is not judged."""
    subject = resource(type_, "subject", inputs, **fields)
    said = list(Judge([required_tags_set], Settings()).resource(subject, graph(subject, *others)))
    return said[0].verdict.status if said else None


def without(key: str) -> dict[str, Any]:
    """Return the required tags but one."""
    return {name: value for name, value in TAGS.items() if name != key}


def test_own_tags_count() -> None:
    """All tags on the resource itself pass, one missing or blank fails."""
    assert status(BUCKET, {"tags": TAGS}) is Status.PASS
    assert status(BUCKET, {}, outputs={"tags": TAGS}) is Status.PASS
    assert status(BUCKET, {"tags": without("Owner")}) is Status.FAIL
    assert status(BUCKET, {"tags": {**TAGS, "Owner": "  "}}) is Status.FAIL
    assert status(BUCKET, {}) is Status.FAIL


@pytest.mark.parametrize("value", ["\u200b", "\ufeff", "\u00a0", "\u2060\u200d", "\t", "\x00", "\u2028", " \u200b "])
def test_value_that_nobody_sees_is_blank(value: str) -> None:
    """Spaces, control and format characters show nothing; one letter among them does."""
    assert status(BUCKET, {"tags": {**TAGS, "Owner": value}}) is Status.FAIL
    assert status(BUCKET, {"tags": {**TAGS, "Owner": f"{value}x"}}) is Status.PASS


def test_default_tags_count_through_tags_all() -> None:
    """The provider's check has merged its default tags into tagsAll."""
    assert status(BUCKET, {"tags": without("Owner"), "tagsAll": TAGS}) is Status.PASS
    assert status(BUCKET, {"tagsAll": TAGS}) is Status.PASS


def test_default_tags_count_through_the_provider() -> None:
    """Where nothing has computed tagsAll, the provider's own input tells; it is JSON text on the wire."""
    tagged = provider(defaultTags=json.dumps({"tags": {"Owner": "ledger"}}))

    assert status(BUCKET, {"tags": without("Owner")}, tagged) is Status.PASS
    assert status(BUCKET, {"tags": without("Owner")}, provider(defaultTags={"tags": {"Owner": "x"}})) is Status.PASS
    assert status(BUCKET, {"tags": without("Owner")}, provider(defaultTags="{}")) is Status.FAIL
    assert status(BUCKET, {"tags": without("Owner")}, provider(defaultTags=UNKNOWN)) is Status.UNKNOWN


def test_own_tag_wins_over_a_default_one() -> None:
    """A blank tag of its own hides the provider's good one."""
    assert status(BUCKET, {"tags": {**TAGS, "Owner": ""}, "tagsAll": TAGS}) is Status.FAIL


def test_unknown_tags_are_undecided() -> None:
    """Tags that nobody knows are not there, and not missing."""
    assert status(BUCKET, {"tags": UNKNOWN}) is Status.UNKNOWN
    assert status(BUCKET, {"tags": {**TAGS, "Owner": UNKNOWN}}) is Status.UNKNOWN
    assert status(BUCKET, {"tags": without("Owner"), "tagsAll": UNKNOWN}) is Status.UNKNOWN
    assert status(BUCKET, {"tags": {**TAGS, "Vpc": UNKNOWN}, "tagsAll": UNKNOWN}) is Status.PASS


def test_minted_value_is_a_value() -> None:
    """A tag that names another resource is not blank."""
    assert status(BUCKET, {"tags": {**TAGS, "Owner": f"vpc-{SYMBOL_MARK}"}}) is Status.PASS


def test_secret_tags_are_judged() -> None:
    """A secret value counts and stays out of the fact's text."""
    subject = resource(BUCKET, "subject", {"tags": {"Owner": Secret("hush")}})

    assert status(BUCKET, {"tags": {**TAGS, "Owner": Secret("hush")}}) is Status.PASS
    assert status(BUCKET, {"tags": Secret(TAGS)}) is Status.PASS
    assert "hush" not in repr(tagged_from_graph(graph(subject), subject))


def test_tag_lists_count() -> None:
    """Auto Scaling groups take a list, and default tags do not reach them."""
    listed = [{"key": key, "value": value, "propagateAtLaunch": True} for key, value in TAGS.items()]

    assert status(GROUP, {"tags": listed}) is Status.PASS
    assert status(GROUP, {"tags": listed[1:], "tagsAll": TAGS}) is Status.FAIL
    assert status(GROUP, {"tags": [*listed[1:], UNKNOWN]}) is Status.UNKNOWN


@pytest.mark.parametrize(
    "type_",
    [
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:inspector/resourceGroup:ResourceGroup",
        "aws:devopsguru/resourceCollection:ResourceCollection",
    ],
)
def test_type_without_tags_is_not_applicable(type_: str) -> None:
    """Some types take no tags, and some take a filter that is called tags."""
    assert status(type_, {"tags": {"Team": "x"}}) is Status.NOT_APPLICABLE


def test_type_newer_than_the_table_is_undecided_unless_tagged() -> None:
    """Nobody knows whether it takes tags; one that carries some does."""
    assert status(NEWER, {}) is Status.UNKNOWN
    assert status(NEWER, {"tags": TAGS}) is Status.PASS
    assert status(NEWER, {"tags": without("Owner")}) is Status.FAIL


def test_only_managed_aws_resources_are_judged() -> None:
    """Other packages, reads and components carry no AWS tags."""
    assert status("random:index/randomId:RandomId", {}) is None
    assert status(BUCKET, {}, kind=Kind.READ) is None
    assert status("bank:network:Network", {}, kind=Kind.COMPONENT) is None


def test_fact_keeps_both_kinds_of_tags_apart() -> None:
    """Own tags come first, default tags only fill in."""
    subject = resource(BUCKET, "subject", {"tags": {"a": "1"}, "tagsAll": {"a": "1", "b": "2"}})

    assert tagged_from_graph(graph(subject), subject) == Tagged(
        type=BUCKET, tags=(Tag(key="a", value="1"),), default_tags=(Tag(key="a", value="1"), Tag(key="b", value="2"))
    )


def test_table_knows_every_form() -> None:
    """The table is whole: hundreds of types of each common form, and one that takes a list."""
    forms = list(tag_forms().values())

    assert (forms.count("map") > 800, forms.count("none") > 800, forms.count("list")) == (True, True, 1)
