"""Imports the SDK and the AWS package once, then forks a copy of itself for each program; a process of its own.

Run as `python -c TEXT FD BOOTSTRAP`. Each request on the socket is the environment of a program's process as
JSON, with three descriptors: its channel, where it prints, and where its pid and then its exit code are told.
"""

import gc
import importlib
import json
import os
import runpy
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from typing import Final, NoReturn

_MODULES: Final = (
    *("acm", "backup", "cloudfront", "cloudtrail", "cloudwatch", "cognito", "dynamodb", "ec2", "ecr", "ecs"),
    *("guardduty", "iam", "inspector2", "kms", "lambda_", "lb", "rds", "route53", "s3", "secretsmanager"),
    *("sns", "sqs", "ssm", "wafv2"),
)
"""What most programs of the tests use; whatever else one imports, its copy imports."""


def main(connection: socket.socket, bootstrap: str) -> None:
    """Serve until the other end is closed."""
    start = runpy.run_path(bootstrap)
    start["_expose_engine"]()
    obstacle = start["_obstacle"]()
    if obstacle:
        sys.exit(obstacle)
    importlib.import_module("ledgergate.engine.child")
    importlib.import_module("ledgergate.engine.symbolic")
    for name in _MODULES:
        # Such a module loads itself when something is asked of it.
        getattr(importlib.import_module(f"pulumi_aws.{name}"), "__all__", None)
    gc.collect()
    gc.freeze()
    while True:
        request, descriptors, _, _ = socket.recv_fds(connection, 65536, 3)
        if not request:
            return
        keeper = os.fork()
        if keeper == 0:
            connection.close()
            _keep(json.loads(request), descriptors, start["_main"])
        for each in descriptors:
            os.close(each)
        os.waitpid(keeper, 0)


def _keep(variables: Mapping[str, str], descriptors: list[int], run: Callable[[int], None]) -> NoReturn:
    """Fork the program's process, tell its pid, and go on in the background to tell how it ended."""
    if os.fork() != 0:
        os._exit(0)
    channel, output, told = descriptors
    leads, led = os.pipe()
    program = os.fork()
    if program == 0:
        os.setsid()
        for each in (told, leads, led):
            os.close(each)
        _become_program(variables, channel, output)
        try:
            run(channel)
        finally:
            os._exit(1)
    for each in (channel, output, led):
        os.close(each)
    os.read(leads, 1)  # its end: the program leads a group of its own, so that it can be killed
    os.write(told, f"{program}\n".encode())
    _, status = os.waitpid(program, 0)
    os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become_program(variables: Mapping[str, str], channel: int, output: int) -> None:
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)
    os.environ.clear()
    os.environ.update(variables)
    tempfile.tempdir = None
    sys.argv = [sys.argv[2], str(channel)]


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
