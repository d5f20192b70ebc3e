"""Options of the probes, the target that they are tried on, and the third way in which one can end."""

import contextlib
import datetime as dt
import json
import textwrap
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from integration.auditing.progress import status
from integration.probes.outcome import NotProvableHereError, Outcome, Result
from integration.probes.target import Say, Target, account_target, sandbox_target
from ledgergate.errors import LedgergateError

_PROGRAM: Final = Path(__file__).resolve().parents[2] / "infra" / "payments"
_OPENED: Final = pytest.StashKey[contextlib.ExitStack]()
_TARGET: Final = pytest.StashKey[Target]()
_RESULTS: Final = pytest.StashKey[list[Result]]()
_NARROWEST: Final = 40
"""Columns below which lines are not broken any more."""

_WORDS: Final = ("not provable here", "n", "NOT PROVABLE HERE")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that choose a target."""
    options = parser.getgroup("probes", "what is probed")
    options.addoption("--probe-program", type=Path, default=_PROGRAM, help="program to deploy into a sandbox")
    options.addoption("--probe-stack", default="dev", help="its stack")
    options.addoption("--probe-account", default="", help="the account that may be touched, instead of a sandbox")
    options.addoption("--probe-region", default="us-east-1", help="Region of its buckets")
    options.addoption("--probe-bucket", action="append", default=[], help="a bucket of it that a probe may write into")
    options.addoption("--probe-results", type=Path, default=None, help="file that takes the results, JSON Lines")


def pytest_configure(config: pytest.Config) -> None:
    """Begin without results."""
    config.stash[_RESULTS] = []
    config.stash[_OPENED] = contextlib.ExitStack()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the results down, and close what was opened."""
    config.stash[_OPENED].close()
    path = config.getoption("--probe-results")
    if path is not None:
        lines = [json.dumps(each.to_json(), ensure_ascii=False) for each in config.stash[_RESULTS]]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try every probe of a bucket on every bucket."""
    if "bucket" in metafunc.fixturenames:
        metafunc.parametrize("bucket", _target(metafunc.config).buckets)


def _target(config: pytest.Config) -> Target:
    if _TARGET not in config.stash:
        try:
            config.stash[_TARGET] = _opened(config)
        except LedgergateError as error:
            raise pytest.UsageError(str(error)) from None
    return config.stash[_TARGET]


def _opened(config: pytest.Config) -> Target:
    account = config.getoption("--probe-account")
    if account:
        return account_target(account, config.getoption("--probe-region"), tuple(config.getoption("--probe-bucket")))
    with _shown(config) as say:
        deploying = sandbox_target(config.getoption("--probe-program"), config.getoption("--probe-stack"), say)
        return config.stash[_OPENED].enter_context(deploying)


@contextlib.contextmanager
def _shown(config: pytest.Config) -> Iterator[Say]:
    """Show what is going on while a stack is deployed, which happens before there is any test to show."""
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled(), status(quiet=config.get_verbosity() < 0) as say:
        yield say


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Target:
    """Return what is probed."""
    return _target(pytestconfig)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep how a probe ended; one that could not be tried is neither passed nor failed."""
    report = yield
    if call.when != "call" and report.passed:
        return report
    error = call.excinfo.value if call.excinfo else None
    outcome = Outcome.PASSED if report.passed else Outcome.FAILED
    if isinstance(error, NotProvableHereError):
        outcome = Outcome.NOT_PROVABLE_HERE
        report.outcome = "skipped"
        report.longrepr = (str(item.path), 0, error.reason)
        report.user_properties.append(("not provable here", error.reason))
    item.config.stash[_RESULTS].append(_result(item, outcome, str(error or "")))
    return report


def _result(item: pytest.Item, outcome: Outcome, message: str) -> Result:
    target = _target(item.config)
    bucket = item.callspec.params["bucket"] if isinstance(item, pytest.Function) else ""
    probe = item.originalname.removeprefix("test_") if isinstance(item, pytest.Function) else item.name
    now = dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    arn = f"arn:aws:s3:::{bucket}"
    return Result(probe, arn, outcome, message, target.kind, target.account, target.region, now)


def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
    """Count what could not be tried by itself."""
    return _WORDS if _reason(report) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why something could not be tried."""
    for report in terminalreporter.getreports(_WORDS[0]):
        line = f"{_WORDS[2]} {report.nodeid.partition('::')[2]}: {_reason(report)}"
        width = max(terminalreporter._tw.fullwidth, _NARROWEST)  # noqa: SLF001 - pytest tells it nowhere else
        for part in textwrap.wrap(line, width, subsequent_indent="  ", break_on_hyphens=False):
            terminalreporter.write_line(part)


def _reason(report: object) -> str:
    return str(dict(getattr(report, "user_properties", ())).get(_WORDS[0], ""))
