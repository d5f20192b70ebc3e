"""Leaves behind what a program can: a copy of itself, a daemon, a subprocess, a thread."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pulumi

folder = Path(pulumi.Config().require("folder"))


def note(kind):
    (folder / f"{kind}-{os.getpid()}").touch()


reading, writing = os.pipe()
if os.fork() == 0:
    note("copy")
    os.write(writing, b"x")
    signal.pause()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        note("daemon")
        os.closerange(0, 3)
        os.write(writing, b"x")
        signal.pause()
    os._exit(0)
os.read(reading, 1)
os.read(reading, 1)

process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
(folder / f"subprocess-{process.pid}").touch()
threading.Thread(target=threading.Event().wait).start()
if pulumi.Config().get_bool("abrupt"):
    os._exit(7)
pulumi.export("done", True)
