"""Buckets as S3 describes them."""

from typing import Any

import pytest

from integration.readers import s3
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.s3 import Bucket
from policies.facts.tagging import Tag, Tagged
from tests.integration.scanning.lines import Answer, CannedLine, read

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
BLOCKED = {"PublicAccessBlockConfiguration": dict.fromkeys(FLAGS, True)}
NONE = Trouble(Cause.REFUSED, "NoSuchPublicAccessBlockConfiguration")
BUCKETS = {"Buckets": [{"Name": "logs"}]}


def bucket(answer: Answer) -> Any:
    """Return what is read of a bucket whose access block is this answer."""
    (found,) = read(s3.READING, CannedLine({"ListBuckets": BUCKETS, "GetPublicAccessBlock": answer}), [Bucket])
    return found.fact if isinstance(found, Observed) else found.failure.cause


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            BLOCKED,
            Bucket(
                block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
            ),
        ),
        (NONE, Bucket()),
        ({"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}, Bucket(block_public_acls=True)),
        ({"PublicAccessBlockConfiguration": {"BlockPublicAcls": "true"}}, Cause.UNPARSABLE),
        (Trouble(Cause.DENIED, "AccessDenied"), Cause.DENIED),
        ({}, Cause.UNPARSABLE),
    ],
)
def test_access_blocks(answer: Answer, expected: object) -> None:
    """A flag counts only where S3 says true; no block is no flag; anything else, a text among it, is undecided."""
    assert bucket(answer) == expected


def test_tags() -> None:
    """Tags come sorted, so that their order says nothing; none is none; a denial is a denial."""
    tags = {"TagSet": [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": ""}]}
    line = CannedLine({"ListBuckets": BUCKETS, "GetBucketTagging": tags})
    (found,) = read(s3.READING, line, [Tagged])
    assert isinstance(found, Observed)
    assert found.fact == Tagged(tags=(Tag(key="a", value=""), Tag(key="b", value="2")))
    line = CannedLine({"ListBuckets": BUCKETS, "GetBucketTagging": Trouble(Cause.REFUSED, "NoSuchTagSet")})
    (found,) = read(s3.READING, line, [Tagged])
    assert isinstance(found, Observed)
    assert found.fact == Tagged()


def test_a_second_page_that_is_denied() -> None:
    """What the first page holds is read, and that there is more is said."""
    first = {"Buckets": [{"Name": "logs"}], "ContinuationToken": "more"}
    line = CannedLine({"ListBuckets": [first, Trouble(Cause.THROTTLED, "SlowDown")], "GetPublicAccessBlock": BLOCKED})
    whole, one = read(s3.READING, line, [Bucket])
    assert isinstance(whole, Unread)
    assert (whole.subject.arn, whole.failure.cause) == ("arn:aws:s3:::*", Cause.THROTTLED)
    assert isinstance(one, Observed)
    assert [call.operation for call in one.calls] == ["ListBuckets", "GetPublicAccessBlock"]


def test_only_what_is_wanted_is_asked() -> None:
    """Facts that no control judges cost no call."""
    line = CannedLine({"ListBuckets": BUCKETS, "GetPublicAccessBlock": BLOCKED})
    read(s3.READING, line, [Bucket])
    assert [call.operation for call in line.asked] == ["ListBuckets", "GetPublicAccessBlock"]
    assert line.asked[0].parameters == '{"BucketRegion":"eu-west-1","MaxBuckets":10000}'
