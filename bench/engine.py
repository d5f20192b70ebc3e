"""Runs a program in the embedded engine and judges nothing: `engine.py FOLDER CONFIG fast|plain`.

CONFIG is a JSON list of KEY=VALUE. Prints how many resources were made and which patches of the SDK were applied.
"""

import json
import sys
from pathlib import Path

from ledgergate.engine.attempts import evaluate
from ledgergate.engine.launcher import Run
from ledgergate.engine.project import load_project, load_stack


def main(folder: str, config: str, mode: str) -> None:
    """Evaluate the stack `bench` of a program."""
    project = load_project(Path(folder))
    run = Run(project, load_stack(project, "bench", json.loads(config)), fast=mode == "fast")
    found = evaluate(run)
    sys.stdout.write(f"{len(found.graph)} {' '.join(found.patches)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
