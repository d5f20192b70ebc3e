"""What must never be shown of a stack that was deployed, and everything that is shown of it."""

import html
import io
import json
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from integration.auditing.command import run_audit
from integration.auditing.request import Request
from integration.sandbox import Deployed, Sandbox
from ledgergate.evidence.collection import Inputs
from ledgergate.evidence.command import Predecessor, make_key, seal_bundle, write_report
from ledgergate.finding import Finding
from ledgergate.graph import Graph
from ledgergate.report import ExitCode, Report, StackReport
from ledgergate.report.forms import FORMS
from ledgergate.values import Secret, strings_in
from policies.catalogue import load_catalogue
from policies.rules import rules_of
from tests.integration.estate import OBSERVED_AT

_SHORTEST: Final = 8
"""Characters; what is shorter occurs by chance."""

_OPEN: Final = frozenset({"X-Origin-Verify", "balancer"})
"""Names that the engine calls secret because a list holds them beside a secret."""


def secrets_in(graph: Graph, *, known_open: frozenset[str] = _OPEN) -> frozenset[str]:
    """Return the texts of a stack that its state keeps secret, and nothing else in it says openly.

    Args:
        graph: The stack, with the outputs of its resources.
        known_open: Texts that are no secret although the engine marks them.
    """
    values = [value for each in graph for value in (*each.inputs.values(), *each.outputs.values())]
    plain = {text for value in values for text in strings_in(value)} | {each.id for each in graph}
    found = {text for value in values for text in _secret_texts(value) if text not in plain | known_open}
    return frozenset(line for text in found for line in _telling_lines(text))


def _secret_texts(value: Any, *, inside: bool = False) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _secret_texts(value.value, inside=True)
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _secret_texts(each, inside=inside)
    elif inside and isinstance(value, str):
        yield value


def _telling_lines(text: str) -> Iterator[str]:
    """Yield the lines of a text, as some formats break them; the first and last line of a key are no secret."""
    yield from (line for line in text.splitlines() if len(line) >= _SHORTEST and not line.startswith("-----"))


def told(secrets: Iterable[str], folder: Path) -> list[tuple[str, str]]:
    """Return (file, how the secret begins) of every secret that a folder tells, however the format writes it."""
    shown = {str(each.relative_to(folder)): each.read_text() for each in folder.rglob("*") if each.is_file()}
    return [
        (where, secret[:_SHORTEST])
        for secret in secrets
        for written in {secret, json.dumps(secret)[1:-1], html.escape(secret), urllib.parse.quote(secret)}
        for where, text in shown.items()
        if written in text
    ]


def show_all(sandbox: Sandbox, project: Path, deployed: Deployed, judged: Iterable[Finding], folder: Path) -> None:
    """Audit a stack of the sandbox as an account is audited, seal that, and report in every format.

    Args:
        sandbox: Holds the stack.
        project: Folder of its program.
        deployed: The stack.
        judged: What the controls say of its graph, as in a gate.
        folder: Takes all of it.
    """
    _audit(sandbox, project, deployed.graph.stack, folder)
    stack = StackReport(deployed.graph.program, deployed.graph.stack, tuple(judged))
    report = Report((stack,), rules_of(load_catalogue().controls.values()), observed_at=OBSERVED_AT)
    for name, form in FORMS.items():
        (folder / f"gate.{name}").write_text(form.render(report, io.StringIO(), False))  # noqa: FBT003 - its shape
    key, bundle = folder / "signer.pem", folder / "bundle.jsonl"
    make_key(key)
    inputs = Inputs(findings=(folder / "gate.json",), audits=(folder / "kept",))
    seal_bundle(bundle, inputs, key, Predecessor())
    write_report(bundle, key.with_name("signer.pem.pub"), Predecessor(), None)


def _audit(sandbox: Sandbox, project: Path, stack: str, folder: Path) -> None:
    request = Request(
        programs=(project,),
        stacks=(stack,),
        accounts=(sandbox.account,),
        evidence=folder / "kept",
        output=tuple(f"{form}:{folder / f'audit.{form}'}" for form in FORMS),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "Session", sandbox.session)
        patch.setattr("integration.auditing.accounts.RATES", None)
        code = run_audit(request)
    assert code != ExitCode.ERROR
