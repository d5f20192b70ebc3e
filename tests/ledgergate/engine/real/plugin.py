"""The stand-in provider as a Pulumi plugin: run as a program it prints its port and serves `ResourceProvider`."""

# ruff: noqa: N802 - the methods bear the names of the calls

import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from ledgergate.engine import urns, wire
from ledgergate.engine.provider import ProviderConfig, ProviderError, ResourceRequest
from tests.ledgergate.engine.recordings.standin import Standin

VERSION: Final = "7.51.1"
MODULE: Final = "tests.ledgergate.engine.real.plugin"


def install(folder: Path, *, python: str = sys.executable) -> None:
    """Write the plugin's command into a folder that is going to be on PATH."""
    root = Path(__file__).parents[4]
    command = folder / "pulumi-resource-aws"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{python}" -m {MODULE} "$@"\n', encoding="utf-8")
    command.chmod(0o755)


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """`ResourceProvider` over the stand-in; one provider resource is one process."""

    def __init__(self) -> None:
        self._provider = Standin()
        self._config = ProviderConfig(package="aws", urn="", version=VERSION)

    def Handshake(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Take neither secrets nor references."""
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Say which version this pretends to be."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Have no schema to speak of."""
        return provider_pb2.GetSchemaResponse(schema=f'{{"name": "aws", "version": "{VERSION}"}}')

    def CheckConfig(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """Accept any provider configuration."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """See no difference."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """Keep the provider's inputs."""
        self._config = ProviderConfig("aws", request.urn, VERSION, wire.from_struct(request.args))
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """See `Standin.check`."""
        found = self._provider.check(self._request(request, wire.from_struct(request.news)))
        failures = [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in found.failures]
        return provider_pb2.CheckResponse(inputs=wire.to_struct(found.inputs), failures=failures)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        """See `Standin.create`."""
        wanted = self._request(request, wire.from_struct(request.properties), preview=request.preview)
        try:
            made = self._provider.create(wanted)
        except ProviderError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        return provider_pb2.CreateResponse(id=made.id, properties=wire.to_struct(made.outputs))

    def Read(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """See `Standin.read`."""
        found = self._provider.read(self._request(request, wire.from_struct(request.properties)), request.id)
        properties = wire.to_struct(found.outputs)
        return provider_pb2.ReadResponse(id=found.id, properties=properties, inputs=properties)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        """See `Standin.invoke`."""
        try:
            found = self._provider.invoke(request.tok, wire.from_struct(request.args), self._config)
        except ProviderError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        failures = [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in found.failures]
        answer: dict[str, Any] = {"return": wire.to_struct(found.result), "failures": failures}
        return provider_pb2.InvokeResponse(**answer)

    def Delete(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Delete nothing: there is nothing."""
        return empty_pb2.Empty()

    def Cancel(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Have nothing to cancel."""
        return empty_pb2.Empty()

    def _request(self, request: Any, inputs: Mapping[str, Any], *, preview: bool = False) -> ResourceRequest:
        type_, name = urns.type_of(request.urn), urns.name_of(request.urn)
        return ResourceRequest(request.urn, type_, name, inputs, self._config, preview)


def main() -> None:
    """Serve until killed."""
    server = grpc.server(ThreadPoolExecutor(8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Plugin(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201 - how a plugin tells the engine where it is
    threading.Event().wait()


if __name__ == "__main__":
    main()
