"""The sandbox: a Pulumi program's resources in moto instead of an account.

`Sandbox.in_process` is for tests and for the audit's default; `Sandbox.server` where a client must be able to die, or
is another program.
"""

from integration.sandbox.errors import SandboxError
from integration.sandbox.report import Action, Deployed, OnStep, Report
from integration.sandbox.sandbox import Sandbox

__all__ = ["Action", "Deployed", "OnStep", "Report", "Sandbox", "SandboxError"]
