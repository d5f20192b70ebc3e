"""Project and stack files mean here what they mean to the Pulumi CLI, and each mistake in them gives one sentence."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine.project import Project, ProjectError, load_project, load_stack


def write(folder: Path, **files: str) -> Path:
    """Write files, `Pulumi.yaml` under `project` and `Pulumi.<stack>.yaml` under the stack's name."""
    (folder / "__main__.py").touch()
    for name, text in files.items():
        target = "Pulumi.yaml" if name == "project" else f"Pulumi.{name}.yaml"
        (folder / target).write_text(text, encoding="utf-8")
    return folder


def project_in(folder: Path, text: str = "", **stacks: str) -> Project:
    """Load a project with further lines in its `Pulumi.yaml`."""
    return load_project(write(folder, project=f"name: shop\nruntime: python\n{text}", **stacks))


def values_of(folder: Path, stack: str, *overrides: str, project: str = "") -> dict[str, str]:
    """Return the configuration that a stack's file gives, without the project's namespace."""
    found = load_stack(project_in(folder, project, dev=stack), "dev", overrides)
    return {key.removeprefix("shop:"): value for key, value in found.values.items()}


def test_project(tmp_path: Path) -> None:
    """A project is found by its folder or by its file."""
    folder = write(tmp_path, project="name: shop\nruntime: python\n", dev="", prod="config: {}\n")
    found = load_project(folder)
    assert found == load_project(folder / "Pulumi.yaml")
    assert (found.name, found.folder, found.entry, found.stacks) == ("shop", tmp_path, ".", ("dev", "prod"))
    assert found.interpreter == Path(sys.executable)
    assert found.notes == ()


def test_other_spellings(tmp_path: Path) -> None:
    """The `.yml` ending, a byte-order mark and a folder for stack files are understood."""
    (tmp_path / "__main__.py").touch()
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yml").write_text("\ufeffname: shop\nruntime:\n  name: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks" / "Pulumi.dev.yml").write_text("config:\n  aws:region: eu-west-1\n")
    found = load_project(tmp_path)
    assert found.stacks == ("dev",)
    assert load_stack(found, "dev").values == {"aws:region": "eu-west-1"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`name` is missing"),
        ("runtime: python", "`name` is missing"),
        ("name: [a", "line 1, column 9: not valid YAML"),
        ("name: shop\nname2: {", "not valid YAML"),
        ("- name: shop", "expected a mapping at the top, found a list"),
        ("just a text", "expected a mapping at the top, found a str"),
        ("[" * 600, "not valid YAML"),
        ("name: shop\nruntime: nodejs", "the runtime is nodejs; the gate runs Python programs"),
        ("name: shop\nruntime: {name: go}", "the runtime is go"),
        ("name: shop", "the runtime is not set"),
        ("name: shop\nruntime: python\nmain: absent.py", "`main: absent.py` does not exist"),
        ("name: shop\nruntime: python\nmain: empty", "no __main__.py in "),
        ("name: shop\nruntime: python\nconfig: [a]", "`config` must be a mapping"),
    ],
)
def test_bad_project(tmp_path: Path, text: str, message: str) -> None:
    """Each mistake in the project file is one sentence that names the file."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(ProjectError) as caught:
        load_project(write(tmp_path, project=text))
    assert caught.value.message.startswith(str(tmp_path / "Pulumi.yaml"))
    assert message in caught.value.message


def test_no_project(tmp_path: Path) -> None:
    """A folder without a project says so, with an example of what to name."""
    with pytest.raises(ProjectError, match=r"no Pulumi\.yaml in this folder\n.*infra/payments"):
        load_project(tmp_path)


def test_unreadable_project(tmp_path: Path) -> None:
    """A file that is no text is named, without its bytes."""
    (tmp_path / "Pulumi.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(ProjectError, match=r"Pulumi\.yaml cannot be read: it is not UTF-8 text$"):
        load_project(tmp_path)


def test_unknown_stack(tmp_path: Path) -> None:
    """A stack without a file is an error that lists those with one; a project without any takes every name."""
    found = project_in(tmp_path, dev="", prod="")
    with pytest.raises(ProjectError, match=r"no stack `test`.*\n.*Stacks here: dev, prod\."):
        load_stack(found, "test")
    other = tmp_path / "other"
    other.mkdir()
    assert load_stack(project_in(other), "test").values == {}


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "config:\n", "config: {}\n", "encryptionsalt: v1:a:b\n"])
def test_stack_without_configuration(tmp_path: Path, text: str) -> None:
    """A stack's file may be empty or hold no configuration."""
    assert values_of(tmp_path, text) == {}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("plain", "plain"),
        ("'quoted'", "quoted"),
        ("5", "5"),
        ("-1.50", "-1.50"),
        ("1.10", "1.10"),
        ("012345678901", "012345678901"),
        ("0755", "0755"),
        ("true", "true"),
        ("NO", "NO"),
        ("12:30", "12:30"),
        ("2026-11-21", "2026-11-21"),
        ("", ""),
        ("~", ""),
        ("[a, b]", '["a", "b"]'),
        ("{a: {b: 1}}", '{"a": {"b": 1}}'),
        ("{at: 12:30, on: 2026-11-21, 3: 1.5}", '{"at": "12:30", "true": "2026-11-21", "3": 1.5}'),
        ("|\n    two\n    lines\n", "two\nlines\n"),
        ("{secure: 5}", '{"secure": 5}'),
    ],
)
def test_written_values(tmp_path: Path, written: str, value: str) -> None:
    """A scalar keeps its text as written, a structured value becomes JSON without YAML's dates and base-60 numbers."""
    assert values_of(tmp_path, f"config:\n  shop:key: {written}\n") == {"key": value}


