"""Controls of the performance data that databases record."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity, Stage
from policies.controls.customer_keys import REACH, open_about_key, without_customer_key
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.rds_insights import InsightsUse
from policies.model import PASS, UNKNOWN, Verdict, control, example, not_applicable

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="us-east-1")
RECORDED: Final = InsightsUse(enabled=True, kms_key_id=KEY)
PROPERTY: Final = "performanceInsightsKmsKeyId"


@control(
    id="LG-ENC-20",
    slug="rds-insights-encrypted-with-customer-key",
    severity=Severity.LOW,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Performance data keeps the text of statements, and with them literal account numbers; under AWS's own "
    "key no key policy of yours decides who reads them.",
    remediation="Set performance_insights_kms_key_id of the aws.rds.Cluster, aws.rds.ClusterInstance or "
    "aws.rds.Instance to a customer managed key. The key of data that is recorded already cannot be changed.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach=REACH,
    passes=[example("recorded under a customer's key", RECORDED)],
    fails=[
        example("no key named", replace(RECORDED, kms_key_id=None)),
        example("the key that AWS manages", replace(RECORDED, kms_key_id=replace(KEY, manager=KeyManager.AWS))),
    ],
    unknowns=[
        example("recorded, or not, later", replace(RECORDED, enabled=UNKNOWN)),
        example("the key comes later", replace(RECORDED, kms_key_id=UNKNOWN)),
        example("what it names is no key", replace(RECORDED, kms_key_id=replace(KEY, manager=KeyManager.UNREADABLE))),
    ],
    not_applicable=[example("nothing recorded", InsightsUse())],
)
def insights_under_customer_key(database: InsightsUse) -> Verdict:
    """Performance data of a database is encrypted with a key that the customer manages.

    Where performanceInsightsEnabled is true, performanceInsightsKmsKeyId names a key that is not AWS's own; each
    cluster and each instance is asked by itself. Without performance data, which is the default, it is not applicable.
    A key of which only the account can tell more is left to the audit.
    """
    if not database.enabled:
        return not_applicable("it records no performance data")
    key = database.kms_key_id
    return without_customer_key(key, PROPERTY) or open_about_key(key, PROPERTY) or PASS
