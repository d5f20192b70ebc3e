"""Keys are made privately, never overwritten, and opened only where they are what they claim to be."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ledgergate.evidence import EvidenceError
from ledgergate.evidence.keys import PASSPHRASE_VARIABLE, generate_key, key_id, load_private_key, load_public_key


def test_a_pair_is_made_and_the_private_half_is_private(tmp_path: Path) -> None:
    """The private key is for its owner alone, the public one for everybody, and the two belong together."""
    made = generate_key(tmp_path / "k.pem")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("k.pem", "k.pem.pub")]
    assert modes == [0o600, 0o644]
    ids = {key_id(made), key_id(load_private_key(tmp_path / "k.pem").public_key())}
    assert ids == {key_id(load_public_key(tmp_path / "k.pem.pub"))}


@pytest.mark.parametrize("name", ["k.pem", "k.pem.pub"])
def test_no_key_is_overwritten(tmp_path: Path, name: str) -> None:
    """Neither half replaces a file that is there, and nothing else is left behind."""
    (tmp_path / name).write_text("somebody's")
    with pytest.raises(EvidenceError, match=rf"{name} exists already"):
        generate_key(tmp_path / "k.pem")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "somebody's")]


def test_a_passphrase_encrypts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key opens with its passphrase only, and the error tells where the passphrase comes from."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    generate_key(tmp_path / "k.pem")
    assert "ENCRYPTED" in (tmp_path / "k.pem").read_text()
    load_private_key(tmp_path / "k.pem")
    for wrong in ("battery", ""):
        monkeypatch.setenv(PASSPHRASE_VARIABLE, wrong)
        with pytest.raises(EvidenceError, match=PASSPHRASE_VARIABLE):
            load_private_key(tmp_path / "k.pem")


def test_a_private_key_that_others_can_read_signs_nothing(tmp_path: Path) -> None:
    """A signature proves who signed only while nobody else can."""
    generate_key(tmp_path / "k.pem")
    (tmp_path / "k.pem").chmod(0o640)
    with pytest.raises(EvidenceError, match="can be read by others"):
        load_private_key(tmp_path / "k.pem")


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    """Keys of another kind, halves that are swapped, text and nothing give one sentence each."""
    generate_key(tmp_path / "k.pem")
    other = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is refused
    pem = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = other.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for name, content in (("rsa", pem), ("rsa.pub", public), ("text", b"key")):
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)
    (tmp_path / "k.pem.pub").chmod(0o600)
    for name, said in (("rsa", "no Ed25519 key"), ("text", "no private key"), ("k.pem.pub", "no private key")):
        with pytest.raises(EvidenceError, match=said):
            load_private_key(tmp_path / name)
    for name, said in (("rsa.pub", "no Ed25519 key"), ("text", "no public key"), ("k.pem", "no public key")):
        with pytest.raises(EvidenceError, match=said):
            load_public_key(tmp_path / name)
    with pytest.raises(EvidenceError, match="cannot be read"):
        load_public_key(tmp_path / "nowhere")
