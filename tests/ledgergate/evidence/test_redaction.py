"""No secret gets into a bundle or its report, wherever it stands in what the stages wrote."""

import dataclasses
import datetime as dt
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.evidence import EvidenceError
from ledgergate.evidence.bundle import write_bundle
from ledgergate.evidence.collection import Collection, Inputs
from ledgergate.evidence.page import rendered
from ledgergate.evidence.redaction import Redaction
from ledgergate.evidence.verification import verify_bundle
from tests.ledgergate.evidence import inputs
from tests.ledgergate.report import samples

KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ID: Final = "AKIA" + "IOSFODNN7EXAMPLE"
PEM: Final = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIhunter2\n-----END RSA PRIVATE KEY-----"
TOKEN: Final = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w"
SHOWN: Final = (
    (f"found {ID} in a tag", ID),
    (f"the key is {PEM}", "hunter2"),
    (f"Authorization: Bearer {TOKEN}", TOKEN),
    ("Authorization: Bearer 0123456789abcdefXYZ", "0123456789abcdefXYZ"),
    ("connects to postgres://app:hunter2@db.internal/payments", "hunter2"),
    ("started with --password=hunter2 --verbose", "hunter2"),
    ('{"Password": "hunter2"}', "hunter2"),
    ('{\\"masterUserPassword\\": \\"hunter2\\"}', "hunter2"),
)
"""Text → the secret in it."""

NAMES: Final = (
    "MasterUserPassword", "password", "DB_PASSWORD", "SecretAccessKey", "SecretString", "client_secret", "authToken",
    "SessionToken", "Plaintext", "UserData", "privateKey", "api-key", "ConnectionString",
)  # fmt: skip


@pytest.mark.parametrize(("text", "secret"), SHOWN)
def test_values_that_can_be_nothing_else(text: str, secret: str) -> None:
    """They are taken out of any text, and what stands around them stays."""
    redaction = Redaction()
    redacted = redaction.applied({"message": text})["message"]
    assert secret not in redacted
    assert "[redacted]" in redacted
    assert redaction.count == 1


@pytest.mark.parametrize("name", NAMES)
def test_members_that_are_named_like_secrets(name: str) -> None:
    """By themselves, in lists, and as name and value of a tag or a parameter."""
    for shape in (
        {name: "hunter2"},
        {name: ["hunter2"]},
        {"Key": name, "Value": "hunter2"},
        {"ParameterName": name, "ParameterValue": "hunter2"},
    ):
        assert "hunter2" not in repr(Redaction().applied(shape))


@pytest.mark.parametrize(
    "harmless",
    [
        {"ManageMasterUserPassword": True},
        {"MasterUserSecret": {"SecretArn": "arn:aws:secretsmanager:us-east-1:1:secret:x", "SecretStatus": "active"}},
        {"Password": "[secret]", "MasterUserPassword": "", "SecretString": "[redacted]"},
        {"PasswordPolicy": "strict", "KmsKeyId": "1234abcd", "TokenFormat": "2"},
        {"message": "a password of 12 characters is wanted", "url": "https://example.com:8080/a@b"},
        {"Key": "Environment", "Value": "prod"},
        {"head": "ab" * 32, "seen": 3.5, "none": None},
    ],
)
def test_what_is_no_secret_stays(harmless: dict[str, Any]) -> None:
    """Evidence is not thinned out by guessing."""
    redaction = Redaction()
    assert (redaction.applied(harmless), redaction.count) == (harmless, 0)


planted = st.sampled_from(SHOWN)
places = st.recursive(
    st.just(None),
    lambda inner: st.lists(inner, min_size=1, max_size=2) | st.dictionaries(st.text("abc"), inner, min_size=1),
)


def filled(shape: Any, value: str) -> Any:
    """Put a value into every leaf of a shape."""
    if isinstance(shape, list):
        return [filled(each, value) for each in shape]
    return {key: filled(each, value) for key, each in shape.items()} if isinstance(shape, dict) else value


@given(planted, places)
def test_no_secret_in_a_bundle_or_its_report(secret: tuple[str, str], shape: Any) -> None:
    """Planted in messages, findings, evidence, answers and probes at any depth, it is in neither file."""
    text, value = secret
    leaf = filled(shape, text)
    finding = dataclasses.replace(samples.FAILED, message=text, found=text, wanted=text, evidence={"seen": leaf})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        answer = {**inputs.ANSWER, "answer": {"Tags": leaf, "Password": text}}
        collection = Collection()
        collection.take_in(
            Inputs(
                findings=(inputs.findings_file(folder / "gate.jsonl", [finding]),),
                audits=(inputs.audit_folder(folder / "audit", [answer]),),
                probes=(
                    inputs.lines_file(folder / "p.jsonl", [{**inputs.PROBE, "message": text, "outcome": "failed"}]),
                ),
            )
        )
        path = folder / "bundle.jsonl"
        write_bundle(path, collection.entries, KEY, now=dt.datetime(2026, 11, 30, tzinfo=dt.UTC))
        page = rendered(verify_bundle(path, KEY.public_key()), "bundle.jsonl", "first")
        content = path.read_text()
    assert collection.redaction.count >= 5
    assert value not in content
    assert value not in page


def test_a_secret_in_a_journal_is_refused(tmp_path: Path) -> None:
    """A chained line cannot be redacted without breaking its chain, so it is not taken in at all."""
    events = [*inputs.drill_events()[:2], {"kind": "noted", "at": 1.0, "text": f"used {ID}"}]
    path = inputs.journal(tmp_path / "drill.jsonl", events)
    with pytest.raises(EvidenceError, match=r"drill\.jsonl, line 3: it holds a secret") as caught:
        Collection().take_in(Inputs(drills=(path,)))
    assert ID not in str(caught.value)
