"""What the command says, and the exit code it leaves with."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from integration.sandbox import Action, Report
from integration.sandbox.__main__ import app
from integration.sandbox.command import report_lines, run_sandbox
from tests.integration.sandbox.stacks import lay_out

SOURCE = """
import pulumi_aws as aws

aws.kms.Key("held")
aws.globalaccelerator.Accelerator("unheld")
"""


def test_once_deploys_and_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a port it deploys in this process, lists what it could not hold, and ends."""
    lay_out(tmp_path, SOURCE)
    assert run_sandbox(tmp_path, "dev", (), port=None) == 0
    first, before, second, *rest = capsys.readouterr().out.splitlines()
    assert first == "program/dev is in the sandbox: account 123456789012, us-east-1"
    assert before.startswith("  there before it: GuardDuty with its protection plans, ")
    assert second.startswith("  1 created in ")
    assert rest == [
        "  not deployed (1):",
        "    aws:globalaccelerator/accelerator:Accelerator unheld: moto has no backend for globalaccelerator",
    ]


@pytest.mark.parametrize(
    ("source", "stack", "said"),
    [
        ("", "prod", "no stack `prod`"),
        ("import nothing_of_that_name", "dev", "nothing_of_that_name"),
        ("import pulumi_aws as aws\naws.ec2.Vpc('a', cidr_block='10.0.0.0')", "dev", "aws:ec2/vpc:Vpc resource 'a': "),
    ],
)
def test_a_mistake_is_one_sentence(
    source: str, stack: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is wrong with stack, program or resource gives exit code 2 and no traceback of ours."""
    lay_out(tmp_path, source)
    assert run_sandbox(tmp_path, stack, (), port=None) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("error: ")
    assert said in complaint
    assert "integration/sandbox" not in complaint


def test_a_folder_without_a_project_is_said(tmp_path: Path) -> None:
    """The command line itself leaves with 2, and its help names what it is for."""
    runner = CliRunner()
    assert runner.invoke(app, [str(tmp_path)]).exit_code == 2
    assert "The resources stay until Ctrl-C" in runner.invoke(app, ["--help"]).output


def test_what_is_not_known_is_listed() -> None:
    """Properties without effect and made-up answers are part of the report."""
    urn = "urn:pulumi:dev::p::a:b:C$aws:ec2/vpc:Vpc::net"
    report = Report(
        actions={urn: Action.CREATED, "gone": Action.DELETED},
        not_applied={urn: ("ipv4NetmaskLength", "other")},
        assumed={"aws:ec2/getVpc:getVpc": 2},
        calls=("ec2:CreateVpc",),
        seconds=1.25,
    )
    assert list(report_lines(report)) == [
        "1 created, 1 deleted in 1.2 s, 1 calls",
        "not applied, so nothing is known of it (1):",
        "  aws:ec2/vpc:Vpc net: ipv4NetmaskLength, other",
        "answers made up (1):",
        "  aws:ec2/getVpc:getVpc: 2",
    ]
