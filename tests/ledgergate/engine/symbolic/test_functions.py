"""Functions that need no AWS are answered as the provider answers them."""

import re
from typing import Any

import pytest

from ledgergate.engine.provider import ProviderError
from ledgergate.engine.symbolic import SymbolicProvider
from ledgergate.engine.symbolic.regions import region_facts, short_code
from tests.ledgergate.engine.symbolic.requests import ACCOUNT, UNKNOWN, config


def answer(function: str, *, region: str = "eu-west-1", **args: Any) -> dict[str, Any]:
    """Return the result of a function of the provider's root module, which must not count as assumed."""
    found = SymbolicProvider().invoke(f"aws:index/{function}:{function}", args, config(region=region))
    assert not found.assumed
    return dict(found.result)


def test_caller_is_the_profiles_account() -> None:
    """The account is real; who calls is recognisably nobody."""
    found = answer("getCallerIdentity")
    assert found["accountId"] == found["id"] == ACCOUNT
    assert re.fullmatch(rf"arn:aws:sts::{ACCOUNT}:assumed-role/1ed6e7a7[0-9a-f]{{13}}/ledgergate", found["arn"])


@pytest.mark.parametrize(
    ("args", "name", "description"),
    [
        ({}, "eu-west-1", "Europe (Ireland)"),
        ({"region": "us-east-1"}, "us-east-1", "US East (N. Virginia)"),
        ({"name": "us-west-2"}, "us-west-2", "US West (Oregon)"),
        ({"endpoint": "ec2.eu-central-1.amazonaws.com"}, "eu-central-1", "Europe (Frankfurt)"),
    ],
)
def test_region_is_the_one_asked_for(args: dict[str, Any], name: str, description: str) -> None:
    """Without arguments it is the provider's own."""
    found = answer("getRegion", **args)
    assert (found["name"], found["region"], found["id"], found["description"]) == (name, name, name, description)
    assert found["endpoint"] == f"ec2.{name}.amazonaws.com"


def test_region_that_nobody_knows_is_an_error() -> None:
    """A new Region is answered by the user, not by a guess."""
    with pytest.raises(ProviderError, match=r"nothing is known offline of the Region xx-new-1; .* --answers FILE"):
        answer("getRegion", region="xx-new-1")


def test_region_that_is_unknown_is_an_error() -> None:
    """A provider whose Region another resource decides has no zones yet."""
    with pytest.raises(ProviderError, match="the Region of this provider is not known before deployment"):
        answer("getAvailabilityZones", region=UNKNOWN)


@pytest.mark.parametrize(
    ("region", "partition", "suffix", "reverse"),
    [
        ("eu-west-1", "aws", "amazonaws.com", "com.amazonaws"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com", "com.amazonaws"),
    ],
)
def test_partition_follows_the_region(region: str, partition: str, suffix: str, reverse: str) -> None:
    """ARNs that a program builds have the right first part in every partition."""
    assert answer("getPartition", region=region) == {
        "id": partition,
        "partition": partition,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": reverse,
    }


@pytest.mark.parametrize(
    ("args", "letters"),
    [
        ({}, "abc"),
        ({"state": "available"}, "abc"),
        ({"state": "impaired"}, ""),
        ({"region": "us-east-1"}, "abcdef"),
        ({"region": "ca-central-1"}, "abd"),
        ({"excludeNames": ["eu-west-1a"]}, "bc"),
        ({"excludeZoneIds": ["euw1-az3"]}, "bc"),
        ({"filters": [{"name": "opt-in-status", "values": ["opt-in-not-required"]}]}, "abc"),
        ({"filters": [{"name": "zone-name", "values": ["eu-west-1b"]}]}, "b"),
        ({"filters": [{"name": "zone-type", "values": ["local-zone"]}]}, ""),
    ],
)
def test_zones_are_those_of_the_region(args: dict[str, Any], letters: str) -> None:
    """Arguments and filters choose among the Region's zones."""
    found = answer("getAvailabilityZones", **args)
    region = args.get("region", "eu-west-1")
    assert found["names"] == [region + letter for letter in letters]
    assert len(found["zoneIds"]) == len(letters)


def test_zone_filter_that_nobody_knows_is_an_error() -> None:
    """A filter is never ignored."""
    with pytest.raises(ProviderError, match="the filter message cannot be answered offline"):
        answer("getAvailabilityZones", filters=[{"name": "message", "values": ["x"]}])


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("us-east-1", "use1"),
        ("ap-northeast-2", "apne2"),
        ("us-gov-west-1", "usgw1"),
        ("cn-northwest-1", "cnnw1"),
        ("local", "local"),
    ],
)
def test_short_codes_are_those_of_zone_ids(region: str, code: str) -> None:
    """A zone id begins with the short form of its Region."""
    assert short_code(region) == code
    facts = region_facts(region)
    assert facts is None or {zone_id.split("-")[0] for zone_id in facts.zones.values()} == {code}


def test_zones_and_ids_are_distinct_in_every_region() -> None:
    """No two zones share an id."""
    for name in ("us-east-1", "us-west-1", "us-west-2", "ap-northeast-1", "ca-central-1", "eu-west-2"):
        facts = region_facts(name)
        assert facts is not None
        assert len(set(facts.zones.values())) == len(facts.zones)


def test_arn_is_taken_apart() -> None:
    """The parts are those of the text, colons in the resource included."""
    found = answer("getArn", arn="arn:aws:rds:eu-west-1:123456789012:cluster:pay")
    assert (found["service"], found["region"], found["account"], found["resource"]) == (
        "rds",
        "eu-west-1",
        "123456789012",
        "cluster:pay",
    )
    with pytest.raises(ProviderError, match="value nonsense is not an ARN"):
        answer("getArn", arn="nonsense")


def test_service_principal_has_the_partitions_suffix() -> None:
    """A few services of China have principals of their own."""
    assert answer("getServicePrincipal", serviceName="logs")["name"] == "logs.amazonaws.com"
    assert answer("getServicePrincipal", serviceName="logs", region="cn-north-1")["name"] == "logs.amazonaws.com.cn"
    assert answer("getServicePrincipal", serviceName="ec2", region="cn-north-1")["name"] == "ec2.amazonaws.com"


def test_load_balancer_account_is_that_of_the_region() -> None:
    """Newer Regions have none, which the real provider refuses too."""
    token = "aws:elb/getServiceAccount:getServiceAccount"
    found = SymbolicProvider().invoke(token, {}, config())
    assert found.result["arn"] == "arn:aws:iam::156460612806:root"
    with pytest.raises(ProviderError, match=r"unknown AWS ELB Account ID for AWS Region \(eu-south-2\)"):
        SymbolicProvider().invoke(token, {"region": "eu-south-2"}, config())


def test_billing_account_is_the_published_one() -> None:
    """The account that delivers billing reports is the same everywhere."""
    assert answer("getBillingServiceAccount")["arn"] == "arn:aws:iam::386209384616:root"


def test_default_tags_are_the_providers() -> None:
    """The provider's own configuration answers this one."""
    found = SymbolicProvider().invoke(
        "aws:index/getDefaultTags:getDefaultTags", {}, config(defaultTags='{"tags": {"Team": "pay"}}')
    )
    assert found.result["tags"] == {"Team": "pay"}
