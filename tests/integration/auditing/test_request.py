"""What can be wrong with a request before anybody is called."""

from pathlib import Path

import pytest

from integration.auditing.request import Request, allowed_regions, demand_sound
from ledgergate.errors import LedgergateError


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        (Request(accounts=("12345",)), "an account id has 12 digits"),
        (Request(accounts=("111122223333", "444455556666")), "one audit scans one account"),
        (Request(regions=("Frankfurt",)), "that is no Region"),
        (Request(replay=Path("x"), accounts=("111122223333",)), "scans no account and keeps nothing"),
        (Request(replay=Path("x"), evidence=Path("y")), "scans no account and keeps nothing"),
        (Request(accounts=("111122223333",), baseline=False), "nothing is put into an account"),
        (Request(replay=Path("x"), baseline=False), "nothing is put into an account"),
    ],
)
def test_what_contradicts_itself_is_refused(request_: Request, complaint: str) -> None:
    """Each mistake is one sentence that names it."""
    with pytest.raises(LedgergateError, match=complaint):
        demand_sound(request_)


def test_regions_of_the_profile_are_a_list_of_what_is_allowed() -> None:
    """Without a wish all of them are scanned, each once; a wish picks from them; without any nobody guesses."""
    listed = ("eu-west-1", "eu-west-2")
    assert allowed_regions((), listed) == listed
    assert allowed_regions(("eu-west-2", "eu-west-2"), listed) == ("eu-west-2",)
    assert allowed_regions(("us-east-1",), ()) == ("us-east-1",)
    with pytest.raises(LedgergateError, match="the profile does not list this Region"):
        allowed_regions(("us-east-1",), listed)
    with pytest.raises(LedgergateError, match="no Region is named"):
        allowed_regions((), ())
