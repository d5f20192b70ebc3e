"""The process that holds moto: `python -m integration.sandbox.server PORT`; it ends when its standard input does."""

import json
import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

from integration.sandbox.corrections import corrected
from integration.sandbox.targets import LOOPBACK

if TYPE_CHECKING:
    from flask import Flask


def main() -> None:
    """Serve on loopback until nobody holds the other end of standard input."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler
    from werkzeug.serving import make_server

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = DomainDispatcherApplication(_service)
    with corrected():
        try:
            port, handler = int(sys.argv[1]), MotoRequestHandler
            server = make_server(LOOPBACK, port, application, threaded=True, request_handler=handler)
        except (OSError, SystemExit):
            sys.exit(f"port {sys.argv[1]} is taken")
        print(json.dumps({"endpoint": f"http://{LOOPBACK}:{server.port}"}), flush=True)  # noqa: T201 - the answer
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
    os._exit(0)  # a request under way must not keep the process


def _service(name: Any) -> "Flask":
    """Return moto's application for a service; where it breaks it answers as in process."""
    from moto.moto_server.werkzeug_app import create_backend_app

    application = create_backend_app(name)
    application.config["PROPAGATE_EXCEPTIONS"] = False
    application.register_error_handler(500, _broken)
    return application


def _broken(error: Exception) -> tuple[str, int]:
    from integration.sandbox.corrections.core import status_of

    return "", status_of(getattr(error, "original_exception", error))


if __name__ == "__main__":
    main()
