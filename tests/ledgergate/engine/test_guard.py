"""The guard keeps a program from the network, from files and from credentials, and says that the gate did."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgergate.engine import guard
from ledgergate.engine.guard import Rules
from ledgergate.engine.program_errors import ProgramError
from tests.ledgergate.engine.running import lay_out, run_program, run_project, run_text, source_of


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the gate a home with AWS credentials."""
    folder = tmp_path / "home"
    (folder / ".aws").mkdir(parents=True)
    (folder / ".aws" / "credentials").write_text("[default]\n")
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Listen on the gate's own loopback, closing each connection at once."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield server
        server.shutdown(socket.SHUT_RDWR)


def test_everything_forbidden_is_refused(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt fails with a message that names the gate, nothing is changed, and the result lists them."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws.ini"))
    (tmp_path / "aws.ini").write_text("[default]\n")
    (tmp_path / "link").symlink_to(tmp_path / "program")
    project = lay_out(tmp_path / "program", {"__main__.py": source_of("forbidden"), "kept.txt": "kept"})
    before = {path.name for path in project.folder.iterdir()}
    config = [f"link={tmp_path / 'link'}", f"credentials={tmp_path / 'aws.ini'}"]
    found = run_project(project, config=config)
    for name, said in found.outputs["found"].items():
        assert said.startswith("GuardError: the gate does not let the program "), name
    assert {path.name for path in project.folder.iterdir()} == before
    assert (project.folder / "kept.txt").read_text() == "kept"
    assert "the gate does not let the program reach 192.0.2.1 over the network" in found.refused[0]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/run/scratch/x", True),
        ("/run/scratch", True),
        ("/run/scratch-of-another/x", False),
        ("/run/scratch/../x", False),
        ("/srv/shop/x", False),
        ("/srv/shop/__pycache__/x.pyc", False),
        ("/srv/shop/venv/lib/python3/site-packages/kit/__pycache__/x.pyc", True),
        ("/srv/tmp/shop/__pycache__/x.pyc", False),
        ("/srv/tmp/x", True),
        ("/srv/tmp/shop/x", False),
        ("/srv/x", False),
        ("/dev/null", True),
        ("/dev/sda", False),
    ],
)
def test_where_files_may_be_written(path: str, *, allowed: bool) -> None:
    """Writable are the run's folder, temporary ones but for a program, caches of installed packages and devices."""
    own = (Path("/srv/shop"), Path("/srv/tmp/shop"))
    refused: list[str] = []
    rules = Rules(scratch=Path("/run/scratch"), own=own, temporary=(Path("/srv/tmp"),))
    guard._checks(rules, refused.append)["open"]((path, "w", os.O_WRONLY | os.O_CREAT))
    assert (len(refused) == 0) is allowed


def test_everything_harmless_is_allowed(tmp_path: Path) -> None:
    """Temporary files, devices, loopback, socket pairs and subprocesses work as ever."""
    shared = tmp_path / "shared.txt"
    found = run_program(tmp_path, "allowed", config=[f"shared={shared}"])
    assert found.outputs["done"] == ["temporary folder", "removed", "devices", "hello", "pair", "child"]
    assert shared.read_text() == "x"
    assert found.refused == ()


def test_allow_writes(tmp_path: Path) -> None:
    """With the switch a program may build into its own folder."""
    found = run_text(tmp_path, "open('built.zip', 'w').close()", allow_writes=True)
    assert (tmp_path / "program" / "built.zip").exists()
    assert found.refused == ()


def test_refusal_stops_the_program(tmp_path: Path) -> None:
    """A refusal that the program does not handle is the one error, with the program's line and what to do."""
    with pytest.raises(
        ProgramError, match=r"(?s)does not let the program write built\.zip.*--allow-writes.*line 1, in"
    ):
        run_text(tmp_path, "open('built.zip', 'w').close()")


def test_refusal_behind_another_exception(tmp_path: Path) -> None:
    """A library that turns the refusal into an error of its own does not hide it."""
    program = (
        "import socket\n"
        "try:\n    socket.create_connection(('192.0.2.1', 443))\n"
        "except OSError:\n    raise RuntimeError('could not connect to the endpoint')\n"
    )
    with pytest.raises(ProgramError, match=r"the gate does not let the program reach 192\.0\.2\.1"):
        run_text(tmp_path, program)


def test_tampering_does_not_take_the_guard_down(tmp_path: Path) -> None:
    """Overwriting what the module holds changes nothing: it stops accidents, a careless patch among them."""
    found = run_program(tmp_path, "tampering")
    assert "the gate does not let the program write" in found.outputs["error"]
    assert not (tmp_path / "program" / "new.txt").exists()


def test_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program sees what any process needs, what is named, and no credentials of the gate's user."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_REGION", "TOKEN", "NAMED"):
        monkeypatch.setenv(name, "value")
    program = "import os, pulumi\npulumi.export('seen', dict(os.environ))\n"
    seen = run_text(tmp_path, program, environment=("NAMED", "NOT_SET")).outputs["seen"]
    assert seen["NAMED"] == "value"
    assert not {"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_REGION", "TOKEN", "NOT_SET"} & set(seen)
    assert {seen["AWS_SHARED_CREDENTIALS_FILE"], seen["AWS_CONFIG_FILE"]} == {"/dev/null"}
    assert seen["AWS_EC2_METADATA_DISABLED"] == "true"


def test_hidden_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that needs a variable which it may not see is told which, and how to show it."""
    monkeypatch.setenv("TEAM", "payments")
    with pytest.raises(ProgramError, match=r"variable TEAM, which is hidden.*\n.*`--env TEAM`"):
        run_text(tmp_path, "import os\nos.environ['TEAM']\n")


def test_named_credentials_may_be_read(tmp_path: Path, home: Path) -> None:
    """Naming AWS's own variable is asking for it: then the files are open."""
    program = "import pathlib, pulumi\npulumi.export('text', (pathlib.Path.home() / '.aws/credentials').read_text())\n"
    found = run_text(tmp_path, program, environment=("AWS_SHARED_CREDENTIALS_FILE",))
    assert found.outputs == {"text": "[default]\n"}


def test_network_namespace(tmp_path: Path, listener: socket.socket) -> None:
    """In a network of its own neither compiled code nor a subprocess reaches the machine's loopback; else both do."""
    port = listener.getsockname()[1]
    config = [f"port={port}"]
    alone = run_program(tmp_path / "alone", "reaches_out", config=config)
    if not alone.isolated:
        pytest.skip("no network namespace can be made here")
    assert "refused" in alone.outputs["subprocess"]
    assert alone.outputs["grpc"] == "refused"
    open_ = run_program(tmp_path / "open", "reaches_out", config=config, namespace=False)
    assert not open_.isolated
    assert open_.outputs["subprocess"] == "reached"
    assert open_.outputs["grpc"] != "refused"
