"""CrossGuard policy packs of any author, run beside the embedded engine as the Pulumi CLI runs them."""

from ledgergate.engine.packs.config import load_pack_config
from ledgergate.engine.packs.host import PackHost, Violation, exit_code
from ledgergate.engine.packs.policy import (
    Diagnostic,
    Enforcement,
    PackError,
    PackInfo,
    PolicyError,
    PolicyInfo,
    Remediation,
)
from ledgergate.engine.packs.process import PackProcess
from ledgergate.engine.packs.stack import StackInfo

__all__ = [
    "Diagnostic",
    "Enforcement",
    "PackError",
    "PackHost",
    "PackInfo",
    "PackProcess",
    "PolicyError",
    "PolicyInfo",
    "Remediation",
    "StackInfo",
    "Violation",
    "exit_code",
    "load_pack_config",
]
