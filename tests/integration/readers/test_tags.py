"""Tags of keys, of log groups, and of everything that no other reader lists."""

from dataclasses import replace
from typing import Any

import pytest

from integration.readers import ec2_tags, kms, logs, tag_stores, tagging
from integration.readers.arn_types import type_of
from integration.readers.tag_lists import row_tasks
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.tagging import Tag, Tagged, tag_forms
from tests.integration.scanning.lines import Answer, CannedLine, read

HERE = "eu-west-1:111122223333:"
KEY = f"arn:aws:kms:{HERE}key/1234"
REST = replace(tagging.READING, begin=tagging.begin_rest)
TAG = (Tag(key="a", value="b"),)


def keys(**metadata: Any) -> list[Observed | Unread]:
    """Return what is read of one key."""
    described = {"KeyManager": "CUSTOMER", "KeyState": "Enabled", "Origin": "AWS_KMS", **metadata}
    answers: dict[str, Answer | list[Answer]] = {
        "ListKeys": {"Keys": [{"KeyArn": KEY}], "Truncated": False},
        "DescribeKey": {"KeyMetadata": described},
        "ListResourceTags": [
            {"Tags": [], "Truncated": True, "NextMarker": "2"},
            {"Tags": [{"TagKey": "a", "TagValue": "b"}], "Truncated": False},
        ],
    }
    return read(kms.READING, CannedLine(answers), [Tagged])


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, [Tagged(type=kms.TYPE, tags=TAG)]),
        ({"KeyManager": "AWS"}, []),
        ({"KeyState": "PendingDeletion"}, [Tagged(type=kms.TYPE, takes_tags=False)]),
    ],
)
def test_keys(metadata: dict[str, str], expected: list[Tagged]) -> None:
    """All pages of a key's tags count; keys of AWS are nobody's here, and one that is to go takes no tags."""
    assert [each.fact for each in keys(**metadata) if isinstance(each, Observed)] == expected


def test_a_key_of_which_nothing_is_said() -> None:
    """A key without a manager is undecided, not passed over."""
    line = CannedLine({"ListKeys": {"Keys": [{"KeyArn": KEY}]}, "DescribeKey": {"KeyMetadata": {}}})
    (found,) = read(kms.READING, line, [Tagged])
    assert isinstance(found, Unread)
    assert found.failure.cause is Cause.UNPARSABLE


def test_log_groups() -> None:
    """A group is asked by its ARN without the streams; one that is denied hides no other."""
    groups = [{"arn": f"arn:aws:logs:{HERE}log-group:{name}:*"} for name in ("one", "two")]
    answers: dict[str, Answer | list[Answer]] = {
        "DescribeLogGroups": {"logGroups": groups},
        "ListTagsForResource": [{"tags": {"a": "b"}}, Trouble(Cause.DENIED, "AccessDeniedException")],
    }
    one, two = read(logs.READING, CannedLine(answers), [Tagged])
    assert isinstance(one, Observed)
    assert (one.subject.arn, one.fact) == (f"arn:aws:logs:{HERE}log-group:one", Tagged(type=logs.TYPE, tags=TAG))
    assert isinstance(two, Unread)


def test_everything_else() -> None:
    """What another reader lists is left to it; what has a type is of that type, and the rest is judged all the same."""
    arns = {
        KEY: "",
        "arn:aws:s3:::logs": "",
        f"arn:aws:ec2:{HERE}vpc/vpc-1": "",
        f"arn:aws:kinesis:{HERE}stream/jobs": "aws:kinesis/stream:Stream",
        f"arn:aws:brandnew:{HERE}thing/1": "aws:brandnew/*",
        "arn:aws:route53:::hostedzone/Z1": "aws:route53/zone:Zone",
        "arn:aws:cloudfront::111122223333:distribution/E1": "",
    }
    listed = [{"ResourceARN": arn, "Tags": [{"Key": "a", "Value": "b"}]} for arn in arns]
    pages: list[Answer] = [
        {"ResourceTagMappingList": listed[:4], "PaginationToken": "2"},
        {"ResourceTagMappingList": listed[4:], "PaginationToken": ""},
    ]
    found = read(REST, CannedLine({"GetResources": pages}), [Tagged])
    assert {each.subject.arn: each.subject.type for each in found} == {
        arn: type_ for arn, type_ in arns.items() if type_
    }
    assert {each.fact.tags for each in found if isinstance(each, Observed) and isinstance(each.fact, Tagged)} == {TAG}
    assert {each.subject.place.region for each in found} == {"", "eu-west-1"}


def test_what_a_service_keeps_by_itself() -> None:
    """A secret that another service keeps comes and goes with what it belongs to, and is nobody's to tag."""
    tags = [{"Key": "aws:secretsmanager:owningService", "Value": "rds"}]
    listed = [{"ResourceARN": f"arn:aws:secretsmanager:{HERE}secret:rds!cluster-1-AbCdEf", "Tags": tags}]
    line = CannedLine({"GetResources": {"ResourceTagMappingList": listed, "PaginationToken": ""}})
    assert read(REST, line, [Tagged]) == []


