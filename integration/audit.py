"""`python -m integration.audit`: judges what is deployed, in a sandbox or in an account.

Only what a command line needs is imported here, so that `--help` is quick.
"""

import sys

try:
    import signal
    from pathlib import Path
    from typing import Annotated, Any, Final

    import typer

    from policies.gating.options import FORMAT_HELP, OUTPUT_HELP, given_path, listed
except KeyboardInterrupt:  # whoever interrupts at once needs no traceback of what was being loaded
    sys.exit(130)

_HELP: Final = """
Judge what is deployed: readers turn an account into the same facts as the gate
does a program, and the same controls judge them. Nothing is deferred here, and
what cannot be read is undecided, never passed. The audit only reads.

By default each stack of each program is deployed into a sandbox on this machine
and that is audited. Its account has before what a landing zone gives every
account, GuardDuty and Inspector among it, unless --no-account-baseline is
given. With --account it is the account of the usual AWS environment
(AWS_PROFILE, AWS_ENDPOINT_URL, ...), if it is the one named.

\b
Examples:
  python -m integration.audit infra/payments --stack dev
      deploy a stack into a sandbox and audit it
  python -m integration.audit --account 111122223333 --regions eu-west-1
      audit an account
  python -m integration.audit infra/payments --stack prod
        --account 444455556666
      audit an account by the profile and waivers of a stack
  python -m integration.audit --account 111122223333 --regions eu-west-1
        --evidence reports/audit
      keep the raw answers, redacted
  python -m integration.audit --replay reports/audit
      judge them again without AWS
  python -m integration.audit --select encryption --explain-permissions
      the IAM policy that a scan for these controls needs

\b
Exit codes:
  0    everything passed or is waived
  1    a control failed
  2    a mistake in usage, configuration or program, or an account that is not
       listed: nothing passes by it
  3    nothing failed, but something could not be decided
  130  interrupted: what was found so far, marked incomplete
"""


def _path(metavar: str, purpose: str) -> Any:
    """Return an option that names a path and must not be empty."""
    return typer.Option(metavar=metavar, parser=given_path, help=purpose)


app: Final = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(help=_HELP)
def audit(  # noqa: PLR0913 - one parameter for each option
    programs: Annotated[
        list[Path] | None, typer.Argument(metavar="PROGRAM_DIR", parser=given_path, hidden=True)
    ] = None,
    *,
    stack: Annotated[
        list[str] | None, typer.Option(metavar="STACK", help="Audit this stack only; PROJECT/STACK works too.")
    ] = None,
    config: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Set a configuration value in every stack.")
    ] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Deploy into a sandbox and audit that: the default.")
    ] = False,
    account: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Audit this account, and touch no other.")
    ] = None,
    regions: Annotated[
        list[str] | None, typer.Option(metavar="REGION", help="Scan these Regions of those in the profile.")
    ] = None,
    baseline: Annotated[
        bool,
        typer.Option(
            "--account-baseline/--no-account-baseline",
            help="Give the sandbox's account what a landing zone gives every account first.",
        ),
    ] = True,
    select: Annotated[
        list[str] | None, typer.Option(metavar="FAMILY|CONTROL", help="Apply these controls only.")
    ] = None,
    waivers: Annotated[
        Path | None,
        _path("FILE", "Waivers to use instead of each program's own."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option(metavar="FORMAT", help=FORMAT_HELP)
    ] = "text",
    output: Annotated[list[str] | None, typer.Option(metavar="[FORMAT:]PATH", help=OUTPUT_HELP)] = None,
    evidence: Annotated[
        Path | None,
        _path("DIR", "Keep the raw answers there, redacted; a new folder."),
    ] = None,
    replay: Annotated[
        Path | None,
        _path("DIR", "Judge again what --evidence kept, without AWS."),
    ] = None,
    explain_permissions: Annotated[
        bool, typer.Option("--explain-permissions", help="Print the IAM policy that a scan needs, and end.")
    ] = False,
    workers: Annotated[int, typer.Option(metavar="N", min=1, max=64, help="Calls at once.")] = 16,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show only what blocks, and the outcome.")] = False,
) -> None:
    """Audit and leave with the exit code that says how it went."""
    if sandbox and account:
        raise typer.BadParameter("--sandbox and --account exclude each other")
    from integration.auditing.request import Request

    request = Request(
        programs=tuple(programs or ()),
        stacks=listed("--stack", stack),
        config=tuple(config or ()),
        accounts=listed("--account", account),
        regions=listed("--regions", regions),
        select=listed("--select", select),
        waivers=waivers,
        replay=replay,
        evidence=evidence,
        format=format,
        output=tuple(output or ()),
        workers=workers,
        quiet=quiet,
        baseline=baseline,
    )
    if explain_permissions:
        from integration.auditing.permissions import explain

        raise typer.Exit(explain(request))
    from integration.auditing.command import run_audit

    raise typer.Exit(run_audit(request))


def main() -> None:
    """Run the command line; a request to terminate counts as an interrupt."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
