import os
import shutil
import socket
from pathlib import Path

import pulumi

config = pulumi.Config()
here, home = Path.cwd(), Path.home()


def connect(family, kind, address):
    with socket.socket(family, kind) as client:
        client.connect(address)


def send(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"?", address)


def move():
    os.rename(here / "kept.txt", here / "moved.txt")


attempts = {
    "tcp": lambda: connect(socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 443)),
    "tcp6": lambda: connect(socket.AF_INET6, socket.SOCK_STREAM, ("2001:db8::1", 443)),
    "udp": lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53)),
    "datagram": lambda: send(("192.0.2.1", 53)),
    "name": lambda: socket.getaddrinfo("example.invalid", 443),
    "old name": lambda: socket.gethostbyname("example.invalid"),
    "url": lambda: socket.create_connection(("example.invalid", 443)),
    "write": lambda: (here / "new.txt").write_text("x"),
    "append": lambda: open(here / "kept.txt", "a"),
    "update": lambda: open(here / "kept.txt", "r+"),
    "low level": lambda: os.open(here / "new.txt", os.O_WRONLY | os.O_CREAT),
    "relative": lambda: Path("new.txt").touch(),
    "through a link": lambda: (Path(config.require("link")) / "new.txt").write_text("x"),
    "folder": lambda: (here / "new").mkdir(),
    "remove": lambda: (here / "kept.txt").unlink(),
    "rename": move,
    "link": lambda: os.link(here / "kept.txt", here / "linked.txt"),
    "symbolic link": lambda: os.symlink(here / "kept.txt", here / "linked.txt"),
    "mode": lambda: (here / "kept.txt").chmod(0o777),
    "truncate": lambda: os.truncate(here / "kept.txt", 0),
    "tree": lambda: shutil.rmtree(here),
    "move": lambda: shutil.move(here / "kept.txt", here / "moved.txt"),
    "credentials": lambda: (home / ".aws" / "credentials").read_text(),
    "named credentials": lambda: Path(config.require("credentials")).read_text(),
}
found = {}
for name, attempt in attempts.items():
    try:
        attempt()
        found[name] = "nothing happened"
    except Exception as error:
        found[name] = f"{type(error).__name__}: {error}"
pulumi.export("found", found)
