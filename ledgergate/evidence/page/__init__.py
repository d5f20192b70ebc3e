"""The report of a bundle for people: one page of HTML that needs nothing else and runs nothing."""

from ledgergate.evidence.page.document import rendered

__all__ = ["rendered"]
