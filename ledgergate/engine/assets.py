"""Hashes of assets and archives, as the engine computes them before a pack or provider sees them.

Source: recordings of the engine 3.260.0; both archive hashes recomputed this way were equal.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ledgergate.engine import wire

_BLOCK: Final = 512
_PACKED: Final = (".tar", ".tgz", ".gz", ".zip", ".jar")


def with_hashes(value: wire.Wire, root: Path) -> wire.Wire:
    """Add the hash to every asset and archive inside a value.

    Args:
        value: Wire value.
        root: Folder that relative paths start from.
    """

    def hashed(form: Mapping[str, wire.Wire]) -> wire.Wire:
        inside = {"assets": with_hashes(form["assets"], root)} if "assets" in form else {}
        return {**form, **inside, "hash": _hash(form, root)}

    return wire.map_signed(value, (wire.ASSET, wire.ARCHIVE), hashed)


def _hash(form: Mapping[str, wire.Wire], root: Path) -> str:
    if wire.has_unknown(form):
        return wire.UNKNOWN
    try:
        if wire.signature_of(form) == wire.ASSET:
            return hashlib.sha256(_asset_bytes(form, root)).hexdigest()
        return _archive_hash(form, root)
    except OSError:
        return ""


def _asset_bytes(form: Mapping[str, wire.Wire], root: Path) -> bytes:
    if "text" in form:
        return str(wire.plain(form["text"])).encode()
    if "path" in form:
        return (root / str(form["path"])).read_bytes()
    message = f"the content of {form.get('uri', 'a remote asset')} is not fetched at design time"
    raise OSError(message)


def _archive_hash(form: Mapping[str, wire.Wire], root: Path) -> str:
    if "path" in form:
        path = root / str(form["path"])
        if path.is_file() and path.suffix in _PACKED:
            return hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha256()
    for name, content in _members(form, root):
        digest.update(_header(name, len(content)))
        digest.update(content)
        digest.update(b"\0" * (-len(content) % _BLOCK))
    digest.update(b"\0" * 2 * _BLOCK)
    return digest.hexdigest()


def _members(form: Mapping[str, wire.Wire], root: Path) -> Iterator[tuple[str, bytes]]:
    if "path" in form:
        folder = root / str(form["path"])
        if not folder.is_dir():
            message = f"{folder} is not a folder"
            raise OSError(message)
        files = (path for path in folder.rglob("*") if path.is_file())
        for path in sorted(files, key=lambda found: found.relative_to(folder).as_posix()):
            yield path.relative_to(folder).as_posix(), path.read_bytes()
    elif "assets" in form:
        for key in sorted(form["assets"]):
            member = form["assets"][key]
            if wire.signature_of(member) == wire.ASSET:
                yield key, _asset_bytes(member, root)
            else:
                yield from ((f"{key}/{name}", content) for name, content in _members(member, root))
    else:
        message = "a remote archive is not fetched at design time"
        raise OSError(message)


def _header(name: str, size: int) -> bytes:
    """Return one USTAR header with everything that could vary set to a constant."""
    prefix, short = "", name
    if len(name) > 100:  # noqa: PLR2004 - width of the name field
        cut = name.rindex("/", 0, 155)
        prefix, short = name[:cut], name[cut + 1 :]
    fields = [
        short.encode().ljust(100, b"\0"),
        b"0000600\0",
        b"0000000\0",
        b"0000000\0",
        b"%011o\0" % size,
        b"%011o\0" % 0,
        b" " * 8,
        b"0",
        b"\0" * 100,
        b"ustar\x0000",
        b"\0" * 64,
        b"0000000\0",
        b"0000000\0",
        prefix.encode().ljust(155, b"\0"),
        b"\0" * 12,
    ]
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]
