"""Alarms, events, logs, backups, scaling and posture: changed in the sandbox as the program changes them."""

from typing import Any

import pytest

from integration.sandbox import Action, Sandbox
from ledgergate.engine.provider import ProviderError
from tests.integration.sandbox.changes import Change, policy
from tests.integration.sandbox.lives import kind, live
from tests.integration.sandbox.stacks import Wanted, run
from tests.integration.sandbox.surroundings import GROUP, KEY, LOGS, NETWORK, OTHER_KEY, ROLE
from tests.integration.sandbox.test_types_compute import CLUSTER, DEFINITION

RULE = Wanted(
    "aws:cloudwatch/eventRule:EventRule", {"name": "audit", "eventPattern": '{"source": ["aws.kms"]}'}, "rule"
)
VAULT = Wanted("aws:backup/vault:Vault", {"name": "vault", "kmsKeyArn": "$key.arn"}, "vault")
SERVICE = Wanted(
    "aws:ecs/service:Service",
    {
        "name": "web",
        "cluster": "$tasks.arn",
        "launchType": "FARGATE",
        "taskDefinition": "$definition.arn",
        "desiredCount": 2,
        "networkConfiguration": {"subnets": ["$subnet-0.id"], "securityGroups": ["$group.id"]},
    },
    "service",
)
SCALED = (*NETWORK, GROUP, CLUSTER, DEFINITION, SERVICE)
WHERE = {"resourceId": "service/tasks/web", "scalableDimension": "ecs:service:DesiredCount", "serviceNamespace": "ecs"}
TARGET = Wanted("aws:appautoscaling/target:Target", {**WHERE, "minCapacity": 2, "maxCapacity": 6}, "target")
SOURCE = Wanted(
    "aws:cloudwatch/logDeliverySource:LogDeliverySource",
    {
        "name": "edge",
        "logType": "ACCESS_LOGS",
        "resourceArn": "arn:aws:cloudfront::111122223333:distribution/E1234567890123",
    },
    "source",
)
DESTINATION = Wanted(
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
    {
        "name": "edge",
        "outputFormat": "json",
        "deliveryDestinationConfiguration": {"destinationResourceArn": "$logs.arn"},
    },
    "destination",
)
RECORDER = Wanted(
    "aws:cfg/recorder:Recorder",
    {
        "name": "all",
        "roleArn": "$role.arn",
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
    },
    "recorder",
)
CHANNEL = Wanted(
    "aws:cfg/deliveryChannel:DeliveryChannel",
    {"name": "all", "s3BucketName": "records", "s3KmsKeyArn": "$key.arn"},
    "channel",
)
RESTORE = Wanted(
    "aws:backup/restoreTestingPlan:RestoreTestingPlan",
    {
        "name": "restore",
        "scheduleExpression": "cron(0 9 ? * SUN *)",
        "recoveryPointSelection": {
            "algorithm": "LATEST_WITHIN_WINDOW",
            "includeVaults": ["*"],
            "recoveryPointTypes": ["SNAPSHOT"],
            "selectionWindowDays": 7,
        },
    },
    "restore",
)


def _rules(days: int) -> list[dict[str, Any]]:
    copy = {"destinationVaultArn": "$vault.arn", "lifecycle": {"deleteAfter": days}}
    rule = {"ruleName": "daily", "schedule": "cron(0 5 * * ? *)", "startWindow": 60, "completionWindow": 240}
    return [
        {
            **rule,
            "scheduleExpressionTimezone": "Etc/UTC",
            "targetVaultName": "$vault.name",
            "lifecycle": {"deleteAfter": days},
            "copyActions": [copy],
        }
    ]


PLAN = Wanted("aws:backup/plan:Plan", {"name": "plan", "rules": _rules(30)}, "plan")


def _counted(name: str) -> dict[str, str]:
    return {"name": name, "namespace": "payment", "value": "1", "defaultValue": "0", "unit": "Count"}


def _tracking(percent: int) -> dict[str, Any]:
    metric = {"predefinedMetricType": "ECSServiceAverageCPUUtilization"}
    return {"targetValue": percent, "scaleInCooldown": 300, "predefinedMetricSpecification": metric}


