"""A program in a copy of a process ends as in a process of its own, so that other tests may take copies."""

from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.engine.program_errors import ProgramError
from tests.ledgergate.engine.forked import Original
from tests.ledgergate.engine.running import run_text

PROGRAMS: Final = {
    "resources": 'import pulumi, pulumi_aws as aws\npulumi.export("key", aws.kms.Key("key").arn)\nprint("made")',
    "environment": "import os, sys, pulumi\npulumi.export('seen', [sorted(set(os.environ) - {'TMPDIR'}), sys.argv])",
    "network": "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=5)",
    "credentials": "from pathlib import Path\nPath('~/.aws/credentials').expanduser().read_text()",
    "end": "import os\nos._exit(3)",
    "signal": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
    "hang": "import time\nwhile True: time.sleep(1)",
}


def said(folder: Path, text: str) -> Any:
    """Return what a program gave, or why it ended."""
    try:
        found = run_text(folder, text, time_limit_s=3.0 if "while True" in text else 60.0)
    except ProgramError as error:
        return str(error)
    return [*found.graph], found.outputs, found.output, found.refused, found.isolated, found.patches


@pytest.mark.parametrize("program", PROGRAMS)
def test_copy_ends_as_a_process_of_its_own(program: str, tmp_path: Path, original: Original) -> None:
    """Resources, outputs, what was printed, refused and raised, and the way it ended are the same."""
    alone = said(tmp_path, PROGRAMS[program])
    with original.standing_in():
        assert said(tmp_path, PROGRAMS[program]) == alone
