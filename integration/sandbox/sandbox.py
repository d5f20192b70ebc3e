"""A place that behaves like AWS accounts, and the stacks in it."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import boto3

from integration.sandbox import targets
from integration.sandbox.clients import Calls, Clients, SandboxSession, open_session
from integration.sandbox.deployment import honest_graph, remove, run_program
from integration.sandbox.provider import SandboxProvider, Surroundings
from integration.sandbox.report import Deployed, Notes, OnStep, Report, silent
from integration.sandbox.state import StackState
from ledgergate.engine import wire
from ledgergate.engine.decode import decode_properties
from ledgergate.engine.estate import StackName
from ledgergate.engine.launcher import Run
from ledgergate.engine.project import Project, StackConfig
from ledgergate.engine.symbolic.place import Home, Place
from ledgergate.engine.symbolic.regions import partition_of

DEFAULT_ACCOUNT: Final = "123456789012"
DEFAULT_REGION: Final = "us-east-1"


class Sandbox:
    """Moto, ready for use; made by `in_process` or `server`.

    Args:
        target: Where moto runs.
        account: Account of programs and sessions that name none.
        region: Region of the same.
    """

    def __init__(self, target: targets.Target, account: str, region: str) -> None:
        self.account = account
        self.region = region
        self._target = target
        self._calls = Calls()
        self._sessions: dict[str, SandboxSession] = {}
        self._clients: dict[tuple[str, str], Clients] = {}
        self._states: dict[StackName, StackState] = {}
        self._outputs: dict[StackName, Mapping[str, wire.Wire]] = {}

    @classmethod
    @contextlib.contextmanager
    def in_process(cls, account: str = DEFAULT_ACCOUNT, region: str = DEFAULT_REGION) -> Iterator["Sandbox"]:
        """Run moto in this process; there is one at a time.

        Args:
            account: AWS account id, 12 digits.
            region: AWS Region.

        Raises:
            SandboxError: There is one in this process already.
        """
        with targets.in_process() as target:
            yield cls(target, account, region)

    @classmethod
    @contextlib.contextmanager
    def server(cls, account: str = DEFAULT_ACCOUNT, region: str = DEFAULT_REGION, port: int = 0) -> Iterator["Sandbox"]:
        """Run moto on loopback, in a process that ends with this one.

        Args:
            account: AWS account id, 12 digits.
            region: AWS Region.
            port: TCP port; 0 = one that is free.

        Raises:
            SandboxError: It could not be started.
        """
        with targets.server(port) as target:
            yield cls(target, account, region)

    @property
    def endpoint(self) -> str:
        """URL for `AWS_ENDPOINT_URL`; empty when moto runs in this process."""
        return self._target.endpoint

    def session(self, account: str = "", region: str = "") -> boto3.Session:
        """Return a new session that reaches the sandbox and nothing else, whatever the user's environment says.

        Args:
            account: AWS account id; empty = the sandbox's.
            region: Region of clients that name none; empty = the sandbox's.
        """
        return open_session(self.endpoint, account or self.account, region or self.region)

    def environment(self, account: str = "", region: str = "") -> dict[str, str]:
        """Return the variables that lead the AWS CLI and every SDK to the sandbox."""
        credentials = self.session(account, region).get_credentials()
        assert credentials is not None  # noqa: S101 - every session of a sandbox has them
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_SESSION_TOKEN": credentials.token or "",
            "AWS_DEFAULT_REGION": region or self.region,
        }

    def deploy(
        self,
        project: Project,
        config: StackConfig,
        *,
        answers: tuple[Mapping[str, Any], ...] = (),
        environment: tuple[str, ...] = (),
        allow_writes: bool = False,
        time_limit_s: float = 300.0,
        on_step: OnStep = silent,
    ) -> Deployed:
        """Run a program and make the sandbox hold what it wants, no more and no less.

        Args:
            project: The project.
            config: Its configuration for the stack.
            answers: Answers to function calls, `{token, args, result}` each.
            environment: Names of environment variables that the program may see.
            allow_writes: Whether the program may write its own folder.
            time_limit_s: Seconds until the program is stopped; what the sandbox takes does not count.
            on_step: Told of every action.

        Raises:
            ProgramError: The program failed, or a service refused a resource; what was created stays, and the next
                deployment goes on from there.
            SandboxError: What is not wanted any more could not be deleted.
        """
        name = StackName(project.name, config.stack)
        run = Run(
            project,
            config,
            account=self.account,
            partition=partition_of(self.region, "aws"),
            region=self.region,
            environment=environment,
            allow_writes=allow_writes,
            time_limit_s=time_limit_s,
            own_provider=True,
            preview=False,
        )
        with self._measured(Notes(on_step)) as measured:
            provider = self._provider(name, measured.notes, answers)
            found = run_program(run, provider, self._outputs_of)
            remove(provider, self._states[name].leftovers(provider.wanted), measured.notes)
        self._outputs[name] = found.outputs
        report = replace(measured.report, assumed=found.assumed)
        return Deployed(honest_graph(found.graph, report), report, decode_properties(found.outputs))

    def destroy(self, *stacks: StackName, on_step: OnStep = silent) -> Report:
        """Delete what was deployed, what depends on others first.

        Args:
            stacks: Which stacks; none = all of them, the latest first.
            on_step: Told of every action.

        Raises:
            SandboxError: Something is protected, or a service refused; what is left stays known.
        """
        with self._measured(Notes(on_step)) as measured:
            for name in stacks or tuple(reversed(self._states)):
                state = self._states.get(name, StackState())
                remove(self._provider(name, measured.notes), state.leftovers(set()), measured.notes)
                self._states.pop(name, None)
                self._outputs.pop(name, None)
        return measured.report

    def reset(self) -> None:
        """Take everything out of every account, deployed or not, and forget every stack."""
        self._target.reset()
        for known in (self._states, self._outputs, self._sessions, self._clients):
            known.clear()

    def wait(self) -> None:
        """Wait until a server ends by itself; in this process there is nothing to wait for."""
        self._target.wait()

    def _provider(self, name: StackName, notes: Notes, answers: tuple[Mapping[str, Any], ...] = ()) -> SandboxProvider:
        home = Home(self.account, partition_of(self.region, "aws"), self.region)
        state = self._states.setdefault(name, StackState())
        return SandboxProvider(Surroundings(home, self._clients_of, answers), state, notes)

    def _clients_of(self, place: Place) -> Clients:
        key = (place.account, place.region)
        if key not in self._clients:
            if place.account not in self._sessions:
                self._sessions[place.account] = open_session(self.endpoint, place.account, self.region)
                self._calls.watch(self._sessions[place.account])
            self._clients[key] = Clients(self._sessions[place.account], place.region)
        return self._clients[key]

    def _outputs_of(self, asker: Run, reference: str) -> Mapping[str, wire.Wire] | None:
        """Return what another stack of this sandbox exported, or None when it is not deployed."""
        parts = reference.split("/")
        project = parts[-2] if len(parts) > 1 else asker.project.name
        return self._outputs.get(StackName(project, parts[-1]))

    @contextlib.contextmanager
    def _measured(self, notes: Notes) -> Iterator["_Measured"]:
        begun, before = time.monotonic(), len(self._calls.names)
        measured = _Measured(notes)
        yield measured
        calls = tuple(self._calls.names[before:])
        measured.report = notes.report(calls=calls, seconds=time.monotonic() - begun)


class _Measured:
    """Notes while they are taken, and the report that they became."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.report = Report()
