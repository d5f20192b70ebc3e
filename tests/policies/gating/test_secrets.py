"""Shows that no secret of a graph can be read in a finding."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.finding import Finding, Severity, Source, Status
from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret
from policies.gating.secrets import tree_without_secrets, without_secrets
from tests.policies.gating.workspace import gate, program

_WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=4, max_size=12).map("§".__add__)


def finding(text: str) -> Finding:
    """Return a finding that shows a text wherever one can stand."""
    return Finding(
        control="S3.8",
        slug="s3-bucket-public-access-blocked",
        status=Status.FAIL,
        severity=Severity.HIGH,
        message=f"it is {text}",
        arn=f"arn:aws:s3:::{text}",
        found=text,
        wanted=f"not {text}",
        evidence={"documents": [{"name": f"{text}!"}], "count": 1},
    )


@given(own=_WORDS, configured=_WORDS)
def test_no_secret_can_be_read(own: str, configured: str) -> None:
    """A secret deep inside a property, and one from the configuration, are hidden in every field."""
    bucket = Resource(
        "urn", "aws:s3/bucket:Bucket", "logs", Kind.CUSTOM, outputs={"rules": [{"name": Secret({"deep": own})}]}
    )
    findings = without_secrets([finding(f"{own} {configured}")], Graph("shop", "dev", [bucket]), [configured])
    shown = repr([asdict(each) for each in findings])
    assert (own in shown, configured in shown) == (False, False)


def test_without_secrets_nothing_changes() -> None:
    """A graph without a secret leaves its findings as they are."""
    assert without_secrets([finding("x")], Graph("shop", "dev"), ()) == (finding("x"),)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_secret_in_a_name_is_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """A logical name made of a secret is hidden in both reports, and two such resources stay two findings."""
    body = 'word = pulumi.Config().require("word")\nfor n in "ab":\n    Bucket(f"{word}-{n}", {"tags": {"a": word}})\n'
    folder = program(tmp_path / "shop", body)
    declared = 'name: shop\nruntime: python\nconfig:\n  word: {secret: true, default: "S3CRETVALUE"}\n'
    (folder / "Pulumi.yaml").write_text(declared)
    assert gate(folder, format=form) == 1
    said = capsys.readouterr().out
    assert "S3CRETVALUE" not in said
    assert "[secret]-a" in said
    if form == "json":
        found = [json.loads(line) for line in said.splitlines()]
        assert len({each["fingerprint"] for each in found}) == len(found)


def test_a_secret_in_type_and_place_is_not_shown() -> None:
    """A component type and a module made of a configured secret are hidden, in the tree as well."""
    found = replace(finding("x"), type="a:b:S3CRETVALUE", source=Source("S3CRETVALUE.py", 3, "of/S3CRETVALUE.py", 4))
    (after,) = without_secrets([found], Graph("shop", "dev"), ["S3CRETVALUE"])
    assert (after.type, after.source) == ("a:b:[secret]", Source("[secret].py", 3, "of/[secret].py", 4))
    graph = Graph("shop", "dev", [Resource("urn", "a:b:S3CRETVALUE", "logs", Kind.COMPONENT)])
    (node,) = tree_without_secrets(graph, ["S3CRETVALUE"])
    assert "S3CRETVALUE" not in repr(node)


def test_a_redacted_finding_keeps_its_fingerprint() -> None:
    """Hiding a secret in a name changes what is shown, not which finding it is."""
    before = replace(finding("x"), resource="urn:pulumi:dev::shop::aws:s3/bucket:Bucket::S3CRETVALUE-logs")
    (after,) = without_secrets([before], Graph("shop", "dev"), ["S3CRETVALUE"])
    assert after.resource.endswith("::[secret]-logs")
    assert after.fingerprint == before.fingerprint
