"""Secret configuration is opened where a passphrase is at hand, and stands for itself where none is."""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from ledgergate.engine import wire
from ledgergate.engine.program_errors import ProgramError
from ledgergate.engine.project import load_stack
from ledgergate.engine.secrets import Decrypter
from ledgergate.values import Secret, is_symbolic
from tests.ledgergate.engine.running import lay_out, named, run_project, source_of

PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True)
class Sealer:
    """The other side of the scheme: encrypts as the Pulumi CLI does with a passphrase."""

    salt: bytes
    key: bytes

    def seal(self, text: str) -> str:
        """Return `v1:<nonce>:<ciphertext>`."""
        nonce = os.urandom(12)
        parts = (nonce, AESGCM(self.key).encrypt(nonce, text.encode(), None))
        return "v1:" + ":".join(base64.b64encode(part).decode() for part in parts)

    @property
    def encryption_salt(self) -> str:
        """Return what the stack's file holds: the salt, and a known word to try the passphrase on."""
        return f"v1:{base64.b64encode(self.salt).decode()}:{self.seal('pulumi')}"


@pytest.fixture(scope="module")
def sealer() -> Sealer:
    """Derive the key once: it is meant to be slow."""
    salt = os.urandom(8)
    return Sealer(salt, PBKDF2HMAC(SHA256(), 32, salt, 1_000_000).derive(PASSPHRASE.encode()))


def test_round_trip_into_a_program(tmp_path: Path, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain, structured and nested values reach the program; secret ones are secret in the graph and nowhere else."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    config = {
        "program:network": {"cidr": "10.29.0.0/16", "zones": ["a", "b"]},
        "program:database": {"user": "shop", "password": {"secure": sealer.seal("nested word")}},
        "program:password": {"secure": sealer.seal("top word")},
        "program:count": 41,
        "program:enabled": True,
        "program:version": "1.10",
        "program:config:ratio": 0.5,
        "acme:team": "payments",
    }
    stacks = {"dev": {"encryptionsalt": sealer.encryption_salt, "config": config}}
    project = lay_out(tmp_path / "program", {"__main__.py": source_of("configuration")}, stacks=stacks)
    found = run_project(project)
    assert named(found, "vpc").inputs["tags"] == {"zones": "a,b"}
    assert named(found, "password").inputs["value"] == Secret("top word")
    assert named(found, "nested").inputs["value"] == Secret("nested word")
    assert found.outputs == {
        "count": 42.0,
        "ratio": 0.5,
        "enabled": True,
        "version": "1.10",
        "absent": "None",
        "other": "payments",
        "where": ["program", "dev", "organization"],
    }
    stack = load_stack(project, "dev")
    assert stack.secret_keys == ("program:database", "program:password")
    assert "top word" not in repr(stack) + repr(found)
    assert "nested word" not in repr(stack) + repr(found)


def test_errors_hide_nested_secrets(tmp_path: Path, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret leaf of a structured value is hidden by itself, and what lies beside it is not."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    text = (
        "import pulumi\n"
        "found = pulumi.Config().require_object('login')\n"
        "raise ValueError(found['name'] + found['word'])\n"
    )
    login = {"name": "shop", "word": {"secure": sealer.seal("opensesame")}}
    stacks = {"dev": {"encryptionsalt": sealer.encryption_salt, "config": {"program:login": login}}}
    with pytest.raises(ProgramError, match=r"ValueError: shop\[secret\]\n") as caught:
        run_project(lay_out(tmp_path / "program", {"__main__.py": text}, stacks=stacks))
    assert "opensesame" not in str(caught.value)


def test_passphrase_file(tmp_path: Path, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The passphrase may stand in a file."""
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    opened = Decrypter.of_stack({"encryptionsalt": sealer.encryption_salt})
    assert opened.decrypt(sealer.seal("grün")) == "grün"


def test_wrong_passphrase_and_other_providers(tmp_path: Path, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be opened becomes a recognisable placeholder, as a secret unknown; it is noted and never an error."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "wrong")
    text = "import pulumi\npulumi.export('word', pulumi.Config().require_secret('word'))\n"
    sealed = {"program:word": {"secure": sealer.seal("opensesame")}}
    stacks = {
        "dev": {"encryptionsalt": sealer.encryption_salt, "config": sealed},
        "kms": {"secretsprovider": "awskms://alias/pulumi", "encryptedkey": "AQICAH", "config": sealed},
    }
    project = lay_out(tmp_path / "program", {"__main__.py": text}, stacks=stacks)
    for stack in stacks:
        config = load_stack(project, stack)
        assert config.undecryptable == config.secret_keys == ("program:word",)
        assert is_symbolic(config.values["program:word"])
    found = run_project(project)
    assert found.outputs["word"] == wire.secret(wire.UNKNOWN)
    assert found.notes == (
        "`program:word` cannot be decrypted here; a placeholder stands for each (PULUMI_CONFIG_PASSPHRASE)",
    )


@pytest.mark.parametrize("cipher", ["", "v1", "v2:AAAA:AAAA", "v1:???:AAAA", "v1:AAAA:AAAA", "v1:AAAA", "v1::"])
def test_malformed_ciphertext(cipher: str, sealer: Sealer) -> None:
    """Malformed ciphertext opens to nothing, with any key."""
    assert Decrypter(sealer.key).decrypt(cipher) is None
    assert Decrypter().decrypt(cipher) is None


@pytest.mark.parametrize("salt", [None, 7, "", "v1:AAAA", "v2:AAAA:v1:AAAA:AAAA", "v1:???:v1:AAAA:AAAA"])
def test_malformed_salt(salt: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A malformed salt gives a key that opens nothing, before any key is derived."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    assert Decrypter.of_stack({"encryptionsalt": salt}) == Decrypter()


def test_missing_passphrase_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase file that cannot be read is no passphrase."""
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "absent"))
    assert Decrypter.of_stack({"encryptionsalt": "v1:AAAA:v1:AAAA:AAAA"}) == Decrypter()


def test_key_is_not_shown() -> None:
    """The key of a decrypter is not in its repr."""
    assert "0x" not in repr(Decrypter(b"k" * 32))
    assert "kkk" not in repr(Decrypter(b"k" * 32))
    assert json.dumps(repr(Decrypter())) == '"Decrypter()"'
