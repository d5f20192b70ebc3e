"""The baseline of an account: what passes by it, what an audit says without it, and that programs find it."""

import json
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from integration.auditing import sandboxes
from integration.auditing.command import run_audit
from integration.auditing.request import Request
from integration.sandbox import Sandbox
from integration.sandbox.baseline import PROVISIONS, Provision, lay_baseline
from integration.sandbox.command import run_sandbox
from ledgergate.engine.project import load_stack
from ledgergate.engine.provider import ProviderError
from tests.integration.sandbox.stacks import Wanted, lay_out, run
from tests.policies.gating.workspace import program

REGIONS: Final = ("us-east-1", "us-west-2")
PROFILE: Final = f"regions = {json.dumps(REGIONS)}\n"
OF_PROVISIONS: Final = {
    "GuardDuty with its protection plans": {f"GuardDuty.{each}" for each in (1, 6, 7, 9, 10)},
    "Inspector for EC2, ECR and Lambda": {f"Inspector.{each}" for each in (1, 2, 3, 4)},
    "a recorder of AWS Config": set[str](),
    "a block of public snapshots of volumes": {"LG-NET-19"},
    "a role for AWS Support": {"IAM.18"},
}
"""Provision → controls that pass by it alone; no audit reads the recorder yet."""
CONTROLS: Final = tuple(sorted(set().union(*OF_PROVISIONS.values())))
DETECTOR: Final = Wanted("aws:guardduty/detector:Detector", {"enable": True}, "detector")


def judged(tmp_path: Path, **options: Any) -> tuple[int, dict[tuple[str, str], str]]:
    """Audit a program that has nothing to do with its account; return exit code and verdicts by control and Region."""
    shop = program(tmp_path / "shop", 'Bucket("logs", {"bucket": "logs-of-the-shop"})\n', profile=PROFILE)
    report = tmp_path / "report.jsonl"
    report.unlink(missing_ok=True)
    where = (str(report),)
    code = run_audit(Request(programs=(shop,), select=CONTROLS, workers=4, format="json", output=where, **options))
    found = [json.loads(line) for line in report.read_text().splitlines()]
    return code, {(each["control"], each["region"]): each["verdict"] for each in found}


def wanted(controls: set[str], verdict: str) -> dict[tuple[str, str], str]:
    """Return a verdict of each of these controls in each of its Regions."""
    return {
        (control, region): verdict for control in controls for region in (("",) if control == "IAM.18" else REGIONS)
    }


def test_without_it_an_audit_says_what_is_missing(tmp_path: Path) -> None:
    """In a bare account each control of the whole account fails, in each Region; none is undecided, none passes."""
    code, verdicts = judged(tmp_path, baseline=False)
    assert (code, verdicts) == (1, wanted({*CONTROLS}, "fail"))


