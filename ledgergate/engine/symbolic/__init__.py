"""The symbolic provider: ids, ARNs and answers for the embedded engine, made up where they can be recognised.

Runs inside the program's interpreter: standard library and pulumi only.
"""

from ledgergate.engine.symbolic.levels import Level
from ledgergate.engine.symbolic.provider import SymbolicProvider

__all__ = ["Level", "SymbolicProvider"]
