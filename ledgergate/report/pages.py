"""The pages of Ledgergate: everything that is put into one is escaped, and they look alike."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ledgergate.report.printable import printable

SHARED: Final = Path(__file__).with_name("page")
"""Folder of `base.css`, which every page includes before its own style."""


def page_environment(folder: Path) -> Environment:
    """Return what renders the templates of a folder.

    Args:
        folder: Where they lie; what every page shares is found, too.
    """
    return Environment(
        loader=FileSystemLoader([folder, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Return what is put into the page; it is escaped behind this.

    What cannot be seen, or turns the direction of a text round, deceives a reader as markup would. The only markup is
    what the page's own macros made.
    """
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
