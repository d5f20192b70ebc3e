"""What runs in the containers: configured images, or a placeholder that shows that the way to them works."""

from collections.abc import Mapping
from typing import Any, Final

from settings import Settings

from components.container import Container

PLACEHOLDER: Final = (
    "public.ecr.aws/nginx/nginx-unprivileged@sha256:0c79d56aee561a1d81c63f00eee5fb5fe29279560cdc55e91425133104c7fbe6"
)
"""nginx 1.29 on Alpine, for every platform. Source: pinned in public Dockerfiles, read 2026-11-30."""

OWN_USER: Final = "1000:1000"
"""Who runs an image of the system; the `node` user of the official Node.js images."""

_PLACEHOLDER_USER: Final = "101:101"

_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def placeholder_script(port: int) -> str:
    """Return the shell command that answers every request on a port with 200, and writes below /tmp only.

    Args:
        port: Where it listens.
    """
    paths = " ".join(f"{kind}_temp_path /tmp/{kind};" for kind in _TEMPORARY)
    answer = "default_type text/plain; return 200 placeholder;"
    server = f"server {{ listen {port}; location / {{ {answer} }} }}"
    http = f"http {{ access_log /dev/stdout; {paths} {server} }}"
    configuration = f"daemon off; pid /tmp/nginx.pid; error_log /dev/stderr; events {{ }} {http}"
    return f"echo '{configuration}' > /tmp/nginx.conf && exec nginx -c /tmp/nginx.conf"


def make_container(settings: Settings, service: str, port: int, secrets: Mapping[str, Any]) -> Container:
    """Return the container of a service.

    Args:
        settings: The stack.
        service: `frontend` or `backend`.
        port: Where it listens.
        secrets: Variable → ARN of a secret or parameter.
    """
    image = settings.compute.images[service]
    tls = "on" if settings.compute.task_tls else "off"
    return Container(
        name=service,
        image=image or PLACEHOLDER,
        port=port,
        user=OWN_USER if image else _PLACEHOLDER_USER,
        entry_point=() if image else ("sh", "-c"),
        command=() if image else (placeholder_script(port),),
        environment={"PORT": str(port), "TLS": tls},
        secrets=secrets,
    )
