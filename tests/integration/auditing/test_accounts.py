"""An account is scanned only if it is listed, and nothing is asked of one that is not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from integration.auditing.accounts import account_target
from integration.auditing.command import run_audit
from integration.auditing.request import Request
from integration.sandbox import Sandbox
from ledgergate.errors import LedgergateError
from tests.integration.estate import ACCOUNT, OBSERVED_AT, SETTINGS, furnish
from tests.policies.gating.workspace import BUCKET, program

OTHER = "444455556666"
PROFILE = f'account_id = "{ACCOUNT}"\nregions = ["us-east-1"]\nproject_tag = "x"\n'


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let the user's own environment lead into a sandbox, and list the calls."""
    made: list[str] = []
    with Sandbox.in_process(account=ACCOUNT) as sandbox:

        def session() -> boto3.Session:
            opened = sandbox.session()
            opened.events.register("before-call", lambda model, **_: made.append(model.name))
            return opened

        monkeypatch.setattr(boto3, "Session", session)
        yield made


@pytest.fixture
def furnished(calls: list[str]) -> list[str]:
    """Put one of everything into the account; return the list of what is called from now on."""
    furnish(boto3.Session())
    calls.clear()
    return calls


def test_an_account_that_is_listed(calls: list[str]) -> None:
    """Whose credentials these are is asked first, and then the scan may begin."""
    target = account_target(Request(accounts=(ACCOUNT,), regions=("us-east-1",)), OBSERVED_AT)
    assert (target.account.account, target.account.partition, target.regions) == (ACCOUNT, "aws", ("us-east-1",))
    assert target.settings.account_id == ACCOUNT
    assert calls == ["GetCallerIdentity"]


def test_an_account_that_is_not_listed(calls: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Credentials of another account end the audit with exit code 2; nothing was asked but whose they are."""
    assert run_audit(Request(accounts=(OTHER,), regions=("us-east-1",))) == 2
    assert calls == ["GetCallerIdentity"]
    assert f"account {ACCOUNT}, which may not be scanned" in capsys.readouterr().err


def test_a_profile_of_another_account(calls: list[str], tmp_path: Path) -> None:
    """The account that is listed must be that of the profile it is judged by; nobody is called to find out."""
    shop = program(tmp_path / "shop", BUCKET, profile=f'account_id = "{OTHER}"\nregions = ["us-east-1"]\n')
    with pytest.raises(LedgergateError, match=f"the profile is that of account {OTHER}"):
        account_target(Request(programs=(shop,), accounts=(ACCOUNT,)), OBSERVED_AT)
    with pytest.raises(LedgergateError, match=f"credentials are those of account {ACCOUNT}"):
        account_target(Request(programs=(shop,), accounts=(OTHER,)), OBSERVED_AT)
    assert calls == ["GetCallerIdentity"]


def test_a_region_that_is_not_listed(calls: list[str], tmp_path: Path) -> None:
    """A Region outside the profile is refused before the first call."""
    shop = program(tmp_path / "shop", BUCKET, profile=f'account_id = "{ACCOUNT}"\nregions = ["us-east-1"]\n')
    for request in (
        Request(programs=(shop,), accounts=(ACCOUNT,), regions=("eu-west-1",)),
        Request(accounts=(ACCOUNT,)),
    ):
        with pytest.raises(LedgergateError, match="Region"):
            account_target(request, OBSERVED_AT)
    assert calls == []


def test_one_stack_at_a_time(calls: list[str], tmp_path: Path) -> None:
    """An account is not judged by two profiles."""
    shop = program(tmp_path / "shop", BUCKET, {"dev": "", "prod": ""})
    with pytest.raises(LedgergateError, match="the profile of one stack"):
        account_target(Request(programs=(shop,), accounts=(ACCOUNT,)), OBSERVED_AT)
    assert calls == []


def refusing(monkeypatch: pytest.MonkeyPatch, *regions: str) -> None:
    """Let some Regions, all if none is named, know nobody of this account."""
    open_session = boto3.Session

    def refuse(model: Any, request_signer: Any, **_: Any) -> None:
        if not regions or request_signer._region_name in regions:
            code = "InvalidClientTokenId" if model.service_model.service_name == "sts" else "AuthFailure"
            raise ClientError({"Error": {"Code": code}}, model.name)

    def session() -> boto3.Session:
        opened = open_session()
        hook: Any = refuse
        opened.events.register("before-call", hook)
        return opened

    monkeypatch.setattr(boto3, "Session", session)


@pytest.mark.parametrize("regions", [("ap-east-1", "us-east-1"), ("ap-east-1",)])
def test_a_region_that_is_not_enabled(
    furnished: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], regions: tuple[str, ...]
) -> None:
    """A Region that knows nobody of this account is undecided wherever in the list it stands; the rest is scanned."""
    refusing(monkeypatch, "ap-east-1")
    assert run_audit(Request(accounts=(ACCOUNT,), regions=regions, select=("LG-NET-02",), workers=4)) == 3
    assert "the Region is not enabled for this account" in " ".join(capsys.readouterr().out.split())
    assert furnished.count("GetCallerIdentity") == 2


def test_credentials_that_nobody_knows(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no Region accepts them, it is the credentials: one that is always enabled was asked too."""
    refusing(monkeypatch)
    with pytest.raises(LedgergateError, match="no Region knows these credentials") as raised:
        account_target(Request(accounts=(ACCOUNT,), regions=("eu-west-1",)), OBSERVED_AT)
    assert "us-east-1" in str(raised.value)


def test_without_credentials(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has no credentials gets one sentence and a hint, and no traceback."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    assert run_audit(Request(accounts=(ACCOUNT,), regions=("us-east-1",))) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: nobody knows whose credentials these are")
    assert "AWS_PROFILE" in said


def test_the_whole_audit_of_an_account(
    furnished: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A furnished account passes under the profile that its tags speak of; no call is a change."""
    profile = PROFILE.replace('["us-east-1"]', json.dumps(SETTINGS.regions))
    profile += f"global_database_regions = {json.dumps(SETTINGS.global_database_regions)}\n"
    shop = program(tmp_path / "shop", BUCKET, profile=profile)
    assert run_audit(Request(programs=(shop,), accounts=(ACCOUNT,), regions=("us-east-1",), workers=4)) == 0
    assert "PASSED" in capsys.readouterr().out
    assert all(name.startswith(("BatchGet", "Describe", "Get", "List")) for name in furnished)


def test_resources_that_fail_alike_are_all_named(calls: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Without a program resources have no URN, and are told apart by their ARNs."""
    for name in ("untagged-one", "untagged-two"):
        boto3.Session().client("s3").create_bucket(Bucket=name)
    request = Request(accounts=(ACCOUNT,), regions=("us-east-1",), select=("LG-TAG-01",), quiet=True)
    assert run_audit(request) == 1
    said = capsys.readouterr().out
    assert [said.count(f"arn:aws:s3:::untagged-{name}") for name in ("one", "two")] == [1, 1]
    assert f"{ACCOUNT}/us-east-1" in said
