"""How long a user waits for `--help`."""

import subprocess
import sys
from pathlib import Path

from bench.figures import Figure
from bench.timing import Command, alternate, median_ratio, median_wall

ROOT = Path(__file__).resolve().parent.parent


def figures(rounds: int) -> list[Figure]:
    """Measure `--help` against the import of what it cannot do without.

    Raises:
        RuntimeError: It imports what only a program needs.
    """
    python = sys.executable
    samples = alternate(
        {
            "--help": Command([python, "-m", "policies.gate", "--help"], ROOT),
            "import typer, rich": Command([python, "-c", "import typer, rich"], ROOT),
            "python -c pass": Command([python, "-c", "pass"], ROOT),
        },
        rounds,
    )
    _assert_light(python)
    helped, imported, nothing = samples.values()
    return [
        Figure(
            name="`--help` against importing typer and rich",
            value=median_ratio(helped, imported),
            bound=1.3,
            measured=f"{median_wall(helped):.3f} s / {median_wall(imported):.3f} s",
            floor=f"bare interpreter {median_wall(nothing):.3f} s",
        )
    ]


def _assert_light(python: str) -> None:
    code = (
        "import sys; sys.argv = ['gate', '--help']\n"
        "import atexit, runpy\n"
        "heavy = ('pulumi_aws', 'pulumi', 'grpc', 'boto3')\n"
        "atexit.register(lambda: sys.stderr.write(' '.join(name for name in heavy if name in sys.modules)))\n"
        "runpy.run_module('policies.gate', run_name='__main__')\n"
    )
    done = subprocess.run([python, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    if done.stderr.strip():
        raise RuntimeError(f"--help imports {done.stderr.strip()}")
