"""The watch over the payment system."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.alarm_topic import alarm_pattern
from components.audit_events import EVENTS, event_pattern
from components.names import Names
from tests.infra.recording import Changed, Recording
from tests.infra.test_edge import WEST, one

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
DETECTOR = "aws:guardduty/detector:Detector"
RECORDER = "aws:cfg/recorder:Recorder"
SUFFIXES = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
KINDS = st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)


@pytest.mark.requirement("B-69")
def test_what_matters_is_watched(payments: Recording) -> None:
    """Load balancer, targets, services, database, CloudFront, web ACL and failed backups each have an alarm."""
    watched = {alarm.inputs["metricName"] for alarm in payments.graph.of_type(ALARM)}

    assert {
        "HTTPCode_ELB_5XX_Count",
        "HTTPCode_Target_5XX_Count",
        "UnHealthyHostCount",
        "CPUUtilization",
        "MemoryUtilization",
        "ACUUtilization",
        "AuroraReplicaLagMaximum",
        "5xxErrorRate",
        "BlockedRequests",
        "FailedBackups",
        "SevereThreats",
        "DeletedKeys",
    } <= watched


@pytest.mark.requirement("B-69")
def test_alarms_watch_what_the_stack_made(prod: Recording) -> None:
    """An alarm names this stack's load balancer, target groups, services, cluster and distribution."""
    dimensions = {alarm.inputs["name"]: dict(alarm.inputs.get("dimensions", {})) for alarm in prod.graph.of_type(ALARM)}

    assert dimensions["payment-balancer-5xx-lgprod"] == {"LoadBalancer": "arnSuffix/LoadBalancer/balancer"}
    assert dimensions["payment-unhealthy-backend-lgprod"]["TargetGroup"].startswith("arnSuffix/TargetGroup/")
    assert dimensions["payment-backend-cpu-lgprod"]["ClusterName"] == "payment-cluster-lgprod"
    assert dimensions["payment-database-capacity-lgprod"] == {"DBClusterIdentifier": "payment-database-lgprod"}
    assert dimensions["payment-cloudfront-5xx-lgprod"] == {"DistributionId": "Distribution/edge", "Region": "Global"}


@pytest.mark.requirement("B-69")
def test_provisioned_database_has_no_capacity_alarm(changed: Changed) -> None:
    """Capacity units are watched only where the database is serverless."""
    graph = changed(payments__databaseInstanceClass="db.t3.medium").graph

    assert "ACUUtilization" not in {alarm.inputs["metricName"] for alarm in graph.of_type(ALARM)}


@pytest.mark.requirement("B-69")
def test_every_alarm_tells_somebody_in_its_region(changed: Changed) -> None:
    """Each alarm has an action on a topic of its own Region, also where the edge is in another one."""
    graph = changed(**WEST).graph
    regions = {f"arn/Topic/{t.name}": t.inputs["region"] for t in graph.of_type("aws:sns/topic:Topic")}
    alarms = graph.of_type(ALARM)

    assert {alarm.inputs["region"] for alarm in alarms} == {"us-west-2", "us-east-1"}
    assert all(regions[alarm.inputs["alarmActions"][0]] == alarm.inputs["region"] for alarm in alarms)
    assert not [alarm.name for alarm in alarms if alarm.inputs.get("actionsEnabled") is False]


