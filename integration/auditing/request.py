"""What the user asked for, and the parts of it that can be wrong before anybody is called."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergate.errors import LedgergateError

_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ACCOUNT: Final = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of the audit.

    Args:
        programs: Folders of Pulumi projects; empty for all under `infra/`.
        stacks: `stack` or `project/stack`; empty for all.
        config: `KEY=VALUE` texts for the programs that are deployed into a sandbox.
        accounts: The account that may be scanned; empty for a sandbox.
        regions: Regions to scan; empty for those of the profile.
        select: Families, control ids and slugs; empty for all.
        waivers: Waiver file to use instead of each program's own.
        replay: Folder of evidence to judge again instead of a scan.
        evidence: Folder that takes the raw answers.
        format: Format on standard output, or in the file that `output` names without one.
        output: `PATH` and `FORMAT:PATH` texts.
        workers: Calls that are under way at once, >= 1.
        quiet: Whether only what blocks is shown.
        baseline: Whether the account of a sandbox has what a landing zone gives it.
    """

    programs: tuple[Path, ...] = ()
    stacks: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    waivers: Path | None = None
    replay: Path | None = None
    evidence: Path | None = None
    format: str = "text"
    output: tuple[str, ...] = ()
    workers: int = 16
    quiet: bool = False
    baseline: bool = True


def demand_sound(request: Request) -> None:
    """Refuse a request that contradicts itself or names what cannot exist.

    Raises:
        LedgergateError: It does.
    """
    for account in request.accounts:
        if not _ACCOUNT.fullmatch(account):
            raise LedgergateError(f"--account {account}: an account id has 12 digits")
    if len(set(request.accounts)) > 1:
        hint = "Call the audit once for each account, with its credentials."
        raise LedgergateError(f"--account {','.join(request.accounts)}: one audit scans one account", hint)
    for region in request.regions:
        if not _REGION.fullmatch(region):
            raise LedgergateError(
                f"--regions {region}: that is no Region", "For example --regions eu-west-1,eu-west-2."
            )
    if request.replay is not None and (request.accounts or request.regions or request.evidence):
        raise LedgergateError("--replay judges what was kept: it scans no account and keeps nothing")
    if not request.baseline and (request.accounts or request.replay is not None):
        raise LedgergateError("--no-account-baseline is for a sandbox: nothing is put into an account")


def allowed_regions(asked: tuple[str, ...], listed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the Regions to scan.

    Args:
        asked: Those of the command line; none for all that are listed.
        listed: Those that the profile allows; none where it allows any.

    Raises:
        LedgergateError: One is not allowed, or nobody names any.
    """
    if not asked and not listed:
        raise LedgergateError("no Region is named", "Name them with --regions, or as `regions` in ledgergate.toml.")
    for region in asked:
        if listed and region not in listed:
            raise LedgergateError(
                f"--regions {region}: the profile does not list this Region", f"Listed: {', '.join(listed)}."
            )
    return tuple(dict.fromkeys(asked or listed))
