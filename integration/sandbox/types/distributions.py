"""CloudFront distributions."""

import uuid
from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.edge_policies import as_it_is, edge_tags, tag_edge
from integration.sandbox.types.edge_shapes import in_calls, in_programs
from integration.sandbox.types.shapes import without_nothing

_ZONE: Final = "Z2FDTNDATAQYW2"
"""Hosted zone of every distribution. Source: Amazon CloudFront endpoints and quotas, read 2026-11-30."""

_PLAIN: Final = (
    "aliases",
    "comment",
    "customErrorResponses",
    "defaultRootObject",
    "enabled",
    "httpVersion",
    "isIpv6Enabled",
    "priceClass",
    "viewerCertificate",
    "webAclId",
)
"""Settings that differ from CloudFront's in their spelling only."""

_OTHERS: Final = ("defaultCacheBehavior", "loggingConfig", "orderedCacheBehaviors", "origins", "restrictions")


def _config(subject: Subject, reference: str) -> dict[str, Any]:
    wanted = without_nothing(dict(subject.inputs))
    made = in_calls({name: wanted[name] for name in _PLAIN if name in wanted})
    return {
        "Comment": "",
        **made,
        "CacheBehaviors": _counted([_behaviour(each) for each in wanted.get("orderedCacheBehaviors", ())]),
        "CallerReference": reference,
        "DefaultCacheBehavior": _behaviour(wanted["defaultCacheBehavior"]),
        "Logging": _log(wanted.get("loggingConfig") or {}),
        "Origins": _counted([_origin(each) for each in wanted["origins"]]),
        "Restrictions": _restrictions(wanted.get("restrictions", {})),
    }


def _log(wanted: Properties) -> dict[str, Any]:
    """Return the log as CloudFront takes it: a bucket is what switches it on."""
    bucket = wanted.get("bucket") or ""
    named = {"Bucket": bucket, "Prefix": wanted.get("prefix") or ""}
    return {"Enabled": bool(bucket), "IncludeCookies": wanted.get("includeCookies") is True, **named}


def _counted(items: list[Any]) -> dict[str, Any]:
    return {"Quantity": len(items), **({"Items": items} if items else {})}


def _behaviour(wanted: Properties) -> dict[str, Any]:
    made: dict[str, Any] = in_calls({name: value for name, value in wanted.items() if name != "cachedMethods"})
    if "AllowedMethods" in made:
        made["AllowedMethods"] = {**made["AllowedMethods"], "CachedMethods": in_calls(wanted.get("cachedMethods", []))}
    return made


def _shown_behaviour(found: Any) -> dict[str, Any]:
    shown: dict[str, Any] = in_programs({name: value for name, value in found.items() if name != "AllowedMethods"})
    methods = found.get("AllowedMethods", {})
    shown["allowedMethods"] = methods.get("Items", [])
    shown["cachedMethods"] = methods.get("CachedMethods", {}).get("Items", [])
    if shown.get("cachePolicyId"):
        # Either a cache policy or these, and moto always has these.
        shown.pop("forwardedValues", None)
    return shown


def _origin(wanted: Properties) -> dict[str, Any]:
    named = {"originId": "Id", "customHeaders": "CustomHeaders"}
    made: dict[str, Any] = in_calls({name: value for name, value in wanted.items() if name not in named})
    headers = [{"HeaderName": each["name"], "HeaderValue": each["value"]} for each in wanted.get("customHeaders", ())]
    if not {"CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig"} & made.keys():
        made["S3OriginConfig"] = {"OriginAccessIdentity": ""}
    return {**made, "Id": wanted["originId"], "CustomHeaders": _counted(headers)}


def _shown_origin(found: Any) -> dict[str, Any]:
    shown: dict[str, Any] = in_programs(
        {name: value for name, value in found.items() if name not in ("Id", "CustomHeaders")}
    )
    headers = found.get("CustomHeaders", {}).get("Items", ())
    shown["customHeaders"] = [{"name": each["HeaderName"], "value": each["HeaderValue"]} for each in headers]
    if shown.get("s3OriginConfig", {}).get("originAccessIdentity") == "":
        del shown["s3OriginConfig"]
    return {**shown, "originId": found["Id"]}


def _shown_log(found: Any) -> dict[str, Any]:
    return {"bucket": found["Bucket"], "includeCookies": found["IncludeCookies"], "prefix": found["Prefix"]}


def _certificate(shown: Properties) -> dict[str, Any]:
    """Return a certificate without the names that CloudFront has given up."""
    return {name: value for name, value in shown.items() if name not in ("certificate", "certificateSource")}


def _restrictions(wanted: Properties) -> dict[str, Any]:
    geo = wanted.get("geoRestriction", {})
    made = _counted(list(geo.get("locations", ())))
    return {"GeoRestriction": {"RestrictionType": geo.get("restrictionType", "none"), **made}}


def _create(subject: Subject) -> str:
    config = _config(subject, str(uuid.uuid4()))
    return str(subject.aws.of("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]["Id"])


def _change(subject: Subject) -> None:
    cloudfront = subject.aws.of("cloudfront")
    held = cloudfront.get_distribution_config(Id=subject.id)
    config = _config(subject, held["DistributionConfig"]["CallerReference"])
    cloudfront.update_distribution(Id=subject.id, IfMatch=held["ETag"], DistributionConfig=config)


def _read(subject: Subject) -> Properties:
    answer: Any = subject.aws.of("cloudfront").get_distribution(Id=subject.id)
    found = answer["Distribution"]
    config = found["DistributionConfig"]
    shown = in_programs(config)
    geo = config["Restrictions"]["GeoRestriction"]
    return {
        **{name: shown[name] for name in _PLAIN if name in shown},
        "viewerCertificate": _certificate(shown["viewerCertificate"]),
        "arn": found["ARN"],
        "callerReference": config["CallerReference"],
        "defaultCacheBehavior": _shown_behaviour(config["DefaultCacheBehavior"]),
        "domainName": found["DomainName"],
        "etag": answer["ETag"],
        "hostedZoneId": _ZONE,
        "orderedCacheBehaviors": [_shown_behaviour(each) for each in config["CacheBehaviors"].get("Items", ())],
        "loggingConfig": _shown_log(config["Logging"]),
        "origins": [_shown_origin(each) for each in config["Origins"]["Items"]],
        "restrictions": {
            "geoRestriction": {"locations": geo.get("Items", []), "restrictionType": geo["RestrictionType"]}
        },
        "status": found["Status"],
        "tagsAll": edge_tags(subject, found["ARN"]),
    }


def _set_tags(subject: Subject) -> None:
    tag_edge(subject, subject.arn("cloudfront", f"distribution/{subject.id}", regional=False))


def _delete(subject: Subject) -> None:
    cloudfront = subject.aws.of("cloudfront")
    cloudfront.delete_distribution(**as_it_is(subject, cloudfront.get_distribution))


HANDLERS: Final = (
    Handler(
        type="aws:cloudfront/distribution:Distribution",
        create=_create,
        read=_read,
        delete=_delete,
        updates=put(_change, *_PLAIN, *_OTHERS),
        settings={"tagsAll": _set_tags},
        ignored={
            "retainOnDelete": "what the program drops goes from the sandbox",
            "waitForDeployment": "moto deploys at once",
        },
    ),
)
