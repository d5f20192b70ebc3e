"""Load balancers and what they send requests to."""

from collections.abc import Mapping
from typing import Any, Final

from integration.sandbox.handler import Apply, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import whole
from integration.sandbox.types.tags import as_tags, retag, tags_from

_BALANCER: Final = {
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
    "enableHttp2": "routing.http2.enabled",
    "enableTlsVersionAndCipherSuiteHeaders": "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
    "enableWafFailOpen": "waf.fail_open.enabled",
    "enableXffClientPort": "routing.http.xff_client_port.enabled",
    "idleTimeout": "idle_timeout.timeout_seconds",
    "preserveHostHeader": "routing.http.preserve_host_header.enabled",
    "xffHeaderProcessingMode": "routing.http.xff_header_processing.mode",
}
"""Setting of a balancer → key of the attribute that holds it."""

_LOGS: Final = {"accessLogs": "access_logs.s3", "connectionLogs": "connection_logs.s3"}

_GROUP: Final = {
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
    "slowStart": "slow_start.duration_seconds",
}
"""Setting of a target group → key of the attribute that holds it."""


def set_tags(subject: Subject) -> None:
    """Give what is named by its ARN the wanted tags, and no others."""
    elb, arns = subject.aws.of("elbv2"), [subject.id]
    retag(
        subject,
        lambda tags: elb.add_tags(ResourceArns=arns, Tags=as_tags(tags)),
        lambda keys: elb.remove_tags(ResourceArns=arns, TagKeys=keys),
    )


def tags_of(subject: Subject) -> dict[str, str]:
    """Return the tags of what is named by its ARN."""
    found = subject.aws.of("elbv2").describe_tags(ResourceArns=[subject.id])["TagDescriptions"]
    return tags_from(found[0]["Tags"])


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(whole(value))


def _value(text: str) -> Any:
    """Return what an attribute's text means."""
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text


def _held(attributes: Mapping[str, str], table: Mapping[str, str]) -> dict[str, Any]:
    return {name: _value(attributes[key]) for name, key in table.items() if key in attributes}


def _create_balancer(subject: Subject) -> str:
    wanted = subject.inputs
    given = {**subject.given("name", "securityGroups", "ipAddressType"), "Type": _kind(wanted)}
    given["Scheme"] = "internal" if wanted.get("internal") is True else "internet-facing"
    given["Subnets"] = wanted.get("subnets") or [each["subnetId"] for each in wanted.get("subnetMappings") or ()]
    return str(subject.aws.of("elbv2").create_load_balancer(**given)["LoadBalancers"][0]["LoadBalancerArn"])


def _kind(wanted: Properties) -> str:
    return str(wanted.get("loadBalancerType") or "application")


def _read_balancer(subject: Subject) -> Properties:
    elb, arn = subject.aws.of("elbv2"), subject.id
    found: Any = elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    listed = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    attributes = {each["Key"]: each["Value"] for each in listed}
    return {
        **_held(attributes, _BALANCER),
        **{name: _log(attributes, start) for name, start in _LOGS.items() if f"{start}.enabled" in attributes},
        "arn": arn,
        "arnSuffix": arn.partition(":loadbalancer/")[2],
        "dnsName": found["DNSName"],
        "internal": found["Scheme"] == "internal",
        "ipAddressType": found.get("IpAddressType", "ipv4"),
        "loadBalancerType": found["Type"],
        "name": found["LoadBalancerName"],
        "securityGroups": found.get("SecurityGroups", []),
        "subnets": [each["SubnetId"] for each in found["AvailabilityZones"]],
        "tagsAll": tags_of(subject),
        "vpcId": found["VpcId"],
        "zoneId": found["CanonicalHostedZoneId"],
    }


def _log(attributes: Mapping[str, str], start: str) -> dict[str, Any]:
    texts = {name: attributes.get(f"{start}.{name}", "") for name in ("bucket", "prefix")}
    return {"enabled": attributes[f"{start}.enabled"] == "true", **{name: text for name, text in texts.items() if text}}


def _set_balancer(subject: Subject) -> None:
    wanted, listed = subject.inputs, []
    listed += [{"Key": key, "Value": _text(wanted[name])} for name, key in _BALANCER.items() if _is(wanted, name)]
    for name, start in _LOGS.items():
        log = {"enabled": False, **(wanted.get(name) or {})}
        if name in wanted or name in subject.before:
            listed += [{"Key": f"{start}.{each}", "Value": _text(value)} for each, value in log.items() if value != ""]
    if listed:
        subject.aws.of("elbv2").modify_load_balancer_attributes(LoadBalancerArn=subject.id, Attributes=listed)


