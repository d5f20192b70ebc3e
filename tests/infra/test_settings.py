"""The configuration of the payment system: what is taken, what is refused and how that is said."""

from typing import Any

import pytest

from tests.infra.recording import PAYMENTS, Changed, Record

VPC = "aws:ec2/vpc:Vpc"
BUCKET = "aws:s3/bucket:Bucket"
WEST = [f"us-west-2{letter}" for letter in "abc"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"aws__region": "eu-central-9"}, "aws:region: 'eu-central-9' may not hold payment data: use one of us-east-1"),
        ({"payments__environment": "test"}, "payments:environment: 'test' is not known: use one of dev, staging, prod"),
        ({"payments__environment": None}, "Missing required configuration variable 'payments:environment'"),
        ({"payments__owner": None}, "Missing required configuration variable 'payments:owner'"),
        ({"payments__costCenter": None}, "Missing required configuration variable 'payments:costCenter'"),
        (
            {"payments__destroyable": "maybe"},
            "Configuration 'payments:destroyable' value 'maybe' is not a valid 'bool'",
        ),
        (
            {"payments__environmentSuffix": "much-too-long-a-suffix"},
            "payments:environmentSuffix: 'much-too-long-a-suffix'",
        ),
        ({"payments__environmentSuffix": None}, "payments:environmentSuffix: is missing: run `pulumi config set"),
        ({"payments__vpcCidr": "10.40.0.0/24"}, "payments:vpcCidr: 10.40.0.0/24 is too small: choose a block"),
        ({"payments__vpcCidr": "10.50.0.0/18"}, "payments:vpcCidr: 10.50.0.0/18 overlaps the connected block"),
        ({"payments__vpcCidr": None}, "Missing required configuration variable 'payments:vpcCidr'"),
        ({"payments__connectedCidrs": ["prod"]}, "payments:connectedCidrs: 'prod' is not an IPv4 block"),
        ({"payments__connectedCidrs": {"prod": 1}}, "payments:connectedCidrs: is not a list of texts"),
        ({"payments__availabilityZones": ["us-east-1a"]}, "payments:availabilityZones: names 1 zones: name at least 3"),
        ({"payments__availabilityZones": WEST}, "payments:availabilityZones: 'us-west-2a' is no zone of us-east-1"),
        (
            {"payments__availabilityZones": ["us-east-1a", "us-east-1b", "us-east-1a"]},
            "payments:availabilityZones: A zone is named twice",
        ),
        (
            {"payments__availabilityZones": [f"us-east-1{letter}" for letter in "abcde"]},
            "payments:availabilityZones: 5 zones do not fit",
        ),
        (
            {"payments__natStrategy": "none"},
            "payments:natStrategy: 'none' is not known: use one of perAz, single, regional",
        ),
        ({"payments__interfaceEndpoints": ["KMS!"]}, "payments:interfaceEndpoints: 'KMS!' is no service"),
        (
            {"payments__databaseInstanceClass": "t3.medium"},
            "payments:databaseInstanceClass: 't3.medium' is no instance",
        ),
        ({"payments__databaseMinCapacity": 8}, "payments:databaseMinCapacity: 8 is above databaseMaxCapacity 2"),
        (
            {"payments__databaseMaxCapacity": 512},
            "payments:databaseMaxCapacity: 512 does not fit: use 1 to 256 in halves",
        ),
        (
            {"payments__databaseMinCapacity": 0.7},
            "payments:databaseMinCapacity: 0.7 does not fit: use 0.5 to 256 in halves",
        ),
        ({"payments__backupRetentionDays": 7}, "payments:backupRetentionDays: 7 is out of range: use 30 to 35"),
        ({"payments__auditRetentionDays": 90}, "payments:auditRetentionDays: 90 is out of range: use 365 to 3650"),
        ({"payments__databaseInsights": "off"}, "payments:databaseInsights: 'off' is not known: use one of standard"),
        ({"payments__certificateArn": "arn:x"}, "payments:certificateArn: 'arn:x' is no ACM certificate in us-east-1"),
        ({"payments__frontendImage": "app"}, "payments:frontendImage: 'app' names no version: write repository:tag"),
        ({"payments__backendImage": "a b:1"}, "payments:backendImage: 'a b:1' names no version"),
        ({"payments__albToTaskTls": True}, "payments:albToTaskTls: must be false for the placeholder"),
        ({"payments__albToTaskTls": None}, "payments:albToTaskTls: must be false for the placeholder"),
        ({"payments__maxTasks": 1}, "payments:maxTasks: 1 is out of range: use 2 to 100"),
        ({"payments__originHeaderGeneration": 0}, "payments:originHeaderGeneration: 0 is out of range"),
        ({"payments__logLevel": "loud"}, "payments:logLevel: 'loud' is not known: use one of debug, info, warning"),
        (
            {"payments__destroyable": False, "payments__deletionProtection": False},
            "payments:deletionProtection: false needs a stack that may vanish: set payments:destroyable",
        ),
        ({"payments__edgeMode": "open"}, "payments:edgeMode: 'open' is not known: use one of vpcOrigin, publicAlb"),
        (
            {"payments__viewerCertificateArn": None},
            "payments:viewerCertificateArn: is missing: run `pulumi config set payments:viewerCertificateArn",
        ),
        (
            {"payments__viewerCertificateArn": "arn:aws:acm:us-west-2:111122223333:certificate/" + "0" * 36},
            "payments:viewerCertificateArn: 'arn:aws:acm:us-west-2",
        ),
        ({"payments__domainNames": ["pay_1"]}, "payments:domainNames: 'pay_1' is no host name: name one such as"),
        ({"payments__allowedCountries": ["ger"]}, "payments:allowedCountries: 'ger' is no country: use two capitals"),
        ({"payments__alarmEmails": ["nobody"]}, "payments:alarmEmails: 'nobody' is no address: name one such as"),
        ({"payments__traceRate": 5}, "payments:traceRate: 5 is no share: use 0 to 1"),
        ({"payments__guardDuty": "auto"}, "payments:guardDuty: 'auto' is not known: use one of adopt, create, skip"),
        (
            {"payments__configRules": "auto"},
            "payments:configRules: 'auto' is not known: use one of adopt, create, skip",
        ),
        ({"payments__drRegion": "us-east-1"}, "payments:drRegion: 'us-east-1' is where the system itself runs: use"),
        ({"payments__drRegion": "eu-west-1"}, "payments:drRegion: 'eu-west-1' may not hold payment data: use"),
        ({"payments__backupAdministrators": ["root"]}, "payments:backupAdministrators: 'root' is no role: name ARNs"),
    ],
)
def test_wrong_configuration_ends_with_one_sentence(changed: Changed, config: dict[str, Any], message: str) -> None:
    """A wrong value makes nothing; the message names the key and the fix and shows no traceback."""
    found = changed(**config)

    assert found.error.startswith(message)
    assert "Traceback" not in found.error
    assert len(found.graph) == 0


