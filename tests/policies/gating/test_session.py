"""Shows whole calls of the gate on small programs: what is printed, where, and the exit code."""

import json
import textwrap
from pathlib import Path

import pytest

from tests.policies.gating.workspace import BUCKET, gate, program

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def plain_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every report the width and folder that the tests expect."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)


def findings(output: str) -> list[dict[str, object]]:
    """Return JSON Lines as objects."""
    return [json.loads(line) for line in output.splitlines()]


def test_a_failure_in_two_stacks(tmp_path: Path, capsys: Captured) -> None:
    """A failed control gives exit code 1, and the report names control, resource, values, remedy and place."""
    shop = program(tmp_path / "shop", BUCKET, {"dev": "config: {}", "prod": ""})
    code = gate(shop, jobs=2)
    said = capsys.readouterr()
    lines = [line.rstrip() for line in said.out.splitlines()]
    assert (code, said.err) == (1, "")
    assert [line.split()[:4] for line in lines[3:5]] == [["shop/dev", "3", "1", "1"], ["shop/prod", "3", "1", "1"]]
    assert "FAILED  S3.8 s3-bucket-public-access-blocked" in lines
    assert "  - logs (aws:s3/bucket:Bucket), shop/dev, shop/prod" in lines
    assert "    at:   shop/__main__.py:4" in lines
    assert lines[-1] == "FAILED: 2 judgements in 2 stacks: 2 failed."


def test_json_lines_to_a_file(tmp_path: Path, capsys: Captured) -> None:
    """Each judgement is a line in the file, what did not apply included; only the outcome goes to the terminal."""
    shop = program(tmp_path / "shop", BUCKET)
    path = tmp_path / "findings.jsonl"
    code = gate(shop, select=("S3.8", "LG-NET-02"), format="json", output=(str(path),))
    assert (code, capsys.readouterr().out) == (1, "FAILED: 1 judgement in 1 stack: 1 failed.\n")
    assert [(each["control"], each["verdict"]) for each in findings(path.read_text())] == [
        ("S3.8", "fail"),
        ("LG-NET-02", "not_applicable"),
    ]


def test_no_secret_is_shown(tmp_path: Path, capsys: Captured) -> None:
    """A secret that the program puts into a resource, into its output and into an error appears nowhere."""
    body = """
    word = pulumi.Config().require_secret("word")
    print("the word is hunter2hunter2")
    Bucket("logs", {"bucket": word, "tags": {"Owner": word}})
    if pulumi.get_stack() == "prod":
        word.apply(lambda text: open("/" + text))
    """
    shop = program(tmp_path / "shop", textwrap.dedent(body), {"dev": "", "prod": ""})
    (shop / "Pulumi.yaml").write_text(
        "name: shop\nruntime: python\nconfig:\n  word: {type: string, secret: true, default: hunter2hunter2}\n"
    )
    code = gate(shop, select=(), format="json", jobs=2)
    said = capsys.readouterr()
    assert (code, "hunter2" in said.out + said.err, "[secret]" in said.err) == (2, False, True)


def test_one_broken_stack_hides_no_other(tmp_path: Path, capsys: Captured) -> None:
    """A program error is one message and exit code 2; the findings of the other stack are still there."""
    body = f'{BUCKET}if pulumi.get_stack() == "prod":\n    raise ValueError("no such zone")\n'
    code = gate(program(tmp_path / "shop", body, {"dev": "", "prod": ""}), format="json", jobs=2)
    said = capsys.readouterr()
    assert said.err.splitlines()[0] == "error: shop/prod: the program failed: ValueError: no such zone"
    assert said.err.count("error:") == 1
    assert (code, [(each["stack"], each["verdict"]) for each in findings(said.out)]) == (
        2,
        [("dev", "fail"), ("prod", "unknown")],
    )


def test_missing_configuration_is_named(tmp_path: Path, capsys: Captured) -> None:
    """A program that asks for a value nobody set says which, and how to set it."""
    code = gate(program(tmp_path / "shop", 'pulumi.Config().require("zone")\n'))
    said = capsys.readouterr()
    assert (code, said.out) == (2, "ERROR: nothing was judged.\n")
    assert "configuration `shop:zone` is required and not set" in said.err
    assert "--config shop:zone=VALUE" in said.err


def test_configuration_from_the_command_line(tmp_path: Path) -> None:
    """`--config` reaches the program."""
    shop = program(tmp_path / "shop", 'assert pulumi.Config().require("zone") == "a"\n')
    assert gate(shop, config=("zone=a",)) == 0


