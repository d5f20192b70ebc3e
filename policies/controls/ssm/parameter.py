"""Controls of Parameter Store."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity, Stage
from policies.controls.customer_keys import REACH, open_about_key, without_customer_key
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.secrets import StoredParameter
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable

if TYPE_CHECKING:
    from policies.settings import Settings

TELLING: Final = ("pass", "secret", "token", "apikey", "private")
"""Parts of a name that give away a secret, whatever their case."""

ENCRYPTED: Final = "SecureString"
KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="us-east-1")
HELD: Final = StoredParameter(name="/ledger/db-password", type=ENCRYPTED, key_id=KEY)


@control(
    id="LG-ENC-19",
    slug="ssm-parameter-secret-encrypted-with-customer-key",
    severity=Severity.HIGH,
    requirements=("3.5.1", "8.3.2", "8.6.2"),
    families=("pci", "encryption", "identity"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A plain String parameter shows the password to every role with ssm:GetParameter, in consoles and in "
    "deployment logs, with no decryption to refuse or record.",
    remediation='Set type="SecureString" and key_id to a customer managed key on the aws.ssm.Parameter.',
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach=REACH,
    parameters=("secret_name_words",),
    passes=[
        example("a secret under a customer's key", HELD),
        example("encrypted though its name gives nothing away", replace(HELD, name="/ledger/host")),
    ],
    fails=[
        example("a secret in plain text", replace(HELD, type="String", key_id=None)),
        example("a secret in a list", replace(HELD, name="/ledger/API-Tokens", type="StringList")),
        example("a class that says so", replace(HELD, name="/ledger/a", type="String", class_tag="credential")),
        example(
            "a word of the profile",
            replace(HELD, name="/ledger/pan-list", type="String"),
            {"secret_name_words": ("panlist",)},
        ),
        example("no key named", replace(HELD, key_id=None)),
        example("the key that AWS manages", replace(HELD, key_id=replace(KEY, manager=KeyManager.AWS))),
    ],
    unknowns=[
        example("the type comes later", replace(HELD, type=UNKNOWN)),
        example("the name comes later", StoredParameter(name=UNKNOWN, type="String")),
        example("the key comes later", replace(HELD, key_id=UNKNOWN)),
    ],
    not_applicable=[example("no secret", StoredParameter(name="/ledger/host", type="String"))],
)
def secret_parameter_encrypted(parameter: StoredParameter, settings: "Settings") -> Verdict:
    """A secret in Parameter Store is encrypted with a key that the customer manages.

    A parameter has type SecureString when its name holds pass, secret, token, apikey, private or a word of
    secret_name_words, whatever the case and without dashes, dots and underscores, or when it has a tag SecretClass. A
    SecureString names a keyId that is not AWS's own, alias/aws/ssm; an unset one means that key. Other parameters are
    not applicable. A key of which only the account can tell more is left to the audit.
    """
    if parameter.type == ENCRYPTED:
        key = parameter.key_id
        return without_customer_key(key, "keyId") or open_about_key(key, "keyId") or PASS
    words = (*TELLING, *settings.secret_name_words)
    if not _gives_away(parameter.name, words) and not parameter.class_tag:
        return not_applicable("neither its name nor a tag says that it is secret")
    return fail("a secret is not encrypted", found=parameter.type, wanted=ENCRYPTED)


def _gives_away(name: str, words: tuple[str, ...]) -> bool:
    plain = _bare(name)
    return any(_bare(word) in plain for word in words)


def _bare(text: str) -> str:
    return re.sub(r"[-_.]", "", text).lower()