@pytest.mark.parametrize(
    ("config", "message"),
    [
        pytest.param(
            {"payments__certificateArn": None},
            "payments:certificateArn: is missing: prod needs the ARN of an issued ACM certificate in us-east-1.",
            marks=pytest.mark.requirement("B-38"),
        ),
        ({"payments__frontendImage": None}, "payments:frontendImage: is missing: prod needs an image of its own"),
        ({"payments__backendImage": None}, "payments:backendImage: is missing: prod needs an image of its own"),
        pytest.param(
            {"payments__backendImage": "example.com/pay:1.2"},
            "payments:backendImage: 'example.com/pay:1.2' has no digest, and a tag can move: in prod write",
            marks=pytest.mark.requirement("B-23"),
        ),
        pytest.param(
            {"payments__albToTaskTls": False},
            "payments:albToTaskTls: must be true in prod: remove the key or set it to true.",
            marks=pytest.mark.requirement("B-55"),
        ),
        pytest.param(
            {"payments__allowUnscannedImages": True},
            "payments:allowUnscannedImages: must be false in prod: remove the key or set it to false.",
            marks=pytest.mark.requirement("B-22"),
        ),
    ],
)
def test_production_takes_no_placeholder(record: Record, config: dict[str, Any], message: str) -> None:
    """What is for trying out makes nothing in production; the message names the key and the fix."""
    found = record(PAYMENTS, "prod", **config)

    assert found.error.startswith(message)
    assert len(found.graph) == 0


@pytest.mark.requirement("B-78")
def test_configuration_wins_over_the_environment(changed: Changed) -> None:
    """Environment variables change nothing where the configuration speaks."""
    graph = changed(environ={"AWS_REGION": "us-west-2", "ENVIRONMENT_SUFFIX": "other"}).graph

    assert {vpc.inputs["region"] for vpc in graph.of_type(VPC)} == {"us-east-1"}
    assert all(bucket.inputs["bucket"].endswith("-lgdev") for bucket in graph.of_type(BUCKET))


@pytest.mark.requirement("B-78")
def test_environment_speaks_where_the_configuration_is_silent(changed: Changed) -> None:
    """Region and suffix come from the environment variables as a fallback."""
    graph = changed(
        environ={"AWS_REGION": "us-west-2", "ENVIRONMENT_SUFFIX": "pr17"},
        aws__region=None,
        payments__environmentSuffix=None,
        payments__availabilityZones=WEST,
    ).graph

    assert {vpc.inputs["region"] for vpc in graph.of_type(VPC)} == {"us-west-2"}
    assert all(bucket.inputs["bucket"].endswith("-pr17") for bucket in graph.of_type(BUCKET))


@pytest.mark.requirement("B-03")
def test_region_falls_back_to_us_east_1(changed: Changed) -> None:
    """Where neither speaks, the system runs in us-east-1."""
    assert {vpc.inputs["region"] for vpc in changed(aws__region=None).graph.of_type(VPC)} == {"us-east-1"}


@pytest.mark.requirement("B-05")
def test_fourth_zone_moves_no_subnet(changed: Changed) -> None:
    """A further zone adds subnets; those of the first three keep name, zone and block."""
    zones = [f"us-east-1{letter}" for letter in "abcd"]
    three, four = (
        {
            (s.name, s.inputs["availabilityZone"], s.inputs["cidrBlock"])
            for s in recording.graph.of_type("aws:ec2/subnet:Subnet")
        }
        for recording in (changed(), changed(payments__availabilityZones=zones))
    )

    assert three < four
    assert len(four) == 12
