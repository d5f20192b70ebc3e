"""The watch: alarms, traces, the audit log group, and the services that look over the whole account."""

from collections.abc import Mapping
from dataclasses import replace

import pulumi
import pulumi_aws as aws
from compute import ComputeParts
from edge import EdgeParts
from edge_settings import EDGE_REGION, REQUESTS_PER_MINUTE
from monitoring_settings import Adoption
from security import KeyArns, make_key
from settings import LOG_RETENTION_DAYS, Settings
from storage import BucketNames, config_logs

from components.alarm_table import (
    Alarm,
    balancer_alarms,
    database_alarms,
    distribution_alarms,
    service_alarms,
    web_acl_alarms,
)
from components.alarm_topic import AlarmTopic, AlarmTopicArgs, alarm_pattern
from components.alarms import Alarms, AlarmsArgs
from components.audit_events import AuditEvents, AuditEventsArgs, count_alarms
from components.config_recorder import ConfigRecorder, ConfigRecorderArgs
from components.config_rules import NETWORK_RULES, ConfigRules, ConfigRulesArgs, storage_rules
from components.key_policy import used_by_alarms
from components.place import Place
from components.threat_detection import ThreatDetection, ThreatDetectionArgs
from components.trace_sampling import TraceSampling, TraceSamplingArgs
from components.vulnerability_scanning import VulnerabilityScanning, VulnerabilityScanningArgs

SERVERLESS = "db.serverless"


def make_monitoring(
    settings: Settings, place: Place, keys: KeyArns, buckets: BucketNames, compute: ComputeParts, edge: EdgeParts
) -> None:
    """Make the watch over everything else."""
    events = AuditEventsArgs(names=settings.names, place=place, key_arn=keys.logs, retention_days=LOG_RETENTION_DAYS)
    AuditEvents("audit", events)
    for region, alarms in _alarms(settings, place, compute, edge, count_alarms(events)).items():
        _make_alarms(settings, replace(place, region=region), alarms)
    TraceSampling(
        "traces", TraceSamplingArgs(names=settings.names, region=place.region, rate=settings.monitoring.trace_rate)
    )
    _make_config_rules(settings, place, keys, buckets)
    if settings.monitoring.inspector is Adoption.CREATE:
        VulnerabilityScanning("inspector", VulnerabilityScanningArgs(place=place))


def make_detector(settings: Settings, place: Place) -> pulumi.Output[str] | None:
    """Return the GuardDuty detector that watches the system; None where others see to it.

    An account takes one detector in a Region, and a program cannot know whether there is one without looking. `adopt`
    looks, and so ends a deployment into an account without one; only `create` makes one.
    """
    match settings.monitoring.guard_duty:
        case Adoption.CREATE:
            return ThreatDetection("guard-duty", ThreatDetectionArgs(region=place.region)).detector_id
        case Adoption.ADOPT:
            return aws.guardduty.get_detector_output(region=place.region).id
        case Adoption.SKIP:
            return None


def _make_config_rules(settings: Settings, place: Place, keys: KeyArns, buckets: BucketNames) -> None:
    """Make the rules, and with `create` the recorder that they need; with `adopt` AWS refuses them without one."""
    if settings.monitoring.config_rules is Adoption.SKIP:
        return
    rules = (*storage_rules(LOG_RETENTION_DAYS), *NETWORK_RULES)
    recorders = []
    if buckets.config_logs:
        args = ConfigRecorderArgs(
            names=settings.names,
            place=place,
            bucket=config_logs(settings.names),
            key_arn=keys.objects,
            after=[buckets.config_logs],
        )
        recorders.append(ConfigRecorder("config-recorder", args))
    ConfigRules("config", ConfigRulesArgs(names=settings.names, region=place.region, rules=rules, after=recorders))


def _alarms(
    settings: Settings, place: Place, compute: ComputeParts, edge: EdgeParts, counts: tuple[Alarm, ...]
) -> Mapping[str, tuple[Alarm, ...]]:
    """Return Region → alarms of the metrics that are there."""
    inside = (
        *balancer_alarms(compute.balancer_arn_suffix, compute.target_group_arn_suffixes),
        *service_alarms(compute.cluster_name, compute.service_names),
        *database_alarms(settings.names.of("database"), serverless=settings.database.instance_class == SERVERLESS),
        *counts,
    )
    outside = (*distribution_alarms(edge.distribution_id), *web_acl_alarms(edge.web_acl, REQUESTS_PER_MINUTE))
    if place.region == EDGE_REGION:
        return {EDGE_REGION: (*inside, *outside)}
    return {place.region: inside, EDGE_REGION: outside}


def _make_alarms(settings: Settings, place: Place, alarms: tuple[Alarm, ...]) -> None:
    label = f"alarms-{place.region}"
    uses = used_by_alarms(place, alarm_pattern(settings.names))
    key_arn = make_key(settings, place, "alarms", uses, name=label)
    topic = AlarmTopic(
        label,
        AlarmTopicArgs(names=settings.names, place=place, key_arn=key_arn, emails=settings.monitoring.alarm_emails),
    )
    Alarms(label, AlarmsArgs(names=settings.names, region=place.region, topic_arn=topic.arn, alarms=alarms))
