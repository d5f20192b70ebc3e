"""What the world looks like over HTTP on loopback: the service that customers use, and the switch that breaks it."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final, TypeAlias

from integration.sandbox.world.model import RefusedError, World

LOOPBACK: Final = "127.0.0.1"

Answer: TypeAlias = "tuple[int, Any] | None"
"""Status and JSON data; None = no answer at all."""

Route: TypeAlias = Callable[[Mapping[str, Any]], Answer]
"""Answers the JSON data of a request."""

Routes: TypeAlias = Mapping[tuple[str, str], Route]
"""(method, path) → who answers."""


def service_routes(world: World) -> Routes:
    """Return the service: it writes and reads numbered records, or does not answer."""

    def store(asked: Mapping[str, Any]) -> Answer:
        return (201, {}) if world.write(int(asked["number"])) else None

    def records(_asked: Mapping[str, Any]) -> Answer:
        return (200, {"numbers": world.numbers()}) if world.serves_writes() else None

    return {
        ("GET", "/health"): lambda _: (200, {}) if world.serves_writes() else None,
        ("GET", "/readers"): lambda _: (200, {}) if world.serves_reads() else None,
        ("POST", "/heartbeats"): store,
        ("GET", "/heartbeats"): records,
    }


def control_routes(world: World, end: Callable[[], None]) -> Routes:
    """Return the switch: it loses a zone for a while, brings it back, and tells what is.

    Args:
        world: The world.
        end: Ends the process.
    """

    def over(_asked: Mapping[str, Any]) -> Answer:
        end()
        return 200, {}

    def fault(_asked: Mapping[str, Any]) -> Answer:
        return 200, {"zone": world.fault.zone, "since": world.fault.since, "until": world.fault.until}

    def lose(asked: Mapping[str, Any]) -> Answer:
        try:
            world.lose_zone(str(asked["zone"]), float(asked["for_s"]))
        except RefusedError as error:
            return 409, {"error": error.message}
        return fault(asked)

    def restore(asked: Mapping[str, Any]) -> Answer:
        world.restore_zone()
        return fault(asked)

    def seen(_asked: Mapping[str, Any]) -> Answer:
        view = world.view()
        statuses = {member.instance.id: member.status for member in view.members}
        return 200, {
            "status": view.status,
            "writer": view.writer,
            "statuses": statuses,
            "zone": world.fault.zone,
            "fail_overs": world.fail_overs,
        }

    return {
        ("GET", "/fault"): fault,
        ("POST", "/fault"): lose,
        ("DELETE", "/fault"): restore,
        ("GET", "/world"): seen,
        ("DELETE", "/world"): over,
    }


@contextlib.contextmanager
def served(routes: Routes) -> Iterator[str]:
    """Serve on loopback, in a thread, and yield the URL."""
    handler = type("Handler", (_Handler,), {"routes": routes})
    server = ThreadingHTTPServer((LOOPBACK, 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    routes: ClassVar[Routes] = {}
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        route = self.routes.get((self.command, self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = route(json.loads(body or b"{}")) if route else (404, {})
        except (ValueError, KeyError, TypeError):
            answer = 400, {}
        if answer is None:
            # Whoever lost its database says nothing: the connection ends without a byte.
            return
        status, data = answer
        content = json.dumps(data).encode()
        with contextlib.suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
