"""Starts the pack's server the way the language host expects: the port is the first line on stdout.

Source: the Pulumi engine 3.260.0 as recorded; SDK 3.272.0, `pulumi/policy/__main__.py`, read 2026-11-20.
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

STOCK_SWITCH: Final = "LEDGERGATE_STOCK_PACK"
"""Set to `1`, the pack is served by the SDK's own PolicyPack instead."""

_LARGEST_MESSAGE: Final = 400 * 1024 * 1024


def main(folder: Path) -> None:
    """Serve the pack until the engine ends it.

    Whatever is printed while the pack loads goes to stderr: a line before the port would break the start.

    Args:
        folder: Folder of `PulumiPolicy.yaml`.
    """
    port_line = os.dup(1)
    os.dup2(2, 1)
    from ledgergate.errors import LedgergateError

    try:
        if os.environ.get(STOCK_SWITCH) == "1":
            from policies.stock import serve_stock

            os.dup2(port_line, 1)
            serve_stock(folder)
            return
        server, port = start(folder)
    except LedgergateError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(1)
    os.write(port_line, f"{port}\n".encode())
    os.close(port_line)
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(0)


def start(folder: Path) -> tuple[Any, int]:
    """Load the pack for the project of this run and listen on a free port of the loopback interface.

    Returns:
        The gRPC server and its port.

    Raises:
        LedgergateError: Profile, waivers or a control cannot be loaded.
    """
    import grpc
    from pulumi.runtime.proto import analyzer_pb2_grpc

    from policies.analyzer import Analyzer
    from policies.pack import load_pack

    pack = load_pack(folder, os.environ)
    # One request at a time: the engine never sends two, and one thread needs no locks.
    server = grpc.server(
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="analyzer"),
        options=[
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
        ],
    )
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(pack), server)  # type: ignore[arg-type]  # by shape, not by inheritance
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    _end_with(os.getppid())
    return server, port


def _end_with(parent: int) -> None:
    """End when the language host is gone: it may be killed without a word."""

    def watch() -> None:
        wait = threading.Event()
        while os.getppid() == parent:
            wait.wait(2.0)
        os._exit(0)

    threading.Thread(target=watch, daemon=True, name="parent").start()
