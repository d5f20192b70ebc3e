"""Shows what a program leaves to pools, hooks and made-up values, and what it asks that the gate only assumes."""

from pathlib import Path

import pytest

from tests.policies.gating.workspace import findings, gate, program


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for nothing outside the test's folder."""
    monkeypatch.chdir(tmp_path)


POOLED = """\
import asyncio, threading, time
from concurrent.futures import ThreadPoolExecutor
loop = asyncio.get_event_loop()
def make():
    Bucket("late", {})
def handing_over():
    time.sleep(30)
    loop.call_soon_threadsafe(make)
def idle():
    time.sleep(30)
"""


@pytest.mark.parametrize(
    ("calls", "names"),
    [
        ("loop.run_in_executor(None, handing_over)", ["thread"]),
        ("ThreadPoolExecutor(1).submit(handing_over)", ["thread"]),
        ("pool = ThreadPoolExecutor(1); pool.submit(idle); pool.submit(handing_over)", ["queued"]),
        ("pool = ThreadPoolExecutor(1); pool.submit(time.sleep, 30); pool.submit(handing_over)", ["queued"]),
        ("pool = ThreadPoolExecutor(1); pool.submit(idle); pool.submit(idle)", []),
        ("timer = threading.Timer(30, handing_over); timer.daemon = True; timer.start()", ["thread"]),
        ("timer = threading.Timer(30, idle); timer.daemon = True; timer.start()", []),
    ],
)
def test_what_a_pool_of_threads_has_yet_to_do_is_undecided(
    calls: str, names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A thread of a pool does not refer to what it runs, and what waits for one runs nowhere yet."""
    folder = program(tmp_path / "shop", f"{POOLED}{calls}\n")
    assert gate(folder, format="json") == (3 if names else 0)
    messages = [each["message"] for each in findings(capsys.readouterr().out, "LG-RUN-02")]
    assert [message.partition("the ")[2].split()[0] for message in messages] == names


HOOKS = """\
def making(args):
    Bucket("late", {})
def saying(args):
    pulumi.log.info("made")
pulumi.ResourceHook("making", making)
pulumi.ResourceHook("saying", saying)
"""


def test_a_hook_that_may_register_is_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No hook runs in the gate; one that registers nothing is only named."""
    folder = program(tmp_path / "shop", HOOKS)
    assert gate(folder, format="json") == 3
    (found,) = findings(capsys.readouterr().out, "LG-RUN-02")
    assert found["message"].startswith(f"{folder}/__main__.py:4: the hook making was not run")
    assert gate(folder) == 3
    assert "the hook saying was not run" in " ".join(capsys.readouterr().out.split())


def test_a_version_that_a_deployment_will_have_is_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asks for the version of a package learns as much as whoever imports it."""
    body = (
        "from importlib import metadata\n"
        "for name in ('not-installed', 'asked-for-by-nobody'):\n"
        "    try:\n        metadata.version(name)\n    except metadata.PackageNotFoundError:\n        pass\n"
    )
    folder = program(tmp_path / "shop", body)
    (folder / "requirements.txt").write_text("Not.Installed>=1\n")
    assert gate(folder, format="json") == 3
    (found,) = findings(capsys.readouterr().out, "LG-RUN-02")
    assert found["message"].startswith("not-installed is not installed here")


def test_the_settings_of_the_sdk_say_that_it_is_deployed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are asked for the phase as `is_dry_run` is."""
    body = "from pulumi.runtime import settings\nif not settings.SETTINGS.dry_run:\n    Bucket('deployed', {})\n"
    assert gate(program(tmp_path / "shop", body)) == 1
    assert "it was told that it is deployed" in " ".join(capsys.readouterr().out.split())


PARSING = """\
def parse(id):
    raise ValueError("no number\\nnor anything else")
Bucket("logs", {}).id.apply(parse)
Bucket("other", {})
"""


def test_what_a_function_raised_on_a_made_up_value_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The value may not have the form of the real one, so the program is judged; that it raised is told."""
    folder = program(tmp_path / "shop", PARSING)
    assert gate(folder) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "raised on a made-up value, and run again with less known" in said
    assert "__main__.py:5: ValueError: no number" in said
    assert "nor anything else" not in said


def test_an_organization_that_is_asked_for_is_named_as_assumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows it offline; who does not ask hears nothing of it."""
    assert gate(program(tmp_path / "shop", "pulumi.get_organization()\n")) == 0
    assert "it was told `organization`, which is assumed" in " ".join(capsys.readouterr().out.split())
    assert gate(program(tmp_path / "quiet", "pulumi.get_stack()\n")) == 0
    assert "organization" not in capsys.readouterr().out


LEAVING = """\
import sys
def leave(arn):
    sys.exit(0)
Bucket("logs", {}).id.apply(leave)
"""


def test_a_program_that_leaves_inside_apply_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With less known the function would not run, and the program would seem to go through."""
    folder = program(tmp_path / "shop", LEAVING)
    assert gate(folder, format="json") == 2
    assert "exit(0)" in "".join(capsys.readouterr())
