"""Function calls that a sandbox can answer from what it holds."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from integration.sandbox.clients import Clients
from ledgergate.engine.provider import ProviderError

Wire = Any


def answer_function(token: str, args: Mapping[str, Wire], aws: Clients) -> Mapping[str, Wire] | None:
    """Return the result of a function call, or None when it does not depend on what a sandbox holds.

    Args:
        token: Function token.
        args: camelCase argument → wire value.
        aws: Clients of the place that answers.
    """
    answer = _ANSWERS.get(token)
    return answer(args, aws) if answer is not None else None


def _detector(args: Mapping[str, Wire], aws: Clients) -> Mapping[str, Wire] | None:
    """Return the detector of a Region, or None when there is none: then the answer has to be made up."""
    guardduty = aws.of("guardduty")
    listed = guardduty.list_detectors()["DetectorIds"]
    id_ = args.get("id") or (listed[0] if listed else "")
    if id_ not in listed:
        return None
    found: Any = guardduty.get_detector(DetectorId=id_)
    return {
        "arn": f"arn:{guardduty.meta.partition}:guardduty:{guardduty.meta.region_name}:{_account(aws)}:detector/{id_}",
        "features": [_plan(each) for each in found.get("Features", ())],
        "findingPublishingFrequency": found.get("FindingPublishingFrequency", "SIX_HOURS"),
        "id": id_,
        "region": guardduty.meta.region_name,
        "serviceRoleArn": found["ServiceRole"],
        "status": found["Status"],
        "tags": found.get("Tags", {}),
    }


def _plan(feature: Mapping[str, Any]) -> Mapping[str, Wire]:
    """Return a protection plan of a detector, as its function tells it."""
    parts = [{"name": each["Name"], "status": each["Status"]} for each in feature.get("AdditionalConfiguration", ())]
    return {"additionalConfigurations": parts, "name": feature["Name"], "status": feature["Status"]}


def _account(aws: Clients) -> str:
    return str(aws.of("sts").get_caller_identity()["Account"])


def _managed_prefix_list(args: Mapping[str, Wire], aws: Clients) -> Mapping[str, Wire]:
    filters: list[Any] = [{"Name": each["name"], "Values": each["values"]} for each in args.get("filters") or ()]
    if args.get("name"):
        filters.append({"Name": "prefix-list-name", "Values": [args["name"]]})
    if args.get("id"):
        filters.append({"Name": "prefix-list-id", "Values": [args["id"]]})
    found = aws.ec2.describe_managed_prefix_lists(Filters=filters)["PrefixLists"]
    if len(found) != 1:
        raise ProviderError(f"{len(found)} managed prefix lists match {args.get('name') or args.get('id') or filters}")
    each = found[0]
    return {
        "addressFamily": each["AddressFamily"],
        "arn": each["PrefixListArn"],
        "entries": [],
        "id": each["PrefixListId"],
        "maxEntries": each.get("MaxEntries", 0),
        "name": each["PrefixListName"],
        "ownerId": each["OwnerId"],
        "region": aws.ec2.meta.region_name,
        "tags": {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])},
        "version": each.get("Version", 1),
    }


def _availability_zones(args: Mapping[str, Wire], aws: Clients) -> Mapping[str, Wire]:
    filters: list[Any] = [{"Name": each["name"], "Values": each["values"]} for each in args.get("filters") or ()]
    found = aws.ec2.describe_availability_zones(Filters=filters)["AvailabilityZones"]
    kept = [
        each
        for each in sorted(found, key=lambda zone: zone["ZoneName"])
        if args.get("state", each["State"]) == each["State"]
        and each["ZoneName"] not in (args.get("excludeNames") or ())
        and each["ZoneId"] not in (args.get("excludeZoneIds") or ())
    ]
    region = aws.ec2.meta.region_name
    return {
        **args,
        "groupNames": sorted({each.get("GroupName", region) for each in kept}),
        "id": region,
        "names": [each["ZoneName"] for each in kept],
        "region": region,
        "zoneIds": [each["ZoneId"] for each in kept],
    }


_ANSWERS: Final[Mapping[str, Callable[[Mapping[str, Wire], Clients], Mapping[str, Wire] | None]]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _managed_prefix_list,
    "aws:guardduty/getDetector:getDetector": _detector,
}
