"""Every program that cannot be judged gives one clear error, and never a result."""

import asyncio
from pathlib import Path

import pytest

from ledgergate.engine import failures
from ledgergate.engine.program_errors import ProgramError, worded
from ledgergate.engine.project import load_stack
from tests.ledgergate.engine.running import lay_out, run_project, run_text

PROGRAMS = {
    "raises": ("raise ValueError('broken')", r"the program failed: ValueError: broken"),
    "raises without a text": ("raise ValueError", r"the program failed: ValueError\n"),
    "raises many lines": ("raise ValueError('first\\nsecond')", r"ValueError: first\n"),
    "raises an exception of no kind": ("raise Exception('plain')", r"the program failed: plain\n"),
    "raises in an apply": (
        "import pulumi\ndef bad(n):\n    return n / 0\npulumi.Output.from_input(1).apply(bad)",
        r"ZeroDivisionError: division by zero\n.*__main__\.py\", line 3, in bad",
    ),
    "raises in an async body": (
        "import pulumi\nasync def main():\n    raise ValueError('late')\npulumi.run(main)",
        r"ValueError: late\n.*line 3, in main",
    ),
    "raises in a task group": (
        (
            "import asyncio, pulumi\nasync def bad():\n    raise ValueError('in a task')\n"
            "async def main():\n    async with asyncio.TaskGroup() as group:\n        group.create_task(bad())\n"
            "pulumi.run(main)"
        ),
        r"the program failed: ValueError: in a task\n.*line 3, in bad",
    ),
    "asks a service of this machine": (
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
        r"ConnectionRefusedError: .*\n.*apart from this machine's network; .*--answers",
    ),
    "writes into every file": (
        (
            "import os\nfor number in range(3, 50):\n"
            "    try: os.write(number, b'x' * 100)\n    except OSError: pass\nos._exit(0)"
        ),
        r"ended its process before it was through \(exit code 0\)",
    ),
    "refuses": ("import pulumi\nraise pulumi.RunError('not in this account')", r"program/dev: not in this account$"),
    "exits with success": ("import sys\nsys.exit(0)", r"the program called exit\(0\) before its end"),
    "exits with a code": ("import sys\nsys.exit(3)", r"the program called exit\(3\) before its end"),
    "exits with a text": ("import sys\nsys.exit('no team')", r"the program called exit\('no team'\) before its end"),
    "ends its process": ("import os\nos._exit(0)", r"ended its process before it was through \(exit code 0\)"),
    "kills itself": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
        r"ended its process before it was through \(killed by SIGTERM\)",
    ),
    "crashes": (
        "import ctypes\nctypes.string_at(0)",
        r"ended its process before it was through \(killed by SIGSEGV\)",
    ),
    "is interrupted": ("raise KeyboardInterrupt", r"the program failed: KeyboardInterrupt"),
    "recurses": (
        "def f(n):\n    return g(n)\ndef g(n):\n    return f(n) + 1\nf(0)",
        r"(?s)RecursionError: maximum recursion depth exceeded.* … \d+ frames …",
    ),
    "has a syntax error": ("a = (1,\nb = 2\n", r"SyntaxError: .*__main__\.py, line 1\)\n    a = \(1,"),
    "imports what is not installed": (
        "import acme_tools.naming",
        r"imports `acme_tools`, which is not installed in .*\n.*module of your own, it does not lie in .*program\.",
    ),
    "imports what a known package holds": (
        "import sklearn",
        r"imports `sklearn`, which is not installed in .*\n.*-m pip install scikit-learn`",
    ),
    "imports a provider that is not installed": (
        "import pulumi_nothing",
        r"imports `pulumi_nothing`, which is not installed in .*\n.*-m pip install pulumi-nothing`",
    ),
    "imports what an installed package does not have": (
        "import yaml.nothere",
        r"imports `yaml\.nothere`, which `yaml` does not have\n  Look at the spelling",
    ),
    "lacks configuration": (
        "import pulumi\npulumi.Config().require('team')",
        r"configuration `program:team` is required and not set\n.*dev\.yaml or with `--config program:team=VALUE`",
    ),
    "reads configuration of another type": (
        "import pulumi\npulumi.Config().require_int('size')",
        r"Configuration 'program:size' value 'large' is not a valid 'int'",
    ),
    "needs a variable": (
        "import os\nos.environ['TEAM_OF_NOBODY']",
        r"the program needs the environment variable TEAM_OF_NOBODY, which is not set\n.*`--env TEAM_OF_NOBODY`",
    ),
    "registers a URN twice": (
        "import pulumi\nfor _ in 1, 2:\n    pulumi.ComponentResource('acme:a:B', 'same')",
        r"Duplicate resource URN 'urn:pulumi:dev::program::acme:a:B::same'; try giving it a unique name$",
    ),
    "gives a property that nobody has": (
        (
            "import pulumi, pulumi_aws\nclass Raw(pulumi.CustomResource):\n"
            "    def __init__(self): super().__init__('aws:sqs/queue:Queue', 'raw', {'delay_seconds': 5})\n"
            "pulumi_aws.sqs.Queue('jobs')\nRaw()"
        ),
        r"property delay_seconds .* has a problem: there is no property delay_seconds; did you mean delaySeconds\?",
    ),
    "gives a number that is none": (
        "import pulumi_aws as aws\naws.s3.Bucket('logs', bucket=float('inf'))",
        r"Bucket resource 'logs': property bucket has a problem: a number must be finite\n.*line 2",
    ),
    "exports a number that is none": (
        "import pulumi\npulumi.export('a', {'b': [float('nan')]})",
        r"property a has a problem: a number must be finite",
    ),
    "names a file that is not there": (
        (
            "import pulumi, pulumi_aws as aws\n"
            "aws.s3.BucketObjectv2('page', bucket='logs', source=pulumi.FileAsset('nope.txt'))"
        ),
        r"asset nope\.txt cannot be read in .*program: No such file or directory.*\n.*line 2",
    ),
    "names a folder that is not there": (
        (
            "import pulumi, pulumi_aws as aws\naws.lambda_.Function('f', role='r', runtime='python3.12',\n"
            "    code=pulumi.FileArchive('./nofolder'), handler='a.b')"
        ),
        r"archive nofolder cannot be read in .*program: No such file or directory.*\n.*line 2",
    ),
    "raises in a transform": (
        (
            "import pulumi, pulumi_aws as aws\n"
            "def change(args):\n    raise ValueError('not this one')\n"
            "pulumi.runtime.register_resource_transform(change)\naws.sqs.Queue('jobs')"
        ),
        r"program/dev: a transform of 'jobs' failed: ValueError: not this one\n.*__main__\.py\", line 3",
    ),
    "returns what is no result from a transform": (
        (
            "import pulumi, pulumi_aws as aws\n"
            "pulumi.runtime.register_resource_transform(lambda _: 5)\naws.sqs.Queue('jobs')"
        ),
        r"a transform of 'jobs' failed: AttributeError: 'int' object has no attribute 'props'\n.*line 3",
    ),
    "raises what has no text": (
        "class Odd(Exception):\n    def __str__(self): raise KeyError('again')\nraise Odd",
        r"program/dev: the program failed: .*Odd: <exception str\(\) failed>\n.*line 3",
    ),
    "refuses without a text": (
        "import pulumi\nclass Odd(pulumi.RunError):\n    def __str__(self): raise KeyError('again')\nraise Odd",
        r"program/dev: <Odd that has no text>$",
    ),
    "gives one property of another kind": (
        "import pulumi_aws as aws\naws.s3.Bucket('logs', tags=['x'])",
        r"Error: Unexpected type\. Expected 'list'.*\(input 'tags', resource 'logs'\)\n.*__main__\.py\", line 2",
    ),
    "gives several properties of another kind": (
        "import pulumi_aws as aws\nfor name in 'abc':\n    aws.s3.Bucket(name, tags=['x'])",
        r"Error: Unexpected type\. Expected 'list'.*\(input 'tags', resource 'a'\)\n.*__main__\.py\", line 3",
    ),
    "gives a map with a key that is no text": (
        "import pulumi_aws as aws\naws.s3.Bucket('logs', tags={1: 'x'})",
        r"TypeError: .* \(the key 1 of property tags is no text\)\n.*__main__\.py\", line 2",
    ),
    "gives a nested map with a key that is no text": (
        "import pulumi\npulumi.CustomResource('acme:a:B', 'logs', {'rules': [{'a': {None: 'x'}}]})",
        r"TypeError: .* \(the key None of property rules\.a is no text\)$",
    ),
    "gives a type that pulumi-aws does not have": (
        "import pulumi\npulumi.CustomResource('aws:sqs/queues:Queues', 'jobs', {'delaySeconds': 5})",
        r"aws:sqs/queues:Queues resource 'jobs': the installed pulumi-aws has no such type \(urn:",
    ),
    "misnames a property of a class that it does not import": (
        (
            "import pulumi\npulumi.CustomResource('aws:ec2/securityGroup:SecurityGroup', 'raw', "
            "{'ingress': [{'from_port': 22, 'protocol': 'tcp'}]})"
        ),
        r"property ingress .* has a problem: there is no property ingress\[0\]\.from_port; did you mean fromPort\?",
    ),
    "gives a property of no kind": (
        "import pulumi\npulumi.CustomResource('aws:s3/bucket:Bucket', 'logs', {'tags': {'a': object()}})",
        r"unexpected input of type object.*\(input 'tags', resource 'logs'\)",
    ),
    "gives a property of another type": (
        "import pulumi_aws as aws\naws.sqs.Queue('jobs', delay_seconds='often')",
        r"Queue resource 'jobs': property delaySeconds value \{often\} has a problem: expected a number, got a text",
    ),
    "gives a secret of another type": (
        "import pulumi, pulumi_aws as aws\naws.s3.Bucket('logs', tags=pulumi.Output.secret('tr0ub4dor'))",
        r"Bucket resource 'logs': property tags value \{\[secret\]\} has a problem: expected a map, got a text",
    ),
    "calls what cannot be answered": (
        "import pulumi\npulumi.runtime.invoke('acme:index:getSecret', {})",
        r"invoke of acme:index:getSecret failed: .*--answers FILE",
    ),
    "closes every file": (
        "import os\nos.closerange(0, 1000)",
        r"ended its process before it was through",
    ),
    "registers in a copy of itself": (
        "import os, pulumi\nif os.fork() == 0:\n    pulumi.ComponentResource('acme:a:B', 'hidden')\n",
        r"\(os\.fork\) tried to register acme:a:B 'hidden', which reaches nobody\n.*\n.*__main__\.py\", line 3",
    ),
    "registers in a worker": (
        (
            "import multiprocessing, pulumi\n"
            "def work():\n    pulumi.ComponentResource('acme:a:B', 'hidden')\n"
            "worker = multiprocessing.get_context('fork').Process(target=work)\nworker.start()\nworker.join()\n"
        ),
        r"\(os\.fork\) tried to register acme:a:B 'hidden', which reaches nobody\n.*\n.*__main__\.py\", line 3",
    ),
    "deletes its own folder": (
        "import os, shutil\nshutil.rmtree(os.getcwd())",
        r"the gate does not let the program write .*program; only temporary folders",
    ),
    "raises from a thread's result": (
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor() as pool:\n    pool.submit(int, 'many').result()"
        ),
        r"ValueError: invalid literal for int\(\) with base 10: 'many'\n.*line 3, in <module>",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_bad_program(tmp_path: Path, name: str) -> None:
    """The error says what happened in one line, with the program's own frames and nothing of the engine's."""
    text, expected = PROGRAMS[name]
    with pytest.raises(ProgramError, match=expected) as caught:
        run_text(tmp_path, text, config=["size=large"])
    assert str(caught.value).startswith("program/dev: ")
    assert "ledgergate/engine" not in str(caught.value).partition("The program printed last:")[0]
    assert len(str(caught.value)) < 6_000


