"""Writes small policy packs into a folder."""

from pathlib import Path
from textwrap import dedent
from typing import Final

from ledgergate.engine.packs import StackInfo

STACK: Final = StackInfo("payments", "dev", config={"payments:token": "sesame"}, secret_keys=("payments:token",))
"""The stack that the packs judge; its secret was made up."""

BUCKET: Final = {
    "type": "aws:s3/bucket:Bucket",
    "urn": "urn:pulumi:dev::payments::aws:s3/bucket:Bucket::logs",
    "name": "logs",
    "properties": {"tags": {"Owner": "x"}, "size": 3.0},
    "options": {"customTimeouts": {}},
}
"""An `AnalyzeRequest` as the embedded engine makes it."""


def lay_out(folder: Path, code: str, manifest: str = "runtime: python\n") -> Path:
    """Write a pack and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__main__.py").write_text(dedent(code), encoding="utf-8")
    (folder / "PulumiPolicy.yaml").write_text(manifest, encoding="utf-8")
    return folder
