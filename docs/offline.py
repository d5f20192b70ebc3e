"""Check that a page of the built site loads nothing from elsewhere: it is read where there is no internet."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

SITE: Final = Path(__file__).resolve().parent.parent / "site"
_LOADING: Final = {"src", "srcset", "poster", "data"}
_FOREIGN: Final = re.compile(r"(https?:)?//", re.IGNORECASE)
_IN_STYLES: Final = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)


class _Loads(HTMLParser):
    """Collects the addresses that a browser asks for by itself; a link that somebody may follow is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        named = [value for name, value in given.items() if name in _LOADING]
        if tag == "link" and given.get("rel") != "canonical":
            named.append(given.get("href", ""))
        # The theme's script fetches what draws a diagram when a page has one.
        if "mermaid" in given.get("class", "").split():
            named.append("https://unpkg.com/mermaid")
        self.found += [value for value in named if _FOREIGN.match(value.strip())]


def foreign(page: Path) -> Iterator[str]:
    """Yield the addresses outside the site that a file of it makes a browser load."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".html":
        parser = _Loads()
        parser.feed(text)
        yield from parser.found
    yield from _IN_STYLES.findall(text)


def main() -> None:
    """Exit 1 when there is no site, or when something in it loads from elsewhere."""
    files = [path for path in sorted(SITE.rglob("*")) if path.suffix in {".html", ".css", ".svg"}]
    if not any(path.suffix == ".html" for path in files):
        sys.exit(f"{SITE.name}/ holds no page")
    found = sorted({f"{path.relative_to(SITE)} loads {address}" for path in files for address in foreign(path)})
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
