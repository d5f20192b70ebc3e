"""Several packs, a provider and other stacks answer a run as the engine's parts would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine.launcher import launch
from ledgergate.engine.packs import (
    Diagnostic,
    Enforcement,
    PackError,
    PackHost,
    PackInfo,
    PolicyError,
    Remediation,
    exit_code,
)
from tests.ledgergate.engine.recordings.replay import run_of
from tests.ledgergate.engine.recordings.standin import Standin
from tests.ledgergate.engine.recordings.table import Recording

STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
BUCKET = "urn:pulumi:dev::p::aws:s3/bucket:Bucket::b"
WARNING = Diagnostic("p", Enforcement.ADVISORY, "careful")
REFUSAL = Diagnostic("p", Enforcement.MANDATORY, "no")

Answer = Callable[[Mapping[str, Any]], list[Any]]


@dataclass
class Pack:
    """A pack that answers with functions."""

    name: str
    fix: Answer = lambda request: []
    judge: Answer = lambda request: []
    seen: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """See `Pack`."""
        return Path("packs", self.name)

    @property
    def info(self) -> PackInfo:
        """See `Pack`."""
        return PackInfo(self.name, "1.0.0", ())

    def remediate(self, request: Mapping[str, Any]) -> list[Remediation]:
        """See `Pack`."""
        self.seen.append(request["properties"])
        return self.fix(request)

    def analyze(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """See `Pack`."""
        return self.judge(request)

    def analyze_stack(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """See `Pack`."""
        return self.judge(request)


def failing(error: Exception) -> Answer:
    """Return a function that raises."""

    def fail(_request: Mapping[str, Any]) -> list[Any]:
        raise error

    return fail


def ask(host: PackHost, call: str, **request: Any) -> Mapping[str, Any]:
    """Ask about one resource, or about the stack."""
    return host.answer({"kind": "packs", "call": call, "request": {"urn": BUCKET, "properties": {}, **request}})


def test_remediations_build_on_each_other() -> None:
    """Packs are asked in the order of their folders, and each sees what the one before made."""
    second = Pack("b", fix=lambda request: [Remediation("fix-b", {**request["properties"], "b": 2})])
    first = Pack("a", fix=lambda request: [Remediation("fix-a", {"a": 1}), Remediation("fix-more", {"a": 2})])
    host = PackHost([second, first])
    assert ask(host, "remediate", properties={"x": 0}) == {"properties": {"a": 2, "b": 2}}
    assert (first.seen, second.seen) == ([{"x": 0}], [{"a": 2}])
    assert [(pack.name, policy) for pack, policy, _ in host.remediated] == [
        ("a", "fix-a"),
        ("a", "fix-more"),
        ("b", "fix-b"),
    ]


def test_remediation_that_cannot_run_warns() -> None:
    """A remediation that only says why it could not run changes nothing and is shown as advisory."""
    host = PackHost([Pack("a", fix=lambda request: [Remediation("fix", None, "unknown value")])])
    assert ask(host, "remediate") == {"properties": None}
    assert [item.diagnostic for item in host.violations] == [Diagnostic("fix", Enforcement.ADVISORY, "unknown value")]


@pytest.mark.parametrize(("found", "violated"), [([], False), ([WARNING], False), ([WARNING, REFUSAL], True)])
def test_only_mandatory_policies_stop_a_run(found: list[Diagnostic], *, violated: bool) -> None:
    """A warning is kept and lets the run go on; one refusal of any pack stops it."""
    host = PackHost([Pack("a"), Pack("b", judge=lambda request: found)])
    assert ask(host, "analyze") == {"violated": violated}
    assert [item.diagnostic for item in host.violations] == found


def test_resource_policies_are_shown_on_the_resource() -> None:
    """The URN that a resource policy gives is ignored."""
    named = Diagnostic("p", Enforcement.ADVISORY, "m", urn="urn:elsewhere")
    host = PackHost([Pack("a", judge=lambda request: [named])])
    ask(host, "analyze")
    assert [item.urn for item in host.violations] == [BUCKET]


@pytest.mark.parametrize(("named", "shown"), [(BUCKET, BUCKET), ("urn:absent", STACK), ("", STACK)])
def test_stack_policies_are_shown_on_what_they_name(named: str, shown: str) -> None:
    """A stack policy's message stands on the resource that it names if there is one, else on the stack."""
    host = PackHost([Pack("a", judge=lambda request: [Diagnostic("p", Enforcement.MANDATORY, "m", urn=named)])])
    assert ask(host, "analyze_stack", resources=[{"urn": BUCKET}, {"urn": STACK}]) == {"violated": True}
    assert [item.urn for item in host.violations] == [shown]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("remediate", "failed to run remediation: boom"),
        ("analyze", "failed to run policy: boom"),
        ("analyze_stack", "boom"),
    ],
)
def test_policies_that_raise_stop_the_run(call: str, said: str) -> None:
    """An exception in a policy becomes the engine's error, at whatever level the policy is."""
    pack = Pack("a", fix=failing(PolicyError("boom")), judge=failing(PolicyError("boom")))
    assert ask(PackHost([pack]), call, resources=[]) == {"error": said}


def test_packs_that_are_gone_stop_the_run() -> None:
    """A pack that died or hangs never counts as having agreed."""
    host = PackHost([Pack("a", judge=failing(PackError("policy pack a cannot be reached")))])
    assert ask(host, "analyze") == {"error": "policy pack a cannot be reached"}


def test_other_stacks_answer_from_what_was_given() -> None:
    """A stack that was not given is unknown, not empty."""
    host = PackHost([], stack_outputs={"org/net/dev": {"vpc": "vpc-1"}})
    answers = [host.answer({"kind": "stack_outputs", "name": name}) for name in ("org/net/dev", "org/net/prod")]
    assert answers == [{"outputs": {"vpc": "vpc-1"}}, {"outputs": None}]


def test_provider_questions_without_a_provider() -> None:
    """A host without a provider says so instead of making something up."""
    assert PackHost([]).answer({"kind": "provider", "call": "check"}) == {"error": "there is no provider here"}


@pytest.mark.parametrize("mode", ["preview", "up"])
def test_pack_that_fails_on_a_default_provider_stops_an_invoke(mode: str) -> None:
    """A provider that only an invoke needs is judged as well, and a pack's failure there is the run's failure."""
    providers = [Pack("a", judge=lambda request: _fail_on(request, "pulumi:providers:aws"))]
    recording = Recording("cases/x", mode=mode, config={"cases:mode": "invoke_fails"}, packs=("record",))
    evaluation = launch(run_of(recording), PackHost(providers, Standin()))
    assert evaluation.failure is not None
    assert (evaluation.failure["kind"], evaluation.failure["message"]) == ("step", "failed to run policy: boom")
    assert exit_code(evaluation) == 1


def _fail_on(request: Mapping[str, Any], type_: str) -> list[Diagnostic]:
    if request.get("type") == type_:
        message = "boom"
        raise PolicyError(message)
    return []
