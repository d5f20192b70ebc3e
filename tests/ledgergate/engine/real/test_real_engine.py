"""The Pulumi CLI itself, where there is one, asks a pack what the embedded engine asks it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.ledgergate.engine.real.plugin import install
from tests.ledgergate.engine.real.test_plugin import WITNESS, embedded_requests, read_requests
from tests.ledgergate.engine.recordings.comparison import differences, sorted_lists
from tests.ledgergate.engine.recordings.table import FOLDER, Recording

PULUMI: Final = shutil.which("pulumi")
pytestmark = [pytest.mark.pulumi_cli, pytest.mark.timeout(300)]

RUNS: Final = (
    Recording("small/witnessed", mode="preview", packs=("witness",)),
    Recording("small/witnessed", mode="up", packs=("witness",)),
    Recording("cases/values", mode="preview", packs=("witness",), config={"cases:mode": "values"}),
    Recording("cases/component_only", mode="up", packs=("witness",), config={"cases:mode": "component_only"}),
)


class Cli:
    """The Pulumi CLI with a home, a backend and a provider of its own.

    Args:
        folder: Empty folder for all of it.
        recording: What to run.
    """

    def __init__(self, folder: Path, recording: Recording) -> None:
        self._program = folder / recording.program
        shutil.copytree(FOLDER / "programs" / recording.program, self._program)
        (folder / "backend").mkdir()
        (folder / "bin").mkdir()
        install(folder / "bin")
        path = [str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
        self._environment = {
            **os.environ,
            "PATH": os.pathsep.join(path),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "made up",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "WITNESS_FILE": str(folder / "requests"),
        }
        self.run("stack", "init", "dev")

    def run(self, *arguments: str) -> int:
        """Run a command in the program's folder; return its exit code."""
        command = [str(PULUMI), *arguments, "--non-interactive", "--color", "never"]
        return subprocess.run(command, cwd=self._program, env=self._environment, check=False).returncode

    def deploy(self, mode: str, pack: Path, config: Mapping[str, str]) -> int:
        """Preview the program, or bring it up without one."""
        how = ("preview",) if mode == "preview" else ("up", "--yes", "--skip-preview")
        settings = [text for key, value in config.items() for text in ("-c", f"{key}={value}")]
        return self.run(*how, "--policy-pack", str(pack), *settings)


@pytest.mark.parametrize("recording", RUNS, ids=lambda recording: f"{recording.name}-{recording.mode}")
def test_requests_are_those_of_the_real_engine(recording: Recording, tmp_path: Path) -> None:
    """The same program gives a pack the same requests under the CLI and in the embedded engine."""
    assert Cli(tmp_path, recording).deploy(recording.mode, WITNESS, recording.config) == 0
    real = read_requests(tmp_path / "requests")
    ours = embedded_requests(recording, tmp_path / "ours")
    assert set(real) == set(ours)
    for call, requests in real.items():
        assert differences(call, sorted_lists(requests), ours[call]) == {}


def test_mandatory_pack_fails_the_real_engine_too(tmp_path: Path) -> None:
    """The recorded mandatory pack gives exit code 1 under whatever CLI is installed."""
    recording = Recording("small/mandatory", mode="preview")
    assert Cli(tmp_path, recording).deploy("preview", FOLDER / "packs" / "mandatory", {}) == 1
