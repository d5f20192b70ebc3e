"""User pools as Cognito describes them."""

from typing import Any

from integration.readers import cognito
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.deletion import DeletionProtection
from tests.integration.scanning.lines import Answer, CannedLine, read


def _read(*described: Answer) -> Any:
    pages: list[Answer] = [{"UserPools": [{"Id": "a"}], "NextToken": "more"}, {"UserPools": [{"Id": "b"}]}]
    line = CannedLine({"ListUserPools": pages, "DescribeUserPool": [*described]})
    return read(cognito.READING, line, [DeletionProtection])


def test_pools_of_every_page() -> None:
    """Each is asked for; one that does not answer, or leaves out its protection, hides no other."""
    on: Answer = {"UserPool": {"DeletionProtection": "ACTIVE"}}
    arns = [f"arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{name}" for name in "ab"]
    troubles: list[Answer] = [Trouble(Cause.DENIED, "AccessDeniedException"), {"UserPool": {}}]
    for broken in troubles:
        found = _read(on, broken)
        assert [each.subject.arn for each in found] == arns
        assert [each.fact for each in found if isinstance(each, Observed)] == [DeletionProtection(on=True)]
        assert sum(isinstance(each, Unread) for each in found) == 1
