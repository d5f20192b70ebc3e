"""Shows that an exported stack is judged as what was deployed, whatever language its program is in."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.engine import wire
from ledgergate.engine.state import load_state
from ledgergate.finding import Stage
from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import UNKNOWN, Asset, Secret, Value
from policies.catalogue import load_catalogue
from policies.gating.command import run_gate
from policies.gating.request import Request
from policies.runner import judge
from policies.settings import Settings
from tests.policies.captured import STACKS, captured

Captured = pytest.CaptureFixture[str]

STACK: Final = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"
PROVIDER: Final = "urn:pulumi:prod::shop::pulumi:providers:aws::default_7_51_1"
BUCKET: Final = "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::logs"
HIDDEN: Final = {wire.SIGNATURE: wire.SECRET, "ciphertext": "v1:abc:def"}


def resource(urn: str, **rest: Any) -> dict[str, Any]:
    """Return a resource as the engine exports it."""
    return {"urn": urn, "type": urn.split("::")[2].rsplit("$", maxsplit=1)[-1], "custom": True, **rest}


def exported(*resources: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """Return a stack as the CLI writes it, in whatever language its program is."""
    root = {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}
    provider = resource(PROVIDER, id="p-1", inputs={"region": "eu-west-1"}, outputs={"region": "eu-west-1"})
    return {"version": 3, "deployment": {"resources": [root, provider, *resources], **rest}}


def written(folder: Path, content: object) -> Path:
    """Write a state file."""
    path = folder / "state.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def bucket(**rest: Any) -> dict[str, Any]:
    """Return the bucket of the shop."""
    found = {"bucket": "logs-1", "arn": "arn:aws:s3:::logs-1"}
    return resource(BUCKET, id="logs-1", parent=STACK, provider=f"{PROVIDER}::p-1", outputs=found, **rest)


def test_a_state_is_read(tmp_path: Path) -> None:
    """Kinds, provider, place in the program, names that the engine chose and what is being deleted."""
    inputs = {"__defaults": ["bucket", "forceDestroy"], "bucket": "logs-1", "forceDestroy": False}
    inputs["versioning"] = {"__defaults": [], "enabled": True}
    gone = resource("urn:pulumi:prod::shop::aws:sqs/queue:Queue::old", delete=True)
    read = resource("urn:pulumi:prod::shop::aws:kms/key:Key::theirs", id="k-1", external=True)
    dynamic = resource("urn:pulumi:prod::shop::pulumi-nodejs:dynamic:Resource::thing", id="1")
    where = "project:///lib/logs.ts#12,5"
    state = load_state(written(tmp_path, exported(bucket(inputs=inputs, sourcePosition=where), gone, read, dynamic)))
    graph = state.graph
    assert (graph.program, graph.stack, len(graph)) == ("shop", "prod", 5)
    found = graph[BUCKET]
    assert (found.kind, found.provider, found.auto_named) == (Kind.CUSTOM, PROVIDER, ("bucket",))
    assert found.inputs == {"bucket": "logs-1", "forceDestroy": False, "versioning": {"enabled": True}}
    assert (found.source[0].file, found.source[0].line) == ("lib/logs.ts", 12)
    kinds = [each.kind for each in graph]
    assert kinds == [Kind.STACK, Kind.PROVIDER, Kind.CUSTOM, Kind.READ, Kind.OPAQUE]


def test_secrets_stay_hidden(tmp_path: Path, capsys: Captured) -> None:
    """A ciphertext is undecided and counted; a secret in plain text is judged, and shown nowhere."""
    block = "urn:pulumi:prod::shop::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::block"
    plain = {wire.SIGNATURE: wire.SECRET, "plaintext": json.dumps("hunter2hunter2")}
    flags = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), HIDDEN)
    own = bucket(inputs={"bucket": "logs-1", "tags": {"Owner": plain}})
    guard = resource(block, id="logs-1", inputs={"bucket": "logs-1", **flags}, outputs={"bucket": "logs-1", **flags})
    path = written(tmp_path, exported(own, guard))
    for form in ("text", "json", "html", "sarif"):
        assert run_gate(Request(state=path, select=("S3.8", "LG-TAG-01"), format=form)) == 1
        said = capsys.readouterr()
        assert "hunter2" not in said.out + said.err
    assert run_gate(Request(state=path, select=("S3.8",))) == 3
    assert "values are encrypted in the file" in " ".join(capsys.readouterr().out.split())


def test_waivers_and_profile_of_a_program(tmp_path: Path, capsys: Captured) -> None:
    """The folder that is named says what is asked of the stack, though its program is not run."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (shop / "__main__.py").write_text("raise SystemExit('nobody runs me')\n")
    (shop / "ledgergate.toml").write_text('required_tags = ["Team"]\n')
    path = written(tmp_path, exported(bucket(inputs={"bucket": "logs-1", "tags": {"Team": "books"}})))
    assert run_gate(Request(state=path, programs=(shop,), select=("LG-TAG-01",))) == 0
    assert run_gate(Request(state=path, select=("LG-TAG-01",))) == 1
    (shop / "waivers.toml").write_text(
        f'[[waiver]]\nid = "W-1"\ncontrol = "S3.8"\nresource = "{BUCKET}"\nreason = "known"\nrequirement = "1.4.4"\n'
        'owner = "books"\napprover = "officer"\nexpires = 2999-01-01\n'
    )
    assert run_gate(Request(state=path, programs=(shop,), select=("S3.8",))) == 0
    assert "waived" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "it is not JSON"),
        ("[]", "there is no object `deployment`"),
        ({"version": 2, "deployment": {}}, "its version is 2; 3 to 4 are known"),
        ({"version": 4, "features": ["moon"], "deployment": {}}, "features that are not known here: moon"),
        ({"version": 3, "deployment": {"resources": []}}, "it holds no stack"),
        ({"version": 3, "deployment": {"resources": [{"type": "x"}]}}, "it is no exported stack: KeyError"),
        ({"version": 3, "deployment": {"resources": ["x"]}}, "it is no exported stack"),
        (exported(bucket(), bucket()), "two resources have one URN"),
        (exported(bucket(inputs={"a": {wire.SIGNATURE: wire.SECRET, "plaintext": "{"}})), "it is no exported stack"),
    ],
)
def test_a_file_that_is_no_state(tmp_path: Path, capsys: Captured, content: object, said: str) -> None:
    """One message that says what is wrong and how to get a good one, exit code 2, and nothing is judged."""
    assert run_gate(Request(state=written(tmp_path, content))) == 2
    captured_ = capsys.readouterr()
    assert (captured_.out, captured_.err.count("error:"), said in captured_.err) == ("", 1, True)