@pytest.mark.requirement("B-53")
@pytest.mark.requirement("B-54")
def test_only_alarms_of_the_system_publish_over_tls(prod: Recording) -> None:
    """The topic is under a customer-managed key; alarms of this stack use both, plain text is refused."""
    topic = one(prod.graph, "aws:sns/topic:Topic")
    publish, refuse = json.loads(one(prod.graph, "aws:sns/topicPolicy:TopicPolicy").inputs["policy"])["Statement"]
    key = json.loads(one(prod.graph, "aws:kms/key:Key", topic.name).inputs["policy"])["Statement"][1]
    bound = {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:payment-*-lgprod"},
    }

    assert topic.inputs["kmsMasterKeyId"] == f"arn/Key/{topic.name}"
    assert (publish["Principal"], publish["Condition"]) == ({"Service": "cloudwatch.amazonaws.com"}, bound)
    assert (key["Principal"], key["Condition"]) == (publish["Principal"], bound)
    assert (refuse["Effect"], refuse["Principal"]) == ("Deny", "*")
    assert refuse["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_addresses_of_the_configuration_are_told(changed: Changed) -> None:
    """Each configured address gets a subscription."""
    graph = changed(payments__alarmEmails=["oncall@example.com"]).graph
    subscription = one(graph, "aws:sns/topicSubscription:TopicSubscription").inputs

    assert (subscription["protocol"], subscription["endpoint"]) == ("email", "oncall@example.com")


@pytest.mark.requirement("B-67")
def test_three_log_groups_serve_application_audit_and_ecs(prod: Recording) -> None:
    """The groups of application, audit and ECS exist beside those of flow logs, database and edge."""
    groups = {group.inputs["name"] for group in prod.graph.of_type("aws:cloudwatch/logGroup:LogGroup")}

    assert {f"/payment/payment-{kind}-lgprod" for kind in ("application", "audit", "ecs")} <= groups


@pytest.mark.requirement("B-68")
def test_every_record_is_encrypted_and_kept_for_a_year(payments: Recording) -> None:
    """Each log group has a customer-managed key and keeps its records for exactly 365 days."""
    groups = payments.graph.of_type("aws:cloudwatch/logGroup:LogGroup")

    assert {group.inputs["retentionInDays"] for group in groups} == {365}
    assert {group.inputs["kmsKeyId"].partition("/Key/")[0] for group in groups} == {"arn"}


@pytest.mark.requirement("B-02")
@pytest.mark.requirement("B-67")
def test_what_services_report_ends_in_the_audit_group(prod: Recording) -> None:
    """Events of backup, threats, scans, keys and database go to the audit log group, and only this rule's do."""
    rule = one(prod.graph, "aws:cloudwatch/eventRule:EventRule", "audit").inputs
    target = one(prod.graph, "aws:cloudwatch/eventTarget:EventTarget", "audit").inputs
    policy = one(prod.graph, "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "audit-events").inputs
    (statement,) = json.loads(policy["policyDocument"])["Statement"]

    assert set(json.loads(rule["eventPattern"])["source"]) == set(EVENTS)
    assert (target["rule"], target["arn"]) == (rule["name"], "arn/LogGroup/audit-events")
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": f"arn:aws:events:us-east-1:123456789012:rule/{rule['name']}"}
    }


@pytest.mark.requirement("B-70")
@pytest.mark.parametrize("rate", [0, 0.25])
def test_requests_are_traced_at_the_configured_rate(changed: Changed, rate: float) -> None:
    """The sampling rule of the system's services has the configured rate."""
    rule = one(changed(payments__traceRate=rate).graph, "aws:xray/samplingRule:SamplingRule").inputs

    assert (rule["fixedRate"], rule["serviceName"], rule["reservoirSize"]) == (rate, "payment-*-lgdev", 1)


@pytest.mark.requirement("B-71")
def test_config_rules_join_the_recorder_of_the_account(payments: Recording) -> None:
    """Managed rules watch encryption, retention, backups and reachability; no second recorder is made."""
    rules = [rule.inputs for rule in payments.graph.of_type("aws:cfg/rule:Rule")]
    sources = {rule["source"]["sourceIdentifier"] for rule in rules}
    kept = next(rule for rule in rules if rule["source"]["sourceIdentifier"] == "CW_LOGGROUP_RETENTION_PERIOD_CHECK")

    assert {"RDS_STORAGE_ENCRYPTED", "CMK_BACKING_KEY_ROTATION_ENABLED", "VPC_FLOW_LOGS_ENABLED"} <= sources
    assert json.loads(kept["inputParameters"]) == {"MinRetentionTime": "365"}
    assert payments.graph.of_type(RECORDER) == ()


@pytest.mark.requirement("B-71")
@pytest.mark.parametrize(("region", "global_types"), [("us-east-1", True), ("us-west-2", False)])
def test_a_recorder_is_made_where_the_account_has_none(changed: Changed, region: str, *, global_types: bool) -> None:
    """With `create` one recorder records every type, the global ones in us-east-1 only, before any rule is made."""
    place: Mapping[str, Any] = {} if region == "us-east-1" else WEST
    found = changed(payments__configRules="create", **place)
    recorder = one(found.graph, RECORDER)
    channel = one(found.graph, "aws:cfg/deliveryChannel:DeliveryChannel")
    status = one(found.graph, "aws:cfg/recorderStatus:RecorderStatus")

    assert recorder.inputs["region"] == region
    assert recorder.inputs["recordingGroup"] == {"allSupported": True, "includeGlobalResourceTypes": global_types}
    assert (status.inputs["name"], status.inputs["isEnabled"]) == (recorder.inputs["name"], True)
    assert channel.urn in status.dependencies
    assert all(status.urn in rule.dependencies for rule in found.graph.of_type("aws:cfg/rule:Rule"))


@pytest.mark.requirement("B-71")
@pytest.mark.requirement("B-79")
def test_the_record_of_a_recorder_goes_with_the_stack(changed: Changed) -> None:
    """The recorder delivers into a bucket of its own, without the lock it refuses, that the stack takes with it."""
    graph = changed(payments__configRules="create").graph
    channel = one(graph, "aws:cfg/deliveryChannel:DeliveryChannel").inputs
    bucket = one(graph, "aws:s3/bucket:Bucket", "config-logs").inputs

    assert channel["s3BucketName"] == bucket["bucket"] == "payment-config-logs-lgdev"
    assert (bucket["forceDestroy"], bucket["objectLockEnabled"]) == (True, False)


@pytest.mark.requirement("B-71")
def test_config_rules_can_be_left_to_others(changed: Changed) -> None:
    """An account whose organisation brings the rules gets none from the stack."""
    assert changed(payments__configRules="skip").graph.of_type("aws:cfg/rule:Rule") == ()


@pytest.mark.requirement("B-61")
@pytest.mark.parametrize(("choice", "made", "known"), [("adopt", 0, True), ("create", 1, True), ("skip", 0, False)])
def test_a_second_detector_is_never_made(changed: Changed, choice: str, made: int, *, known: bool) -> None:
    """Only `create` makes a detector; `adopt` looks the account's up, so a deployment without one ends."""
    found = changed(payments__guardDuty=choice)

    assert found.error == ""
    assert len(found.graph.of_type(DETECTOR)) == made
    assert (found.outputs.get("guardDutyDetectorId") is not None) is known


@pytest.mark.requirement("B-61")
def test_a_new_detector_looks_at_everything(changed: Changed) -> None:
    """A detector that the stack makes is on, with every kind of protection."""
    graph = changed(payments__guardDuty="create").graph
    features: Mapping[str, Any] = {
        f.inputs["name"]: f.inputs for f in graph.of_type("aws:guardduty/detectorFeature:DetectorFeature")
    }
    agents = features["RUNTIME_MONITORING"]["additionalConfigurations"]

    assert one(graph, DETECTOR).inputs["enable"] is True
    assert {"S3_DATA_EVENTS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS"} <= set(features)
    assert {feature["status"] for feature in features.values()} == {"ENABLED"}
    assert {"ECS_FARGATE_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT"} <= {agent["name"] for agent in agents}


@pytest.mark.requirement("B-22")
@pytest.mark.parametrize(("choice", "made"), [("adopt", 0), ("create", 1)])
def test_inspector_is_switched_on_by_configuration(changed: Changed, choice: str, made: int) -> None:
    """Only `create` switches scanning on, and then of images and functions as well."""
    enablers = changed(payments__inspector=choice).graph.of_type("aws:inspector2/enabler:Enabler")

    assert [set(enabler.inputs["resourceTypes"]) for enabler in enablers] == [
        {"EC2", "ECR", "LAMBDA", "LAMBDA_CODE"}
    ] * made


@given(kind=KINDS, suffix=SUFFIXES, other=SUFFIXES)
def test_alarms_of_one_deployment_are_told_from_those_of_another(kind: str, suffix: str, other: str) -> None:
    """The pattern of a deployment covers all its names, and no name of a deployment with another suffix."""
    pattern = alarm_pattern(Names(system="payment", suffix=suffix))
    name = Names(system="payment", suffix=other).of(kind, limit=255)

    assert fnmatchcase(name, pattern) == (suffix == other)


def test_event_pattern_names_each_kind_once() -> None:
    """The pattern is JSON that EventBridge takes: lists of texts without repetition."""
    found = json.loads(event_pattern())

    assert all(len(values) == len(set(values)) for values in found.values())
