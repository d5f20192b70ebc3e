"""The process that holds moto: `python -m integration.sandbox.server PORT`; it ends when its standard input does."""

import json
import logging
import os
import signal
import sys
import threading

from integration.sandbox.corrections import corrected
from integration.sandbox.targets import LOOPBACK


def main() -> None:
    """Serve on loopback until nobody holds the other end of standard input."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = DomainDispatcherApplication(create_backend_app)
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


if __name__ == "__main__":
    main()
