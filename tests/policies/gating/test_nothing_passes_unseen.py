"""Shows that what a program hides from the gate, by accident or not, does not pass."""

import json
from pathlib import Path

import pytest

from tests.policies.gating.workspace import findings, gate, program

REFUSED = """\
import socket
try:
    socket.create_connection(("192.0.2.1", 443), timeout=1)
except Exception:
    pass
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for nothing outside the test's folder."""
    monkeypatch.chdir(tmp_path)


def test_a_call_without_an_answer_that_the_program_swallows_is_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What AWS would have answered may decide what is registered; the function and the line are named."""
    body = 'try:\n    pulumi.runtime.invoke("aws:x/y:getZ", {})\nexcept Exception:\n    pass\n'
    folder = program(tmp_path / "shop", body)
    code = gate(folder, format="json")
    (found,) = findings(capsys.readouterr().out, "LG-RUN-02")
    assert code == 3
    assert found["message"].startswith(f"{folder}/__main__.py:5: invocation of aws:x/y:getZ returned an error")


def test_a_refusal_that_the_program_swallows_is_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody knows what it would have registered with an answer, so the stack does not pass."""
    code = gate(program(tmp_path / "shop", REFUSED), format="json")
    (found,) = findings(capsys.readouterr().out, "LG-RUN-02")
    assert code == 3
    assert found["verdict"] == "unknown"
    assert "192.0.2.1" in found["message"]


def test_configuration_that_an_environment_may_hold_is_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A default of the program's own may not be what is deployed; whoever gives the value hears no more of it."""
    body = 'pulumi.Config().get("open")\npulumi.Config().get("name")\n'
    folder = program(tmp_path / "shop", body, {"dev": "environment: [aws/prod]\nconfig: {shop:name: a}\n"})
    assert gate(folder, format="json") == 3
    (found,) = findings(capsys.readouterr().out, "LG-RUN-02")
    assert "configuration `shop:open` may be set by an ESC environment (aws/prod)" in found["message"]
    assert gate(folder, config=("open=no",)) == 0


IMPORTS = """\
import importlib.util
for name in ("pulumi_nowhere", "not_installed", "needed_elsewhere", "unheard_of"):
    try:
        __import__(name)
    except ImportError:
        pass
importlib.util.find_spec("pulumi_elsewhere")
"""


def test_packages_that_a_deployment_will_have_are_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A package of Pulumi, or one that the requirements name, is there when the program is deployed."""
    folder = program(tmp_path / "shop", IMPORTS)
    (folder / "requirements.txt").write_text("# ours\nNot.Installed>=1\nneeded-elsewhere; python_version < '3'\n")
    assert gate(folder, format="json") == 3
    messages = [each["message"] for each in findings(capsys.readouterr().out, "LG-RUN-02")]
    assert [message.split()[0] for message in messages] == ["pulumi_nowhere", "not_installed", "pulumi_elsewhere"]
    assert "is not installed here, and the program asks for it" in messages[0]


VARIABLES = """\
import os
os.environ.get("ALLOW_SSH")
os.getenv("DEPLOY_MODE", "closed")
"NOT_SET_ANYWHERE" in os.environ
os.environ["PULUMI_CONFIG"]
"""


def test_variables_that_are_hidden_from_the_program_are_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment may well see what the gate sees; naming the variables takes that away."""
    monkeypatch.setenv("ALLOW_SSH", "yes")
    monkeypatch.setenv("DEPLOY_MODE", "open")
    folder = program(tmp_path / "shop", VARIABLES)
    assert gate(folder, format="json") == 3
    messages = [each["message"] for each in findings(capsys.readouterr().out, "LG-RUN-02")]
    assert [message.split()[2] for message in messages] == ["ALLOW_SSH", "DEPLOY_MODE"]
    assert "--env ALLOW_SSH" in messages[0]
    assert gate(folder, environment=("ALLOW_SSH", "DEPLOY_MODE")) == 0


THROUGH_LIBRARIES = """\
import getpass, os.path, shutil, tempfile
os.path.expandvars("$DEPLOY_ENV")
getpass.getuser()
shutil.which("nothing-of-that-name")
tempfile.gettempdir()
import asking
pulumi.Config().get("name")
"""