def test_keys(tmp_path: Path) -> None:
    """A key without a namespace is the project's; the older form with `config` in it still works."""
    stack = "config:\n  plain: a\n  shop:full: b\n  shop:config:older: c\n  aws:region: eu-west-1\n"
    assert values_of(tmp_path, stack) == {"plain": "a", "full": "b", "older": "c", "aws:region": "eu-west-1"}


def test_who_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's defaults lose to the stack's file, that to PULUMI_CONFIG, and all to the command line."""
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"shop:c": "environment", "shop:d": "environment"}))
    project = "config:\n  a: project\n  b: project\n  c: project\n  d: {type: string, default: project}\n"
    stack = "config:\n  b: stack\n  c: stack\n  d: stack\n"
    assert values_of(tmp_path, stack, "d=line=1", project=project) == {
        "a": "project",
        "b": "stack",
        "c": "environment",
        "d": "line=1",
    }


def test_secret_stays_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a project or the environment calls secret stays so when a plain value replaces it."""
    monkeypatch.setenv("PULUMI_CONFIG", '{"shop:b": "x"}')
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", '["shop:b"]')
    declared = "config:\n  a: {default: first, secret: true}\n"
    found = load_stack(project_in(tmp_path, declared, dev="config:\n  a: second\n"), "dev", ["b=third"])
    assert found.secret_keys == ("shop:a", "shop:b")
    assert set(found.secret_texts) == {"first", "second", "x", "third"}


def test_declared_configuration(tmp_path: Path) -> None:
    """Declarations give defaults in any type; plain entries are values themselves; other packages' need no value."""
    project = """
config:
  text: {type: string, default: a}
  flag: {type: boolean, default: false}
  count: {type: integer, default: 3}
  zones: {type: array, items: {type: string}, default: [a, b]}
  plain: 7
  nested: {own: {keys: 1}}
  aws:region: {value: eu-west-1}
  aws:profile: {description: never asked for}
"""
    assert values_of(tmp_path, "", project=project) == {
        "text": "a",
        "flag": "false",
        "count": "3",
        "zones": '["a", "b"]',
        "plain": "7",
        "nested": '{"own": {"keys": 1}}',
        "aws:region": "eu-west-1",
    }


@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        ("{type: string}", "", r"configuration `shop:key` is required and not set\n.*--config key=VALUE"),
        ("{description: whose}", "", r"configuration `shop:key` is required and not set"),
        ("{type: integer}", "many", r"configuration `shop:key` must be of type integer$"),
        ("{type: boolean}", "yes", r"configuration `shop:key` must be of type boolean$"),
        ("{type: array}", "a", r"configuration `shop:key` must be of type array$"),
        ("{type: object}", "[a]", r"configuration `shop:key` must be of type object$"),
    ],
)
def test_value_against_its_declaration(tmp_path: Path, declared: str, given: str, message: str) -> None:
    """A declared value that is missing or of another type is named before the program runs."""
    stack = f"config:\n  key: {given}\n" if given else ""
    with pytest.raises(ProjectError, match=message):
        values_of(tmp_path, stack, project=f"config:\n  key: {declared}\n")


@pytest.mark.parametrize(
    ("stack", "overrides", "environment", "message"),
    [
        ("config: [a]\n", (), "", r"Pulumi\.dev\.yaml: `config` must be a mapping"),
        ("config: {a\n", (), "", r"Pulumi\.dev\.yaml, line 2, column 1: not valid YAML"),
        ("", ("no-value",), "", r"--config no-value: expected KEY=VALUE"),
        ("", ("=value",), "", r"--config : expected KEY=VALUE"),
        ("", (), "not JSON", r"environment variable PULUMI_CONFIG is not a JSON object"),
        ("", (), "[1]", r"environment variable PULUMI_CONFIG is not a JSON object"),
    ],
)
def test_bad_configuration(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stack: str,
    overrides: tuple[str, ...],
    environment: str,
    message: str,
) -> None:
    """Each mistake in what gives a stack its configuration is one sentence that says where."""
    monkeypatch.setenv("PULUMI_CONFIG", environment)
    with pytest.raises(ProjectError, match=message):
        values_of(tmp_path, stack, *overrides)


def test_esc_environments_are_noted(tmp_path: Path) -> None:
    """A stack that imports ESC environments is read without them, and says so."""
    found = load_stack(project_in(tmp_path, dev="environment: [prod]\n"), "dev")
    assert found.notes == ("the stack imports ESC environments, which are not read; give what they hold with --config",)


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ({}, None),
        ({"virtualenv": ""}, None),
        ({"toolchain": "pip"}, None),
        ({"virtualenv": "absent"}, "virtualenv `absent` does not exist"),
        ({"toolchain": "poetry"}, "virtualenv `.venv` does not exist"),
    ],
)
def test_interpreter(tmp_path: Path, options: dict[str, Any], note: str | None) -> None:
    """Without an environment of its own a program runs in the gate's, with a note where one was named."""
    runtime = json.dumps({"name": "python", "options": options})
    found = load_project(write(tmp_path, project=f"name: shop\nruntime: {runtime}\n"))
    assert found.interpreter == Path(sys.executable)
    assert [text.split(";")[0] for text in found.notes] == ([note] if note else [])