def _is(wanted: Properties, name: str) -> bool:
    return wanted.get(name) is not None


def _set_security_groups(subject: Subject) -> None:
    groups = subject.inputs.get("securityGroups") or []
    subject.aws.of("elbv2").set_security_groups(LoadBalancerArn=subject.id, SecurityGroups=groups)


def _set_subnets(subject: Subject) -> None:
    subject.aws.of("elbv2").set_subnets(LoadBalancerArn=subject.id, Subnets=subject.inputs["subnets"])


def _delete_balancer(subject: Subject) -> None:
    subject.aws.of("elbv2").delete_load_balancer(LoadBalancerArn=subject.id)


def _health(wanted: Properties) -> dict[str, Any]:
    """Return the health check as the calls of load balancing take it."""
    check = whole(wanted.get("healthCheck") or {})
    names = {
        "enabled": "HealthCheckEnabled",
        "healthyThreshold": "HealthyThresholdCount",
        "interval": "HealthCheckIntervalSeconds",
        "path": "HealthCheckPath",
        "port": "HealthCheckPort",
        "protocol": "HealthCheckProtocol",
        "timeout": "HealthCheckTimeoutSeconds",
        "unhealthyThreshold": "UnhealthyThresholdCount",
    }
    given: dict[str, Any] = {call: check[name] for name, call in names.items() if check.get(name) is not None}
    if check.get("matcher"):
        given["Matcher"] = {"HttpCode": check["matcher"]}
    return given


def _create_group(subject: Subject) -> str:
    given = subject.given("name", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType")
    if subject.inputs.get("port") is not None:
        given["Port"] = int(subject.inputs["port"])
    made = subject.aws.of("elbv2").create_target_group(**given, **_health(subject.inputs))
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def _read_group(subject: Subject) -> Properties:
    elb, arn = subject.aws.of("elbv2"), subject.id
    found: Any = elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    listed = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    return {
        **_held({each["Key"]: each["Value"] for each in listed}, _GROUP),
        "arn": arn,
        "arnSuffix": arn.rpartition(":")[2],
        "healthCheck": _checked(found),
        "name": found["TargetGroupName"],
        "port": found.get("Port"),
        "protocol": found.get("Protocol", ""),
        "protocolVersion": found.get("ProtocolVersion", ""),
        "tagsAll": tags_of(subject),
        "targetType": found["TargetType"],
        "vpcId": found.get("VpcId", ""),
    }


def _checked(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "enabled": found["HealthCheckEnabled"],
        "healthyThreshold": found["HealthyThresholdCount"],
        "interval": found["HealthCheckIntervalSeconds"],
        "matcher": found.get("Matcher", {}).get("HttpCode", ""),
        "path": found.get("HealthCheckPath", ""),
        "port": found.get("HealthCheckPort", "traffic-port"),
        "protocol": found.get("HealthCheckProtocol", ""),
        "timeout": found["HealthCheckTimeoutSeconds"],
        "unhealthyThreshold": found["UnhealthyThresholdCount"],
    }


def _change_health(subject: Subject) -> None:
    subject.aws.of("elbv2").modify_target_group(TargetGroupArn=subject.id, **_health(subject.inputs))


def _set_group(subject: Subject) -> None:
    wanted = subject.inputs
    listed = [{"Key": key, "Value": _text(wanted[name])} for name, key in _GROUP.items() if _is(wanted, name)]
    if listed:
        subject.aws.of("elbv2").modify_target_group_attributes(TargetGroupArn=subject.id, Attributes=listed)


def _delete_group(subject: Subject) -> None:
    subject.aws.of("elbv2").delete_target_group(TargetGroupArn=subject.id)


_BALANCER_UPDATES: Final[dict[str, Apply]] = {"securityGroups": _set_security_groups, "subnets": _set_subnets}

HANDLERS: Final = (
    Handler(
        type="aws:lb/loadBalancer:LoadBalancer",
        create=_create_balancer,
        read=_read_balancer,
        delete=_delete_balancer,
        fixed=("internal", "ipAddressType", "loadBalancerType", "name", "subnetMappings"),
        updates=_BALANCER_UPDATES,
        settings={**put(_set_balancer, *_BALANCER, *_LOGS), "tagsAll": set_tags},
    ),
    Handler(
        type="aws:lb/targetGroup:TargetGroup",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        fixed=("ipAddressType", "name", "port", "protocol", "protocolVersion", "targetType", "vpcId"),
        updates=put(_change_health, "healthCheck"),
        settings={**put(_set_group, *_GROUP), "tagsAll": set_tags},
    ),
)
