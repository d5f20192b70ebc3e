"""`python -m runbooks`: plans, runs and takes back game days.

Only what a command line needs is imported here, so that `--help` is quick.
"""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from runbooks.model import Mode

_HELP: Final = """
Game days: break something on purpose, fail over, measure how long service was
away and what was lost, and bring everything back.

Without --account a drill is a rehearsal: the stack is deployed into a sandbox
on this machine, with a small world around it in which zones fail and recovery
takes time. Everything it measures is labelled so.

Every drill has a journal. Whatever stops it, Ctrl-C and guardrails included,
what was done is taken back; after a kill, `resume` goes on and `undo` takes
back, and neither does anything twice.

A drill on an account needs two people: the folder `approvers` beside the
program holds their public keys, each of them signs the plan's hash by
`approve`, and `run` is given both files. `resume` and `undo` go on with drills
on the program that you name, whatever program a journal names.

\b
Examples:
  python -m runbooks list
      the drills there are
  python -m runbooks plan aurora-writer-zone-loss
      what would be done, by which calls, and the hash to approve
  python -m runbooks run aurora-writer-zone-loss
      a rehearsal on infra/payments, stack dev
  python -m runbooks run aurora-writer-zone-loss --flaw flaps
      a rehearsal in which something goes wrong that the drill must notice
  python -m runbooks resume .drills/aurora-writer-zone-loss-….jsonl
      go on after a crash
  python -m runbooks report .drills/aurora-writer-zone-loss-….jsonl
      timeline, RTO, RPO, outcome, who approved

\b
Exit codes:
  0    done: every step held, RTO and RPO are within their targets
  1    failed, or something could not be taken back
  2    a mistake in usage or configuration: nothing was done by it
  3    aborted by a guardrail: nothing failed and nothing was shown
  130  interrupted; what was done was taken back
"""

app: Final = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, help=_HELP, no_args_is_help=True
)

