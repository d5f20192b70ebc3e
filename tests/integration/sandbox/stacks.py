"""Drives a sandbox without a program: a stack's resources, one after the other, as the engine registers them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from integration.sandbox import Report, Sandbox
from integration.sandbox.deployment import remove
from integration.sandbox.provider import SandboxProvider
from integration.sandbox.report import Notes
from ledgergate.engine.estate import StackName
from ledgergate.engine.project import Project, load_project
from ledgergate.engine.provider import Created, Handling, ProviderConfig, ProviderError, ResourceRequest

ROOT: Final = Path(__file__).resolve().parents[3]
NAME: Final = StackName("program", "dev")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One resource of a program.

    Args:
        type: Type token.
        inputs: Its inputs; `$name.property` stands for an output of an earlier resource.
        name: Logical name.
        handling: How it is to be handled.
        provider: Inputs of its provider.
    """

    type: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    name: str = "it"
    handling: Handling = field(default_factory=Handling)
    provider: Mapping[str, Any] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        """Its URN."""
        return f"urn:pulumi:dev::program::{self.type}::{self.name}"


@dataclass(frozen=True, slots=True)
class Result:
    """What one run gave.

    Args:
        report: What was done.
        created: Logical name → what the sandbox answered.
    """

    report: Report
    created: Mapping[str, Created]


def run(sandbox: Sandbox, *wanted: Wanted, preview: bool = True) -> Result:
    """Make the stack hold these resources and no others.

    Raises:
        ProviderError: A service refused one.
        SandboxError: What is not wanted could not be deleted.
    """
    made: dict[str, Created] = {}
    with sandbox._measured(Notes()) as measured:
        provider = sandbox._provider(NAME, measured.notes)
        for each in wanted:
            made[each.name] = _register(provider, each, made, preview=preview)
        remove(provider, sandbox._states[NAME].leftovers(provider.wanted), measured.notes)
    return Result(measured.report, made)


def _register(provider: SandboxProvider, wanted: Wanted, made: Mapping[str, Created], *, preview: bool) -> Created:
    served = ProviderConfig("aws", "urn:provider", inputs=wanted.provider)
    inputs = _resolved(wanted.inputs, made)
    request = ResourceRequest(
        wanted.urn, wanted.type, wanted.name, inputs, served, preview=preview, handling=wanted.handling
    )
    checked = provider.check(request)
    if checked.failures:
        raise ProviderError(checked.failures[0][1])
    return provider.create(replace(request, inputs=checked.inputs))


def _resolved(value: Any, made: Mapping[str, Created]) -> Any:
    if isinstance(value, Mapping):
        return {key: _resolved(item, made) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, made) for item in value]
    if isinstance(value, str) and value.startswith("$"):
        name, _, output = value[1:].partition(".")
        return made[name].id if output == "id" else made[name].outputs[output]
    return value


def lay_out(folder: Path, source: str, *, name: str = "program", config: Iterable[str] = ()) -> Project:
    """Write a program with a stack `dev` into a folder and load it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__main__.py").write_text(source, encoding="utf-8")
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n", encoding="utf-8")
    lines = ["config:", *(f"  {line}" for line in ("aws:region: us-east-1", *config))]
    (folder / "Pulumi.dev.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_project(folder)
