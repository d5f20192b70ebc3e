"""A pack that writes every request that it gets into the file `WITNESS_FILE`, one JSON document a line."""

# ruff: noqa: N802 - the methods bear the names of the calls

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2


class Witness(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers as a pack without policies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def _note(self, call: str, request: Any) -> None:
        line = json.dumps({"call": call, "request": json_format.MessageToDict(request)})
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def Remediate(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """Note a resource before any remediation."""
        self._note("remediate", request)
        return analyzer_pb2.RemediateResponse()

    def Analyze(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """Note a resource."""
        self._note("analyze", request)
        return analyzer_pb2.AnalyzeResponse()

    def AnalyzeStack(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """Note the stack."""
        self._note("analyze_stack", request)
        return analyzer_pb2.AnalyzeResponse()

    def GetAnalyzerInfo(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Say who this is."""
        return analyzer_pb2.AnalyzerInfo(name="witness", version="1.0.0", supportsConfig=True)

    def GetPluginInfo(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Say which protocol this speaks."""
        return plugin_pb2.PluginInfo(version="1.0.0")

    def Configure(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Accept any configuration."""
        return empty_pb2.Empty()


server = grpc.server(ThreadPoolExecutor(4))
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Witness(Path(os.environ["WITNESS_FILE"])), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)  # noqa: T201 - how a pack tells the engine where it is
threading.Event().wait()
