"""Controls of SNS topics."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.messaging import TopicKey
from policies.model import PASS, UNKNOWN, Verdict, control, example

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")


@control(
    id="LG-ENC-10",
    slug="sns-topic-encrypted-with-customer-key",
    severity=Severity.MEDIUM,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, after Security Hub SNS.1, read 2026-11-20",
    rationale="Payment notices lie on disks without a key that you could withdraw; and under the key that AWS manages "
    "CloudWatch cannot publish, so the alarm never arrives.",
    remediation="Set kms_master_key_id of the aws.sns.Topic to a customer managed key whose policy lets the services "
    "that publish use it: none of them may use the key that AWS manages.",
    passes=[example("a customer's key", TopicKey(kms_master_key_id=KEY))],
    fails=[
        example("no key", TopicKey()),
        example("the key that AWS manages", TopicKey(kms_master_key_id=replace(KEY, manager=KeyManager.AWS))),
    ],
    unknowns=[
        example("the key comes later", TopicKey(kms_master_key_id=UNKNOWN)),
        example("a key that is only looked up", TopicKey(kms_master_key_id=replace(KEY, manager=KeyManager.UNSEEN))),
        example("no name of a key", TopicKey(kms_master_key_id=replace(KEY, manager=KeyManager.UNREADABLE))),
    ],
)
def encrypted_with_customer_key(topic: TopicKey) -> Verdict:
    """The messages of a topic are encrypted with a key that the customer manages.

    kmsMasterKeyId is set and names no key under alias/aws/: services such as CloudWatch cannot publish under the key
    that AWS manages. Unset means not encrypted. A kmsMasterKeyId that names no key, and a key that is only looked up,
    are undecided.
    """
    name = "kmsMasterKeyId"
    return without_customer_key(topic.kms_master_key_id, name) or open_about_key(topic.kms_master_key_id, name) or PASS
