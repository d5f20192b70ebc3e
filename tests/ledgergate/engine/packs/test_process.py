"""A pack runs as under the Pulumi CLI, and every way in which it can fail is one clear error."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine.packs import Diagnostic, Enforcement, PackError, PackProcess, PolicyError, Remediation, StackInfo
from ledgergate.engine.packs.manifest import interpreter_of, read_manifest
from tests.ledgergate.engine.packs.laying import BUCKET, STACK, lay_out

RICH = """
    import os
    import sys

    import pulumi
    from pulumi_policy import (
        EnforcementLevel, PolicyComplianceFramework, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy,
        Severity, StackValidationPolicy,
    )

    print("pid", os.getpid(), "elsewhere", os.environ.get("PULUMI_CONFIG_SECRET_KEYS"), file=sys.stderr)

    def judge(args, report):
        act = args.get_config()["act"]
        if act == "report":
            report("token is " + pulumi.Config("payments").require("token"))
        elif act == "raise":
            raise KeyError("the token sesame is wrong")
        elif act == "die":
            os._exit(7)
        elif act == "hang":
            __import__("threading").Event().wait()

    def fix(args):
        if "size" in args.props:
            args.props["size"] += 1
            return args.props

    POLICIES = [
        ResourceValidationPolicy(
            "judge", "Judges.", judge, enforcement_level=EnforcementLevel.MANDATORY,
            config_schema=PolicyConfigSchema({"act": {"type": "string", "default": "pass"}}, required=["act"]),
            display_name="Judge", severity=Severity.CRITICAL, tags=["S3.8", "nis2"], url="https://example.com/judge",
            remediation_steps="Repent.", framework=PolicyComplianceFramework("PCI DSS", "4.0.1", "3.5.1", "Keys"),
        ),
        ResourceValidationPolicy("fix", "Fixes.", remediate=fix, enforcement_level=EnforcementLevel.REMEDIATE),
        StackValidationPolicy("count", "Counts.", lambda args, report: report(f"{len(args.resources)} seen", "urn:x")),
    ]
    PolicyPack("rich", POLICIES, enforcement_level=EnforcementLevel.ADVISORY)
"""

OLD = """
    import sys
    import threading
    from concurrent.futures import ThreadPoolExecutor

    import grpc
    from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, engine_pb2, engine_pb2_grpc

    class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
        def GetAnalyzerInfo(self, request, context):
            return analyzer_pb2.AnalyzerInfo(name="old", version="9.9.9")

        def Analyze(self, request, context):
            with grpc.insecure_channel(sys.argv[1]) as channel:
                line = engine_pb2.LogRequest(severity=engine_pb2.WARNING, message="seen " + request.name)
                engine_pb2_grpc.EngineStub(channel).Log(line)
            return analyzer_pb2.AnalyzeResponse(diagnostics=[
                analyzer_pb2.AnalyzeDiagnostic(policyName="p", message="m", enforcementLevel="REMEDIATE"),
            ])

    server = grpc.server(ThreadPoolExecutor(2))
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port)
    threading.Event().wait()
"""


@pytest.fixture(scope="module")
def rich_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a pack that uses what the SDK offers."""
    return lay_out(tmp_path_factory.mktemp("packs") / "rich", RICH, "runtime: python\nversion: 2.0.0\n")


@pytest.fixture(scope="module")
def rich(rich_folder: Path) -> Iterator[PackProcess]:
    """Return it running."""
    with PackProcess(rich_folder, STACK) as pack:
        yield pack


def act(pack: PackProcess, what: str) -> list[Diagnostic]:
    """Let the policy `judge` do something."""
    pack.configure({"judge": {"act": what}})
    return pack.analyze(BUCKET)


def test_pack_says_who_it_is(rich: PackProcess) -> None:
    """Name, version of the manifest, and everything that a policy says about itself arrive."""
    judge, fix, count = rich.info.policies
    assert (rich.info.label, rich.info.initial_config) == ("rich@v2.0.0", {})
    assert [fix.level, count.level, count.judges_stack] == [Enforcement.REMEDIATE, Enforcement.ADVISORY, True]
    assert (judge.display_name, judge.severity, judge.tags) == ("Judge", "critical", ("S3.8", "nis2"))
    assert (judge.remediation_steps, judge.url) == ("Repent.", "https://example.com/judge")
    assert judge.schema == {"properties": {"act": {"type": "string", "default": "pass"}}, "required": ["act"]}
    assert judge.framework == {
        "name": "PCI DSS",
        "version": "4.0.1",
        "reference": "3.5.1",
        "specification": "Keys",
    }


def test_nothing_to_object_to(rich: PackProcess) -> None:
    """A policy that reports nothing gives no diagnostic."""
    assert act(rich, "pass") == []


def test_no_message_shows_a_secret(rich: PackProcess) -> None:
    """A policy sees secret configuration in plain text; what it reports about it is masked."""
    assert act(rich, "report") == [
        Diagnostic("judge", Enforcement.MANDATORY, "Judges.\ntoken is [secret]", "Judges.", "", "critical")
    ]


def test_policy_that_raises(rich: PackProcess) -> None:
    """An exception inside a policy is an error with its text, masked, and the pack lives on."""
    with pytest.raises(PolicyError, match=r"^Exception calling application: 'the token \[secret\] is wrong'$"):
        act(rich, "raise")
    assert act(rich, "pass") == []


