"""A program starts as the language host would start it: folder, file, interpreter and modules are its own."""

import os
import site
import sys
import venv
from pathlib import Path

import pytest

from ledgergate.engine.program_errors import ProgramError
from ledgergate.engine.project import Project
from ledgergate.graph import Frame, Kind
from ledgergate.values import Secret
from tests.ledgergate.engine.running import lay_out, named, run_project, source_of

_REPOSITORY = Path(__file__).parents[3]
_OWN_MODULES = ("policies", "ledger", "settings", "model", "infra", "engine", "provider", "options", "tests")
_WHERE = (
    "import os, sys\nimport pulumi\nimport beside\n"
    "pulumi.export('where', [os.getcwd(), pulumi.runtime.get_root_directory(), sys.argv[0], beside.OWNER])\n"
)


def own_modules(project: Project, monkeypatch: pytest.MonkeyPatch) -> object:
    """Run a program that imports each name while the repository is on the interpreter's path, and say what it got."""
    monkeypatch.setenv("PYTHONPATH", str(_REPOSITORY))
    names = '["' + '","'.join(_OWN_MODULES) + '"]'
    found = run_project(project, config=[f"names={names}"], environment=("PYTHONPATH",))
    assert found.outputs["token"] == 8
    return found.outputs["found"]


def test_own_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program's modules and packages win, whatever the harness calls its own."""
    files = {f"{name}.py": "OWNER = 'module'\n" for name in _OWN_MODULES[::2]}
    files |= {f"{name}/__init__.py": "OWNER = 'package'\n" for name in _OWN_MODULES[1::2]}
    project = lay_out(tmp_path / "program", {"__main__.py": source_of("owns_modules"), **files})
    expected = dict.fromkeys(_OWN_MODULES[::2], "module") | dict.fromkeys(_OWN_MODULES[1::2], "package")
    assert own_modules(project, monkeypatch) == expected


def test_modules_of_the_harness_are_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program without such a module gets what it would get anywhere else: no module."""
    project = lay_out(tmp_path / "program", {"__main__.py": source_of("owns_modules")})
    assert own_modules(project, monkeypatch) == {name: f"no {name}" for name in _OWN_MODULES}


def test_nothing_is_compiled_beside_the_program(tmp_path: Path) -> None:
    """A run leaves the program's folder as it was; an installed package is compiled once, wherever it lies."""
    main = "import sys\nsys.path.append('lib/site-packages')\nimport kit.part, beside, installed\n"
    files = dict.fromkeys(("kit/__init__.py", "kit/part.py", "beside.py", "lib/site-packages/installed.py"), "")
    project = lay_out(tmp_path / "program", {"__main__.py": main, **files})
    assert run_project(project, allow_writes=True).refused == ()
    made = [path.parent.name for path in project.folder.rglob("__pycache__")]
    assert made == ["site-packages"]


def test_main_as_folder(tmp_path: Path) -> None:
    """`main:` may name a folder: the program runs in it, and imports from it."""
    files = {"app/__main__.py": _WHERE, "app/beside.py": "OWNER = 'beside'\n"}
    project = lay_out(tmp_path / "program", files, manifest={"main": "app/"})
    found = run_project(project)
    assert found.outputs["where"] == [str(project.folder / "app"), str(project.folder), ".", "beside"]


def test_main_as_file(tmp_path: Path) -> None:
    """`main:` may name a file: the program runs in its folder; modules there are found, and shadow nothing."""
    files = {"app/start.py": _WHERE, "app/beside.py": "OWNER = 'beside'\n", "app/secrets.py": "raise ImportError\n"}
    files["app/start.py"] = "import secrets\n" + files["app/start.py"]
    project = lay_out(tmp_path / "program", files, manifest={"main": "app/start.py"})
    found = run_project(project)
    assert found.outputs["where"] == [str(project.folder / "app"), str(project.folder), "start.py", "beside"]


def test_main_as_file_has_places(tmp_path: Path) -> None:
    """What such a file registers has its line, an error its whole path, and the file knows itself as elsewhere."""
    text = (
        "import __main__, pulumi, pulumi_aws\n"
        "pulumi_aws.sqs.Queue('one')\n"
        "pulumi.export('file', [__file__, __main__.__file__, __name__, str(__spec__)])\n"
        "if pulumi.Config().get_bool('fail'):\n"
        "    raise ValueError('late')\n"
    )
    project = lay_out(tmp_path / "program", {"app/start.py": text}, manifest={"main": "app/start.py"})
    found = run_project(project)
    path = str(project.folder / "app" / "start.py")
    assert named(found, "one").source == (Frame(path, 2),)
    assert found.outputs["file"] == ["start.py", "start.py", "__main__", "None"]
    with pytest.raises(ProgramError, match=rf'ValueError: late\n  File "{path}", line 5, in <module>'):
        run_project(project, config=["fail=true"])