@pytest.mark.parametrize("missing", PROVISIONS, ids=lambda each: each.name)
def test_each_provision_lets_its_own_controls_pass(
    missing: Provision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one provision left out exactly its controls fail: nothing passes by another thing than it is about."""
    rest = [each for each in PROVISIONS if each is not missing]
    monkeypatch.setattr(sandboxes, "lay_baseline", partial(lay_baseline, provisions=rest))
    failing = OF_PROVISIONS[missing.name]
    code, verdicts = judged(tmp_path)
    assert verdicts == wanted({*CONTROLS}, "pass") | wanted(failing, "fail")
    assert code == (1 if failing else 0)


def test_every_provision_says_why_it_is_there() -> None:
    """Each is known to these tests, with its source."""
    assert {each.name for each in PROVISIONS} == OF_PROVISIONS.keys()
    assert all("read 20" in each.source for each in PROVISIONS)


def test_what_passes_by_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Report and evidence name it, a replay too; a bare account has nothing to name."""
    names = [each.name for each in PROVISIONS]
    for options, expected in (({}, names), ({"baseline": False}, [])):
        kept = tmp_path / f"evidence{len(expected)}"
        shop = program(tmp_path / "shop", "\n", profile=PROFILE)
        run_audit(Request(programs=(shop,), select=("IAM.18",), evidence=kept, **options))  # type: ignore[arg-type]  # one option
        told = " ".join(capsys.readouterr().out.split())
        run_audit(Request(replay=kept))
        again = " ".join(capsys.readouterr().out.split())
        assert json.loads((kept / "shop.dev" / "scan.json").read_text())["baseline"] == expected
        for said in (told, again):
            assert ("its account had before any program: GuardDuty" in said) is bool(expected)


def test_an_account_records_its_configuration(sandbox: Sandbox) -> None:
    """Rules of AWS Config have a recorder in every Region, which runs; no other Region has one."""
    lay_baseline(sandbox, REGIONS)
    session = sandbox.session()
    status = {
        region: [
            each["recording"]
            for each in session.client("config", region_name=region).describe_configuration_recorder_status()[
                "ConfigurationRecordersStatus"
            ]
        ]
        for region in (*REGIONS, "eu-west-1")
    }
    assert status == {"us-east-1": [True], "us-west-2": [True], "eu-west-1": []}


def test_a_program_that_brings_its_own_detector(sandbox: Sandbox) -> None:
    """As in AWS a second one is refused; a bare account takes it, with the plans that the program adds one by one."""
    plans = [
        Wanted("aws:guardduty/detectorFeature:DetectorFeature", {**plan, "detectorId": "$detector.id"}, plan["name"])
        for plan in ({"name": name, "status": "ENABLED"} for name in ("RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"))
    ]
    run(sandbox, DETECTOR, *plans)
    guardduty = sandbox.session().client("guardduty")
    (detector,) = guardduty.list_detectors()["DetectorIds"]
    features = guardduty.get_detector(DetectorId=detector)["Features"]
    assert [each["Name"] for each in features] == ["RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"]
    sandbox.reset()
    lay_baseline(sandbox, REGIONS)
    with pytest.raises(ProviderError, match="a detector already exists for the current account"):
        run(sandbox, DETECTOR)


def test_a_look_up_finds_it(tmp_path: Path, sandbox: Sandbox) -> None:
    """A program that adopts what its account has gets the detector with its plans, and nothing is made up."""
    source = """
import pulumi, pulumi_aws as aws

found = aws.guardduty.get_detector(region="us-west-2")
pulumi.export("id", found.id)
pulumi.export("on", sorted(each.name for each in found.features if each.status == "ENABLED"))
pulumi.export("parts", sorted(part.name for each in found.features for part in each.additional_configurations))
"""
    lay_baseline(sandbox, REGIONS)
    project = lay_out(tmp_path, source)
    deployed = sandbox.deploy(project, load_stack(project, "dev"))
    listed = sandbox.session().client("guardduty", region_name="us-west-2").list_detectors()["DetectorIds"]
    assert [deployed.outputs["id"]] == listed
    assert deployed.outputs["on"] == [
        "EBS_MALWARE_PROTECTION",
        "EKS_AUDIT_LOGS",
        "LAMBDA_NETWORK_LOGS",
        "RDS_LOGIN_EVENTS",
        "RUNTIME_MONITORING",
        "S3_DATA_EVENTS",
    ]
    assert deployed.outputs["parts"] == [
        "EC2_AGENT_MANAGEMENT",
        "ECS_FARGATE_AGENT_MANAGEMENT",
        "EKS_ADDON_MANAGEMENT",
    ]
    assert dict(deployed.report.assumed) == {}


@pytest.mark.parametrize("baseline", [True, False])
def test_the_command_says_what_was_there(*, baseline: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever deploys into a sandbox is told what its account has, if anything."""
    lay_out(tmp_path, "import pulumi_aws as aws\naws.kms.Key('key')\n")
    assert run_sandbox(tmp_path, "dev", (), port=None, baseline=baseline) == 0
    said = capsys.readouterr().out
    assert ("there before it: GuardDuty with its protection plans, " in said) is baseline
