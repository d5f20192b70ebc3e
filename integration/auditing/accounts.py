"""A real account: on the list, in Regions on the list, before anything else is asked of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import boto3
from botocore.exceptions import BotoCoreError

from integration.auditing.request import Request, allowed_regions
from integration.auditing.target import Target
from integration.readers import operations_for
from integration.scanning.asker import Asker, Desk, LiveLine
from integration.scanning.calls import CallFailedError, Cause
from integration.scanning.limits import RATES, Limits
from integration.scanning.observed import Place
from integration.session import Connections, patience
from ledgergate.engine.symbolic.regions import partition_of
from ledgergate.errors import LedgergateError
from policies.catalogue import load_catalogue
from policies.facts.arns import parse_arn
from policies.gating.judging import load_rules
from policies.gating.programs import select_programs
from policies.model import Control
from policies.settings import Settings
from policies.suggestion import EVERY_STACK, all_known
from policies.waivers import load_waivers

if TYPE_CHECKING:
    from policies.waivers import Waiver

_ALWAYS_ENABLED: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Partition → a Region that no account can disable. Source: AWS account management guide, read 2026-11-30."""

_HINT: Final = "It needs the usual AWS environment: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


def account_target(request: Request, observed_at: str) -> Target:
    """Return the account whose credentials the environment holds.

    Args:
        request: What the user asked for; a program among it gives profile and waivers.
        observed_at: RFC 3339 time in UTC.

    Raises:
        LedgergateError: Account or Region is not allowed, there are no credentials, or a file is wrong.
    """
    settings, controls, waivers, program, stack = _rules(request)
    listed = set(request.accounts)
    if settings.account_id and settings.account_id not in listed:
        hint = f"Listed by --account: {', '.join(sorted(listed))}."
        raise LedgergateError(f"the profile is that of account {settings.account_id}", hint)
    regions = allowed_regions(request.regions, settings.regions)
    # What lies in a Region of the profile may name another one of it, whichever of them are scanned.
    listed_regions = {*regions, *settings.regions, *settings.global_database_regions}
    config = patience(connections=request.workers)
    connections = Connections(boto3.Session(), operations_for(), config, listed_regions)
    account = demand_listed(connections, regions, listed & {settings.account_id or each for each in listed})
    return Target(
        name=account.account,
        kind="account",
        account=account,
        regions=regions,
        controls=controls,
        settings=settings.model_copy(update={"account_id": account.account, "partition": account.partition}),
        connections=connections,
        line=LiveLine(Limits(RATES)),
        program=program,
        stack=stack,
        observed_at=observed_at,
        waivers=waivers,
    )


def demand_listed(connections: Connections, regions: Sequence[str], listed: set[str]) -> Place:
    """Ask whose credentials these are, and refuse every account that is not listed.

    It is the first call there is, and it tells nothing about the account but its number.

    Args:
        connections: Makes the clients.
        regions: Regions to ask in, in turn: one that is not enabled for the account answers nobody.
        listed: Accounts that may be scanned.

    Raises:
        LedgergateError: The account is not listed, or nobody answers.
    """
    found = _whose(connections, regions)
    account, arn = found["Account"], parse_arn(found["Arn"])
    if account not in listed:
        hint = f"Listed: {', '.join(sorted(listed))}."
        raise LedgergateError(f"the credentials are those of account {account}, which may not be scanned", hint)
    return Place(account, "", arn.partition if arn else "aws")


def _whose(connections: Connections, regions: Sequence[str]) -> Mapping[str, Any]:
    asker = Asker(LiveLine(Limits(None)), lambda _: None)
    refused = []
    for region in dict.fromkeys((*regions, _ALWAYS_ENABLED.get(partition_of(regions[0], "aws"), regions[0]))):
        try:
            desk = Desk(asker, connections.clients(region))
            return cast("Mapping[str, Any]", desk.one(desk.aws.sts.get_caller_identity))
        except CallFailedError as error:
            refused.append(str(error))
            if error.failure.cause is not Cause.DISABLED_REGION:
                raise LedgergateError(f"nobody knows whose credentials these are: {error}", _HINT) from None
        except BotoCoreError as error:
            raise LedgergateError(f"there is no session with AWS: {error}", _HINT) from None
    raise LedgergateError(f"no Region knows these credentials: {'; '.join(refused)}", _HINT)


Rules = tuple[Settings, tuple[Control, ...], "tuple[Waiver, ...]", str, str]


def _rules(request: Request) -> Rules:
    if not request.programs:
        catalogue = load_catalogue()
        return Settings(), catalogue.select(request.select), _waivers(request.waivers, catalogue.names), "", ""
    selection = select_programs(request.programs, request.stacks)
    if len(selection.stacks) != 1:
        hint = f"Name it with --stack. {all_known([str(each) for each in selection.stacks], EVERY_STACK)}"
        raise LedgergateError("an account is judged by the profile of one stack", hint)
    (name,), project = selection.stacks, selection.projects[0]
    rules = load_rules(project, [name.stack], request.select, own_waivers=request.waivers is None)
    waivers = _waivers(request.waivers, rules.names) or rules.waivers
    return rules.settings[name.stack], rules.controls, waivers, "", ""


def _waivers(path: Path | None, names: frozenset[str]) -> "tuple[Waiver, ...]":
    return tuple(load_waivers(path, names)) if path is not None else ()
