"""CloudFront: VPC origins, policies on headers of answers, and what an origin and a certificate lose."""

import datetime as dt
import secrets
from typing import Any, Final

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import Origin, ViewerCertificate
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

from integration.sandbox.corrections.registry import corrects, provides
from integration.sandbox.corrections.shelves import serve, shelf

_API: Final = "Amazon CloudFront API reference, "
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

serve(
    urls,
    CloudFrontResponse,
    "{0}/2020-05-31/response-headers-policy$",
    "{0}/2020-05-31/response-headers-policy/(?P<policy_id>[^/]+)$",
    "{0}/2020-05-31/vpc-origin$",
    "{0}/2020-05-31/vpc-origin/(?P<origin_id>[^/]+)$",
)


@corrects(
    Origin,
    "__init__",
    fact="An origin keeps its access control and the VPC origin behind it",
    source=_API + "Origin",
)
def _whole_origin(original: Any, origin: Any, given: dict[str, Any]) -> None:
    original(origin, given)
    origin.origin_access_control_id = given.get("OriginAccessControlId", "")
    if "VpcOriginConfig" in given:
        origin.vpc_origin_config = given["VpcOriginConfig"]
    if "S3OriginConfig" in given:
        origin.s3_origin_config = given["S3OriginConfig"]


@corrects(
    ViewerCertificate,
    "__init__",
    fact="A distribution with a certificate of its own does not use CloudFront's",
    source=_API + "ViewerCertificate",
)
def _own_certificate(original: Any, certificate: Any, given: dict[str, Any]) -> None:
    original(certificate, given)
    if certificate.acm_certificate_arn or certificate.iam_certificate_id:
        certificate.cloud_front_default_certificate = False


def _id(prefix: str = "") -> str:
    return prefix + "".join(secrets.choice(_DIGITS) for _ in range(14))


def _answer(kind: str, held: dict[str, Any]) -> ActionResult:
    return ActionResult({kind: held, "ETag": held["ETag"]})


def _new_vpc_origin(response: CloudFrontResponse) -> ActionResult:
    id_, now = _id("vo_"), dt.datetime.now(dt.UTC)
    arn = f"arn:{response.partition}:cloudfront::{response.current_account}:vpcorigin/{id_}"
    made = {
        "Id": id_,
        "Arn": arn,
        "AccountId": response.current_account,
        "Status": "Deployed",
        "CreatedTime": now,
        "LastModifiedTime": now,
        "VpcOriginEndpointConfig": response._get_param("VpcOriginEndpointConfig"),  # noqa: SLF001 - moto's own way to a parameter
        "ETag": _id("E"),
    }
    tags = response._get_param("Tags.Items", []) or []  # noqa: SLF001 - as above
    response.backend.tagger.tag_resource(arn, tags)
    shelf(response.backend, "vpc-origins")[id_] = made
    return _answer("VpcOrigin", made)


def _new_headers_policy(response: CloudFrontResponse) -> ActionResult:
    id_ = _id().lower()
    made = {
        "Id": id_,
        "LastModifiedTime": dt.datetime.now(dt.UTC),
        "ResponseHeadersPolicyConfig": response._get_param("ResponseHeadersPolicyConfig"),  # noqa: SLF001 - as above
        "ETag": _id("E"),
    }
    shelf(response.backend, "response-headers-policies")[id_] = made
    return _answer("ResponseHeadersPolicy", made)


def _take(response: CloudFrontResponse, shelf_name: str, missing: str) -> dict[str, Any]:
    """Return the document that is asked for; `missing` is the error code when there is none."""
    id_ = response._get_param("Id")  # noqa: SLF001 - as above
    found: dict[str, Any] | None = shelf(response.backend, shelf_name).get(id_)
    if found is None:
        raise CloudFrontException(missing, f"{id_} is not there")
    return found


def _provide(kind: str, name: str, shelf_name: str, missing: str, config: str) -> None:
    """Provide looking up, changing and deleting of one kind of document."""
    fact, source = f"A {name.replace('_', ' ')} can be looked up, changed and deleted", _API + kind

    def get(response: CloudFrontResponse) -> ActionResult:
        return _answer(kind, _take(response, shelf_name, missing))

    def update(response: CloudFrontResponse) -> ActionResult:
        held = _take(response, shelf_name, missing)
        held |= {config: response._get_param(config), "ETag": _id("E")}  # noqa: SLF001 - as above
        return _answer(kind, held)

    def delete(response: CloudFrontResponse) -> EmptyResult:
        held = _take(response, shelf_name, missing)
        del shelf(response.backend, shelf_name)[held["Id"]]
        return EmptyResult()

    for verb, method in (("get", get), ("update", update), ("delete", delete)):
        provides(CloudFrontResponse, f"{verb}_{name}", fact=fact, source=source)(method)


for _kind, _name, _shelf, _missing, _config, _create in (
    ("VpcOrigin", "vpc_origin", "vpc-origins", "EntityNotFound", "VpcOriginEndpointConfig", _new_vpc_origin),
    (
        "ResponseHeadersPolicy",
        "response_headers_policy",
        "response-headers-policies",
        "NoSuchResponseHeadersPolicy",
        "ResponseHeadersPolicyConfig",
        _new_headers_policy,
    ),
):
    provides(
        CloudFrontResponse,
        f"create_{_name}",
        fact=f"There are objects of the kind {_kind}",
        source=_API + f"Create{_kind}",
    )(_create)
    _provide(_kind, _name, _shelf, _missing, _config)


@provides(
    CloudFrontResponse,
    "list_vpc_origins",
    fact="VPC origins are listed, each with the ARN of what is behind it",
    source=_API + "ListVpcOrigins, read 2026-11-30",
)
def _list_vpc_origins(response: CloudFrontResponse) -> ActionResult:
    held = shelf(response.backend, "vpc-origins").values()
    listed = [
        {**each, "Name": _endpoint_of(each)["Name"], "OriginEndpointArn": _endpoint_of(each)["Arn"]} for each in held
    ]
    return ActionResult({"VpcOriginList": {"Quantity": len(listed), "IsTruncated": False, "Items": listed or None}})


def _endpoint_of(origin: dict[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = origin["VpcOriginEndpointConfig"]
    return config