def test_variables_that_a_library_reads_for_the_program_are_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a library reads while it is imported, or of the machine, is no question of the program's."""
    for name in ("DEPLOY_ENV", "LOGNAME", "READ_AT_IMPORT", "TMPDIR"):
        monkeypatch.setenv(name, "/nowhere")
    library = tmp_path / "site-packages"
    library.mkdir()
    (library / "asking.py").write_text("import os\nos.environ.get('READ_AT_IMPORT')\n")
    folder = program(tmp_path / "shop", f"import sys\nsys.path.append({str(library)!r})\n{THROUGH_LIBRARIES}")
    assert gate(folder, format="json") == 3
    messages = [each["message"] for each in findings(capsys.readouterr().out, "LG-RUN-02")]
    assert [message.split()[2] for message in messages] == ["DEPLOY_ENV", "LOGNAME"]


def test_variables_that_an_environment_may_hold_are_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An ESC environment may set any variable, and configuration that is read by hand."""
    folder = program(tmp_path / "shop", VARIABLES, {"dev": "environment: [aws/prod]\nconfig: {}\n"})
    assert gate(folder, format="json") == 3
    messages = [each["message"] for each in findings(capsys.readouterr().out, "LG-RUN-02")]
    assert len(messages) == 4
    assert all("may be set by an ESC environment (aws/prod)" in message for message in messages)


DECIDED = """\
import pulumi_aws as aws
vpc = aws.ec2.get_vpc(default=True)
try:
    port = 22 if vpc.enable_dns_support else 443
except Exception:
    port = 443
try:
    number = vpc.enable_dns_support + 1
except Exception:
    number = 1
try:
    prefix = int(vpc.cidr_block.split("/")[1])
except AttributeError:
    prefix = 16
except Exception:
    prefix = 24
try:
    mode = {"available": 1}.get(vpc.state)
except Exception:
    mode = 0
"""


def test_a_decision_on_what_only_aws_knows_is_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that catches the error and goes on has guessed; each place is named."""
    folder = program(tmp_path / "shop", DECIDED)
    code = gate(folder, format="json")
    found = findings(capsys.readouterr().out, "LG-RUN-02")
    assert code == 3
    assert [each["verdict"] for each in found] == ["unknown"] * 4
    assert [each["message"].partition(": ")[0] for each in found] == [
        f"{folder}/__main__.py:{line}" for line in (7, 11, 15, 21)
    ]
    assert all("--answers FILE" in each["message"] for each in found)


FUNCTION = """\
pulumi.CustomResource("aws:rds/cluster:Cluster", "store", {}).urn
port = pulumi.Output.from_input(pulumi.output.Unknown())
port.apply(lambda _: Bucket("late", {}))
port.apply(lambda _: Bucket("later", {}))
port.apply(lambda number: f"port {number}")
port.apply(lambda number: Bucket("blind", {}) if isinstance(number, int) else None, run_with_unknowns=True)
"""
WAIVER = """\
[[waiver]]
control = "LG-RUN-03"
resource = "urn:pulumi:*::shop::*::shop-dev"
reason = "Both make what the account's audit looks at."
requirement = "1.2.1"
owner = "platform team"
approver = "security officer"
expires = 2099-12-31
"""


def test_functions_that_were_not_run_are_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each that may register gives a finding of its own, with its place; what only words a value gives none."""
    code = gate(program(tmp_path / "shop", FUNCTION), format="json")
    found = findings(capsys.readouterr().out, "LG-RUN-03")
    assert code == 3
    assert [each["verdict"] for each in found] == ["unknown", "unknown", "unknown"]
    assert [each["source"]["line"] for each in found] == [6, 7, 9]
    assert len({each["fingerprint"] for each in found}) == 3
    assert "was run on a value that is known only after deployment" in found[-1]["message"]


def test_functions_that_were_not_run_can_be_waived(tmp_path: Path) -> None:
    """Whoever answers for them says so in a waiver on the stack."""
    assert gate(program(tmp_path / "shop", FUNCTION, waivers=WAIVER)) == 0


def test_resources_of_another_provider_for_aws_are_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bucket of aws-native has properties that no control reads: it must not pass as one that was judged."""
    body = 'pulumi.CustomResource("aws-native:s3:Bucket", "hidden", {})\n'
    code = gate(program(tmp_path / "shop", body), select=(), format="json")
    said = capsys.readouterr().out
    hidden = [each for each in map(json.loads, said.splitlines()) if "hidden" in each.get("resource", "")]
    assert code == 3
    assert "unknown" in {each["verdict"] for each in hidden}


