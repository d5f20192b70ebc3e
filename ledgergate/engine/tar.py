"""Headers of a tar stream, byte for byte as the engine writes them: the hash of an archive is taken over them.

Runs inside the program's interpreter: standard library only.
Source: recordings of the engine 3.260.0; Go's `archive/tar` (`writer.go`, `strconv.go`) 1.26, read 2026-11-21.
"""

import posixpath
from typing import Final

BLOCK: Final = 512
_NAME: Final = 100
_PREFIX: Final = 155


def padded(content: bytes) -> bytes:
    """Return content filled up to whole blocks."""
    return content + b"\0" * (-len(content) % BLOCK)


def header(name: str, size: int) -> bytes:
    """Return everything that stands before the content of one file.

    Args:
        name: Path inside the archive, `/` between its parts.
        size: Length of the content in bytes, < 8 GiB.
    """
    parts = _split(name)
    if parts is not None:
        return _block(parts[1].encode(), parts[0].encode(), size)
    record = _record(name)
    folder, file = posixpath.split(name)
    extended = _ascii(posixpath.normpath(posixpath.join(folder, "PaxHeaders.0", file)))
    return (
        _extended_block(extended[:_NAME].rstrip(b"/"), len(record))
        + padded(record)
        + _block(_short(_ascii(name)), b"", size)
    )


def _split(name: str) -> tuple[str, str] | None:
    """Return prefix and name where both fit their fields, else None."""
    if not name.isascii() or "\0" in name:
        return None
    if len(name) <= _NAME:
        return "", name
    cut = name.rfind("/", 0, _PREFIX + 1)
    if cut <= 0 or not 0 < len(name) - cut - 1 <= _NAME:
        return None
    return name[:cut], name[cut + 1 :]


def _ascii(name: str) -> bytes:
    return name.encode("ascii", "ignore").replace(b"\0", b"")


def _short(name: bytes) -> bytes:
    """Return a name cut to its field, without a slash at the end of the field."""
    if len(name) <= _NAME or name[_NAME - 1 : _NAME] != b"/":
        return name[:_NAME]
    return name[: _NAME - 1].rstrip(b"/")


def _record(name: str) -> bytes:
    """Return the record that states a name; it begins with its own length."""
    rest = b" path=" + name.encode() + b"\n"
    length = len(rest) + len(str(len(rest)))
    length = len(rest) + len(str(length))
    return str(length).encode() + rest


def _block(name: bytes, prefix: bytes, size: int) -> bytes:
    device = b"0000000\0"
    return _sealed(name, b"0000600\0", size, b"0", device * 2 + prefix)


def _extended_block(name: bytes, size: int) -> bytes:
    return _sealed(name, b"0000000\0", size, b"x", b"")


def _sealed(name: bytes, mode: bytes, size: int, type_: bytes, rest: bytes) -> bytes:
    """Return one block with its checksum; owner, time and link are constant."""
    owner = b"0000000\0"
    start = name.ljust(_NAME, b"\0") + mode + owner * 2 + b"%011o\0" % size + b"%011o\0" % 0
    end = type_ + b"\0" * _NAME + b"ustar\x0000" + b"\0" * 64 + rest
    block = (start + b" " * 8 + end).ljust(BLOCK, b"\0")
    return start + b"%06o\0 " % sum(block) + block[len(start) + 8 :]
