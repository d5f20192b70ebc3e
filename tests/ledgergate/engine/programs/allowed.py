import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

import pulumi

done = []
with tempfile.TemporaryDirectory() as folder:
    nested = Path(folder) / "a" / "b"
    nested.mkdir(parents=True)
    with zipfile.ZipFile(nested / "code.zip", "w") as archive:
        archive.writestr("handler.py", "def handler(): ...")
    shutil.copytree(nested, Path(folder) / "copy")
    shutil.rmtree(Path(folder) / "a")
    sqlite3.connect(Path(folder) / "data.db").execute("create table t (x)")
    os.chdir(folder)
    Path("relative.txt").write_text("x")
    os.chdir("/")
    done.append("temporary folder")
done.append("removed" if not Path(folder).exists() else "left")

with open(os.devnull, "w") as nothing:
    nothing.write("x")
Path(tempfile.gettempdir(), "plain.txt").write_text("x")
done.append("devices")

with socket.create_server(("127.0.0.1", 0)) as server:
    threading.Thread(target=lambda: server.accept()[0].sendall(b"hello"), daemon=True).start()
    with socket.create_connection(("localhost", server.getsockname()[1])) as client:
        done.append(client.recv(5).decode())

left, right = socket.socketpair()
left.sendall(b"pair")
done.append(right.recv(4).decode())
done.append(subprocess.run([sys.executable, "-c", "print('child')"], capture_output=True, text=True).stdout.strip())
socket.gethostbyname("localhost")
Path(pulumi.Config().require("shared")).write_text("x")
pulumi.export("done", done)
