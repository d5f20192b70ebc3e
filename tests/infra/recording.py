"""What a program registered, as tests read it; the program runs in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ledgergate.graph import Graph, Kind, Options, Resource

ROOT = Path(__file__).parents[2]
PAYMENTS = ROOT / "infra" / "payments"


@dataclass(frozen=True, slots=True)
class Recording:
    """What one run of a program left behind.

    Args:
        graph: Every resource but the stack; `inputs` as the program sent them.
        outputs: Exported name → value.
        error: What the program raised; empty when it ended well.
        warnings: What the SDK warned of.
    """

    graph: Graph
    outputs: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    warnings: tuple[str, ...] = ()


class Record(Protocol):
    """Runs a program, or returns what it left behind the last time."""

    def __call__(
        self, program: Path, stack: str, *, environ: Mapping[str, str] | None = None, **config: Any
    ) -> Recording:
        """Run `stack`; a configuration key is written `payments__vpcCidr`, and None removes it."""
        ...


class Changed(Protocol):
    """Runs the development stack of the payment system with changed configuration."""

    def __call__(self, *, environ: Mapping[str, str] | None = None, **config: Any) -> Recording:
        """Run it; keys as in `Record`."""
        ...


def _resource(found: Mapping[str, Any]) -> Resource:
    options = Options(
        protect=found["protect"],
        delete_before_replace=found["delete_before_replace"],
        retain_on_delete=found["retain_on_delete"],
    )
    return Resource(
        urn=found["urn"],
        type=found["type"],
        name=found["name"],
        kind=Kind.CUSTOM if found["custom"] else Kind.COMPONENT,
        inputs=found["inputs"],
        id=found["id"],
        parent=found["parent"],
        dependencies=tuple(found["dependencies"]),
        options=options,
    )


@contextmanager
def open_recorder() -> Iterator[Record]:
    """Start the process that runs programs; it answers until the context ends."""
    command = [sys.executable, str(Path(__file__).with_name("recorder.py"))]
    answers: dict[str, Recording] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        stdin, stdout = child.stdin, child.stdout

        def run(program: Path, stack: str, *, environ: Mapping[str, str] | None = None, **config: Any) -> Recording:
            changes = {key.replace("__", ":"): value for key, value in config.items()}
            request = {"program": str(program), "stack": stack, "config": changes, "environ": dict(environ or {})}
            line = json.dumps(request)
            if line not in answers:
                stdin.write(f"{line}\n")
                stdin.flush()
                answers[line] = _recording(json.loads(stdout.readline()))
            return answers[line]

        yield run


def _recording(answer: Mapping[str, Any]) -> Recording:
    graph = Graph(answer["project"], answer["stack"], map(_resource, answer["resources"]))
    return Recording(graph, answer["outputs"], answer["error"], tuple(answer["warnings"]))