def test_remediation_gives_all_properties(rich: PackProcess) -> None:
    """A remediation answers with the whole resource; one that does nothing with nothing."""
    rich.configure()
    changed = {"tags": {"Owner": "x"}, "size": 4.0}
    assert rich.remediate(BUCKET) == [Remediation("fix", changed)]
    assert rich.remediate({**BUCKET, "properties": {}}) == []


def test_stack_policy_names_a_resource(rich: PackProcess) -> None:
    """A stack policy's diagnostic carries the URN that the policy gave."""
    rich.configure()
    assert rich.analyze_stack({"resources": [BUCKET, {**BUCKET, "urn": "urn:y"}]}) == [
        Diagnostic("count", Enforcement.ADVISORY, "Counts.\n2 seen", "Counts.", "urn:x")
    ]


def test_disabled_policies_do_not_run(rich: PackProcess) -> None:
    """The level `disabled` for all of them silences judging, counting and fixing."""
    rich.configure({"all": "disabled", "judge": {"act": "report", "enforcementLevel": "disabled"}})
    assert [rich.analyze(BUCKET), rich.remediate(BUCKET), rich.analyze_stack({"resources": []})] == [[], [], []]


def test_policy_that_hangs(rich_folder: Path) -> None:
    """A policy that never returns is given up after the time limit."""
    with PackProcess(rich_folder, STACK) as pack:
        pack._time_limit_s = 0.3
        with pytest.raises(PackError, match=r"^policy pack rich did not answer Analyze within 0\.3 seconds"):
            act(pack, "hang")


def test_policy_that_ends_its_process(rich_folder: Path) -> None:
    """A pack that dies while it judges is an error, never a pass."""
    with PackProcess(rich_folder, STACK) as pack, pytest.raises(PackError, match="pack rich cannot be reached"):
        act(pack, "die")


def test_process_ends_with_its_context(rich_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is left behind, and the pack was not told about another stack's secrets."""
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", "[]")
    with PackProcess(rich_folder, STACK) as pack:
        pass
    _, pid, _, elsewhere = pack.output().split()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
    assert elsewhere == "None"


def test_pack_that_speaks_an_older_protocol(tmp_path: Path) -> None:
    """Calls that a pack does not know are left out, what it logs is kept, a leftover remediation is mandatory."""
    with PackProcess(lay_out(tmp_path / "old", OLD), STACK) as pack:
        pack_says = (pack.info.label, pack.remediate(BUCKET), pack.analyze_stack({"resources": []}))
        assert pack_says == ("old@v9.9.9", [], [])
        assert pack.analyze(BUCKET) == [Diagnostic("p", Enforcement.MANDATORY, "m")]
        assert pack.messages == ({"severity": "warning", "text": "seen logs", "urn": ""},)


@pytest.mark.parametrize(
    ("code", "limit_s", "message"),
    [
        ("raise SystemExit(4)", 60, "policy pack bad ended while it was loaded (exit code 4)"),
        ("print('sesame, open')", 60, "policy pack bad printed '[secret], open' before it was ready"),
        ("import threading; threading.Event().wait()", 0.5, "policy pack bad was not ready within 0.5 seconds"),
    ],
    ids=["ends", "prints", "hangs"],
)
def test_pack_that_does_not_start(code: str, limit_s: float, message: str, tmp_path: Path) -> None:
    """A pack that ends, prints or hangs before it is ready gives one sentence that says so."""
    folder = lay_out(tmp_path / "bad", code)
    with pytest.raises(PackError) as caught, PackProcess(folder, STACK, time_limit_s=limit_s):
        pass
    assert caught.value.message == message


def test_parts_of_structured_secrets_are_hidden_too() -> None:
    """A leaf of a structured secret is masked, and so is the text of the whole."""
    stack = StackInfo("p", "dev", config={"p:s": '{"t":"leaf"}'}, secret_keys=("p:s", "p:gone"), secret_texts=("leaf",))
    assert stack.secrets() == ('{"t":"leaf"}', "leaf")


def test_error_of_a_pack_shows_what_it_printed(tmp_path: Path) -> None:
    """The end of a pack's output stands in the error, without secrets."""
    code = "import sys\nprint('no sesame', file=sys.stderr)\nsys.exit(1)"
    with pytest.raises(PackError) as caught, PackProcess(lay_out(tmp_path / "bad", code), STACK):
        pass
    assert str(caught.value).splitlines() == [
        "policy pack bad ended while it was loaded (exit code 1)",
        "The pack printed last:",
        "  no [secret]",
    ]


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "no PulumiPolicy.yaml in this folder"),
        ("runtime: [", "not valid YAML"),
        ("version: 1.0.0", "the runtime is not set; only Python packs can be run here"),
        ("runtime: nodejs", "the runtime is nodejs; only Python packs can be run here"),
    ],
)
def test_folder_that_is_no_python_pack(manifest: str | None, message: str, tmp_path: Path) -> None:
    """A missing or foreign manifest is refused before anything is started."""
    if manifest is not None:
        (tmp_path / "PulumiPolicy.yaml").write_text(manifest, encoding="utf-8")
    with pytest.raises(PackError, match=message):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("manifest", "own"),
    [
        ({"runtime": "python"}, True),
        ({"runtime": {"name": "python", "options": {"virtualenv": "missing"}}}, True),
        ({"runtime": {"name": "python", "options": {"virtualenv": "venv"}}}, False),
    ],
)
def test_interpreter_of_a_pack(manifest: Mapping[str, Any], *, own: bool, tmp_path: Path) -> None:
    """A pack runs in the virtualenv that its manifest names, else in the gate's own interpreter."""
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert interpreter_of(tmp_path, manifest) == (Path(sys.executable) if own else python)
