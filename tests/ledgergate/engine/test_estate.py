"""Shows that the stacks of one run find each other, once each, and never wait in a circle."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine import wire
from ledgergate.engine.estate import Estate, EstateError, StackName, StoppedError
from ledgergate.engine.launcher import Evaluation, Host, Run
from ledgergate.engine.project import Project, StackConfig
from ledgergate.errors import LedgergateError
from ledgergate.graph import Graph
from ledgergate.values import SYMBOL_MARK

Program = Callable[[Callable[[str], Any]], Mapping[str, Any]]
"""Gets a function that answers stack references; returns stack outputs."""


def project(name: str, *stacks: str, folder: Path = Path("/programs")) -> Project:
    """Return a project that has these stacks without any file."""
    made: type[Project] = type("Listed", (Project,), {"stacks": property(lambda _: stacks)})
    return made(name, folder / name, folder / name, ".", Path("python"))


def estate(
    programs: Mapping[str, Program],
    given: Mapping[str, Mapping[str, Any]] | None = None,
    level: str = "symbolic",
) -> tuple[Estate, list[str]]:
    """Return an estate of `project/stack` → program, and the list of what was evaluated."""
    ran: list[str] = []
    stacks: dict[str, list[str]] = {}
    for name in programs:
        owner, _, stack = name.partition("/")
        stacks.setdefault(owner, []).append(stack)

    def evaluate(run: Run, host: Host) -> Evaluation:
        name = f"{run.project.name}/{run.config.stack}"
        ran.append(name)

        def ask(reference: str) -> Any:
            answer = host.answer({"kind": "stack_outputs", "name": reference, "level": level})
            if "error" in answer:
                raise LedgergateError(answer["error"])
            return answer["outputs"]

        return Evaluation(run, Graph(run.project.name, run.config.stack), (), programs[name](ask), seconds=1.0)

    projects = [project(owner, *names) for owner, names in stacks.items()]
    return Estate(projects, lambda made, stack: Run(made, StackConfig(stack, {})), given, evaluate), ran


def refer(reference: str) -> Program:
    """Return a program that passes on what a reference gives."""
    return lambda ask: {"seen": ask(reference)}


@pytest.mark.parametrize("reference", ["network/prod", "acme/network/prod"])
def test_names_a_sibling(reference: str) -> None:
    """A reference reaches a stack of another project with and without an organization."""
    found, _ = estate({"network/prod": lambda _: {"vpc": "vpc-1"}, "app/prod": refer(reference)})
    assert found.evaluation(StackName("app", "prod")).outputs == {"seen": {"vpc": "vpc-1"}}


@pytest.mark.parametrize("reference", ["shared", "organization/shared"])
def test_names_a_stack_of_the_same_project(reference: str) -> None:
    """A bare stack name, and one behind the organization, stay inside the project."""
    found, _ = estate({"app/shared": lambda _: {"key": "k"}, "app/prod": refer(reference)})
    assert found.evaluation(StackName("app", "prod")).outputs == {"seen": {"key": "k"}}


@pytest.mark.parametrize("reference", ["network/prod", "other", "acme/other", "a/b/c/d", "", "app/"])
def test_knows_no_other_stack(reference: str) -> None:
    """A name that no stack of the run bears is unknown, also when only its last part fits."""
    found, _ = estate({"app/other2": lambda _: {}, "app/prod": refer(reference), "app/dev": lambda _: {}})
    assert found.evaluation(StackName("app", "prod")).outputs == {"seen": None}


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("network/prod", "network/prod"),
        ("network/prod", "acme/network/prod"),
        ("acme/network/prod", "network/prod"),
        ("shared", "app/shared"),
    ],
)
def test_given_outputs_answer(name: str, reference: str) -> None:
    """Outputs given by hand answer every way to write the name, instead of the stack itself."""
    found, ran = estate(
        {"network/prod": lambda _: {"vpc": "own"}, "app/prod": refer(reference)}, {name: {"vpc": "given"}}
    )
    seen = found.evaluation(StackName("app", "prod")).outputs
    assert (seen, ran) == ({"seen": {"vpc": "given"}}, ["app/prod"])


def test_another_owner_is_another_stack() -> None:
    """Outputs given for one organization do not answer for another."""
    found, _ = estate({"app/prod": refer("beta/network/prod")}, {"acme/network/prod": {"vpc": "given"}})
    assert found.evaluation(StackName("app", "prod")).outputs == {"seen": None}


def test_each_stack_runs_once() -> None:
    """A stack that many wait for in many threads is evaluated once, and all see the same outputs."""
    together = threading.Barrier(4)

    def waiting(ask: Callable[[str], Any]) -> Mapping[str, Any]:
        together.wait(10)
        return {"seen": ask("network/prod")}

    found, ran = estate({"network/prod": lambda _: {"vpc": "vpc-1"}, **{f"app/{n}": waiting for n in "abcd"}})
    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda n: found.evaluation(StackName("app", n)).outputs, "abcd"))
    assert (seen, sorted(ran)) == ([{"seen": {"vpc": "vpc-1"}}] * 4, [*(f"app/{n}" for n in "abcd"), "network/prod"])


def test_a_circle_in_one_thread_is_an_error() -> None:
    """Stacks that refer to each other are named in order, and nobody waits for ever."""
    found, _ = estate({"a/s": refer("b/s"), "b/s": refer("c/s"), "c/s": refer("a/s")})
    with pytest.raises(LedgergateError) as raised:
        found.evaluation(StackName("c", "s"))
    assert "could not be evaluated" in str(raised.value)
    with pytest.raises(LedgergateError, match="wait for each other: b/s → c/s → a/s → b/s"):
        found.evaluation(StackName("b", "s"))


def test_a_circle_across_threads_is_an_error() -> None:
    """Two stacks that begin at once and then ask for each other end with an error, not a deadlock."""
    together = threading.Barrier(2)

    def crossing(reference: str) -> Program:
        def program(ask: Callable[[str], Any]) -> Mapping[str, Any]:
            together.wait(10)
            return {"seen": ask(reference)}

        return program

    found, _ = estate({"a/s": crossing("b/s"), "b/s": crossing("a/s")})
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(found.evaluation, StackName(name, "s")) for name in "ab"]
        texts = sorted(str(future.exception(10)) for future in futures)
    assert texts[0].endswith("could not be evaluated")
    assert "wait for each other" in texts[1]


def test_own_outputs_are_a_circle() -> None:
    """A stack that asks for its own earlier outputs is told how to give them."""
    found, _ = estate({"a/s": refer("a/s")})
    with pytest.raises(LedgergateError, match=r"a/s → a/s(.|\n)*--stack-output a/s:OUTPUT=VALUE"):
        found.evaluation(StackName("a", "s"))


def test_a_sibling_failure_is_its_own_error() -> None:
    """The stack that failed keeps its error; the one that refers to it says so in one sentence."""

    def broken(_: Callable[[str], Any]) -> Mapping[str, Any]:
        raise LedgergateError("b/s: it broke")

    found, _ = estate({"a/s": refer("b/s"), "b/s": broken})
    with pytest.raises(LedgergateError, match=r"^stack `b/s`, which it refers to, could not be evaluated$"):
        found.evaluation(StackName("a", "s"))
    with pytest.raises(LedgergateError, match=r"^b/s: it broke$"):
        found.evaluation(StackName("b", "s"))


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("symbolic", ["10.0.0.0/16", f"vpc-{SYMBOL_MARK}", wire.UNKNOWN]),
        ("identities", ["10.0.0.0/16", f"vpc-{SYMBOL_MARK}", wire.UNKNOWN]),
        ("unknowns", ["10.0.0.0/16", wire.UNKNOWN, wire.UNKNOWN]),
    ],
)
def test_outputs_fit_the_level(level: str, expected: list[str]) -> None:
    """A program that cannot stand made-up values gets none of its sibling's either."""
    reference = {wire.SIGNATURE: wire.RESOURCE, "urn": "u", "id": f"vpc-{SYMBOL_MARK}"}
    secret = {wire.SIGNATURE: wire.SECRET, "value": wire.UNKNOWN}
    outputs = {"list": ["10.0.0.0/16", reference, wire.UNKNOWN], "secret": secret}
    found, _ = estate({"a/s": refer("b/s"), "b/s": lambda _: outputs}, level=level)
    seen = found.evaluation(StackName("a", "s")).outputs["seen"]
    assert seen == {"list": expected, "secret": {wire.SIGNATURE: wire.SECRET, "value": expected[2]}}


def test_waiting_is_not_ones_own_time() -> None:
    """The seconds of a stack leave out those spent on a sibling."""
    found, _ = estate({"a/s": refer("b/s"), "b/s": lambda _: {}})
    assert found.evaluation(StackName("a", "s")).seconds < 1.0


def test_nothing_starts_after_a_stop() -> None:
    """A stopped estate evaluates no further stack."""
    found, ran = estate({"a/s": lambda _: {}})
    found.stop()
    with pytest.raises(StoppedError):
        found.evaluation(StackName("a", "s"))
    assert (ran, found.begun()) == ([], (StackName("a", "s"),))


def test_two_projects_of_one_name() -> None:
    """Two projects of one name are refused: their resources would have the same URNs."""
    pair = [project("app", folder=Path("/one")), project("app", folder=Path("/two"))]
    with pytest.raises(EstateError, match="/one/app and /two/app: both projects are called `app`"):
        Estate(pair, lambda made, stack: Run(made, StackConfig(stack, {})))
