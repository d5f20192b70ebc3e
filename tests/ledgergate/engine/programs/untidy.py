"""Changes what the engine might rely on while it runs, and still is a good program."""

import builtins
import json
import os
import shutil
import socket
import sys
import tempfile
import time

import pulumi

json.dumps = json.loads = lambda *_args, **_settings: "nonsense"
json.JSONEncoder.default = lambda _self, value: str(value)
time.monotonic = lambda: 0.0
socket.socket = None
builtins.print = None
sys.path.clear()
os.environ.clear()
tempfile.tempdir = "/"
sys.stdout.close()
sys.stderr = None
os.chdir("/")
shutil.rmtree(sys.modules["__main__"].__file__.rpartition("/")[0])
pulumi.ComponentResource("acme:a:Thing", "thing")
pulumi.export("big", "x" * 20_000_000)