HANGING = {
    "a busy loop": "while True: pass",
    "an await that never ends": (
        "import asyncio, pulumi\n"
        "async def main():\n    await asyncio.get_running_loop().create_future()\n"
        "pulumi.run(main)"
    ),
    "an output that never comes": (
        "import asyncio, pulumi\npulumi.export('never', asyncio.get_event_loop().create_future())"
    ),
    "a closed connection and a loop": "import os\nos.closerange(3, 1000)\nwhile True: pass",
    "signals ignored": (
        "import signal\n"
        "for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(number, signal.SIG_IGN)\n"
        "while True: signal.pause()"
    ),
}


@pytest.mark.parametrize("name", HANGING)
def test_program_that_hangs(tmp_path: Path, name: str) -> None:
    """A program that does not end is ended, and the error names the limit."""
    with pytest.raises(ProgramError, match=r"program/dev: the program did not end within 2\.5 seconds"):
        run_text(tmp_path, HANGING[name], time_limit_s=2.5)


@pytest.mark.parametrize(
    "text",
    [
        "for n in range(20_000):\n    print('line', n, 'x' * 40)",
        "print('x' * 1_000_000, end='')",
        "import sys\nsys.stdout.buffer.write(bytes(range(256)) * 4_000)",
    ],
)
def test_program_that_prints_a_megabyte(tmp_path: Path, text: str) -> None:
    """What was printed comes with the error as a few short lines that a terminal can show."""
    with pytest.raises(ProgramError, match="ValueError: after that") as caught:
        run_text(tmp_path, f"{text}\nraise ValueError('after that')")
    shown = str(caught.value)
    assert "The program printed last:" in shown
    assert len(shown) < 8_000
    assert all(sign.isprintable() or sign in "\n\t" for sign in shown)


