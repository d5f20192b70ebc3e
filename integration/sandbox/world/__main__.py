"""A process that holds a deployed stack, a world around its Aurora cluster, and the service on top of both.

It lives by itself, so that whoever runs a drill may die, and it ends on SIGTERM or when its time is over. Everything
that a client needs stands in the file that it announces itself with.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from integration.sandbox.world.model import Flaw

_LIFETIME_S: Final = 1800.0
_CLUSTER: Final = "aws:rds/cluster:Cluster"


def main(arguments: Sequence[str] | None = None) -> None:
    """Deploy, serve, announce, and wait for the end."""
    options = _options(arguments)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from ledgergate.errors import LedgergateError

    try:
        with _rehearsal(options, over.set) as announcement:
            _announce(options.announce, announcement)
            over.wait(_LIFETIME_S)
    except LedgergateError as error:
        _announce(options.announce, {"error": str(error)})
    sys.stdout.flush()
    os._exit(0)  # a request under way must not keep the process


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m integration.sandbox.world", description=__doc__)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--announce", type=Path, required=True)
    parser.add_argument("--account", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--notices", action="store_true")
    parser.add_argument("--flaw", type=Flaw, default=None)
    return parser.parse_args(arguments)


@contextlib.contextmanager
def _rehearsal(options: argparse.Namespace, end: Callable[[], None]) -> Iterator[dict[str, Any]]:
    from integration.sandbox import Sandbox
    from integration.sandbox.baseline import lay_baseline
    from integration.sandbox.networks import remove_default_networks
    from integration.sandbox.world.model import World
    from integration.sandbox.world.rds import instances_of, shown_by_rds
    from integration.sandbox.world.service import control_routes, served, service_routes
    from integration.sandbox.world.times import load_times
    from ledgergate.engine.project import load_project, load_stack
    from ledgergate.values import strings_in

    account, region = options.account, options.region
    with Sandbox.in_process(account, region) as sandbox, contextlib.ExitStack() as stack:
        project = load_project(options.program)
        lay_baseline(sandbox, (region,))
        deployed = sandbox.deploy(project, load_stack(project, options.stack))
        used = {text for each in deployed.graph for value in each.outputs.values() for text in strings_in(value)}
        remove_default_networks(sandbox.session(), (region,), used)
        cluster = _only_cluster(deployed.graph)
        origin = time.time()
        world = World(
            instances_of(account, region, cluster),
            load_times(),
            lambda: origin + (time.time() - origin) * options.scale,
            seed=options.seed,
            notices=options.notices,
            flaw=options.flaw,
        )
        stack.enter_context(shown_by_rds(world, account, region, cluster))
        yield {
            "process": os.getpid(),
            "account": account,
            "region": region,
            "cluster": cluster,
            "urns": deployed.urns,
            "origin": origin,
            "scale": options.scale,
            "service": stack.enter_context(served(service_routes(world))),
            "control": stack.enter_context(served(control_routes(world, end))),
            "environment": {
                **sandbox.environment(),
                "AWS_ENDPOINT_URL": stack.enter_context(_aws_over_http()),
            },
        }


def _only_cluster(graph: Any) -> str:
    from ledgergate.errors import LedgergateError

    found = [resource.id for resource in graph.of_type(_CLUSTER) if resource.id]
    if len(found) != 1:
        raise LedgergateError(f"the stack has {len(found)} Aurora clusters; a rehearsal needs one")
    return str(found[0])


@contextlib.contextmanager
def _aws_over_http() -> Iterator[str]:
    import logging

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from integration.sandbox.world.service import LOOPBACK

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server(LOOPBACK, 0, application, threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{server.port}"
    finally:
        server.shutdown()


def _announce(path: Path, announcement: dict[str, Any]) -> None:
    """Write the file whole or not at all, for its owner alone."""
    draft = path.with_name(path.name + ".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(announcement, file)
    draft.rename(path)


if __name__ == "__main__":
    main()
