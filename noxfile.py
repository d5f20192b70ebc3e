"""Everything that can be run here, one session for each purpose. `nox -l` lists them."""

import os
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_external_run = True
nox.options.reuse_venv = "yes"
nox.options.sessions = ["policy"]

# Images set it to stay small; here every process would compile anew what it imports, a third of the tests' start-up.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

LOCK = ("uv", "pip", "compile", "--quiet", "--generate-hashes", "--universal", "--python-version=3.11")


def install(session: nox.Session, purpose: str, *, project: bool = True) -> None:
    """Install exactly what `requirements/<purpose>.txt` pins, and the project beside it."""
    session.install("--require-hashes", "-r", f"requirements/{purpose}.txt")
    if project:
        session.install("--require-hashes", "-r", "requirements/build.txt")
        session.install("--no-deps", "--no-build-isolation", "-e", ".")


@nox.session
def policy(session: nox.Session) -> None:
    """Judge Pulumi programs offline: `nox -s policy -- [PROGRAM_DIR …] [options]`."""
    install(session, "run")
    session.run("python", "-m", "policies.gate", *session.posargs)


@nox.session
def new(session: nox.Session) -> None:
    """Write the file of a control of one's own: `nox -s new -- control --help`."""
    install(session, "run")
    session.run("python", "-m", "policies.new", *session.posargs)


@nox.session
def integration(session: nox.Session) -> None:
    """Audit what is deployed, then probe how it behaves: `nox -s integration -- [PROGRAM_DIR …] [options]`."""
    install(session, "integration")
    failed: CommandFailed | None = None
    try:
        session.run("python", "-m", "integration.audit", *session.posargs)
    except CommandFailed as error:  # one bad bucket must not hide how the others behave
        failed = error
    if not session.posargs:
        session.run("pytest", "-c", "integration/probes/pytest.ini", "integration/probes")
    if failed:
        raise failed


@nox.session
def sandbox(session: nox.Session) -> None:
    """Deploy a program into moto and stay: `nox -s sandbox -- infra/payments --stack dev`."""
    install(session, "integration")
    session.run("python", "-m", "integration.sandbox", *session.posargs)


@nox.session
def drill(session: nox.Session) -> None:
    """Rehearse a game day: `nox -s drill -- [list|plan|run|resume|undo|report …]`."""
    install(session, "integration")
    session.run("python", "-m", "runbooks", *(session.posargs or ("run", "aurora-writer-zone-loss")))


@nox.session
def evidence(session: nox.Session) -> None:
    """Tell the whole story in the sandbox and seal it: `nox -s evidence -- [--key FILE] [--previous BUNDLE]`."""
    install(session, "integration")
    session.run("python", "-m", "runbooks.evidence", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests: `nox -s tests -- [pytest options]`."""
    install(session, "tests")
    # A stretch of its own for each worker, so that it sets up once; one more than cores, since some tests wait.
    session.run("pytest", "-n", str(min(8, (os.cpu_count() or 1) + 1)), "--dist", "worksteal", *session.posargs)


@nox.session
def oldest_sdk(session: nox.Session) -> None:
    """Run programs under the oldest SDK that is supported."""
    install(session, "tests")
    oldest = Path(".nox", "sdk-oldest").absolute()
    session.run("python", "-m", "venv", str(oldest))
    session.run(f"{oldest}/bin/pip", "install", "--require-hashes", "-r", "requirements/sdk-oldest.txt", external=True)
    session.run("pytest", "-m", "oldest_sdk", *session.posargs, env={"LEDGERGATE_OLDEST_SDK": str(oldest)})


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and the direction of imports."""
    install(session, "lint", project=False)
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, the harness in one run and each Pulumi program in its own."""
    install(session, "types", project=False)
    session.run("mypy", *session.posargs)
    for manifest in (*sorted(Path("infra").glob("*/Pulumi.yaml")), Path("bench/estate/Pulumi.yaml")):
        session.run("mypy", *map(str, manifest.parent.rglob("*.py")), env={"MYPYPATH": str(manifest.parent)})


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed and memory, write `docs/performance.md`: `nox -s bench -- [options]`."""
    install(session, "bench")
    session.run("python", "-m", "bench", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Generate tables and pictures and build site/; under CI only check that what is generated is fresh."""
    install(session, "docs")
    check = ("--check",) if os.environ.get("CI") else ()
    session.run("python", "-m", "policies.docs", *check)
    for name in ("requirements", "cost", "architecture", "pictures", "report_picture"):
        session.run("python", "-m", f"docs.{name}", *check)
    session.run("zensical", "build", "--clean", "--strict")
    session.run("python", "docs/offline.py")
    session.run("towncrier", "build", "--draft", "--version", "next", silent=True)


@nox.session
def guide(session: nox.Session) -> None:
    """Put what the guide's commands print now into its pages: `nox -s guide -- [PAGE …]`; the tests compare."""
    install(session, "tests")
    session.run("python", "-m", "docs.commands", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Pin `requirements/*.in` again; `nox -s lock -- --upgrade` for newer versions."""
    session.install("--require-hashes", "-r", "requirements/nox.txt")
    command = (*LOCK, "--no-emit-index-url", "--custom-compile-command", "nox -s lock")
    for path in sorted(Path("requirements").glob("*.in"), key=lambda path: (path.stem != "dev", path.stem)):
        # One version of a package in every environment, so that what is tested is what judges.
        shared = {"dev": session.posargs, "sdk-oldest": ()}.get(path.stem, ("-c", "requirements/dev.txt"))
        session.run(*command, *shared, str(path), "-o", str(path.with_suffix(".txt")))
