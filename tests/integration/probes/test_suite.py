"""The suite of probes as it is run: three outcomes, counted, written down, and an exit code that says so."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.policies.gating.workspace import program

ROOT: Final = Path(__file__).resolve().parents[3]

VERSIONED: Final = """
Bucket("logs", {"bucket": "logs-of-the-shop"})
class Custom(pulumi.CustomResource): pass
Custom("aws:s3/bucketVersioning:BucketVersioning", "logs",
       {"bucket": "logs-of-the-shop", "versioningConfiguration": {"status": "Enabled"}})
Custom("aws:s3/bucketPolicy:BucketPolicy", "logs", {"bucket": "logs-of-the-shop", "policy": '''
{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [
 "arn:aws:s3:::logs-of-the-shop", "arn:aws:s3:::logs-of-the-shop/*"],
 "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}'''})
"""


def probed(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the suite as a user would."""
    suite = ROOT / "integration" / "probes"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(suite / "pytest.ini"), str(suite), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize(
    ("body", "code", "outcomes"),
    [
        (VERSIONED, 0, {"deleted_version_comes_back": "passed", "plain_http_refused": "not provable here"}),
        (
            'Bucket("logs", {"bucket": "logs-of-the-shop"})\n',
            1,
            {"deleted_version_comes_back": "failed", "plain_http_refused": "failed"},
        ),
    ],
)
def test_outcomes(tmp_path: Path, body: str, code: int, outcomes: dict[str, str]) -> None:
    """What passed, failed or could not be tried here is told apart, in the count as in the results."""
    shop, results = program(tmp_path / "shop", body), tmp_path / "results.jsonl"
    done = probed("--probe-program", shop, "--probe-results", results)
    written = [json.loads(line) for line in results.read_text().splitlines()]
    assert done.returncode == code, done.stdout + done.stderr
    assert {each["probe"]: each["outcome"] for each in written} == outcomes
    assert {each["resource"] for each in written} == {"arn:aws:s3:::logs-of-the-shop"}
    lines = done.stdout.splitlines()
    assert all(len(line) <= 80 for line in lines if "rootdir" not in line), done.stdout
    closing = lines[-1]
    assert all(f"{list(outcomes.values()).count(word)} {word}" in closing for word in set(outcomes.values()))


def test_a_program_without_buckets(tmp_path: Path) -> None:
    """Nothing to probe is a mistake, not a pass."""
    done = probed("--probe-program", program(tmp_path / "shop", "\n"))
    assert done.returncode not in (0, 1)
    assert "there is no bucket to probe" in done.stdout + done.stderr


def test_an_account_needs_its_buckets_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A probe writes, so in an account nobody guesses where; without credentials nothing is tried either."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    done = probed("--probe-account", "111122223333")
    assert done.returncode not in (0, 1)
    assert "nobody knows whose credentials these are" in done.stdout + done.stderr
