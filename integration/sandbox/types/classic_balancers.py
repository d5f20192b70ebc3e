"""Classic load balancers."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject
from integration.sandbox.types.shapes import whole
from integration.sandbox.types.tags import as_tags, retag, tags_from

_LISTENER: Final = {
    "instancePort": "InstancePort",
    "instanceProtocol": "InstanceProtocol",
    "lbPort": "LoadBalancerPort",
    "lbProtocol": "Protocol",
    "sslCertificateId": "SSLCertificateId",
}
"""Setting of a listener → as the calls write it."""


def _listeners(wanted: Properties) -> list[dict[str, Any]]:
    listed = [whole(each) for each in wanted["listeners"]]
    return [{call: each[name] for name, call in _LISTENER.items() if each.get(name) is not None} for each in listed]


def _create(subject: Subject) -> str:
    wanted = subject.inputs
    placed = {**subject.given("availabilityZones", "securityGroups", "subnets"), "Listeners": _listeners(wanted)}
    if wanted.get("internal") is True:
        placed["Scheme"] = "internal"
    subject.aws.of("elb").create_load_balancer(LoadBalancerName=wanted["name"], **placed)
    return str(wanted["name"])


def _read(subject: Subject) -> Properties:
    elb = subject.aws.of("elb")
    found: Any = elb.describe_load_balancers(LoadBalancerNames=[subject.id])["LoadBalancerDescriptions"][0]
    tags = elb.describe_tags(LoadBalancerNames=[subject.id])["TagDescriptions"][0]["Tags"]
    return {
        "accessLogs": _log(elb.describe_load_balancer_attributes(LoadBalancerName=subject.id)),
        "arn": subject.arn("elasticloadbalancing", f"loadbalancer/{subject.id}"),
        "availabilityZones": found["AvailabilityZones"],
        "dnsName": found["DNSName"],
        "internal": found.get("Scheme") == "internal",
        "listeners": [_shown(each["Listener"]) for each in found["ListenerDescriptions"]],
        "name": found["LoadBalancerName"],
        "securityGroups": found.get("SecurityGroups", []),
        "subnets": found.get("Subnets", []),
        "tagsAll": tags_from(tags),
    }


def _shown(found: Any) -> dict[str, Any]:
    return {name: found[call] for name, call in _LISTENER.items() if call in found}


def _log(answer: Any) -> dict[str, Any]:
    found = answer["LoadBalancerAttributes"]["AccessLog"]
    names = {"bucket": "S3BucketName", "bucketPrefix": "S3BucketPrefix", "interval": "EmitInterval"}
    return {"enabled": found["Enabled"], **{name: found[call] for name, call in names.items() if call in found}}


def _set_log(subject: Subject) -> None:
    wanted = whole(subject.inputs.get("accessLogs") or {"enabled": False})
    log: dict[str, Any] = {"Enabled": wanted.get("enabled") is not False}
    if wanted.get("bucket"):
        log |= {"S3BucketName": wanted["bucket"], "S3BucketPrefix": wanted.get("bucketPrefix") or ""}
        log["EmitInterval"] = wanted.get("interval") or 60
    attributes = {"AccessLog": log}
    subject.aws.of("elb").modify_load_balancer_attributes(
        LoadBalancerName=subject.id, LoadBalancerAttributes=attributes
    )


def _set_tags(subject: Subject) -> None:
    elb, names = subject.aws.of("elb"), [subject.id]
    retag(
        subject,
        lambda tags: elb.add_tags(LoadBalancerNames=names, Tags=as_tags(tags)),
        lambda keys: elb.remove_tags(LoadBalancerNames=names, Tags=[{"Key": key} for key in keys]),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("elb").delete_load_balancer(LoadBalancerName=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:elb/loadBalancer:LoadBalancer",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("availabilityZones", "internal", "listeners", "name", "securityGroups", "subnets"),
        settings={"accessLogs": _set_log, "tagsAll": _set_tags},
    ),
)
