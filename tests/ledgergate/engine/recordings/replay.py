"""Runs a recorded program again in the embedded engine, with the recorded packs and the stand-in provider."""

import contextlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledgergate.engine.launcher import Evaluation, Run, launch
from ledgergate.engine.packs import (
    Diagnostic,
    PackHost,
    PackInfo,
    PackProcess,
    Remediation,
    StackInfo,
    load_pack_config,
)
from ledgergate.engine.project import StackConfig, load_project
from tests.ledgergate.engine.recordings.standin import Standin
from tests.ledgergate.engine.recordings.table import FOLDER, STACK_OUTPUTS, Recording


@dataclass(slots=True)
class WitnessedPack:
    """A pack and everything that it was asked."""

    pack: PackProcess
    remediated: dict[str, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    analyzed: dict[str, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    stacks: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """See `Pack`."""
        return self.pack.folder

    @property
    def info(self) -> PackInfo:
        """See `Pack`."""
        return self.pack.info

    def remediate(self, request: Mapping[str, Any]) -> list[Remediation]:
        """See `Pack`."""
        self.remediated[request["urn"]].append(request)
        return self.pack.remediate(request)

    def analyze(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """See `Pack`."""
        self.analyzed[request["urn"]].append(request)
        return self.pack.analyze(request)

    def analyze_stack(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """See `Pack`."""
        self.stacks.append(request)
        return self.pack.analyze_stack(request)


@dataclass(frozen=True, slots=True)
class Replay:
    """One run and what it asked of whom."""

    evaluation: Evaluation
    host: PackHost
    packs: list[WitnessedPack]
    provider: Standin


def run_of(recording: Recording, *, fast: bool = True) -> Run:
    """Return the run that a recording was made of."""
    project = load_project(FOLDER / "programs" / recording.program)
    config = StackConfig("dev", recording.config, recording.secret_keys)
    preview = recording.mode == "preview"
    return Run(
        project, config, preview=preview, fast=fast, own_provider=True, packs=bool(recording.packs), allow_writes=True
    )


def replay(recording: Recording, *, fast: bool = True) -> Replay:
    """Run it again.

    Raises:
        PackError: A pack does not start or refuses its configuration.
    """
    run = run_of(recording, fast=fast)
    provider = Standin(**recording.provider)
    with contextlib.ExitStack() as running:
        packs = [
            WitnessedPack(running.enter_context(PackProcess(FOLDER / "packs" / name, StackInfo.of(run))))
            for name in recording.packs
        ]
        given = load_pack_config(FOLDER / "packs" / recording.pack_config) if recording.pack_config else {}
        for witnessed in packs:
            witnessed.pack.configure(given)
        host = PackHost(packs, provider, STACK_OUTPUTS)
        return Replay(launch(run, host), host, packs, provider)
