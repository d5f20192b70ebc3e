"""What is probed: the buckets of a stack in a sandbox, or those of an account that somebody named one by one."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from integration.auditing.accounts import demand_listed
from integration.probes.outcome import NotProvableHereError
from integration.sandbox import Sandbox
from integration.sandbox.baseline import lay_baseline
from integration.session import Connections
from ledgergate.engine.project import load_project, load_stack
from ledgergate.errors import LedgergateError
from policies.gating.place import read_place

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where probes are tried.

    Args:
        kind: `sandbox` or `account`.
        session: Reaches it, with the right to write what a probe needs.
        account: AWS account id.
        region: AWS Region.
        buckets: Names of the buckets to try.
    """

    kind: str
    session: boto3.Session
    account: str
    region: str
    buckets: tuple[str, ...]

    @property
    def disposable(self) -> bool:
        """Tell whether it does not matter what a probe leaves behind."""
        return self.kind == "sandbox"

    def s3(self, *, encrypted: bool = True) -> "S3Client":
        """Return a client of S3, over TLS or over plain HTTP."""
        return self.session.client("s3", region_name=self.region, use_ssl=encrypted)

    def demand_enforcement(self) -> None:
        """Refuse to prove anything by what a bucket policy forbids where nobody enforces it.

        Raises:
            NotProvableHereError: Nobody does.
        """
        if self.kind == "sandbox":
            raise NotProvableHereError(
                "moto enforces no condition of a bucket policy; that the policy denies plain HTTP was read"
            )


@contextlib.contextmanager
def sandbox_target(program: Path, stack: str, say: Say = lambda _: None) -> Iterator[Target]:
    """Deploy a stack into a sandbox.

    Args:
        program: Folder of the project.
        stack: Its stack.
        say: Told what is going on.

    Raises:
        LedgergateError: The program is wrong, or has no bucket.
    """
    place = read_place(program, stack)
    project = load_project(program)
    with Sandbox.in_process(place.account, place.region) as sandbox:
        say(f"{project.name}/{stack}: starting")
        lay_baseline(sandbox, (place.region, *place.others))
        config = load_stack(project, stack)
        sandbox.deploy(project, config, on_step=lambda _, urn: say(f"deploying {urn.rpartition('::')[2]}"))
        session = sandbox.session()
        buckets = tuple(sorted(each["Name"] for each in session.client("s3").list_buckets()["Buckets"]))
        yield Target(
            kind="sandbox", session=session, account=place.account, region=place.region, buckets=_some(buckets, program)
        )


def account_target(account: str, region: str, buckets: tuple[str, ...]) -> Target:
    """Return named buckets of the account whose credentials the environment holds.

    Args:
        account: The one account that may be touched.
        region: AWS Region of the buckets.
        buckets: Their names; a probe writes into them, so nobody guesses.

    Raises:
        LedgergateError: It is another account, there are no credentials, or no bucket is named.
    """
    demand_listed(Connections(boto3.Session()), (region,), {account})
    return Target(
        kind="account", session=boto3.Session(), account=account, region=region, buckets=_some(buckets, account)
    )


def _some(buckets: tuple[str, ...], where: object) -> tuple[str, ...]:
    if not buckets:
        raise LedgergateError(f"{where}: there is no bucket to probe", "Name those of an account with --probe-bucket.")
    return buckets
