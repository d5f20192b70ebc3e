"""Every type of resource that the sandbox knows."""

from collections.abc import Mapping
from typing import Final

from integration.sandbox.handler import Handler
from integration.sandbox.types import iam, kms, logs, rds, rds_groups, routing, s3, s3_companions, security_groups, vpc

_MODULES: Final = (iam, kms, logs, rds, rds_groups, routing, s3, s3_companions, security_groups, vpc)

HANDLERS: Final[Mapping[str, Handler]] = {handler.type: handler for module in _MODULES for handler in module.HANDLERS}
"""Type token → how the sandbox holds it."""

NOT_HELD: Final[Mapping[str, str]] = {}
"""Type token → why the sandbox cannot hold it."""
