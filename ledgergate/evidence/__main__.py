"""`python -m ledgergate.evidence`: seals what the stages decided, verifies it, and shows it to people.

Only what a command line needs is imported here, so that `--help` is quick.
"""

import signal
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

_HELP: Final = """
One chain of evidence: what the gate, the audit, the probes and the drills wrote
becomes one bundle, hash-chained and signed. Whoever has the bundle and the
public key can verify it offline: any byte that was changed, dropped, moved or
cut off is found. Secrets are left out.

\b
Examples:
  python -m ledgergate.evidence keygen audit.pem
      a private key, and the public key audit.pem.pub to hand out
  python -m policies.gate --format json --output gate.jsonl
  python -m integration.audit --evidence audit
  python -m ledgergate.evidence seal 2026-11.jsonl --key audit.pem
        --findings gate.jsonl --audit audit --probes probes.jsonl
        --drill .drills/aurora-writer-zone-loss-….jsonl
        --approver infra/payments/approvers --previous 2026-10.jsonl
      seal them, as the bundle that follows on last month's; a drill on an
      account is held against the keys of those who may approve it
  python -m ledgergate.evidence verify 2026-11.jsonl --key audit.pem.pub
        --previous 2026-10.jsonl
      verify it, and that it is no older one in disguise
  python -m ledgergate.evidence report 2026-11.jsonl --key audit.pem.pub
      2026-11.html for people, made of verified evidence only

\b
Exit codes:
  0    sealed, or verified
  1    a bundle is not what was signed, does not follow on the one before, or
       shows a drill that was not approved as its journal says
  2    a mistake in usage, or an input that is missing, malformed or changed:
       nothing was sealed
  3    sealed or verified, and something is open: an audit did not reach a
       target, or approvals were not verified because no approver was named
  130  interrupted: nothing was written
"""

app: Final = typer.Typer(
    help=_HELP, add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
)

BundlePath = Annotated[Path, typer.Argument(metavar="BUNDLE")]
Paths = list[Path] | None
PublicKey = Annotated[Path, typer.Option("--key", metavar="FILE", help="Public key of the signer.")]
Approver = Annotated[
    Paths, typer.Option(metavar="FILE", help="Public key of somebody who may approve drills, or a folder of them.")
]
Previous = Annotated[Path | None, typer.Option(metavar="BUNDLE", help="The bundle that this one follows.")]
PreviousKey = Annotated[Path | None, typer.Option(metavar="FILE", help="Public key of its signer, if that is another.")]


@app.command()
def keygen(
    key: Annotated[Path, typer.Argument(metavar="KEY", help="File for the private key; KEY.pub for the public one.")],
) -> None:
    """Make a key to sign with; LEDGERGATE_KEY_PASSPHRASE encrypts it."""
    from ledgergate.evidence.command import guarded, make_key

    raise typer.Exit(guarded(lambda: make_key(key)))


@app.command()
def seal(  # noqa: PLR0913 - one parameter for each option
    bundle: BundlePath,
    *,
    key: Annotated[Path, typer.Option(metavar="FILE", help="Your private key.")],
    findings: Annotated[Paths, typer.Option(metavar="FILE", help="JSON Lines of the gate (--format json).")] = None,
    audit: Annotated[Paths, typer.Option(metavar="DIR", help="What --evidence of the audit wrote.")] = None,
    probes: Annotated[Paths, typer.Option(metavar="FILE", help="What --probe-results of the probes wrote.")] = None,
    drill: Annotated[
        Paths, typer.Option(metavar="JOURNAL", help="Journal of a drill; its samples come with it.")
    ] = None,
    approver: Approver = None,
    previous: Previous = None,
    previous_key: PreviousKey = None,
) -> None:
    """Take in what the stages wrote, chain it and sign it. Each option may be repeated."""
    from ledgergate.evidence.collection import Inputs
    from ledgergate.evidence.command import Predecessor, guarded, seal_bundle

    inputs = Inputs(
        findings=tuple(findings or ()),
        audits=tuple(audit or ()),
        probes=tuple(probes or ()),
        drills=tuple(drill or ()),
        approvers=tuple(approver or ()),
    )
    raise typer.Exit(guarded(lambda: seal_bundle(bundle, inputs, key, Predecessor(previous, previous_key))))


@app.command()
def verify(
    bundle: BundlePath,
    *,
    key: PublicKey,
    approver: Approver = None,
    previous: Previous = None,
    previous_key: PreviousKey = None,
) -> None:
    """Say whether a bundle is what was signed, and what it holds."""
    from ledgergate.evidence.command import Predecessor, guarded, show_verification

    approvers = tuple(approver or ())
    raise typer.Exit(guarded(lambda: show_verification(bundle, key, Predecessor(previous, previous_key), approvers)))


@app.command()
def report(
    bundle: BundlePath,
    *,
    key: PublicKey,
    approver: Approver = None,
    previous: Previous = None,
    previous_key: PreviousKey = None,
    output: Annotated[Path | None, typer.Option(metavar="PATH", help="The page; beside the bundle by default.")] = None,
) -> None:
    """Verify a bundle and write one page of HTML about it."""
    from ledgergate.evidence.command import Predecessor, guarded, write_report

    approvers = tuple(approver or ())
    raise typer.Exit(guarded(lambda: write_report(bundle, key, Predecessor(previous, previous_key), output, approvers)))


def main() -> None:
    """Run the command line; a request to terminate counts as an interrupt."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
