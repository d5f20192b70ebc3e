"""Shows that a drill touches no account and no Region that was not listed for it."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import boto3
import pytest
from moto import mock_aws

from runbooks.accounts import AccountError, client, demand_allowed, open_session
from runbooks.plan import Place
from tests.integration.sandbox.world.clusters import ACCOUNT

PROFILE: Final = f'account_id = "{ACCOUNT}"\nregions = ["us-east-1"]\n[stack.other]\naccount_id = "999999999999"\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a place that the profile beside its program lists."""
    (tmp_path / "ledgergate.toml").write_text(PROFILE)
    return Place(account=ACCOUNT, region="us-east-1", program=str(tmp_path), stack="dev", rehearsal=False)


def test_what_is_listed_is_allowed(place: Place) -> None:
    """Account and Region of the stack's profile, and nothing else."""
    demand_allowed(place)
    for other in (replace(place, account="999999999999"), replace(place, stack="other")):
        with pytest.raises(AccountError, match=f"account {other.account} is not on the allow-list"):
            demand_allowed(other)
    with pytest.raises(AccountError, match="Region eu-west-1 is not on the allow-list"):
        demand_allowed(replace(place, region="eu-west-1"))


@pytest.mark.parametrize("profile", ["", 'regions = ["us-east-1"]', f'account_id = "{ACCOUNT}"'])
def test_without_a_list_nothing_is_allowed(place: Place, profile: str) -> None:
    """A profile that is silent permits no drill."""
    Path(place.program, "ledgergate.toml").write_text(profile)
    with pytest.raises(AccountError, match="lists no account_id or no regions"):
        demand_allowed(place)


def test_credentials_of_another_account_are_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The identity is asked for before anything else, and nothing else is asked when it is wrong."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    with mock_aws():
        assert open_session(place).region_name == "us-east-1"
        with pytest.raises(AccountError, match=f"of account {ACCOUNT}, the drill is for 999999999999"):
            open_session(replace(place, account="999999999999"))


def test_no_call_is_repeated_by_the_client_and_none_waits_for_ever() -> None:
    """A fail-over that timed out is not sent again behind the runner's back."""
    session = boto3.Session("a", "b", region_name="us-east-1")
    config = client(session, "rds").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout <= 30