def test_an_answer_without_tags_is_undecided() -> None:
    """A resource without its tags is not one that has none."""
    line = CannedLine({"GetResources": {"ResourceTagMappingList": [{"ResourceARN": f"arn:aws:sqs:{HERE}jobs"}]}})
    (found,) = read(REST, line, [Tagged])
    assert isinstance(found, Unread)


@pytest.mark.parametrize(
    ("arn", "token"),
    [
        (f"arn:aws:sns:{HERE}alarms", "aws:sns/topic:Topic"),
        (f"arn:aws:ecr:{HERE}repository/front", "aws:ecr/repository:Repository"),
        (f"arn:aws:rds:{HERE}cluster:books", "aws:rds/cluster:Cluster"),
        (f"arn:aws:elasticloadbalancing:{HERE}targetgroup/front/0123456789abcdef", "aws:lb/targetGroup:TargetGroup"),
        (f"arn:aws:secretsmanager:{HERE}secret:books-AbCdEf", "aws:secretsmanager/secret:Secret"),
        (f"arn:aws:brandnew:{HERE}thing/1", ""),
        ("no arn", ""),
    ],
)
def test_types_of_arns(arn: str, token: str) -> None:
    """The type is that of the template which the ARN fits best."""
    assert type_of(arn) == token


def test_every_type_that_takes_tags_is_spoken_of() -> None:
    """A type that takes tags is listed, read as a listed one, or left out with a reason, and only one of these."""
    taggable = {token for token, form in tag_forms().items() if form != "none"}
    left_out = {token for fact, token in tagging.READING.leaves_out if fact is Tagged}
    assert taggable == left_out | tagging.LISTED | tagging.READ_AS.keys()
    assert not left_out & (tagging.LISTED | tagging.READ_AS.keys())
    assert not tagging.LISTED & tagging.READ_AS.keys()
    assert {*tagging.READ_AS.values()} <= tagging.LISTED
    assert all(tagging.READING.leaves_out.values())


@pytest.mark.parametrize(
    ("table", "seen"),
    [
        ({}, False),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, True),
        ({"Routes": [{"GatewayId": "local"}, {"GatewayId": "igw-1"}]}, True),
        ({"PropagatingVgws": [{"GatewayId": "vgw-1"}]}, True),
        ({"Associations": [{"Main": True}, {"Main": False}]}, True),
        ({"Associations": []}, True),
    ],
)
def test_main_route_tables(table: dict[str, Any], seen: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A main table that nobody touched is a part of its VPC; one that somebody adopted is judged by itself."""
    made = {"RouteTableId": "rtb-1", "Associations": [{"Main": True}], "Routes": [{"GatewayId": "local"}], "Tags": []}
    (kind,) = (each for each in ec2_tags.RESOURCES if each.type == "aws:ec2/routeTable:RouteTable")
    assert kind.counts({**made, **table}, "111122223333") is seen


def test_what_aws_makes_by_itself() -> None:
    """The default vault and alarms of scaling policies are nobody's to tag; what is named alike is somebody's."""
    scaling = "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:1:resource/ecs/service/a/b:policyName/c"
    name = "TargetTracking-service/a/b-AlarmHigh-8cb3f165-5f8d-460f-9151-078acfaf5564"
    alarms = [
        {"AlarmArn": f"arn:aws:cloudwatch:{HERE}alarm:{number}", "AlarmName": named, "AlarmActions": actions}
        for number, (named, actions) in enumerate(
            [(name, [scaling]), (name, ["arn:aws:sns:eu-west-1:111122223333:x"]), (name, []), ("mine", [scaling])]
        )
    ]
    vault = f"arn:aws:backup:{HERE}backup-vault:"
    vaults = [{"BackupVaultName": each, "BackupVaultArn": vault + each} for each in ("Default", "mine")]
    line = CannedLine(
        {
            "DescribeAlarms": {"MetricAlarms": alarms, "CompositeAlarms": []},
            "ListTagsForResource": {"Tags": []},
            "ListBackupVaults": {"BackupVaultList": vaults},
            "GetResources": {"ResourceTagMappingList": [], "PaginationToken": ""},
        }
    )
    rows = [
        each
        for each in tag_stores.ROWS
        if each.type in {"aws:cloudwatch/metricAlarm:MetricAlarm", "aws:backup/vault:Vault"}
    ]
    found = read(replace(tagging.READING, begin=lambda place, _: row_tasks(rows, place)), line, [Tagged])
    assert {each.subject.arn for each in found} == {vault + "mine", *(each["AlarmArn"] for each in alarms[1:])}
