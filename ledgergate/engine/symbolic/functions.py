"""Function calls of the AWS provider that can be answered for real without AWS.

Runs inside the program's interpreter: standard library only.
Source: the data sources of the same names in terraform-provider-aws, read 2026-11-21.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ledgergate.engine import wire
from ledgergate.engine.provider import ProviderError
from ledgergate.engine.symbolic.mint import digest, maker
from ledgergate.engine.symbolic.place import Place
from ledgergate.engine.symbolic.policy_document import policy_document
from ledgergate.engine.symbolic.regions import Region, region_facts

Args = Mapping[str, wire.Wire]
Function = Callable[[Args, Place], dict[str, wire.Wire]]
"""Takes the call's arguments, camelCase, and the place with the Region that they ask for."""

_BILLING_ACCOUNT: Final = "386209384616"
_OWN_SUFFIX: Final = {"aws-cn": frozenset({"codedeploy", "elasticmapreduce", "logs"})}
_ZONE_FILTERS: Final = frozenset(
    {"opt-in-status", "region-name", "state", "zone-id", "zone-name", "zone-type", "group-name"}
)


def _caller_identity(_args: Args, place: Place) -> dict[str, wire.Wire]:
    """Answer with the account; who calls is nobody real, so name and id carry the mark."""
    mark = maker("upper21")
    user = mark(digest(place.account)) if mark else ""
    arn = f"arn:{place.partition}:sts::{place.account}:assumed-role/{user.lower()}/ledgergate"
    return {"accountId": place.account, "arn": arn, "id": place.account, "userId": f"AROA{user}:ledgergate"}


def _region(args: Args, place: Place) -> dict[str, wire.Wire]:
    name = str(args.get("region") or args.get("name") or args.get("id") or "")
    endpoint = str(args.get("endpoint") or "")
    if not name and endpoint:
        name = endpoint.removeprefix("ec2.").split(".")[0]
    name = name or place.region
    return {
        "description": _known(name).description,
        "endpoint": f"ec2.{name}.{place.dns}",
        "id": name,
        "name": name,
        "region": name,
    }


def _partition(_args: Args, place: Place) -> dict[str, wire.Wire]:
    prefix = ".".join(reversed(place.dns.split(".")))
    return {"id": place.partition, "partition": place.partition, "dnsSuffix": place.dns, "reverseDnsPrefix": prefix}


def _availability_zones(args: Args, place: Place) -> dict[str, wire.Wire]:
    name = place.region
    without_names, without_ids = args.get("excludeNames") or (), args.get("excludeZoneIds") or ()
    zones = [
        (zone, zone_id)
        for zone, zone_id in _known(name).zones.items()
        if zone not in without_names
        and zone_id not in without_ids
        and args.get("state") in (None, "available")
        and all(_passes(zone, zone_id, name, each) for each in args.get("filters") or ())
    ]
    return {
        **{key: value for key, value in args.items() if value is not None},
        "groupNames": [name],
        "id": name,
        "names": [zone for zone, _ in zones],
        "region": name,
        "zoneIds": [zone_id for _, zone_id in zones],
    }


def _passes(zone: str, zone_id: str, region: str, wanted: Mapping[str, Any]) -> bool:
    facts = {
        "group-name": region,
        "opt-in-status": "opt-in-not-required",
        "region-name": region,
        "state": "available",
        "zone-id": zone_id,
        "zone-name": zone,
        "zone-type": "availability-zone",
    }
    name = wanted.get("name")
    if name not in _ZONE_FILTERS:
        raise ProviderError(f"the filter {name} cannot be answered offline; give the answer with --answers FILE")
    return facts[str(name)] in (wanted.get("values") or ())


def _arn(args: Args, _place: Place) -> dict[str, wire.Wire]:
    text = str(args.get("arn"))
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":  # noqa: PLR2004 - the parts of an ARN
        raise ProviderError(f"value {text} is not an ARN")
    return {"arn": text, "id": text} | dict(
        zip(("partition", "service", "region", "account", "resource"), parts[1:], strict=True)
    )


def _elb_service_account(_args: Args, place: Place) -> dict[str, wire.Wire]:
    account = _known(place.region).elb_account
    if not account:
        raise ProviderError(f"unknown AWS ELB Account ID for AWS Region ({place.region})")
    return {"arn": f"arn:{place.partition}:iam::{account}:root", "id": account, "region": place.region}


def _billing_service_account(_args: Args, place: Place) -> dict[str, wire.Wire]:
    return {"arn": f"arn:{place.partition}:iam::{_BILLING_ACCOUNT}:root", "id": _BILLING_ACCOUNT}


def _service_principal(args: Args, place: Place) -> dict[str, wire.Wire]:
    service = str(args.get("serviceName"))
    suffix = place.dns if service in _OWN_SUFFIX.get(place.partition, ()) else "amazonaws.com"
    return {
        "id": f"{service}.{place.region}.{suffix}",
        "name": f"{service}.{suffix}",
        "region": place.region,
        "serviceName": service,
        "suffix": suffix,
    }


def _known(name: str) -> Region:
    if name == wire.UNKNOWN:
        raise ProviderError("the Region of this provider is not known before deployment")
    facts = region_facts(name)
    if facts is None:
        raise ProviderError(f"nothing is known offline of the Region {name}; give the answer with --answers FILE")
    return facts


FUNCTIONS: Final[Mapping[str, Function]] = {
    "aws:elb/getServiceAccount:getServiceAccount": _elb_service_account,
    "aws:iam/getPolicyDocument:getPolicyDocument": lambda args, _: policy_document(args),
    "aws:index/getArn:getArn": _arn,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getBillingServiceAccount:getBillingServiceAccount": _billing_service_account,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getServicePrincipal:getServicePrincipal": _service_principal,
}
"""Function token → its answer."""