def make_virtualenv(folder: Path) -> None:
    """Make an environment that borrows this one's packages and has a module of its own."""
    venv.create(folder, symlinks=True, with_pip=False)
    packages = next((folder / "lib").glob("python*")) / "site-packages"
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()))
    (packages / "only_there.py").write_text("import sys\nPREFIX = sys.prefix\n")


@pytest.mark.parametrize("runtime", [{"virtualenv": "environment"}, {"toolchain": "uv"}])
def test_virtualenv(tmp_path: Path, runtime: dict[str, str]) -> None:
    """The program runs in the interpreter that its project names, with what is installed there."""
    folder = tmp_path / "program" / runtime.get("virtualenv", ".venv")
    make_virtualenv(folder)
    text = (
        "import only_there, pulumi\n"
        "class Own(pulumi.ComponentResource):\n"
        "    def __init__(self, name):\n        super().__init__('acme:a:Own', name)\n"
        "Own('own')\n"
        "pulumi.export('prefix', only_there.PREFIX)\n"
    )
    manifest = {"runtime": {"name": "python", "options": runtime}}
    found = run_project(lay_out(tmp_path / "program", {"__main__.py": text}, manifest=manifest))
    assert found.outputs == {"prefix": str(folder)}
    assert [Path(frame.file).name for frame in named(found, "own").source] == ["__main__.py"]
    assert found.notes == ()


def test_missing_virtualenv(tmp_path: Path) -> None:
    """Where the project's environment is not there, the gate's own runs the program, and the result says so."""
    text = "import sys, pulumi\npulumi.export('prefix', sys.prefix)\n"
    manifest = {"runtime": {"name": "python", "options": {"virtualenv": "environment"}}}
    found = run_project(lay_out(tmp_path / "program", {"__main__.py": text}, manifest=manifest))
    assert found.outputs == {"prefix": sys.prefix}
    assert found.notes == ("virtualenv `environment` does not exist; the gate's own interpreter runs the program",)


def test_import_hint_names_the_hidden_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing import while PYTHONPATH is hidden says how to pass it on."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ProgramError, match=r"imports `acme`.*\n.*`--env PYTHONPATH` passes it on"):
        run_project(lay_out(tmp_path / "program", {"__main__.py": "import acme\n"}))


@pytest.mark.oldest_sdk
def test_oldest_sdk(tmp_path: Path) -> None:
    """With the oldest supported SDK a program of many parts runs as it does with the newest."""
    manifest = {"runtime": {"name": "python", "options": {"virtualenv": os.environ["LEDGERGATE_OLDEST_SDK"]}}}
    declared = {"config": {"password": {"default": "correct horse", "secret": True}}}
    project = lay_out(tmp_path / "program", {"__main__.py": source_of("oldest_sdk")}, manifest=manifest | declared)
    found = run_project(project)
    assert found.sdk == "3.113.0"
    assert found.patches == ()
    assert found.outputs == {"dry": True, "read": "acme-shared"}
    assert named(found, "shared").kind is Kind.READ
    assert named(found, "bucket").options.protect
    assert named(found, "bucket").inputs["tagsAll"] == {"a": "b", "Owner": "platform"}
    assert named(found, "queue").inputs["name"] == "by-transformation"
    assert named(found, "queue").dependencies == (named(found, "bucket").urn,)
    assert named(found, "topic").inputs["displayName"] == "by-transform"
    assert named(found, "database").inputs["password"] == Secret("correct horse")
    assert named(found, "bucket").outputs["arn"] + "/*" in named(found, "policy").inputs["policy"]
    assert named(found, "bucket").outputs["arn"] in named(found, "reader").inputs["policy"]
    assert ("info", "an info line") in [(line["severity"], line["text"]) for line in found.messages]


def test_same_program_with_the_newest_sdk(tmp_path: Path) -> None:
    """What the oldest SDK's test runs is a good program with the newest as well."""
    declared = {"config": {"password": {"default": "correct horse", "secret": True}}}
    found = run_project(lay_out(tmp_path / "program", {"__main__.py": source_of("oldest_sdk")}, manifest=declared))
    assert found.outputs == {"dry": True, "read": "acme-shared"}
