"""What a stack may configure about its services and the way to them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi

from components.configuration import read_choice, read_count, refuse

SERVICES: Final = ("frontend", "backend")

_DIGEST: Final = re.compile(r"[^\s@]+@sha256:[0-9a-f]{64}")
_TAG: Final = re.compile(r"[^\s@]+:[\w][\w.-]{0,127}")


class LogLevel(StrEnum):
    """How much the application says."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeSettings:
    """Services and the way to them.

    Args:
        certificate_arn: Certificate of the load balancer; None asks for a self-signed placeholder.
        images: Service → image; None asks for the placeholder.
        allow_unscanned: Whether the image gate lets an image without a scan pass.
        task_tls: Whether the load balancer speaks TLS with the tasks.
        most_tasks: Upper limit of tasks of one service.
        origin_header_generation: Counts the rotations of the origin header.
        log_level: How much the application says.
    """

    certificate_arn: str | None
    images: Mapping[str, str | None]
    allow_unscanned: bool
    task_tls: bool
    most_tasks: int
    origin_header_generation: int
    log_level: LogLevel


def read_compute(config: pulumi.Config, region: str, *, production: bool) -> ComputeSettings:
    """Read the part of the configuration that is about services.

    Args:
        config: Configuration of the stack.
        region: Where the stack is.
        production: Whether real card data passes: placeholders and switches for trying out are refused.

    Raises:
        pulumi.RunError: A key is missing or wrong; the message names it and the fix.
    """
    images = {service: _read_image(config, f"{service}Image", production=production) for service in SERVICES}
    task_tls = _read_switch(config, "albToTaskTls", strict=True, production=production)
    if task_tls and None in images.values():
        key = config.full_key("albToTaskTls")
        raise refuse(
            key, "must be false for the placeholder, which has no TLS: set it, or frontendImage and backendImage."
        )
    return ComputeSettings(
        certificate_arn=_read_certificate(config, region, production=production),
        images=images,
        allow_unscanned=_read_switch(config, "allowUnscannedImages", strict=False, production=production),
        task_tls=task_tls,
        most_tasks=read_count(config, "maxTasks", default=6, low=2, high=100),
        origin_header_generation=read_count(config, "originHeaderGeneration", default=1, low=1, high=10_000),
        log_level=read_choice(config, "logLevel", LogLevel.INFO),
    )


def _read_switch(config: pulumi.Config, name: str, *, strict: bool, production: bool) -> bool:
    """Return a switch whose other position is for trying out only.

    Args:
        config: Configuration of the stack.
        name: Key.
        strict: The safe position, and the default.
        production: Whether the other position is refused.
    """
    found = config.get_bool(name)
    if found is None:
        return strict
    if production and found is not strict:
        word = str(strict).lower()
        raise refuse(config.full_key(name), f"must be {word} in prod: remove the key or set it to {word}.")
    return found


def _read_certificate(config: pulumi.Config, region: str, *, production: bool) -> str | None:
    key, found = config.full_key("certificateArn"), config.get("certificateArn")
    if found is None:
        if production:
            raise refuse(key, f"is missing: prod needs the ARN of an issued ACM certificate in {region}.")
        return None
    if not re.fullmatch(rf"arn:aws[a-z-]*:acm:{region}:\d{{12}}:certificate/[0-9a-f-]+", found):
        raise refuse(key, f"{found!r} is no ACM certificate in {region}: give its ARN, arn:aws:acm:{region}:….")
    return found


def _read_image(config: pulumi.Config, name: str, *, production: bool) -> str | None:
    key, found = config.full_key(name), config.get(name)
    if found is None:
        if production:
            raise refuse(key, "is missing: prod needs an image of its own with a digest, repository@sha256:….")
        return None
    if production and not _DIGEST.fullmatch(found):
        raise refuse(key, f"{found!r} has no digest, and a tag can move: in prod write repository@sha256:….")
    if not _DIGEST.fullmatch(found) and not _TAG.fullmatch(found):
        raise refuse(key, f"{found!r} names no version: write repository:tag or repository@sha256:….")
    return found
