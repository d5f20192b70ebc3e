"""Shows that one drill runs at a time: in a folder, and on a cluster of an account."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from runbooks.errors import JournalError
from runbooks.locks import LOCK_FILE, one_runner
from runbooks.plan import Place

SANDBOX: Final = Place(account="111122223333", region="us-east-1", program="p", stack="dev", rehearsal=True)
ACCOUNT: Final = replace(SANDBOX, rehearsal=False, cluster="payments")
NAME: Final = "111122223333-us-east-1-payments"

HOLD: Final = """
import sys, pathlib
from runbooks.locks import LOCK_FILE, held_lock
with held_lock(pathlib.Path(sys.argv[1]), LOCK_FILE, "here"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_runner_is_refused_until_the_first_is_gone_even_by_a_kill(tmp_path: Path) -> None:
    """The lock belongs to the process, so that no crash leaves it behind."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(JournalError, match=f"by process {holder.pid}"), one_runner(tmp_path, SANDBOX):
            pass
        holder.kill()
    with one_runner(tmp_path, SANDBOX):
        assert int((tmp_path / LOCK_FILE).read_text()) == os.getpid()


def test_a_cluster_of_an_account_is_drilled_once_whatever_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two folders are two journals and still one cluster; another cluster, and rehearsals, are left alone."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with one_runner(tmp_path / "a", ACCOUNT):
        with pytest.raises(JournalError, match=f"another drill is being run on {NAME}"):
            one_runner(tmp_path / "b", ACCOUNT).__enter__()
        with one_runner(tmp_path / "c", replace(ACCOUNT, cluster="other")), one_runner(tmp_path / "d", SANDBOX):
            assert sorted(path.name for path in (tmp_path / "state").rglob("*.lock")) == [
                "111122223333-us-east-1-other.lock",
                f"{NAME}.lock",
            ]
