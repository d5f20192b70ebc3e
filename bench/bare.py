"""Runs a program under the SDK's own mocks, as its language host would: what the gate is measured against.

Usage: `bare.py FOLDER CONFIG`, CONFIG a JSON object of full key → text. Prints how many resources were made.
"""

import asyncio
import json
import os
import runpy
import sys
from collections.abc import Mapping
from typing import Any

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_all_config, set_mocks
from pulumi.runtime.stack import run_pulumi_func


class Echo(Mocks):
    """Creates every resource as asked, under the id `<name>_id`."""

    def __init__(self) -> None:
        self.made = 0

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Echo the inputs."""
        self.made += 1
        return f"{args.name}_id", args.inputs

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Echo the arguments."""
        return args.args, None


async def run(folder: str, config: Mapping[str, str]) -> int:
    """Run the program in `folder`; return how many resources it made."""
    mocks = Echo()
    set_all_config(dict(config))
    set_mocks(mocks, project="estate", stack="bench")
    os.chdir(folder)
    await run_pulumi_func(lambda: _run_path(folder))
    return mocks.made


def _run_path(folder: str) -> None:
    runpy.run_path(folder, run_name="__main__")


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(run(sys.argv[1], json.loads(sys.argv[2])))}\n")
