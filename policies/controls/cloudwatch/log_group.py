"""Controls of CloudWatch log groups."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.amounts import amount
from policies.controls.customer_keys import open_about_key, without_customer_key
from policies.controls.holdings import holds_audit_records, words_of
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.labels import Labels
from policies.facts.log_groups import LogGroupKey, LogRetention
from policies.model import PASS, UNKNOWN, Verdict, control, example, not_applicable, require
from policies.vocabulary import EnvironmentClass

if TYPE_CHECKING:
    from policies.settings import Settings

_YEAR_DAYS: Final = 365
_AUDIT_SOURCES: Final = frozenset({"cloudtrail", "flow", "flowlog", "flowlogs", "trail", "vpcflowlogs", "waf"})
_DATABASES: Final = ("/aws/rds/", "/aws/docdb/", "/aws/neptune/")
"""How the log groups begin into which databases write, their audit log included.

Source: publishing database logs to CloudWatch Logs, Amazon Aurora user guide, read 2026-11-30."""

KEY: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")


@control(
    id="LG-ENC-11",
    slug="cloudwatch-loggroup-encrypted-with-customer-key",
    severity=Severity.MEDIUM,
    requirements=("3.5.1", "10.3.2"),
    families=("pci", "encryption", "logging"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Logs hold account numbers and tokens that slipped through; without a key of your own nobody can shut "
    "an over-privileged reader out of old records at one stroke.",
    remediation="Set kms_key_id of the aws.cloudwatch.LogGroup to the ARN of a customer managed key whose policy lets "
    "logs.<region>.amazonaws.com use it.",
    passes=[example("a customer's key", LogGroupKey(kms_key_id=KEY))],
    fails=[
        example("no key", LogGroupKey()),
        example("a key that AWS manages", LogGroupKey(kms_key_id=replace(KEY, manager=KeyManager.AWS))),
    ],
    unknowns=[
        example("the key comes later", LogGroupKey(kms_key_id=UNKNOWN)),
        example("a key that is only looked up", LogGroupKey(kms_key_id=replace(KEY, manager=KeyManager.UNSEEN))),
        example("no name of a key", LogGroupKey(kms_key_id=replace(KEY, manager=KeyManager.UNREADABLE))),
    ],
)
def encrypted_with_customer_key(group: LogGroupKey) -> Verdict:
    """A log group is encrypted with a key that the customer manages.

    kmsKeyId is set; unset means a key that CloudWatch Logs owns, and an alias under alias/aws/ names one that AWS
    manages: neither counts. A kmsKeyId that names no key, and a key that is only looked up, are undecided.
    """
    name = "kmsKeyId"
    return without_customer_key(group.kms_key_id, name) or open_about_key(group.kms_key_id, name) or PASS


APPLICATION: Final = LogRetention(retention_in_days=365, labels=Labels(name="/shop/orders"))


@control(
    id="LG-RET-05",
    slug="cloudwatch-loggroup-retention-floor",
    severity=Severity.MEDIUM,
    requirements=("10.5.1",),
    families=("pci", "retention", "logging"),
    source="Demand of the banking, payments and fraud systems, after Security Hub CloudWatch.16, read 2026-11-20",
    rationale="Intruders are found months after they came in; if logs of that time have expired, nobody can say what "
    "was taken, and the assessor wants a year of them.",
    remediation="Set retention_in_days of the aws.cloudwatch.LogGroup to log_retention_days or the next value that "
    "CloudWatch Logs offers.",
    parameters=("environment_class", "log_retention_days", "logs_may_stay_forever"),
    passes=[
        example("one year", APPLICATION),
        example(
            "never expires, where that is allowed",
            replace(APPLICATION, retention_in_days=0),
            params={"logs_may_stay_forever": True},
        ),
        example(
            "a month in class dev, where that is asked",
            replace(APPLICATION, retention_in_days=30),
            params={"log_retention_days": 30, "environment_class": EnvironmentClass.DEV},
        ),
    ],
    fails=[
        example("a month", replace(APPLICATION, retention_in_days=30)),
        example("never expires", replace(APPLICATION, retention_in_days=0)),
        example("shorter than the profile asks", APPLICATION, params={"log_retention_days": 400}),
        example(
            "a month in class prod, whatever is asked",
            replace(APPLICATION, retention_in_days=30),
            params={"log_retention_days": 30},
        ),
    ],
    unknowns=[example("the days come later", replace(APPLICATION, retention_in_days=UNKNOWN))],
)
def retention_floor(group: LogRetention, settings: "Settings") -> Verdict:
    """A log group keeps its records long enough, and says for how long.

    retentionInDays is at least log_retention_days; a value below 365 counts in class dev only. Unset and 0 mean that
    records never expire, which passes only where logs_may_stay_forever is true. A group of class DELIVERY keeps its
    records two days, whatever it asks for.
    """
    in_dev = settings.environment_class is EnvironmentClass.DEV
    forever = settings.logs_may_stay_forever
    wanted = settings.log_retention_days if in_dev else max(settings.log_retention_days, _YEAR_DAYS)
    days = group.retention_in_days
    return require(
        days >= wanted or (days == 0 and forever),
        "its records are not kept for a stated and sufficient time",
        found=amount(days, "day") if days else "no retentionInDays",
        wanted=amount(wanted, "day"),
    )


AUDIT: Final = LogRetention(retention_in_days=2557, labels=Labels(name="/ledger/audit"))


def _named(name: str, days: int = 365) -> LogRetention:
    return LogRetention(retention_in_days=days, labels=Labels(name=name))


@control(
    id="LG-RET-06",
    slug="cloudwatch-auditloggroup-retention-floor",
    severity=Severity.MEDIUM,
    requirements=("10.5.1",),
    families=("pci", "retention", "logging"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="The auditor asks in year six who changed an account and the stream ended in year one; a fine for "
    "missing books follows whatever the truth was.",
    remediation="Set retention_in_days of the aws.cloudwatch.LogGroup to audit_retention_days or the next value that "
    "CloudWatch Logs offers; 2557 is seven years. skip_destroy keeps no record a day longer.",
    parameters=("audit_retention_days", "audit_words"),
    passes=[
        example("seven years", AUDIT),
        example("a database's log", _named("/aws/rds/cluster/ledger/postgresql", 2557)),
        example(
            "one year where that is asked", replace(AUDIT, retention_in_days=365), params={"audit_retention_days": 365}
        ),
    ],
    fails=[
        example("a year", replace(AUDIT, retention_in_days=365)),
        example("no stated time", replace(AUDIT, retention_in_days=0)),
        example("a firewall's log", _named("aws-waf-logs-ledger")),
        example("a trail's log", _named("CloudTrail/ledger")),
        example("a network's flow log", _named("/ledger/flow-log")),
        example("a database's log for a year", _named("/aws/rds/cluster/ledger/postgresql")),
        example("by its tag", LogRetention(retention_in_days=365, labels=Labels(data_classification="audit"))),
        example("a word of the profile", _named("/ledger/evidence"), params={"audit_words": ("evidence",)}),
    ],
    unknowns=[
        example("the days come later", replace(AUDIT, retention_in_days=UNKNOWN)),
        example("nobody knows its name", LogRetention(retention_in_days=365, labels=Labels(name=UNKNOWN))),
    ],
    not_applicable=[example("an application's log", APPLICATION)],
)
def audit_retention_floor(group: LogRetention, settings: "Settings") -> Verdict:
    """A log group of audit records keeps them as long as the audit needs them.

    retentionInDays is at least audit_retention_days; unset and 0 fail, and skipDestroy changes nothing. It speaks about
    groups whose tags Purpose and DataClassification or name have the word audit or archive or one of audit_words, and
    those whose name says that they hold the records of a trail, a web firewall, a network or a database.
    """
    wanted = settings.audit_retention_days
    if not _holds_audit_records(group, settings):
        return not_applicable("neither its name nor its tags say that it holds audit records")
    days = group.retention_in_days
    return require(
        days >= wanted,
        "its records are not kept as long as the audit needs them",
        found=amount(days, "day") if days else "no retentionInDays",
        wanted=amount(wanted, "day"),
    )


def _holds_audit_records(group: LogRetention, settings: "Settings") -> bool:
    if holds_audit_records(group.labels, settings.audit_words):
        return True
    name = group.labels.name
    return name.startswith(_DATABASES) or bool(_AUDIT_SOURCES & (words_of(name) | words_of(name.lower())))