DrillName = Annotated[str, typer.Argument(metavar="DRILL")]
JournalPath = Annotated[Path, typer.Argument(metavar="JOURNAL")]
Program = Annotated[Path, typer.Option(metavar="DIR", help="Folder of a Pulumi.yaml and its ledgergate.toml.")]
Approvers = Annotated[
    Path, typer.Option(metavar="DIR", help="On an account: the program that the drill is on; its approvers count.")
]
Stack = Annotated[str, typer.Option(metavar="STACK", help="Its stack.")]
HowMode = Annotated[Mode | None, typer.Option(help="Move what is well, or lose something first.")]
Account = Annotated[str, typer.Option(metavar="ID", help="Run on this AWS account, not in a sandbox.")]
Region = Annotated[str, typer.Option(metavar="REGION", help="AWS Region; the profile's first by default.")]
Cluster = Annotated[str, typer.Option(metavar="NAME", help="Aurora cluster, on an account.")]
Service = Annotated[str, typer.Option(metavar="URL", help="Takes numbered records, on an account.")]
LostRegion = Annotated[
    list[str] | None, typer.Option(metavar="REGION", help="Refuse steps whose control plane is there.")
]
Seed = Annotated[int, typer.Option(metavar="N", help="Decides how long things take in a rehearsal.")]
Scale = Annotated[float, typer.Option(metavar="N", min=1, max=100, help="How much faster a rehearsal runs.")]
Flaw = Annotated[str, typer.Option(metavar="NAME", help="Let the rehearsal's world misbehave.")]
Notices = Annotated[bool, typer.Option("--notices", help="Let the cluster notice the loss by itself.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
AbortFile = Annotated[str, typer.Option(metavar="PATH", help="Stop when this file appears.")]
Alarm = Annotated[list[str] | None, typer.Option(metavar="NAME", help="CloudWatch alarm that must stay OK.")]

_PROGRAM: Final = Path("infra/payments")


@app.command("list")
def list_drills() -> None:
    """List the drills there are."""
    from runbooks.command import guarded, show_drills

    raise typer.Exit(guarded(show_drills))


@app.command()
def plan(  # noqa: PLR0913 - one parameter for each option
    drill: DrillName,
    *,
    program: Program = _PROGRAM,
    stack: Stack = "dev",
    mode: HowMode = None,
    account: Account = "",
    region: Region = "",
    cluster: Cluster = "",
    service: Service = "",
    lost_region: LostRegion = None,
    seed: Seed = 0,
    scale: Scale = 20.0,
    flaw: Flaw = "",
    notices: Notices = False,
    abort_file: AbortFile = "",
    alarm: Alarm = None,
) -> None:
    """Print what a drill would do, and the hash of that."""
    from runbooks.command import guarded, show_plan
    from runbooks.plan import Care
    from runbooks.request import Request

    request = Request(
        drill=drill,
        program=str(program),
        stack=stack,
        mode=mode,
        account=account,
        region=region,
        cluster=cluster,
        service=service,
        care=Care(alarms=tuple(alarm or ()), abort_file=abort_file),
        lost_regions=tuple(lost_region or ()),
        rehearsal={"seed": seed, "scale": scale, "flaw": flaw, "notices": notices},
    )
    raise typer.Exit(guarded(lambda: show_plan(request)))


@app.command()
def run(  # noqa: PLR0913 - one parameter for each option
    drill: DrillName,
    *,
    program: Program = _PROGRAM,
    stack: Stack = "dev",
    mode: HowMode = None,
    account: Account = "",
    region: Region = "",
    cluster: Cluster = "",
    service: Service = "",
    lost_region: LostRegion = None,
    seed: Seed = 0,
    scale: Scale = 20.0,
    flaw: Flaw = "",
    notices: Notices = False,
    journal: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The journal; under .drills/ by default.")
    ] = None,
    abort_file: AbortFile = "",
    alarm: Alarm = None,
    approval: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="An approval of the plan; two on an account.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Run a drill: forward while all is well, back when it is not."""
    from runbooks.command import Conduct, guarded, start
    from runbooks.plan import Care
    from runbooks.request import Request

    request = Request(
        drill=drill,
        program=str(program),
        stack=stack,
        mode=mode,
        account=account,
        region=region,
        cluster=cluster,
        service=service,
        care=Care(alarms=tuple(alarm or ()), abort_file=abort_file),
        lost_regions=tuple(lost_region or ()),
        rehearsal={"seed": seed, "scale": scale, "flaw": flaw, "notices": notices},
    )
    conduct = Conduct(journal=journal, approvals=tuple(approval or ()), quiet=quiet)
    raise typer.Exit(guarded(lambda: start(request, conduct)))


@app.command()
def resume(journal: JournalPath, *, program: Approvers = _PROGRAM, quiet: Quiet = False) -> None:
    """Go on with a drill whose process died: no act is repeated that took effect."""
    from runbooks import command

    raise typer.Exit(command.guarded(lambda: command.resume(journal, program, command.Conduct(quiet=quiet))))


@app.command()
def undo(journal: JournalPath, *, program: Approvers = _PROGRAM, quiet: Quiet = False) -> None:
    """Take back every act of a drill that took effect, the last one first."""
    from runbooks import command

    raise typer.Exit(command.guarded(lambda: command.undo(journal, program, command.Conduct(quiet=quiet))))


@app.command()
def report(journal: JournalPath) -> None:
    """Print timeline, RTO, RPO, outcome and who approved; leave with the outcome's exit code."""
    from runbooks.command import guarded, show_report

    raise typer.Exit(guarded(lambda: show_report(journal)))


@app.command()
def approve(
    plan_hash: Annotated[str, typer.Argument(metavar="HASH")],
    *,
    key: Annotated[Path, typer.Option(metavar="FILE", help="Your Ed25519 private key.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="Where the approval is written.")],
) -> None:
    """Approve a plan's hash with your key; a drill on an account needs two people."""
    from runbooks.command import guarded, sign_plan

    raise typer.Exit(guarded(lambda: sign_plan(plan_hash, key, output)))


def main() -> None:
    """Run the command line."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
