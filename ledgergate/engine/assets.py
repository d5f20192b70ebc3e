"""Hashes of assets and archives, as the engine computes them before a pack or provider sees them.

Source: recordings of the engine 3.260.0, both of its archive hashes recomputed; the order of members from
`sdk/go/common/resource/archive/archive.go`, read 2026-11-21.
"""

import errno
import hashlib
import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ledgergate.engine import tar, wire


class AssetError(Exception):
    """The file or folder of an asset or archive cannot be read; its text is shown to the user."""


class _RemoteError(Exception):
    """The content lies somewhere else and is not fetched at design time."""


_PACKED: Final = (".tar", ".tgz", ".tar.gz", ".zip", ".jar")
_BOOKKEEPING: Final = ".pulumi"
"""Never part of an archive."""


def with_hashes(value: wire.Wire, root: Path) -> wire.Wire:
    """Add the hash to every asset and archive inside a value.

    Args:
        value: Wire value.
        root: Folder that relative paths start from.

    Raises:
        AssetError: A file or folder cannot be read.
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
    except _RemoteError:
        return ""
    except OSError as error:
        kind = "asset" if wire.signature_of(form) == wire.ASSET else "archive"
        missing = os.path.relpath(error.filename, root) if error.filename else form.get("path", kind)
        message = f"{kind} {missing} cannot be read in {root.resolve()}: {error.strerror or error}"
        raise AssetError(message) from None


def _asset_bytes(form: Mapping[str, wire.Wire], root: Path) -> bytes:
    if "text" in form:
        return str(wire.plain(form["text"])).encode()
    if "path" in form:
        return (root / str(form["path"])).read_bytes()
    raise _RemoteError


def _archive_hash(form: Mapping[str, wire.Wire], root: Path) -> str:
    if "path" in form:
        path = root / str(form["path"])
        if path.is_file() and path.name.endswith(_PACKED):
            return hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha256()
    seen: set[str] = set()
    for name, content in _members(form, root):
        if name not in seen:
            digest.update(tar.header(name, len(content)) + tar.padded(content))
        seen.add(name)
    digest.update(b"\0" * 2 * tar.BLOCK)
    return digest.hexdigest()


def _members(form: Mapping[str, wire.Wire], root: Path) -> Iterator[tuple[str, bytes]]:
    if "path" in form:
        yield from _files(root / str(form["path"]))
    elif "assets" in form:
        for key in sorted(form["assets"]):
            member = form["assets"][key]
            if wire.signature_of(member) == wire.ASSET:
                yield key, _asset_bytes(member, root)
            else:
                yield from ((posixpath.join(key, name), content) for name, content in _members(member, root))
    else:
        raise _RemoteError


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder, each level in the order of its names; links to folders are not followed."""
    if not folder.is_dir():
        code = errno.ENOTDIR if folder.exists() else errno.ENOENT
        raise OSError(code, os.strerror(code), str(folder))
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    for name in sorted(names, key=lambda name: name.parts):
        if _BOOKKEEPING not in name.parts:
            yield name.as_posix(), (folder / name).read_bytes()
