"""The GitHub action: its steps are run as a runner would run them, as far as they need no GitHub."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
ACTION: Final = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: Final = {step["name"]: step for step in ACTION["runs"]["steps"]}


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with the gate in it as pip leaves it: in one folder with what it needs, not beside it."""
    folder = tmp_path_factory.mktemp("runner") / "ledgergate"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.parent)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for each in Path(sysconfig.get_path("purelib")).iterdir():
        if "ledgergate" not in each.name:
            (packages / each.name).symlink_to(each)
    (wheel,) = folder.parent.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(packages)
    return folder


@pytest.fixture
def runner(installed: Path, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a runner after the step that installs."""
    (tmp_path / "ledgergate").symlink_to(installed)
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path), **files}


def judged(
    runner: dict[str, str], folder: Path = ROOT, **inputs: str
) -> tuple[dict[str, str], subprocess.CompletedProcess[str]]:
    """Run the step that judges and return what it hands to the next ones."""
    defaults = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()}
    given = defaults | inputs
    environment = {name: _filled(text, given) for name, text in STEPS["Judge"]["env"].items()}
    done = subprocess.run(
        ["/bin/bash", "-c", STEPS["Judge"]["run"]],
        env=runner | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    told = Path(runner["GITHUB_OUTPUT"]).read_text().splitlines()
    return dict(line.split("=", 1) for line in told), done


def _filled(text: str, inputs: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: inputs[found[1]], text)


def test_a_failing_program(runner: dict[str, str]) -> None:
    """The reports are there in every format, the summary is written, and the exit code is kept for the last step."""
    told, done = judged(runner, programs="\n  examples/insecure\n\n", select="tagging,S3.8")
    assert (told["exit-code"], done.stderr) == ("1", "")
    reports = Path(told["reports"])
    assert sorted(each.name for each in reports.iterdir()) == [
        "gate.html",
        "gate.jsonl",
        "gate.md",
        "gate.sarif",
        "gate.xml",
    ]
    assert json.loads((reports / "gate.sarif").read_text())["runs"][0]["results"]
    assert Path(runner["GITHUB_STEP_SUMMARY"]).read_text().startswith("### Ledgergate: FAILED")
    decide = subprocess.run(["/bin/bash", "-c", STEPS["Decide"]["run"]], env={"CODE": "1"}, check=False)
    assert decide.returncode == 1


@pytest.mark.parametrize("main", ["", "main: __main__.py\n"], ids=["folder", "file"])
def test_a_program_with_policies_of_its_own(runner: dict[str, str], tmp_path: Path, main: str) -> None:
    """Where the gate is installed beside pulumi, the program still gets its own modules and not the gate's."""
    program = tmp_path / "program"
    (program / "policies").mkdir(parents=True)
    (program / "Pulumi.yaml").write_text(f"name: own\nruntime: python\n{main}")
    (program / "policies" / "__init__.py").write_text('NAME = "own"\n')
    (program / "__main__.py").write_text(
        "import importlib.util\nimport policies\nimport pulumi_aws as aws\n"
        'assert importlib.util.find_spec("pulumi_aws")\n'
        "try:\n    import runbooks\nexcept ModuleNotFoundError:\n    aws.s3.Bucket(policies.NAME)\n"
    )
    told, done = judged(runner, programs=str(program), select="S3.8")
    assert (told["exit-code"], done.stderr) == ("1", "")


def test_a_program_that_needs_more_than_its_folder(runner: dict[str, str], tmp_path: Path) -> None:
    """What the gate needs to know beside is handed over, one argument for each line, blanks and all."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: own\nruntime: python\n")
    (program / "__main__.py").write_text(
        "import pulumi\n"
        'assert pulumi.Config().require("team") == "mail and post"\n'
        'pulumi.StackReference("net/prod").require_output("vpc").apply(print)\n'
    )
    given = "--stack-output=net/prod:vpc=vpc-1\n  --config=team=mail and post\n"
    told, done = judged(runner, programs=str(program), select="LG-ENG-02", arguments=given)
    assert (told["exit-code"], done.stderr) == ("0", "")


def test_a_mistake_is_no_pass(runner: dict[str, str]) -> None:
    """A folder without a program is an error, and so is a step that told nothing."""
    told, done = judged(runner, programs="nowhere")
    assert told["exit-code"] == "2"
    assert "error:" in done.stderr
    decide = subprocess.run(["/bin/bash", "-c", STEPS["Decide"]["run"]], env={}, check=False)
    assert decide.returncode == 2


def test_a_repository_with_policies_of_its_own(runner: dict[str, str], tmp_path: Path) -> None:
    """A folder that is called like a package of the gate does not take its place."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "__init__.py").write_text("raise SystemExit(0)\n")
    told, _ = judged(runner, tmp_path, programs=str(ROOT / "examples" / "insecure"), select="S3.8")
    assert told["exit-code"] == "1"
    assert Path(told["sarif"]).exists()


@pytest.mark.parametrize("hostile", ['"; touch hacked; "', "$(touch hacked)", "`touch hacked`", "--help"])
def test_no_input_is_a_command(runner: dict[str, str], hostile: str) -> None:
    """What somebody puts into an input reaches the gate as one argument, and the shell never."""
    judged(runner, select=hostile, programs="examples/minimal")
    assert not (ROOT / "hacked").exists()
    for step in STEPS.values():
        assert "${{" not in str(step.get("run", "")), step["name"]


def test_the_action_installs_what_is_locked() -> None:
    """Hashes are demanded, and the files that it names exist."""
    text: Any = STEPS["Install"]["run"]
    named = re.findall(r"\$HERE/(\S+?)\"", text)
    assert [name for name in named if name] == ["requirements/run.txt", "requirements/build.txt"]
    assert all((ROOT / name).exists() for name in named)
    assert text.count("--require-hashes") == 2