CHANGES = (
    Change(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {
            "name": "cpu",
            "namespace": "AWS/RDS",
            "metricName": "CPUUtilization",
            "comparisonOperator": "GreaterThanThreshold",
            "evaluationPeriods": 3,
            "period": 60,
            "statistic": "Maximum",
            "threshold": 85,
            "dimensions": {"DBClusterIdentifier": "one"},
            "tags": {"A": "1"},
        },
        {
            "alarmActions": ["arn:aws:sns:us-east-1:111122223333:alarms"],
            "alarmDescription": "why",
            "dimensions": {"DBClusterIdentifier": "two"},
            "okActions": ["arn:aws:sns:us-east-1:111122223333:alarms"],
            "threshold": 90,
            "treatMissingData": "notBreaching",
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
    ),
    Change(
        RULE.type,
        {**RULE.inputs, "tags": {"A": "1"}},
        {"description": "why", "eventPattern": '{"source": ["aws.rds"]}', "state": "DISABLED", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
    Change(
        "aws:cloudwatch/eventTarget:EventTarget",
        {"rule": "$rule.name", "targetId": "logs", "arn": "$logs.arn"},
        {"arn": "arn:aws:logs:us-east-1:111122223333:log-group:/other"},
        around=(RULE, LOGS),
    ),
    Change(
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        {"policyName": "events", "policyDocument": policy("logs:PutLogEvents")},
        {"policyDocument": policy("logs:CreateLogStream")},
    ),
    Change(
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        {"name": "failed", "logGroupName": "$logs.name", "pattern": "one", "metricTransformation": _counted("One")},
        {"pattern": "two", "metricTransformation": _counted("Two")},
        around=(LOGS,),
    ),
    Change(SOURCE.type, SOURCE.inputs, {"tags": {"B": "2"}}, {"tagsAll": {"B": "2"}, "service": "cloudfront"}),
    Change(
        DESTINATION.type,
        DESTINATION.inputs,
        {"tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        (LOGS,),
    ),
    Change(
        "aws:cloudwatch/logDelivery:LogDelivery",
        {"deliverySourceName": "$source.name", "deliveryDestinationArn": "$destination.arn", "recordFields": ["date"]},
        {"recordFields": ["date", "time"]},
        around=(LOGS, SOURCE, DESTINATION),
    ),
    Change(
        TARGET.type,
        {**TARGET.inputs, "tags": {"A": "1"}},
        {"maxCapacity": 12, "minCapacity": 3, "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        SCALED,
    ),
    Change(
        "aws:appautoscaling/policy:Policy",
        {
            **WHERE,
            "name": "cpu",
            "policyType": "TargetTrackingScaling",
            "targetTrackingScalingPolicyConfiguration": _tracking(60),
        },
        {"targetTrackingScalingPolicyConfiguration": _tracking(70)},
        around=(*SCALED, TARGET),
    ),
    Change(VAULT.type, {**VAULT.inputs, "tags": {"A": "1"}}, {"tags": {"B": "2"}}, {"tagsAll": {"B": "2"}}, (KEY,)),
    Change(
        VAULT.type,
        VAULT.inputs,
        {"kmsKeyArn": "$other-key.arn"},
        around=(KEY, OTHER_KEY),
        action=Action.REPLACED,
    ),
    Change(
        "aws:backup/vaultPolicy:VaultPolicy",
        {"backupVaultName": "$vault.name", "policy": policy("backup:CopyIntoBackupVault")},
        {"policy": policy("backup:DeleteRecoveryPoint")},
        around=(KEY, VAULT),
    ),
    Change(PLAN.type, PLAN.inputs, {"rules": _rules(60), "tags": {"B": "2"}}, {"tagsAll": {"B": "2"}}, (KEY, VAULT)),
    Change(
        "aws:backup/selection:Selection",
        {"name": "data", "planId": "$plan.id", "iamRoleArn": "$role.arn", "resources": ["arn:aws:rds:*:*:cluster:one"]},
        {"resources": ["arn:aws:rds:*:*:cluster:two"]},
        around=(KEY, VAULT, PLAN, ROLE),
        action=Action.REPLACED,
    ),
    Change(
        RESTORE.type,
        RESTORE.inputs,
        {"scheduleExpression": "cron(0 9 ? * MON *)", "startWindowHours": 2, "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "recoveryPointSelection": RESTORE.inputs["recoveryPointSelection"]},
    ),
    Change(
        "aws:backup/restoreTestingSelection:RestoreTestingSelection",
        {
            "name": "data",
            "restoreTestingPlanName": "$restore.name",
            "protectedResourceType": "Aurora",
            "iamRoleArn": "$role.arn",
            "protectedResourceArns": ["arn:aws:rds:us-east-1:111122223333:cluster:one"],
        },
        {"validationWindowHours": 4, "restoreMetadataOverrides": {"dbSubnetGroupName": "data"}},
        around=(RESTORE, ROLE),
    ),
    Change(
        "aws:cfg/rule:Rule",
        {
            "name": "encrypted",
            "source": {"owner": "AWS", "sourceIdentifier": "RDS_STORAGE_ENCRYPTED"},
            "tags": {"A": "1"},
        },
        {
            "description": "why",
            "source": {"owner": "AWS", "sourceIdentifier": "CMK_BACKING_KEY_ROTATION_ENABLED"},
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
    ),
    Change(
        RECORDER.type,
        RECORDER.inputs,
        {"recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": False}},
        around=(ROLE,),
    ),
    Change(
        CHANNEL.type,
        CHANNEL.inputs,
        {"s3KeyPrefix": "here", "snapshotDeliveryProperties": {"deliveryFrequency": "TwentyFour_Hours"}},
        around=(ROLE, RECORDER, KEY),
    ),
    Change(
        "aws:cfg/recorderStatus:RecorderStatus",
        {"name": "$recorder.name", "isEnabled": True},
        {"isEnabled": False},
        around=(ROLE, RECORDER, KEY, CHANNEL),
    ),
    Change("aws:guardduty/detector:Detector", {"enable": True}, {"findingPublishingFrequency": "FIFTEEN_MINUTES"}),
    Change(
        "aws:guardduty/detectorFeature:DetectorFeature",
        {"detectorId": "$detector.id", "name": "RUNTIME_MONITORING", "status": "DISABLED"},
        {"status": "ENABLED", "additionalConfigurations": [{"name": "EKS_ADDON_MANAGEMENT", "status": "ENABLED"}]},
        around=(Wanted("aws:guardduty/detector:Detector", {"enable": True}, "detector"),),
    ),
    Change(
        "aws:inspector2/enabler:Enabler",
        {"accountIds": ["111122223333"], "resourceTypes": ["ECR"]},
        {"resourceTypes": ["EC2", "LAMBDA", "LAMBDA_CODE"]},
    ),
    Change(
        "aws:xray/samplingRule:SamplingRule",
        {
            "ruleName": "requests",
            "fixedRate": 0.05,
            "host": "*",
            "httpMethod": "*",
            "priority": 1000,
            "reservoirSize": 1,
            "resourceArn": "*",
            "serviceName": "*",
            "serviceType": "*",
            "urlPath": "*",
            "version": 1,
        },
        {"fixedRate": 0.1, "priority": 500, "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)


def test_a_plan_shows_what_it_protects(sandbox: Sandbox) -> None:
    """A selection is listed under its plan."""
    chosen = {"name": "data", "planId": "$plan.id", "iamRoleArn": "$role.arn", "resources": ["*"]}
    created = run(sandbox, KEY, VAULT, PLAN, ROLE, Wanted("aws:backup/selection:Selection", chosen)).created
    backup = sandbox.session().client("backup")
    listed = backup.list_backup_selections(BackupPlanId=created["plan"].id)["BackupSelectionsList"]
    assert [each["SelectionName"] for each in listed] == ["data"]


def test_a_second_recorder_is_refused(sandbox: Sandbox) -> None:
    """An account takes one recorder in a Region, so a stack makes one only where it is told that there is none."""
    second = Wanted(RECORDER.type, {**RECORDER.inputs, "name": "mine"}, "second")

    with pytest.raises(ProviderError, match="MaxNumberOfConfigurationRecordersExceeded"):
        run(sandbox, ROLE, RECORDER, second)