def test_outputs_of_a_sibling(tmp_path: Path, capsys: Captured) -> None:
    """A stack reference is answered by another program of the call, which is run though only one stack is judged."""
    network = program(tmp_path / "network", 'pulumi.export("name", "logs")\n', {"prod": ""})
    body = 'name = pulumi.StackReference("acme/network/prod").require_output("name")\n'
    shop = program(tmp_path / "shop", f'{body}pulumi.export("x", name.apply(lambda text: {{"logs": 1}}[text]))\n')
    code = gate(shop, network, stacks=("dev",))
    assert (code, capsys.readouterr().out.splitlines()[-4:-1]) == (
        0,
        [
            "note: network has no stack dev and was not judged",
            "note: run for their outputs only, not judged: network/prod",
            "",
        ],
    )


def test_outputs_given_by_hand(tmp_path: Path, capsys: Captured) -> None:
    """A stack that is not there is an error that says how to answer for it, and that way works."""
    body = 'name = pulumi.StackReference("network/prod").require_output("name")\n'
    shop = program(tmp_path / "shop", f'{body}pulumi.export("x", name.apply(lambda text: {{"logs": 1}}[text]))\n')
    without = gate(shop)
    said = capsys.readouterr().err
    assert (without, gate(shop, stack_outputs=("network/prod:name=logs",))) == (2, 0)
    assert 'unknown stack "network/prod"' in said
    assert "--stack-output STACK:OUTPUT=VALUE" in said


def test_only_undecided_is_3(tmp_path: Path, capsys: Captured) -> None:
    """A control that cannot be decided gives exit code 3, never 0."""
    opaque = 'pulumi.ComponentResource("awsx:ec2:Vpc", "net", {}, None, True)\n'
    code = gate(program(tmp_path / "shop", opaque), select=())
    assert (code, "UNDECIDED" in capsys.readouterr().out) == (3, True)


WAIVER = """
[[waiver]]
id = "W-1"
control = "S3.8"
resource = "urn:pulumi:*::*::*::logs"
reason = "a public site"
requirement = "1.4.4"
owner = "web"
approver = "risk"
expires = 2999-12-31
"""


def test_a_waived_failure_passes_and_is_shown(tmp_path: Path, capsys: Captured) -> None:
    """A waived finding does not block, is counted, and is listed with its waiver."""
    code = gate(program(tmp_path / "shop", BUCKET, waivers=WAIVER))
    lines = capsys.readouterr().out.splitlines()
    assert (code, lines[-1]) == (0, "PASSED: 1 judgement in 1 stack: 1 waived.")
    assert "waived: S3.8 logs (shop/dev), waiver W-1" in lines


def test_a_program_without_a_profile(tmp_path: Path, capsys: Captured) -> None:
    """Who has not said what the system is hears by what it was judged; who has, does not."""
    shop = program(tmp_path / "shop", BUCKET)
    gate(shop)
    assert "note: shop has no ledgergate.toml, so it was judged as strictly as can be" in capsys.readouterr().out
    (shop / "ledgergate.toml").write_text('system = "shop"\n')
    gate(shop)
    assert "as strictly as can be" not in capsys.readouterr().out


def test_a_part_of_the_controls_says_nothing_of_the_rest(tmp_path: Path, capsys: Captured) -> None:
    """Types that no control looks into are named when all controls were applied, and only then."""
    shop = program(tmp_path / "shop", 'pulumi.CustomResource("aws:kinesis/stream:Stream", "orders", {})')
    gate(shop)
    selected = capsys.readouterr().out
    gate(shop, select=())
    assert ("no control looks into" in selected, "looks into kinesis.Stream" in capsys.readouterr().out) == (
        False,
        True,
    )


def test_a_waiver_is_not_unused_in_a_partial_run(tmp_path: Path) -> None:
    """A waiver for a resource of another stack is no error while only one stack is judged."""
    body = f'if pulumi.get_stack() == "prod":\n    {BUCKET}'
    shop = program(tmp_path / "shop", body, {"dev": "", "prod": ""}, waivers=WAIVER)
    codes = gate(shop, stacks=("dev",)), gate(shop, jobs=2)
    assert codes == (0, 0)


def test_a_waiver_file_for_all_replaces_the_own(tmp_path: Path) -> None:
    """`--waivers` counts for every program, and the program's own file does not count then."""
    shop = program(tmp_path / "shop", BUCKET, waivers=WAIVER.replace("2999", "2001"))
    path = tmp_path / "others.toml"
    path.write_text(WAIVER)
    assert (gate(shop), gate(shop, waivers=path)) == (2, 0)