def test_a_stack_without_a_subject_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That no control speaks about anything is said; it does not read like a pass of something."""
    code = gate(program(tmp_path / "shop", ""))
    assert code == 0
    assert "NOTHING TO JUDGE" in capsys.readouterr().out


UNFINISHED = """\
import asyncio, subprocess, threading, time
async def late():
    await asyncio.sleep(30)
    Bucket("late", {})
async def beating():
    while True:
        await asyncio.sleep(30)
        pulumi.log.info("still there")
def thread():
    time.sleep(30)
    Bucket("thread", {})
loop = asyncio.get_event_loop()
tasks = [asyncio.ensure_future(late()), asyncio.ensure_future(beating())]
loop.call_later(30, lambda: Bucket("timer", {}))
loop.call_later(30, lambda: pulumi.log.info("timer"))
threading.Thread(target=thread, daemon=True).start()
threading.Thread(target=lambda: time.sleep(30), daemon=True).start()
subprocess.run(["true"])
try:
    subprocess.run(["no-such-tool", "secret"])
except OSError:
    pass
"""


def test_what_the_program_leaves_unfinished_is_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How far it would get in a deployment nobody knows; what cannot register gives no finding."""
    folder = program(tmp_path / "shop", UNFINISHED)
    code = gate(folder, format="json")
    messages = [each["message"] for each in findings(capsys.readouterr().out, "LG-RUN-02")]
    assert code == 3
    assert [message.removeprefix(f"{folder}/__main__.py:").partition(" had")[0] for message in messages[1:]] == [
        "6: the task late",
        "17: the timer for <lambda>",
        "13: the thread Thread-1 (thread)",
    ]
    assert messages[0].startswith(f"{folder}/__main__.py:23: the command `no-such-tool` cannot be started")
    assert "secret" not in messages[0]


PHASE = """\
import socket
if not pulumi.runtime.is_dry_run():
    Bucket("deployed", {})
    if pulumi.Config().get_bool("calls"):
        socket.create_connection(("192.0.2.1", 443), timeout=1)
"""


def test_what_is_deployed_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that registers more than its preview shows is judged with it, or is undecided where it cannot be."""
    folder = program(tmp_path / "shop", PHASE)
    assert gate(folder, format="json") == 1
    said = capsys.readouterr().out
    assert {each["resource"].rpartition("::")[2] for each in findings(said, "S3.8")} == {"deployed"}
    assert gate(folder, format="json", config=("calls=true",)) == 3
    (found,) = findings(capsys.readouterr().out, "LG-RUN-02")
    assert "only its preview was judged" in found["message"]
    assert "192.0.2.1" in found["message"]


SEALED = """\
encryptionsalt: v1:AAAA:v1:AAAA:AAAA
config:
  shop:word: {secure: "v1:AAAA:BBBB"}
"""
DECRYPTED = """\
config = pulumi.Config()
config.require_secret("word").apply(lambda word: Bucket("open", {}) if word == "open" else None)
config.get_secret_int("word").apply(lambda word: f"word {word}")
if config.require("word") == "open":
    Bucket("plain", {})
try:
    config.get_int("word")
except Exception:
    pass
"""


def test_a_decision_on_what_cannot_be_decrypted_is_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No stand-in decides: a function is not run on it, and who reads it as text is told what to give."""
    folder = program(tmp_path / "shop", DECRYPTED, {"dev": SEALED})
    code = gate(folder, format="json")
    said = capsys.readouterr().out
    assert code == 3
    assert [each["source"]["line"] for each in findings(said, "LG-RUN-03")] == [5]
    read, counted = sorted(each["message"] for each in findings(said, "LG-RUN-02"))[::-1]
    assert read.startswith("configuration `shop:word` cannot be decrypted here")
    assert "--config shop:word=VALUE" in counted
    assert counted.startswith(f"{folder}/__main__.py:10: configuration")
    assert gate(folder, config=("word=7",)) == 0


def test_a_secret_that_cannot_be_decrypted_may_be_passed_on(tmp_path: Path) -> None:
    """A password that only goes into a resource hides nothing from the gate."""
    body = 'pulumi.CustomResource("random:index/randomId:RandomId", "id", {"k": pulumi.Config().get_secret("word")})\n'
    assert gate(program(tmp_path / "shop", body, {"dev": SEALED})) == 0
