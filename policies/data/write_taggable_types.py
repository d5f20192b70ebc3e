"""Write `taggable_types.txt` from the installed pulumi-aws: `python -m policies.data.write_taggable_types`.

Reads the package's sources instead of importing them: importing every module takes minutes.
"""

import ast
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

TABLE = Path(__file__).with_name("taggable_types.txt")

HEADER = """\
# Every resource type of pulumi-aws {version} and the form in which it takes tags:
#   map   key -> value, the provider's default tags apply (it has tagsAll)
#   list  objects with key and value, default tags do not apply (Auto Scaling groups)
#   none  takes no tags; a property `tags` without tagsAll selects other resources by their tags
# Source: constructors of pulumi-aws {version}, read {day}. Written by policies/data/write_taggable_types.py.
"""


def main() -> int:
    """Write the table beside this file and say how many types it holds."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        sys.stderr.write("pulumi-aws is not installed\n")
        return 2
    rows = sorted(read_forms(Path(spec.origin).parent))
    header = HEADER.format(version=importlib.metadata.version("pulumi-aws"), day=datetime.now(tz=UTC).date())
    TABLE.write_text(header + "".join(f"{token} {form}\n" for token, form in rows), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} types written to {TABLE.name}\n")
    return 0


def read_forms(package: Path) -> Iterator[tuple[str, str]]:
    """Yield (type token, form) for each resource class in the package's sources."""
    for node in _classes(package):
        yield _token(node), _form(node)


def read_parameters(package: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield (type token, names of its inputs) for each resource class in the package's sources."""
    for node in _classes(package):
        functions = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
        yield _token(node), frozenset(each.arg for each in _parameters(functions["_internal_init"]))


def _classes(package: Path) -> Iterator[ast.ClassDef]:
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "@pulumi.type_token(" in text:
            for node in ast.parse(text).body:
                if isinstance(node, ast.ClassDef) and "pulumi.CustomResource" in map(ast.unparse, node.bases):
                    yield node


def _token(node: ast.ClassDef) -> str:
    calls = (each for each in node.decorator_list if isinstance(each, ast.Call))
    return next(str(ast.literal_eval(each.args[0])) for each in calls if ast.unparse(each.func) == "pulumi.type_token")


def _form(node: ast.ClassDef) -> str:
    functions = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
    parameters = {each.arg: ast.unparse(each.annotation or each) for each in _parameters(functions["_internal_init"])}
    tags = parameters.get("tags", "")
    if "Mapping[str, pulumi.Input[_builtins.str]]" in tags and "tags_all" in functions:
        return "map"
    return "list" if "TagArgs" in tags and "Sequence[" in tags else "none"


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.args, *function.args.kwonlyargs]


if __name__ == "__main__":
    sys.exit(main())
