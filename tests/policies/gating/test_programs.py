"""Shows which programs and stacks a command line is about."""

from pathlib import Path

import pytest

from ledgergate.errors import LedgergateError
from policies.gating.programs import select_programs


@pytest.fixture
def infra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with the programs `bank` (dev, prod) and `shop` (eu) under `infra/`."""
    monkeypatch.chdir(tmp_path)
    for name, stacks in (("bank", ("dev", "prod")), ("shop", ("eu",))):
        make_program(tmp_path / "infra" / name, *stacks)
    return tmp_path / "infra"


def make_program(folder: Path, *stacks: str) -> Path:
    """Write a program that is never run."""
    folder.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(f"name: {folder.name}\nruntime: python\n")
    (folder / "__main__.py").touch()
    for stack in stacks:
        (folder / f"Pulumi.{stack}.yaml").touch()
    return folder


def chosen(folders: list[Path], *wanted: str) -> list[str]:
    """Return the names of the stacks that are selected."""
    return [str(name) for name in select_programs(folders, wanted).stacks]


def test_everything_under_infra(infra: Path) -> None:
    """Without a program every project under infra/ is meant, with all its stacks, hidden folders left out."""
    make_program(infra / ".venv" / "other", "x")
    make_program(infra / "team" / "deep", "y")
    assert chosen([]) == ["bank/dev", "bank/prod", "shop/eu", "deep/y"]


def test_nothing_under_infra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder is an error: a gate that judged nothing must not pass."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgergateError, match="there is no Pulumi project under infra/"):
        chosen([])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (["dev"], ["bank/dev"]),
        (["eu", "prod"], ["bank/prod", "shop/eu"]),
        (["bank/prod"], ["bank/prod"]),
        (["prod", "bank/prod"], ["bank/prod"]),
    ],
)
def test_stacks_by_name(infra: Path, wanted: list[str], expected: list[str]) -> None:
    """A stack is named alone or with its project, and judged once."""
    assert chosen([], *wanted) == expected


@pytest.mark.parametrize("wanted", ["qa", "shop/dev", "nobody/dev"])
def test_an_unknown_stack_is_refused(infra: Path, wanted: str) -> None:
    """A stack that no program has is an error that lists those there are."""
    with pytest.raises(LedgergateError, match=rf"--stack {wanted}: there is no such stack(.|\n)*bank/dev, bank/prod"):
        chosen([], "dev", wanted)


def test_a_program_without_the_stack_is_named(infra: Path) -> None:
    """A program that lacks the wanted stack is left out, and the report says so."""
    assert select_programs([], ["eu"]).notes == ("bank has no stack eu and was not judged",)


def test_a_program_without_stack_files(infra: Path) -> None:
    """A program that has no stack file is judged as one stack, and the report says so."""
    plain = make_program(infra / "plain")
    found = select_programs([plain], [])
    assert [str(name) for name in found.stacks] == ["plain/dev"]
    assert found.notes == ("plain has no stack file and was judged as stack `dev`",)


def test_a_program_without_stack_files_takes_any_name(infra: Path) -> None:
    """A program that has no stack file is judged as the stack that is asked for."""
    assert chosen([make_program(infra / "plain")], "qa") == ["plain/qa"]


def test_a_folder_named_twice_counts_once(infra: Path) -> None:
    """Two ways to write one folder are one program."""
    assert chosen([infra / "shop", infra / "bank" / ".." / "shop"]) == ["shop/eu"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "no Pulumi.yaml in this folder"),
        ("name: [", "not valid YAML"),
        ("name: shop\nruntime: nodejs\n", "the runtime is nodejs"),
    ],
)
def test_a_folder_without_a_program(infra: Path, content: str | None, expected: str) -> None:
    """A folder that holds no Python project is refused with the reason."""
    folder = infra / "other"
    folder.mkdir()
    if content is not None:
        (folder / "Pulumi.yaml").write_text(content)
    with pytest.raises(LedgergateError, match=expected):
        chosen([folder])
