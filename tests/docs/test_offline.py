"""The site loads nothing from elsewhere: what a browser would ask for by itself is found."""

from pathlib import Path

import pytest

from docs.offline import foreign
from docs.pictures import COMMANDS, PICTURES


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.html", '<script src="https://unpkg.com/x"></script>', ["https://unpkg.com/x"]),
        ("a.html", '<link rel="stylesheet" href="//fonts.example/a.css">', ["//fonts.example/a.css"]),
        ("a.html", '<pre class="mermaid"></pre>', ["https://unpkg.com/mermaid"]),
        ("a.html", "<style>@import 'https://a.example/b.css'</style>", ["https://a.example/b.css"]),
        ("a.svg", "<style>a{src:url(https://a.example/f.woff2)}</style>", ["https://a.example/f.woff2"]),
        ("a.css", "a{background:url(data:image/svg+xml;base64,AAAA)}", []),
        ("a.html", '<a href="https://aws.amazon.com/">prices</a><img src="../pictures/a.svg">', []),
    ],
)
def test_what_is_loaded_is_found(tmp_path: Path, name: str, text: str, found: list[str]) -> None:
    """Scripts, styles, fonts and diagrams count; links to follow, and what lies inside, do not."""
    (tmp_path / name).write_text(text)
    assert list(foreign(tmp_path / name)) == found


def test_pictures_load_nothing() -> None:
    """By itself rich draws with a font from elsewhere."""
    drawn = sorted(PICTURES.glob("*.svg"))
    assert {path.stem for path in drawn} == set(COMMANDS)
    assert [address for path in drawn for address in foreign(path)] == []
