"""Shows that no secret of a graph can be read in a finding."""

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from ledgergate.finding import Finding, Severity, Status
from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret
from policies.gating.secrets import without_secrets

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
