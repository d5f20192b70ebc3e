"""`python -m integration.sandbox`: a program's resources in moto, for the AWS CLI and every SDK to look at.

Only what a command line needs is imported here, so that `--help` is quick.
"""

import sys

try:
    import signal
    from pathlib import Path
    from typing import Annotated, Final

    import typer
except KeyboardInterrupt:  # whoever interrupts at once needs no traceback of what was being loaded
    sys.exit(130)

_HELP: Final = """
Deploy a Pulumi Python program into moto on this machine: no cloud account, no
credentials, no Pulumi CLI. The resources stay until Ctrl-C; until then the AWS
CLI and every SDK can be pointed at them.

PROGRAM_DIR is the folder of a Pulumi.yaml. Account and Regions are those of
ledgergate.toml beside it. In each of these Regions the account has what a
landing zone gives it, GuardDuty among it; a program that brings its own needs
--no-account-baseline, since a Region takes one detector.

\b
Examples:
  python -m integration.sandbox infra/payments --stack dev
      deploy, say how to get there, and stay
  python -m integration.sandbox infra/payments --stack dev --once
      deploy, report, and end

\b
Exit codes:
  0    deployed, and ended by Ctrl-C; nox, which the same Ctrl-C ends, says 130
  2    a mistake in usage, configuration or program, or a service refused
  130  interrupted before everything was deployed
"""

app: Final = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(help=_HELP)
def sandbox(
    program: Annotated[Path, typer.Argument(metavar="PROGRAM_DIR", help="Folder of a Pulumi.yaml.")],
    *,
    stack: Annotated[str, typer.Option(metavar="STACK", help="Stack to deploy.")] = "dev",
    config: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="Set a configuration value.")] = None,
    port: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="0 = one that is free.")] = 0,
    once: Annotated[bool, typer.Option("--once", help="Deploy in this process, report, and end.")] = False,
    baseline: Annotated[
        bool,
        typer.Option("--account-baseline/--no-account-baseline", help="Lay what a landing zone gives first."),
    ] = True,
) -> None:
    """Deploy a program, and leave with the exit code that says how it went."""
    from integration.sandbox.command import run_sandbox

    raise typer.Exit(run_sandbox(program, stack, tuple(config or ()), port=None if once else port, baseline=baseline))


def main() -> None:
    """Run the command line; a request to terminate counts as an interrupt."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
