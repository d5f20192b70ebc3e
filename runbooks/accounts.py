"""Which accounts and Regions a drill may touch, and the clients that touch them."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policies.settings import PROFILE_FILE, Settings, load_profile
from runbooks.errors import DrillError
from runbooks.plan import Place

if TYPE_CHECKING:
    import boto3

_CONNECT_S: Final = 5
_READ_S: Final = 15


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


def open_session(place: Place, aws: Mapping[str, str] | None = None) -> "boto3.Session":
    """Return a session of the account, whose identity was asked for before anything else.

    Args:
        place: The account and Region.
        aws: Endpoint and credentials of a rehearsal; None for the user's own.

    Raises:
        AccountError: The credentials are of another account, or there are none.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    session = (
        boto3.Session(region_name=place.region)
        if aws is None
        else boto3.Session(
            aws_access_key_id=aws["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=aws["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=aws["AWS_SESSION_TOKEN"],
            region_name=place.region,
        )
    )
    try:
        found = client(session, "sts", aws).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise AccountError(f"nobody can tell whose credentials these are: {error}") from None
    if found != place.account:
        raise AccountError(f"the credentials are of account {found}, the drill is for {place.account}")
    return session


def client(session: "boto3.Session", service: str, aws: Mapping[str, str] | None = None) -> Any:
    """Return a client that gives up early and never repeats a call by itself: the runner decides about that."""
    from botocore.config import Config

    retries: Any = {"total_max_attempts": 1}
    config = Config(connect_timeout=_CONNECT_S, read_timeout=_READ_S, retries=retries)
    return session.client(
        service,  # type: ignore[call-overload]  # one signature for every service
        config=config,
        endpoint_url=None if aws is None else aws["AWS_ENDPOINT_URL"],
    )
