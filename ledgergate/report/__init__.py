"""Writers of what a run found, over one model of a report; each format is a module of its own."""

from ledgergate.report.summary import ExitCode, Report, StackReport

__all__ = ["ExitCode", "Report", "StackReport"]
