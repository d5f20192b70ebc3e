"""Tags of keys, of log groups, and of everything that no other reader lists."""

from typing import Any

import pytest

from integration.readers import kms, logs, tagging
from integration.readers.arn_types import type_of
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.tagging import Tag, Tagged
from tests.integration.scanning.lines import Answer, CannedLine, read

HERE = "eu-west-1:111122223333:"
KEY = f"arn:aws:kms:{HERE}key/1234"
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
        f"arn:aws:sqs:{HERE}jobs": "aws:sqs/queue:Queue",
        f"arn:aws:brandnew:{HERE}thing/1": "aws:brandnew/*",
        "arn:aws:cloudfront::111122223333:distribution/E1": "aws:cloudfront/distribution:Distribution",
    }
    listed = [{"ResourceARN": arn, "Tags": [{"Key": "a", "Value": "b"}]} for arn in arns]
    pages: list[Answer] = [
        {"ResourceTagMappingList": listed[:4], "PaginationToken": "2"},
        {"ResourceTagMappingList": listed[4:], "PaginationToken": ""},
    ]
    found = read(tagging.READING, CannedLine({"GetResources": pages}), [Tagged])
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
    assert read(tagging.READING, line, [Tagged]) == []


def test_an_answer_without_tags_is_undecided() -> None:
    """A resource without its tags is not one that has none."""
    line = CannedLine({"GetResources": {"ResourceTagMappingList": [{"ResourceARN": f"arn:aws:sqs:{HERE}jobs"}]}})
    (found,) = read(tagging.READING, line, [Tagged])
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
