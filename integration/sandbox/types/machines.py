"""What starts machines: launch templates and Auto Scaling groups, with the tags that they hand on."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.ec2_shared import set_tags, the_one
from integration.sandbox.types.shapes import camel, pascal, whole, without_nothing
from integration.sandbox.types.tags import tags_from

_DATA: Final = ("imageId", "instanceType")
_SIZES: Final = ("desiredCapacity", "maxSize", "minSize")


def _create_template(subject: Subject) -> str:
    made = subject.aws.ec2.create_launch_template(
        LaunchTemplateName=subject.inputs["name"], LaunchTemplateData=_data(subject)
    )
    return made["LaunchTemplate"]["LaunchTemplateId"]


def _data(subject: Subject) -> Any:
    return subject.given(*_DATA)


def _add_version(subject: Subject) -> None:
    subject.aws.ec2.create_launch_template_version(LaunchTemplateId=subject.id, LaunchTemplateData=_data(subject))


def _read_template(subject: Subject) -> Properties:
    ec2 = subject.aws.ec2
    found: Any = the_one(ec2.describe_launch_templates(LaunchTemplateIds=[subject.id])["LaunchTemplates"])
    newest: Any = ec2.describe_launch_template_versions(LaunchTemplateId=subject.id, Versions=["$Latest"])
    return {
        **camel({name: newest["LaunchTemplateVersions"][0]["LaunchTemplateData"].get(pascal(name)) for name in _DATA}),
        "arn": subject.arn("ec2", f"launch-template/{subject.id}"),
        "defaultVersion": found["DefaultVersionNumber"],
        "latestVersion": found["LatestVersionNumber"],
        "name": found["LaunchTemplateName"],
        "tagsAll": _tags_of(subject),
    }


def _tags_of(subject: Subject) -> dict[str, str]:
    named = [{"Name": "resource-id", "Values": [subject.id]}]
    found: Any = subject.aws.ec2.describe_tags(Filters=named)["Tags"]  # type: ignore[arg-type]  # one filter
    return tags_from(found)


def _delete_template(subject: Subject) -> None:
    subject.aws.ec2.delete_launch_template(LaunchTemplateId=subject.id)


def _group_settings(subject: Subject) -> dict[str, Any]:
    wanted = subject.inputs
    template = wanted.get("launchTemplate") or {}
    given: dict[str, Any] = {
        "AvailabilityZones": wanted.get("availabilityZones"),
        "LaunchTemplate": {"LaunchTemplateId": template.get("id"), "Version": template.get("version")},
        "VPCZoneIdentifier": ",".join(wanted.get("vpcZoneIdentifiers") or ()) or None,
        **subject.given(*_SIZES),
    }
    return dict(whole(without_nothing(given)))


def _create_group(subject: Subject) -> str:
    subject.aws.of("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=subject.inputs["name"], **_group_settings(subject)
    )
    return str(subject.inputs["name"])


def _change_group(subject: Subject) -> None:
    subject.aws.of("autoscaling").update_auto_scaling_group(AutoScalingGroupName=subject.id, **_group_settings(subject))


def _group(subject: Subject, name: str) -> Any:
    listed = subject.aws.of("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return the_one(listed["AutoScalingGroups"])


def _read_group(subject: Subject) -> Properties:
    found = _group(subject, subject.id)
    return {
        **{name: found[pascal(name)] for name in _SIZES},
        "arn": found["AutoScalingGroupARN"],
        "availabilityZones": found["AvailabilityZones"],
        "name": found["AutoScalingGroupName"],
        "tags": [_as_written(each) for each in found["Tags"]],
        "vpcZoneIdentifiers": [each for each in found.get("VPCZoneIdentifier", "").split(",") if each],
    }


def _as_written(tag: Any) -> dict[str, Any]:
    return {"key": tag["Key"], "propagateAtLaunch": tag["PropagateAtLaunch"], "value": tag.get("Value", "")}


def _delete_group(subject: Subject) -> None:
    subject.aws.of("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=subject.id, ForceDelete=True)


def _on_group(name: str, tag: Properties) -> Any:
    return {**pascal(tag), "ResourceId": name, "ResourceType": "auto-scaling-group"}


def _tag_group(subject: Subject) -> None:
    """Give a group its own tags; those that are resources of their own stay as they are."""
    client, wanted = subject.aws.of("autoscaling"), subject.inputs.get("tags") or []
    left = {each["key"] for each in wanted}
    dropped = [each for each in subject.before.get("tags") or () if each["key"] not in left]
    if dropped:
        client.delete_tags(Tags=[_on_group(subject.id, {"key": each["key"]}) for each in dropped])
    if wanted:
        client.create_or_update_tags(Tags=[_on_group(subject.id, each) for each in wanted])


def _put_tag(subject: Subject) -> str:
    wanted = subject.inputs
    name = wanted["autoscalingGroupName"]
    subject.aws.of("autoscaling").create_or_update_tags(Tags=[_on_group(name, wanted["tag"])])
    return f"{name},{wanted['tag']['key']}"


def _read_tag(subject: Subject) -> Properties:
    name, _, key = subject.id.partition(",")
    found = [each for each in _group(subject, name)["Tags"] if each["Key"] == key]
    if not found:
        raise GoneError
    return {"autoscalingGroupName": name, "tag": _as_written(found[0])}


def _change_tag(subject: Subject) -> None:
    _put_tag(subject)


def _delete_tag(subject: Subject) -> None:
    name, _, key = subject.id.partition(",")
    subject.aws.of("autoscaling").delete_tags(Tags=[_on_group(name, {"key": key})])


HANDLERS: Final = (
    Handler(
        type="aws:ec2/launchTemplate:LaunchTemplate",
        create=_create_template,
        read=_read_template,
        delete=_delete_template,
        fixed=("name",),
        updates=put(_add_version, *_DATA),
        settings={"tagsAll": set_tags},
    ),
    Handler(
        type="aws:autoscaling/group:Group",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        fixed=("name",),
        updates=put(_change_group, *_SIZES, "availabilityZones", "launchTemplate", "vpcZoneIdentifiers"),
        settings={"tags": _tag_group},
        ignored={"forceDelete": "a group goes with its machines, whatever it says"},
    ),
    Handler(
        type="aws:autoscaling/tag:Tag",
        create=_put_tag,
        read=_read_tag,
        delete=_delete_tag,
        fixed=("autoscalingGroupName",),
        updates=put(_change_tag, "tag"),
    ),
)