@pytest.mark.parametrize(
    ("waivers", "expected"),
    [
        ("[[waiver", "is not TOML"),
        (WAIVER.replace('owner = "web"\n', ""), "waiver 1 has no `owner`"),
        (WAIVER.replace("S3.8", "S3.88"), "there is no control S3.88"),
    ],
)
def test_a_wrong_waiver_file(tmp_path: Path, capsys: Captured, waivers: str, expected: str) -> None:
    """A waiver file that cannot be understood ends the call: nothing is judged as passed."""
    code = gate(program(tmp_path / "shop", BUCKET, waivers=waivers))
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("error:"), expected in said.err) == (2, "", 1, True)


@pytest.mark.parametrize(
    ("waivers", "expected"),
    [
        (WAIVER.replace("2999", "2001"), "expired on 2001-12-31"),
        (WAIVER + WAIVER.replace("W-1", "W-2").replace("::logs", "::nothing"), "waiver W-2 for S3.8"),
    ],
)
def test_a_waiver_of_no_use(tmp_path: Path, capsys: Captured, waivers: str, expected: str) -> None:
    """An expired waiver, and one that matches nothing, is an error beside the findings."""
    code = gate(program(tmp_path / "shop", BUCKET, waivers=waivers))
    said = capsys.readouterr()
    assert (code, said.err.count("error:"), expected in said.err) == (2, 1, True)
    assert said.out.splitlines()[-1].startswith("ERROR: 1 judgement in 1 stack")


def test_a_profile_with_an_unknown_key(tmp_path: Path, capsys: Captured) -> None:
    """A misspelt setting is an error with the right spelling, not a default that nobody notices."""
    code = gate(program(tmp_path / "shop", BUCKET, profile='requierd_tags = ["Owner"]\n'))
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert "there is no setting `requierd_tags`" in said.err
    assert "required_tags" in said.err


def test_the_profile_places_the_program(tmp_path: Path) -> None:
    """Account and Region of the profile are those that the program is told."""
    body = """
    answer = pulumi.runtime.invoke("aws:index/getCallerIdentity:getCallerIdentity", {}).value
    assert answer["accountId"] == "111122223333", answer
    """
    profile = 'account_id = "000000000000"\n[stack.dev]\naccount_id = "111122223333"\n'
    assert gate(program(tmp_path / "shop", textwrap.dedent(body), profile=profile)) == 0


def test_a_variable_that_is_let_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A program sees the variables that are named and no other, which is undecided; one that is not set is noted."""
    monkeypatch.setenv("SHOP_ZONE", "a")
    monkeypatch.setenv("SHOP_OTHER", "b")
    body = 'import os\nassert (os.environ.get("SHOP_ZONE"), os.environ.get("SHOP_OTHER")) == ("a", None)\n'
    code = gate(program(tmp_path / "shop", body), environment=("SHOP_ZONE", "SHOP_NOWHERE"))
    assert (code, "note: not set in this environment: SHOP_NOWHERE" in capsys.readouterr().out) == (3, True)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"select": ("S3.88",)}, "there is no control or family S3.88"),
        ({"stacks": ("qa",)}, "--stack qa: there is no such stack"),
        ({"output": ("nowhere/report.txt",)}, "--output nowhere/report.txt: cannot be written: No such file"),
        ({"answers": Path("nowhere.yaml")}, "--answers nowhere.yaml: cannot be read"),
        ({"format": "pdf"}, "--format pdf: pdf is no format"),
        ({"waivers": Path("nowhere.toml")}, "nowhere.toml cannot be read"),
        ({"stack_outputs": ("x",)}, "--stack-output x: expected STACK:OUTPUT=VALUE"),
    ],
)
def test_a_wrong_option(tmp_path: Path, capsys: Captured, options: dict[str, object], expected: str) -> None:
    """A wrong option is one sentence on standard error and exit code 2, without a report."""
    code = gate(program(tmp_path / "shop", BUCKET), **options)  # type: ignore[arg-type]  # the options differ in type
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("error:"), expected in said.err) == (2, "", 1, True)


def test_a_defect_of_the_gate_is_no_verdict(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception of the gate's own gives exit code 2, not the 1 that means a failed control."""
    monkeypatch.setattr("policies.gating.judging.judge", lambda *_, **__: 1 / 0)
    code = gate(program(tmp_path / "shop", BUCKET))
    assert (code, "which is a defect of the gate" in capsys.readouterr().err) == (2, True)
