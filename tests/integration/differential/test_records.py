"""Log groups, alarms and trails: what is kept, for how long, under which key, and who hears of it."""

import json
from pathlib import Path
from typing import Any, Final

from policies.settings import Settings
from tests.integration.differential.cases import Case, check
from tests.integration.estate import ACCOUNT
from tests.integration.estate.identities import workload_trust
from tests.integration.programs_as_data import Wanted, ref

_KEY: Final = Wanted("aws:kms/key:Key", "key")


def _group(name: str, logical: str = "", **more: Any) -> Wanted:
    return Wanted("aws:cloudwatch/logGroup:LogGroup", logical or name, {"name": name, **more})


def _kept(title: str, group: Wanted, floor: str, audit: str) -> Case:
    return Case(title, (group,), {"LG-RET-05": floor, "LG-RET-06": audit})


GROUPS: Final = (
    Case("no key", (_group("plain"),), {"LG-ENC-11": "fail"}),
    Case("a customer's key", (_group("keyed", kmsKeyId=ref("key", "arn")),), {"LG-ENC-11": "pass"}),
    _kept("one year", _group("orders", retentionInDays=365), "pass", "not_applicable"),
    _kept("a month", _group("short", retentionInDays=30), "fail", "not_applicable"),
    _kept("for ever", _group("ever"), "fail", "not_applicable"),
    _kept("an audit for a year", _group("/ledger/audit", "audit", retentionInDays=365), "pass", "fail"),
    _kept("an audit for seven years", _group("/bank/audit", "long", retentionInDays=2557), "pass", "pass"),
    _kept("by its tag", _group("tagged", tags={"Purpose": "audit"}, retentionInDays=365), "pass", "fail"),
    _kept("a trail's", _group("CloudTrail/ledger", "trail-log", retentionInDays=400), "pass", "fail"),
)


def test_log_groups(tmp_path: Path) -> None:
    """A group that says nothing of days keeps its records for ever; its tags are asked for by themselves."""
    check(tmp_path / "p", GROUPS, shared=(_KEY,))


_TOPIC: Final = Wanted("aws:sns/topic:Topic", "topic", {"name": "alarms"})
_METRIC: Final = {
    "namespace": "AWS/RDS",
    "metricName": "CPUUtilization",
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 3,
    "period": 60,
    "statistic": "Maximum",
    "threshold": 85,
}
_TOLD: Final = {"alarmActions": [ref("topic", "arn")]}


def _alarm(title: str, name: str, verdict: str, **more: Any) -> Case:
    given = {"name": name, **_METRIC, **more}
    return Case(title, (Wanted("aws:cloudwatch/metricAlarm:MetricAlarm", name, given),), {"LG-LOG-11": verdict})


def _composite(title: str, name: str, verdict: str, **more: Any) -> Case:
    given = {"alarmName": name, "alarmRule": 'ALARM("told")', **more}
    return Case(title, (Wanted("aws:cloudwatch/compositeAlarm:CompositeAlarm", name, given),), {"LG-LOG-11": verdict})


ALARMS: Final = (
    _alarm("it tells a topic", "told", "pass", **_TOLD),
    _alarm("it tells nobody", "silent", "fail"),
    _alarm("its actions are off", "muted", "fail", actionsEnabled=False, **_TOLD),
    _alarm("it tells when it is over", "late", "fail", okActions=[ref("topic", "arn")]),
    _composite("one made of others tells a topic", "joined", "pass", **_TOLD),
    _composite("one made of others tells nobody", "mute", "fail"),
)


def test_alarms(tmp_path: Path) -> None:
    """Alarms of both kinds are in one list."""
    check(tmp_path / "p", ALARMS, shared=(_TOPIC,))


_BUCKET: Final = Wanted("aws:s3/bucket:Bucket", "records", {"bucket": "records-of-the-test"})
_WRITER: Final = Wanted(
    "aws:iam/role:Role", "writer", {"name": "writer", "assumeRolePolicy": workload_trust("cloudtrail")}
)
_LETS: Final = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject"}
_POLICY: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{**_LETS, "Resource": f"arn:aws:s3:::records-of-the-test/AWSLogs/{ACCOUNT}/*"}],
    }
)
_WRITABLE: Final = Wanted("aws:s3/bucketPolicy:BucketPolicy", "writable", {"bucket": ref("records"), "policy": _POLICY})
_GROUP: Final = _group("trail")


def _trail(title: str, name: str, verdict: str, **more: Any) -> Case:
    given = {"name": name, "s3BucketName": ref("records"), **more}
    return Case(title, (Wanted("aws:cloudtrail/trail:Trail", name, given),), {"LG-LOG-02": verdict})


_SENT: Final = {
    "cloudWatchLogsGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:trail:*",
    "cloudWatchLogsRoleArn": ref("writer", "arn"),
}

TRAILS: Final = (
    _trail("sent to a log group", "sent-trail", "pass", **_SENT),
    _trail("sent nowhere", "kept-trail", "fail"),
)


def test_trails(tmp_path: Path) -> None:
    """A trail that logs has delivered; CloudTrail tells when."""
    check(tmp_path / "p", TRAILS, shared=(_BUCKET, _WRITER, _WRITABLE, _GROUP), settings=Settings())
