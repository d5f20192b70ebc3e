"""Which accounts and Regions a drill may touch, and the clients that touch them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policies.settings import PROFILE_FILE, Settings, load_profile
from runbooks.errors import DrillError
from runbooks.plan import Place

if TYPE_CHECKING:
    import boto3

_CONNECT_S: Final = 5.0
_READ_S: Final = 15.0
_SHORTEST_S: Final = 1.0
"""Seconds of the wall that a sandbox on a busy machine is given."""


class AccountError(DrillError):
    """A drill must not touch this account or Region."""


def profile_of(program: str, stack: str) -> Settings:
    """Return what the profile beside a program says of a stack; its account and Regions are the allow-list.

    Raises:
        LedgergateError: There is no profile, or it is malformed.
    """
    path = Path(program) / PROFILE_FILE
    if not path.exists():
        raise AccountError(f"{path} is missing", "A drill needs its account_id and regions: they are the allow-list.")
    settings = load_profile(path, stack).settings
    if not (settings.account_id and settings.regions):
        raise AccountError(f"{path} lists no account_id or no regions for stack {stack}", "They are the allow-list.")
    return settings


def demand_allowed(place: Place) -> None:
    """Refuse a place that the profile does not list.

    Raises:
        LedgergateError: Account or Region is not listed.
    """
    settings = profile_of(place.program, place.stack)
    if place.account != settings.account_id:
        hint = f"Listed: {settings.account_id}."
        raise AccountError(f"account {place.account} is not on the allow-list of {place.program}", hint)
    if place.region not in settings.regions:
        hint = f"Listed: {', '.join(settings.regions)}."
        raise AccountError(f"Region {place.region} is not on the allow-list of {place.program}", hint)


@dataclass(frozen=True, slots=True)
class Account:
    """How an account is reached.

    Args:
        session: Its session.
        scale: How much faster than the wall the drill runs; calls are given up as much sooner.
    """

    session: "boto3.Session"
    scale: float = 1.0

    def client(self, service: str) -> Any:
        """Return a client that gives up early and never repeats a call by itself: the runner decides about that."""
        from botocore.config import Config

        retries: Any = {"total_max_attempts": 1}
        config = Config(
            connect_timeout=max(_CONNECT_S / self.scale, _SHORTEST_S),
            read_timeout=max(_READ_S / self.scale, _SHORTEST_S),
            retries=retries,
        )
        return self.session.client(service, config=config)  # type: ignore[call-overload]  # one signature for every service


def open_account(place: Place, aws: Mapping[str, str] | None = None, scale: float = 1.0) -> Account:
    """Return how an account is reached, after its identity was asked for before anything else.

    Args:
        place: The account and Region.
        aws: Endpoint and credentials of a rehearsal; None for the user's own.
        scale: How much faster than the wall the drill runs.

    Raises:
        AccountError: The credentials are of another account, or there are none.
    """
    import boto3

    session = boto3.Session(region_name=place.region) if aws is None else _rehearsal_session(place.region, aws)
    account = Account(session, scale)
    demand_identity(account, place)
    return account


def demand_identity(account: Account, place: Place) -> None:
    """Ask whose credentials these are, and refuse those of another account.

    Raises:
        AccountError: They are of another account, or nobody can tell.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        found = account.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError, ResponseParserError, KeyError) as error:
        said = str(error).partition("\n")[0]
        raise AccountError(f"nobody can tell whose credentials these are: {said}") from None
    if found != place.account:
        raise AccountError(f"the credentials are of account {found}, the drill is for {place.account}")


def _rehearsal_session(region: str, aws: Mapping[str, str]) -> "boto3.Session":
    """Return a session that reaches a rehearsal's world and nothing else, whatever the environment says."""
    from botocore.config import Config

    from integration.sandbox.clients import SandboxSession
    from integration.session import isolated_core

    core = isolated_core()
    # Not even through a proxy.
    core.set_default_client_config(core.get_default_client_config().merge(Config(proxies={})))
    return SandboxSession(
        core,
        aws["AWS_ENDPOINT_URL"],
        aws_access_key_id=aws["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=aws["AWS_SESSION_TOKEN"],
        region_name=region,
    )
