"""`check` adds tags, names and the Region as the provider does, and nothing else."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine.symbolic import SymbolicProvider
from tests.ledgergate.engine.symbolic.requests import UNKNOWN, config, request

BUCKET = "aws:s3/bucket:Bucket"
NAMES = st.text("abcdefghijklmnopqrstuvwxyzABC-0123456789", min_size=1, max_size=80)


def test_other_packages_are_left_alone(provider: SymbolicProvider) -> None:
    """Only AWS resources get tags, names and a Region."""
    assert provider.check(request("random:index/randomString:RandomString", {"length": 8})).inputs == {"length": 8}


@pytest.mark.parametrize(
    ("type_", "inputs", "property_", "name"),
    [
        (BUCKET, {}, "bucket", r"main-[0-9a-f]{7}"),
        ("aws:iam/role:Role", {}, "name", r"main-[0-9a-f]{7}"),
        ("aws:rds/instance:Instance", {}, "identifier", r"main[0-9a-f]{7}"),
        ("aws:rds/instance:Instance", {"engine": "sqlserver-se"}, "identifier", r"main[0-9a-f]{3}"),
        ("aws:rds/cluster:Cluster", {}, "clusterIdentifier", r"tf-1ed6e7a7[0-9a-f]{18}"),
        (
            "aws:rds/cluster:Cluster",
            {"clusterIdentifierPrefix": "pay-"},
            "clusterIdentifier",
            r"pay-1ed6e7a7[0-9a-f]{18}",
        ),
        (BUCKET, {"bucketPrefix": "logs-"}, "bucket", r"logs-1ed6e7a7[0-9a-f]{18}"),
        ("aws:kms/alias:Alias", {}, "name", r"alias/main-[0-9a-f]{7}"),
        ("aws:sqs/queue:Queue", {"fifoQueue": True}, "name", r"main-[0-9a-f]{7}\.fifo"),
        ("aws:sqs/queue:Queue", {"fifoQueue": False}, "name", r"main-[0-9a-f]{7}"),
        ("aws:sns/topic:Topic", {"fifoTopic": UNKNOWN}, "name", UNKNOWN),
        (BUCKET, {"bucketPrefix": UNKNOWN}, "bucket", UNKNOWN),
        ("aws:elasticache/replicationGroup:ReplicationGroup", {}, "replicationGroupId", r"main-[0-9a-f]{7}"),
        ("aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": "b"}, "key", "main"),
    ],
)
def test_names_are_those_of_the_provider(
    provider: SymbolicProvider, type_: str, inputs: dict[str, object], property_: str, name: str
) -> None:
    """The property that the provider names gets a name of the same form, and is reported."""
    checked = provider.check(request(type_, inputs))
    assert checked.auto_named == (property_,)
    assert re.fullmatch(name, str(checked.inputs[property_]))


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        (BUCKET, {"bucket": "mine"}),
        (BUCKET, {"bucket": UNKNOWN}),
        ("aws:route53/record:Record", {"zoneId": "Z1", "type": "A"}),
        ("aws:ec2/vpc:Vpc", {}),
        ("aws:rds/globalCluster:GlobalCluster", {"globalClusterIdentifier": "g"}),
    ],
)
def test_nothing_is_named_that_has_a_name_or_takes_none(
    provider: SymbolicProvider, type_: str, inputs: dict[str, object]
) -> None:
    """A name that the program gives stays, and a resource without a name gets none."""
    checked = provider.check(request(type_, inputs))
    assert checked.auto_named == ()
    assert {key: value for key, value in checked.inputs.items() if key not in ("region", "tagsAll")} == inputs


@given(NAMES)
def test_names_keep_the_limit_or_fail(name: str) -> None:
    """A name that would be too long fails, as in the real provider, and is never cut."""
    for type_, property_, limit in ((BUCKET, "bucket", 63), ("aws:lb/targetGroup:TargetGroup", "name", 32)):
        checked = SymbolicProvider().check(request(type_, name=name))
        if checked.failures:
            assert len(name) + 8 > limit
            assert checked.failures[0][0] == property_
        else:
            assert len(str(checked.inputs[property_])) <= limit


def test_too_long_name_says_what_is_wrong(provider: SymbolicProvider) -> None:
    """The failure has the words of the real provider."""
    checked = provider.check(request("aws:lb/targetGroup:TargetGroup", name="a-very-long-name-for-a-target"))
    assert checked.failures == (
        ("name", "name 'a-very-long-name-for-a-target-' plus 7 random chars is longer than maximum length 32"),
    )


def test_too_long_prefix_fails(provider: SymbolicProvider) -> None:
    """A prefix that leaves no room for the suffix fails as well."""
    checked = provider.check(request("aws:lb/loadBalancer:LoadBalancer", {"namePrefix": "payments-"}))
    assert checked.failures[0][0] == "name"


@pytest.mark.parametrize(
    ("own", "provider_tags", "expected"),
    [
        ({}, {}, {}),
        ({"tags": {"a": "1"}}, {}, {"a": "1"}),
        ({}, {"defaultTags": json.dumps({"tags": {"a": "0", "b": "2"}})}, {"a": "0", "b": "2"}),
        ({"tags": {"a": "1"}}, {"defaultTags": json.dumps({"tags": {"a": "0", "b": "2"}})}, {"a": "1", "b": "2"}),
        ({"tags": UNKNOWN}, {"defaultTags": json.dumps({"tags": {"b": "2"}})}, UNKNOWN),
        ({"tags": {"a": UNKNOWN}}, {}, {"a": UNKNOWN}),
        ({"tags": {"a": "1"}}, {"defaultTags": UNKNOWN}, UNKNOWN),
        ({"tags": {"a": "1"}}, {"defaultTags": json.dumps({"tags": UNKNOWN})}, UNKNOWN),
        (
            {"tags": {"kept": "1", "gone": "2", "sys:x": "3"}},
            {"ignoreTags": json.dumps({"keys": ["gone"], "keyPrefixes": ["sys:"]})},
            {"kept": "1"},
        ),
    ],
)
def test_all_tags_are_merged(
    provider: SymbolicProvider, own: dict[str, object], provider_tags: dict[str, Any], expected: object
) -> None:
    """A resource's own tags win over the provider's defaults, and an unknown side makes all of them unknown."""
    checked = provider.check(request(BUCKET, own, provider=config(**provider_tags)))
    assert checked.inputs["tagsAll"] == expected


def test_resource_without_tags_gets_none(provider: SymbolicProvider) -> None:
    """A type that has no tags gets no `tagsAll`."""
    assert "tagsAll" not in provider.check(request("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "b"})).inputs


@pytest.mark.parametrize(
    ("type_", "inputs", "provider_inputs", "region"),
    [
        (BUCKET, {}, {}, "eu-west-1"),
        (BUCKET, {"region": "us-west-2"}, {}, "us-west-2"),
        (BUCKET, {}, {"region": UNKNOWN}, UNKNOWN),
        (BUCKET, {}, {"region": None}, "us-east-1"),
        ("aws:iam/role:Role", {}, {}, None),
        ("aws:servicequotas/template:Template", {}, {}, None),
    ],
)
def test_region_is_the_effective_one(
    provider: SymbolicProvider,
    type_: str,
    inputs: dict[str, object],
    provider_inputs: dict[str, Any],
    region: str | None,
) -> None:
    """The resource's own Region comes first, then the provider's, then the profile's; global types get none."""
    checked = provider.check(request(type_, inputs, provider=config(**provider_inputs)))
    assert checked.inputs.get("region") == region
