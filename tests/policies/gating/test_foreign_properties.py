"""Shows that properties which only share a name with those of AWS stop nothing."""

import json
from pathlib import Path

import pytest

from tests.policies.gating.workspace import BUCKET, gate, program

COMPONENT = """\
class Net(pulumi.ComponentResource):
    def __init__(self, name, args): super().__init__("my:c:Net", name, args)
"""


@pytest.mark.parametrize("region", ['["us-east-1", "eu-west-1"]', "5", '{"name": "x"}'])
def test_a_component_may_call_anything_its_region(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    """What is judged beside it is judged, in this stack and in the others."""
    monkeypatch.chdir(tmp_path)
    odd = program(tmp_path / "odd", f'{COMPONENT}Net("net", {{"region": {region}}})\n{BUCKET}')
    plain = program(tmp_path / "plain", BUCKET)
    code = gate(odd, plain, select=("S3.8", "LG-ENG-01"), format="json")
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 1
    assert [(each["program"], each["control"]) for each in found if each["verdict"] == "fail"] == [
        ("odd", "S3.8"),
        ("plain", "S3.8"),
    ]
    (component,) = [each for each in found if each["type"] == "my:c:Net"]
    assert (component["verdict"], component["region"]) == ("pass", "")