def test_secrets_of_the_configuration(tmp_path: Path) -> None:
    """A secret value is hidden in the message, in the frames, in what was printed and in every repr."""
    text = (
        "import pulumi\n"
        "found = pulumi.Config().require('password')\n"
        "print('login with', found)\n"
        "raise ValueError(f'{found} is too weak')\n"
    )
    declared = {"config": {"password": {"default": "correct horse", "secret": True}}}
    project = lay_out(tmp_path / "program", {"__main__.py": text}, manifest=declared)
    with pytest.raises(ProgramError) as caught:
        run_project(project)
    shown = f"{caught.value}{caught.value!r}{vars(caught.value)}"
    assert "correct horse" not in shown
    assert "ValueError: [secret] is too weak" in shown
    assert "login with [secret]" in shown
    assert "correct horse" not in repr(load_stack(project, "dev"))


def test_secret_that_the_program_made(tmp_path: Path) -> None:
    """A value that the program itself marked as secret is hidden in the error that quotes it."""
    text = (
        "import pulumi\n"
        "word = pulumi.Output.secret('tr0ub4dor')\n"
        "pulumi.CustomResource('aws:ssm/parameter:Parameter', 'word', {'value': word, 'type': 'String'})\n"
        "raise ValueError('tr0ub4dor is taken')\n"
    )
    with pytest.raises(ProgramError) as caught:
        run_text(tmp_path, text)
    assert "ValueError: [secret] is taken" in str(caught.value)
    assert "tr0ub4dor" not in str(caught.value).replace("raise ValueError", "")


def test_made_up_answers_are_named(tmp_path: Path) -> None:
    """An error after made-up answers says which they were: one of them may be why."""
    text = "import pulumi_aws as aws\nint(aws.ec2.get_ami(most_recent=True, owners=['self']).id)\n"
    with pytest.raises(ProgramError, match=r"Answers to aws:ec2/getAmi:getAmi were made up; .*--answers FILE"):
        run_text(tmp_path, text)


def test_defect_of_the_engine_is_called_one() -> None:
    """An exception that the engine itself raised is not blamed on the program."""
    try:
        failures._exit(None)  # type: ignore[arg-type]  # what no caller does
    except AttributeError as error:
        found = failures.describe(error, None)
    assert found is not None
    assert found["kind"] == "defect"


def test_exception_without_frames() -> None:
    """An exception that never was raised is described by its text alone."""
    found = failures.describe(asyncio.InvalidStateError("not done"), None)
    assert found == {
        "kind": "exception",
        "message": "",
        "quoted": "asyncio.exceptions.InvalidStateError: not done",
        "places": [],
        "traceback": "",
    }
    assert worded(found)["message"] == "asyncio.exceptions.InvalidStateError: not done"
