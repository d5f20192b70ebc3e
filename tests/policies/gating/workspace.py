"""Small Pulumi programs on disk, and calls of the gate on them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from policies.gating.command import run_gate
from policies.gating.request import Request

BUCKET: Final = 'Bucket("logs", {"bucket": "logs-of-the-shop"})\n'
"""Fails S3.8: nothing blocks public access."""
_START: Final = """\
import pulumi
class Bucket(pulumi.CustomResource):
    def __init__(self, name, args): super().__init__("aws:s3/bucket:Bucket", name, args)
"""


def program(
    folder: Path,
    body: str,
    stacks: Mapping[str, str] | None = None,
    *,
    waivers: str = "",
    profile: str = "",
) -> Path:
    """Write a program called as its folder.

    Args:
        folder: Where to.
        body: Its source from line 4 on; `pulumi` and a class `Bucket` are there.
        stacks: Stack name → content of the stack's file; one stack `dev` by default, none where it is empty.
        waivers: Content of `waivers.toml`.
        profile: Content of `ledgergate.toml`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(f"name: {folder.name}\nruntime: python\n")
    (folder / "__main__.py").write_text(_START + body)
    for stack, content in ({"dev": "config: {}"} if stacks is None else stacks).items():
        (folder / f"Pulumi.{stack}.yaml").write_text(content)
    for name, text in (("waivers.toml", waivers), ("ledgergate.toml", profile)):
        if text:
            (folder / name).write_text(text)
    return folder


def gate(*folders: Path, select: tuple[str, ...] = ("S3.8",), **options: object) -> int:
    """Judge programs in this process and return the exit code; `S3.8` alone unless told otherwise."""
    return run_gate(Request(programs=folders, select=select, **options))  # type: ignore[arg-type]  # the tests' own options


def findings(said: str, control: str) -> list[dict[str, Any]]:
    """Return the findings of a control in a report of JSON Lines."""
    return [each for each in map(json.loads, said.splitlines()) if each.get("control") == control]
