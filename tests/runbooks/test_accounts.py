"""Shows that a drill touches no account and no Region that was not listed for it."""

import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import boto3
import botocore.session
import pytest
from moto import mock_aws

from integration.sandbox.clients import SandboxSession
from integration.sandbox.world.service import served
from runbooks.accounts import Account, AccountError, demand_allowed, demand_identity, open_account
from runbooks.aurora import RdsCluster
from runbooks.errors import NotYetError
from runbooks.plan import Place
from tests.integration.sandbox.world.clusters import ACCOUNT
from tests.runbooks.breakage import Breakage, Kind

PROFILE: Final = f'account_id = "{ACCOUNT}"\nregions = ["us-east-1"]\n[stack.other]\naccount_id = "999999999999"\n'
CREDENTIALS: Final = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}


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
        assert open_account(place).session.region_name == "us-east-1"
        with pytest.raises(AccountError, match=f"of account {ACCOUNT}, the drill is for 999999999999"):
            open_account(replace(place, account="999999999999"))


@pytest.mark.parametrize("kind", list(Kind))
def test_an_identity_that_nobody_tells_ends_the_drill_before_it_begins(place: Place, kind: Kind) -> None:
    """Denied, throttled, garbled, timed out or unreachable: one sentence, whatever the answer was."""
    session = boto3.Session("a", "b", region_name="us-east-1")
    with (
        mock_aws(),
        Breakage(0, kind).of(session),
        pytest.raises(AccountError, match="nobody can tell whose credentials these are: "),
    ):
        demand_identity(Account(session), place)


def test_no_call_is_repeated_by_the_client_and_none_waits_for_ever() -> None:
    """A fail-over that timed out is not sent again behind the runner's back; a faster drill gives up sooner."""
    session = boto3.Session("a", "b", region_name="us-east-1")
    config = Account(session).client("rds").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout <= 30
    fast = Account(session, scale=10.0).client("rds").meta.config
    assert (fast.connect_timeout, fast.read_timeout) == (1.0, 1.5)


def test_a_rehearsal_goes_through_no_proxy(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says of proxies and endpoints leads no call of a rehearsal off this machine."""
    away = "http://proxy.invalid:3128"
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.setenv(name, away)
    credentials = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), "x")
    with served({}) as url, pytest.raises(AccountError, match="Unable to parse response"):
        open_account(place, {"AWS_ENDPOINT_URL": url, **credentials})


def test_a_call_that_is_never_answered_is_given_up_in_the_drills_time() -> None:
    """What hangs costs seconds of the drill, not minutes: a rehearsal that runs faster waits for as much less."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        session = SandboxSession(botocore.session.Session(), url, **CREDENTIALS)
        begun = time.monotonic()
        with pytest.raises(NotYetError, match="RDS was not reached: ReadTimeoutError"):
            RdsCluster(Account(session, scale=20.0).client("rds"), "payments").look()
        assert time.monotonic() - begun < 5
