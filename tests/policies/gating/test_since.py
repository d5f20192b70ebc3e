"""Shows what a branch brings: what blocks now and did not where the branch began."""

import json
import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pytest

from policies.gating.progress import progress
from tests.policies.gating.workspace import BUCKET, gate, program

Captured = pytest.CaptureFixture[str]
Git = Callable[..., str]
GIT: Final = str(shutil.which("git"))
MORE = BUCKET + BUCKET.replace("logs", "more")


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Return a function that runs git in a new repository."""

    def run(*arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
        done = subprocess.run([GIT, "-C", str(tmp_path), *who, *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    run("init", "-q")
    (tmp_path / ".gitignore").write_text("__pycache__/\n")
    return run


def commit(git: Git, said: str) -> str:
    """Commit everything and return the commit."""
    git("add", "-A")
    git("commit", "-qm", said)
    return git("rev-parse", "HEAD")


def judged(folder: Path, since: str, capsys: Captured, code: int = 1) -> dict[str, bool]:
    """Return resource name → whether it is new, for what blocks."""
    assert gate(folder, since=since, format="json") == code
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {
        each["resource"].rpartition("::")[2]: each["evidence"]["new"] for each in lines if "new" in each["evidence"]
    }


def test_the_second_run_says_what_it_judges(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits sees that the programs are judged again, and as of which commit."""
    shop = program(tmp_path / "shop", BUCKET)
    first = commit(git, "first")
    said: list[str] = []

    def recorded(stacks: int, *, quiet: bool, what: str) -> AbstractContextManager[Callable[[str], None]]:
        said.append(what)
        return progress(stacks, quiet=quiet, what=what)

    monkeypatch.setattr("policies.gating.session.progress", recorded)
    gate(shop, since="main")
    assert said == ["", f"where the branch began, main ({first[:12]})"]


def test_what_the_branch_brings_is_marked(tmp_path: Path, git: Git, capsys: Captured) -> None:
    """A failure that was there is not new, one that the branch adds is; main that went on changes nothing."""
    shop = program(tmp_path / "shop", BUCKET)
    commit(git, "first")
    git("checkout", "-qb", "branch")
    program(shop, MORE)
    commit(git, "more")
    git("checkout", "-q", "main")
    program(shop, "")
    commit(git, "main goes on without a bucket")
    git("checkout", "-q", "branch")
    assert judged(shop, "main", capsys) == {"logs": False, "more": True}
    assert gate(shop, since="main") == 1
    said = capsys.readouterr().out
    assert "  - NEW more (aws:s3/bucket:Bucket)" in said
    assert "  - logs (aws:s3/bucket:Bucket)" in said
    assert "1 of 2 findings that block are new" in " ".join(said.split())
    assert git("status", "--porcelain") == ""
    assert git("worktree", "list").count("\n") == 0


def test_every_format_marks_what_is_new(tmp_path: Path, git: Git, capsys: Captured) -> None:
    """Code scanning, a comment and the page say it, too."""
    shop = program(tmp_path / "shop", BUCKET)
    commit(git, "first")
    program(shop, MORE)
    assert gate(shop, since="HEAD", format="sarif") == 1
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert sorted(each["baselineState"] for each in results) == ["new", "unchanged"]
    assert gate(shop, since="HEAD", format="markdown") == 1
    assert capsys.readouterr().out.count("- **new** `more`") == 1
    assert gate(shop, since="HEAD", format="html") == 1
    assert capsys.readouterr().out.count('<span class="badge">new</span>') == 1


def test_a_program_that_was_not_there_is_new(tmp_path: Path, git: Git, capsys: Captured) -> None:
    """Nothing of it could be known."""
    (tmp_path / "read.me").write_text("-")
    commit(git, "empty")
    assert judged(program(tmp_path / "shop", BUCKET), "HEAD", capsys) == {"logs": True}


@pytest.mark.parametrize(("body", "profile"), [("raise ValueError('no')\n", ""), (BUCKET, "required_tags = 1")])
def test_what_could_not_be_judged_excuses_nothing(
    tmp_path: Path, git: Git, capsys: Captured, body: str, profile: str
) -> None:
    """A program that did not run where the branch began, or had no sound profile, makes everything new."""
    shop = program(tmp_path / "shop", body, profile=profile)
    commit(git, "broken")
    (shop / "ledgergate.toml").unlink(missing_ok=True)
    program(shop, BUCKET)
    assert judged(shop, "HEAD", capsys) == {"logs": True}
    gate(shop, since="HEAD")
    assert "could not be judged as of HEAD" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("ref", ["nowhere", "--output=x", "", "HEAD:shop"])
def test_a_ref_that_is_none(tmp_path: Path, git: Git, capsys: Captured, ref: str) -> None:
    """One message, exit code 2; nothing that looks like an option reaches git as one."""
    shop = program(tmp_path / "shop", BUCKET)
    commit(git, "first")
    code = gate(shop, since=ref)
    assert code == (2 if ref else 1)
    assert capsys.readouterr().err.count("error: --since") == (1 if ref else 0)


def test_no_repository(tmp_path: Path, capsys: Captured) -> None:
    """Whoever is in no repository is told so."""
    assert gate(program(tmp_path / "shop", BUCKET), since="main") == 2
    assert "not a git repository" in capsys.readouterr().err