def test_an_operation_under_way_is_an_error(tmp_path: Path, capsys: Captured) -> None:
    """Nobody knows how it ended, so the stack does not pass."""
    path = written(tmp_path, exported(bucket(), pendingOperations=[{"resource": bucket(), "type": "updating"}]))
    assert run_gate(Request(state=path, select=("LG-RES-01",))) == 2
    assert f"{BUCKET}: an operation on it was under way" in " ".join(capsys.readouterr().err.split())


def test_options_of_programs_have_no_meaning(tmp_path: Path, capsys: Captured) -> None:
    """Whoever names a stack or a configuration believes that a program is run."""
    assert run_gate(Request(state=written(tmp_path, exported()), stacks=("dev",))) == 2
    assert "--stack has no meaning" in capsys.readouterr().err
    assert run_gate(Request(state=tmp_path / "nowhere.json")) == 2
    assert "it cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("stack", STACKS)
def test_a_state_is_judged_as_the_graph_that_it_holds(tmp_path: Path, stack: str) -> None:
    """The payment system, exported and read again, has the verdicts that its graph has."""
    graph = captured(stack).graph
    resources = [_exported(each, graph) for each in graph]
    read = load_state(written(tmp_path, {"version": 3, "deployment": {"resources": resources}})).graph
    controls, settings = load_catalogue().controls.values(), Settings()

    def verdicts(each: Graph) -> dict[tuple[str, str], str]:
        found = judge(each, controls, settings, stage=Stage.DEPLOY, observed_at="2026-11-30T00:00:00Z")
        return {(said.control, said.resource): said.status.value for said in found}

    bare = Graph(graph.program, graph.stack, graph)
    assert verdicts(read) == verdicts(bare)


def _exported(each: Resource, graph: Graph) -> dict[str, Any]:
    provider = graph.get(each.provider)
    return {
        "urn": each.urn,
        "type": each.type,
        "custom": each.kind not in (Kind.COMPONENT, Kind.STACK),
        "external": each.kind is Kind.READ,
        "id": each.id,
        "parent": each.parent,
        "provider": f"{each.provider}::{provider.id or 'p-1'}" if provider else "",
        "inputs": _wired(each.inputs) | {"__defaults": list(each.auto_named)},
        "outputs": _wired(each.outputs),
        "dependencies": list(each.dependencies),
        "propertyDependencies": {key: list(urns) for key, urns in each.property_dependencies.items()},
    }


def _wired(value: Value) -> Any:
    if isinstance(value, Secret):
        return {wire.SIGNATURE: wire.SECRET, "plaintext": json.dumps(_wired(value.value))}
    if isinstance(value, Asset):
        signature = wire.ASSET if value.kind == "asset" else wire.ARCHIVE
        return {wire.SIGNATURE: signature, "hash": value.sha256, value.origin: value.value}
    if isinstance(value, dict):
        return {key: _wired(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_wired(item) for item in value]
    return wire.UNKNOWN if value is UNKNOWN else value
