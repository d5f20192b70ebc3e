"""The stand-in plugin and the witness pack, which the real engine is compared with, work without it too."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from ledgergate.engine import wire
from ledgergate.engine.launcher import launch
from ledgergate.engine.packs import PackHost, PackProcess, StackInfo
from tests.ledgergate.engine.real.plugin import install
from tests.ledgergate.engine.recordings.replay import run_of
from tests.ledgergate.engine.recordings.standin import Standin
from tests.ledgergate.engine.recordings.table import Recording

WITNESS: Final = Path(__file__).parent / "packs" / "witness"
BUCKET: Final = "urn:pulumi:dev::p::aws:s3/bucket:Bucket::b"

Requests = Mapping[str, Mapping[str, Any]]


def read_requests(path: Path) -> dict[str, dict[str, Any]]:
    """Return what the witness wrote: call → URN → request; the stack's resources under `analyze_stack`."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        note = json.loads(line)
        requests = note["request"]["resources"] if note["call"] == "analyze_stack" else [note["request"]]
        found[note["call"]] |= {request["urn"]: request for request in requests}
    return dict(found)


def embedded_requests(recording: Recording, path: Path) -> dict[str, dict[str, Any]]:
    """Run a program in the embedded engine and return what the witness wrote."""
    run = run_of(recording)
    environment = {"WITNESS_FILE": str(path)}
    with PackProcess(WITNESS, StackInfo.of(run), environment=environment) as pack:
        pack.configure()
        launch(run, PackHost([pack], Standin()))
    return read_requests(path)


def test_witness_writes_down_what_it_is_asked(tmp_path: Path) -> None:
    """Every resource is written down for both calls, and all of them once for the stack."""
    recording = Recording("small/witnessed", mode="preview", packs=("witness",))
    found = embedded_requests(recording, tmp_path / "requests")
    assert {call: len(requests) for call, requests in found.items()} == {
        "remediate": 8,
        "analyze": 8,
        "analyze_stack": 8,
    }


def test_plugin_serves_the_stand_in(tmp_path: Path) -> None:
    """The command prints a port and answers check, create and invoke as the stand-in does."""
    install(tmp_path)
    inputs = wire.to_struct({"tags": {"a": "b"}})
    with subprocess.Popen([tmp_path / "pulumi-resource-aws", "127.0.0.1:1"], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = provider_pb2_grpc.ResourceProviderStub(channel)
                stub.Configure(provider_pb2.ConfigureRequest(args=wire.to_struct({"region": "eu-west-1"})))
                checked = stub.Check(provider_pb2.CheckRequest(urn=BUCKET, news=inputs))
                made = stub.Create(provider_pb2.CreateRequest(urn=BUCKET, properties=checked.inputs))
                with pytest.raises(grpc.RpcError, match="stand-in has no answer for aws:x:y"):
                    stub.Invoke(provider_pb2.InvokeRequest(tok="aws:x:y"))
        finally:
            process.kill()
    outputs = wire.from_struct(made.properties)
    assert (made.id, outputs["arn"]) == ("b-id", "arn:aws:s3:eu-west-1:111122223333:b-id")
    assert outputs["tagsAll"] == {"a": "b"}
