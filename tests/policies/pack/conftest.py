"""The pack's process, driven as the engine drives it, and the requests that it is sent."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine import wire
from ledgergate.engine.packs import PackProcess, StackInfo

PACK = Path(__file__).parents[3] / "policies"
URN = "urn:pulumi:dev::demo::"
PROVIDER = {
    "type": "pulumi:providers:aws",
    "urn": f"{URN}pulumi:providers:aws::default_7_51_1",
    "name": "default_7_51_1",
    "properties": {"region": "us-east-1", "version": "7.51.1"},
}
TAGS = {"Environment": "dev", "Owner": "a", "CostCenter": "b", "ManagedBy": "Pulumi", "Project": "demo"}
TAGS |= {"DataClassification": "internal"}

Start = Callable[..., PackProcess]


def resource(type_: str, name: str, properties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return one resource of a request, as protojson."""
    return {
        "type": type_,
        "urn": f"{URN}{type_}::{name}",
        "name": name,
        "properties": dict(properties),
        "options": {"customTimeouts": {}},
        "provider": PROVIDER,
        **more,
    }


def secret(value: Any) -> dict[str, Any]:
    """Return a secret on the wire."""
    return {wire.SIGNATURE: wire.SECRET, "value": value}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return the folder of a program called demo."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (folder / "__main__.py").write_text("")
    (folder / "ledgergate.toml").write_text('system = "demo"\nregions = ["us-east-1"]\n')
    return folder


@pytest.fixture
def start(program: Path) -> Iterator[Start]:
    """Return a function that starts and configures the pack for `program`."""
    with ExitStack() as running:

        def start_pack(
            *,
            preview: bool = True,
            project: str = "demo",
            named: bool = True,
            config: Mapping[str, Any] | None = None,
            **environment: str,
        ) -> PackProcess:
            own = {key: text for key, text in os.environ.items() if not key.startswith(("PULUMI_", "LEDGERGATE_"))}
            if named:
                own["LEDGERGATE_PROJECT"] = str(program)
            stack = StackInfo(project=project, stack="dev", preview=preview)
            pack = running.enter_context(PackProcess(PACK, stack, environment={**own, **environment}))
            pack.configure(config or {})
            return pack

        yield start_pack
