"""The sandbox as a server: real requests to a process of its own, which nobody has to clean up."""

import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from integration.sandbox import Action, Sandbox, SandboxError
from ledgergate.engine.project import load_stack
from tests.integration.sandbox.conftest import ACCOUNT
from tests.integration.sandbox.stacks import ROOT, lay_out

PROGRAM: Final = """
import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("reports", bucket="the-reports", tags={"Owner": "me"})
west = aws.Provider("west", region="us-west-2")
key = aws.kms.Key("far", enable_key_rotation=True, opts=pulumi.ResourceOptions(provider=west))
pulumi.export("bucket", bucket.arn)
"""

WAIT_S: Final = 30


def ended(pid: int) -> bool:
    """Tell whether a process ends within the time that a busy machine needs."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    ready, _, _ = select.select([process], [], [], WAIT_S)
    os.close(process)
    return bool(ready)


def listens(endpoint: str) -> bool:
    """Tell whether somebody accepts connections there."""
    where = urlsplit(endpoint)
    with socket.socket() as connection:
        return connection.connect_ex((where.hostname or "", where.port or 0)) == 0


def test_a_program_lives_in_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deployed over HTTP, seen by whoever has the environment, changed by nobody, gone after a reset and at the end."""
    project = lay_out(tmp_path, PROGRAM)
    config = load_stack(project, "dev")
    with Sandbox.server(account=ACCOUNT) as sandbox:
        first = sandbox.deploy(project, config)
        assert set(first.report.actions.values()) == {Action.CREATED}
        assert first.outputs == {"bucket": "arn:aws:s3:::the-reports"}
        assert sandbox.deploy(project, config).report.changes == ()
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        # Of the environment alone, as another program would.
        outside = boto3.Session()
        assert outside.client("sts").get_caller_identity()["Account"] == ACCOUNT
        encryption = outside.client("s3").get_bucket_encryption(Bucket="the-reports")
        rules = encryption["ServerSideEncryptionConfiguration"]["Rules"]
        assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
        west = outside.client("kms", region_name="us-west-2")
        assert west.get_key_rotation_status(KeyId=west.list_keys()["Keys"][0]["KeyId"])["RotationPeriodInDays"] == 365
        with pytest.raises(ClientError, match="501"):
            sandbox.session().client("ec2").describe_client_vpn_endpoints()
        sandbox.reset()
        assert sandbox.session().client("s3").list_buckets()["Buckets"] == []
    assert not listens(sandbox.endpoint)
    assert urlsplit(sandbox.endpoint).hostname == "127.0.0.1"


def test_the_server_ends_with_whoever_started_it() -> None:
    """Killed without a chance to clean up, a client leaves no server behind."""
    script = (
        "import os\n"
        "from integration.sandbox import Sandbox\n"
        "with Sandbox.server() as sandbox:\n"
        "    print(sandbox._target._process.pid, sandbox.endpoint, flush=True)\n"
        "    os.read(0, 1)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdout is not None
        pid, endpoint = client.stdout.readline().split()
        assert listens(endpoint)
        client.kill()
        client.wait()
        assert ended(int(pid))
    assert not listens(endpoint)


def test_a_port_that_is_taken_is_said() -> None:
    """Two servers cannot have one port, and the second one says so."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(SandboxError, match=f"could not be started\n  port {port} is taken"),
            Sandbox.server(port=port),
        ):
            pass


def test_the_command_stays_until_it_is_interrupted(tmp_path: Path) -> None:
    """It deploys, says how to get there, and Ctrl-C ends it and its server with 0."""
    lay_out(tmp_path, PROGRAM)
    command = [sys.executable, "-m", "integration.sandbox", str(tmp_path), "--stack", "dev"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        lines = list(iter(process.stdout.readline, "Ctrl-C ends it, and everything in it.\n"))
        exported = dict(line.split()[1].split("=", 1) for line in lines if line.startswith("  export "))
        assert listens(exported["AWS_ENDPOINT_URL"])
        # As a terminal does it: the whole group gets it.
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(WAIT_S) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert not listens(exported["AWS_ENDPOINT_URL"])
    assert lines[0] == "program/dev is in the sandbox: account 123456789012, us-east-1\n"
    assert lines[2].startswith("  2 created in ")


def test_a_session_knows_nothing_of_the_user(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Profiles, credentials and endpoints of the user lead nowhere."""
    configuration = tmp_path / "config"
    configuration.write_text("[profile mine]\nregion = eu-central-1\n", encoding="utf-8")
    foreign = {
        "AWS_PROFILE": "not-there",
        "AWS_CONFIG_FILE": str(configuration),
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "somebody-else",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    session = sandbox.session(region="us-west-2")
    identity = session.client("sts").get_caller_identity()
    assert (identity["Account"], session.region_name) == (ACCOUNT, "us-west-2")


def test_accounts_stay_apart_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto's variable that makes every account one is not obeyed, and is there again afterwards."""
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "000000000001")
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        assert sandbox.session().client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert os.environ["MOTO_ACCOUNT_ID"] == "000000000001"


def test_there_is_one_in_a_process(sandbox: Sandbox) -> None:
    """A second one would share everything with the first."""
    with pytest.raises(SandboxError, match="in this process already"), Sandbox.in_process():
        pass
