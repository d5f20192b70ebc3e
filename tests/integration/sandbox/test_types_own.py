"""What the sandbox makes itself: random passwords, keys and certificates."""

import string

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from integration.sandbox import Action, Sandbox
from tests.integration.sandbox.changes import Change
from tests.integration.sandbox.lives import kind, live, outputs
from tests.integration.sandbox.stacks import Wanted, run

PASSWORD = "random:index/randomPassword:RandomPassword"
KEY = Wanted("tls:index/privateKey:PrivateKey", {"algorithm": "RSA", "rsaBits": 2048}, "key")
CERTIFICATE = {
    "privateKeyPem": "$key.privateKeyPem",
    "subject": {"commonName": "a.invalid"},
    "dnsNames": ["a.invalid"],
    "ipAddresses": ["10.0.0.1"],
    "allowedUses": ["digital_signature", "key_encipherment", "server_auth"],
    "validityPeriodHours": 24,
}

CHANGES = (
    Change(PASSWORD, {"length": 20, "keepers": {"a": "1"}}, {"keepers": {"a": "2"}}, action=Action.REPLACED),
    Change(KEY.type, KEY.inputs, {"algorithm": "ECDSA", "ecdsaCurve": "P256"}, action=Action.REPLACED),
    Change(
        "tls:index/selfSignedCert:SelfSignedCert",
        CERTIFICATE,
        {"validityPeriodHours": 48},
        {"keyAlgorithm": "RSA"},
        (KEY,),
        Action.REPLACED,
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_makes_another_one(change: Change, sandbox: Sandbox) -> None:
    """Made again it is the same; changed, it is another one."""
    live(sandbox, change)


def test_a_password_is_kept_until_a_keeper_changes(sandbox: Sandbox) -> None:
    """A second run gives the same text, another keeper another one."""
    texts = [
        outputs(sandbox, Wanted(PASSWORD, {"length": 32, "keepers": {"n": each}}))["result"] for each in ("1", "1", "2")
    ]
    assert texts[0] == texts[1] != texts[2]


def test_a_password_is_made_of_what_is_wanted(sandbox: Sandbox) -> None:
    """Length, classes and least numbers are those that the program asks for."""
    wanted = {"length": 40, "special": False, "upper": False, "minNumeric": 5}
    text = outputs(sandbox, Wanted(PASSWORD, wanted))["result"]
    assert len(text) == 40
    assert set(text) <= set(string.ascii_lowercase + string.digits)
    assert sum(each.isdigit() for each in text) >= 5


def test_special_characters_are_the_programs_own(sandbox: Sandbox) -> None:
    """Where the program names its special characters, no others appear."""
    wanted = {"length": 30, "lower": False, "upper": False, "number": False, "overrideSpecial": "-_"}
    assert set(outputs(sandbox, Wanted(PASSWORD, wanted))["result"]) <= set("-_")


@pytest.mark.parametrize("inputs", [{"algorithm": "RSA"}, {"algorithm": "ECDSA"}, {"algorithm": "ED25519"}], ids=str)
def test_every_form_of_a_key_is_that_key(inputs: dict[str, str], sandbox: Sandbox) -> None:
    """Both private texts hold one key, whose public half is the public text."""
    found = outputs(sandbox, Wanted(KEY.type, inputs))
    one, other = (
        load_pem_private_key(found[name].encode(), None).public_key()
        for name in ("privateKeyPem", "privateKeyPemPkcs8")
    )
    assert one == other
    assert found["publicKeyFingerprintSha256"].startswith("SHA256:") is (inputs["algorithm"] != "ECDSA")


def test_a_certificate_says_what_the_program_says(sandbox: Sandbox) -> None:
    """Names, uses and key of the certificate are those that were asked for, and it signs itself."""
    found = outputs(sandbox, KEY, Wanted("tls:index/selfSignedCert:SelfSignedCert", CERTIFICATE))
    certificate = x509.load_pem_x509_certificate(found["certPem"].encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    certificate.verify_directly_issued_by(certificate)
    assert names.get_values_for_type(x509.DNSName) == ["a.invalid"]
    assert certificate.subject.rfc4514_string() == "CN=a.invalid"
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days == 1


def test_what_was_destroyed_is_forgotten(sandbox: Sandbox) -> None:
    """Destroyed, no secret of the stack is kept."""
    run(sandbox, Wanted(PASSWORD, {"length": 20}))
    sandbox.destroy()
    assert [each.made for each in sandbox._clients.values()] == [{}]
