"""`python -m policies.gate`: judges Pulumi programs offline.

Only what a command line needs is imported here, so that `--help` is quick.
"""

import sys

try:
    import datetime as dt
    import os
    import signal
    from pathlib import Path
    from typing import Annotated, Final

    import typer

    from ledgergate.errors import LedgergateError
    from ledgergate.finding import Severity
    from policies.gating.options import FORMAT_HELP, OUTPUT_HELP, listed
except KeyboardInterrupt:  # whoever interrupts at once needs no traceback of what was being loaded
    sys.exit(130)

_HELP: Final = """
Judge Pulumi Python programs before anything is deployed: no cloud account, no
credentials, no Pulumi CLI. Each program runs unmodified in an embedded engine,
and every control judges the resources of every stack.

PROGRAM_DIR is the folder of a Pulumi.yaml; without one, every project under
infra/ is judged. Beside a Pulumi.yaml, ledgergate.toml says what the system is,
and waivers.toml which deviations are accepted.

\b
Examples:
  python -m policies.gate
      every stack of every program under infra/
  python -m policies.gate infra/payments --stack prod
      one stack
  python -m policies.gate path/to/program --config aws:region=eu-west-1
      a program that has no stack file yet
  python -m policies.gate --select encryption,S3.8
      some controls only: families, ids or slugs
  python -m policies.gate --since main
      mark what the branch brings
  python -m policies.gate --baseline write --owner "books team"
          --approver "books security" --expires 2027-03-31
      accept what blocks today, for a time, and gate what is new
  python -m policies.gate --state state.json
      a stack that exists, as `pulumi stack export` wrote it
  python -m policies.gate --list --select pci
  python -m policies.gate --explain S3.8
      what there is, and everything about one
  python -m policies.gate --format json --output findings.jsonl
      one JSON line for every judgement
  python -m policies.gate --output sarif:gate.sarif --output junit:gate.xml
      the text as ever, and two files for a pipeline
  python -m policies.gate infra/payments --stack-output net/prod:vpc=vpc-1
      the outputs of a stack that is not judged here

\b
Exit codes:
  0    everything passed, is waived, or is deferred to a later stage
  1    a control failed
  2    a mistake in usage, configuration or program: nothing passes by it
  3    nothing failed, but something could not be decided
  130  interrupted: what was found so far, marked incomplete
"""

app: Final = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@app.command(help=_HELP)
def gate(  # noqa: PLR0913 - one parameter for each option
    programs: Annotated[list[Path] | None, typer.Argument(metavar="PROGRAM_DIR", hidden=True)] = None,
    *,
    stack: Annotated[
        list[str] | None, typer.Option(metavar="STACK", help="Judge this stack only; PROJECT/STACK works too.")
    ] = None,
    config: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Set a configuration value in every stack.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option(metavar="FORMAT", help=FORMAT_HELP)
    ] = "text",
    output: Annotated[list[str] | None, typer.Option(metavar="[FORMAT:]PATH", help=OUTPUT_HELP)] = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="FAMILY|CONTROL", help="Apply these controls only.")
    ] = None,
    waivers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Waivers to use instead of each program's own.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Judge an exported stack, in any language; PROGRAM_DIR then names the profile.",
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Real answers to function calls: YAML or JSON, {token, args, result} each."),
    ] = None,
    stack_output: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STACK:OUTPUT=VALUE",
            help="Answer a stack reference; JSON or plain text, and text in quotes is text.",
        ),
    ] = None,
    env: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Let the programs see this environment variable.")
    ] = None,
    allow_writes: Annotated[bool, typer.Option("--allow-writes", help="Let a program write its own folder.")] = False,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="Stop a program that takes longer.")
    ] = 300.0,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", min=1, show_default="one for each core", help="Stacks at once.")
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="GIT_REF", help="Mark what the branch brings: what was not there where it began.")
    ] = "",
    baseline: Annotated[
        str, typer.Option(metavar="write", help="Write a waiver for whatever blocks today; needs the next three.")
    ] = "",
    owner: Annotated[str, typer.Option(metavar="NAME", help="Who answers for the waivers of --baseline.")] = "",
    approver: Annotated[str, typer.Option(metavar="NAME", help="Who approved them: somebody else.")] = "",
    expires: Annotated[str, typer.Option(metavar="DATE", help="Their last day, within a year: 2027-03-31.")] = "",
    fail_on: Annotated[
        Severity,
        typer.Option(metavar="SEVERITY", help="What is less grave is shown and decides nothing: low to critical."),
    ] = Severity.LOW,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show only what blocks, and the outcome.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the controls that would be applied, and end.")] = False,
    explain: Annotated[
        list[str] | None, typer.Option(metavar="CONTROL", help="Tell everything about a control, and end.")
    ] = None,
) -> None:
    """Judge programs and leave with the exit code that says how it went."""
    if list_ or explain:
        from policies.gating.explaining import run_explaining

        raise typer.Exit(
            run_explaining(tuple(programs or ()), listed("--select", select), listed("--explain", explain))
        )
    from ledgergate.report.complaint import complain
    from policies.gating.baseline import baseline_of
    from policies.gating.command import run_gate
    from policies.gating.request import Request

    try:
        accepted = baseline_of(baseline, owner, approver, expires, dt.datetime.now(dt.UTC).date())
    except LedgergateError as error:
        complain(str(error))
        raise typer.Exit(2) from None

    request = Request(
        programs=tuple(programs or ()),
        stacks=listed("--stack", stack),
        config=tuple(config or ()),
        format=format,
        output=tuple(output or ()),
        select=listed("--select", select),
        waivers=waivers,
        state=state,
        answers=answers,
        stack_outputs=tuple(stack_output or ()),
        environment=tuple(env or ()),
        allow_writes=allow_writes,
        time_limit_s=time_limit,
        jobs=jobs or _cores(),
        since=since,
        baseline=accepted,
        fail_on=fail_on,
        quiet=quiet,
    )
    raise typer.Exit(run_gate(request))


def main() -> None:
    """Run the command line; a request to terminate counts as an interrupt."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
