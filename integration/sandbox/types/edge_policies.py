"""CloudFront: how origins are reached, and what answers carry."""

from collections.abc import Callable
from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.edge_shapes import in_calls, with_items
from integration.sandbox.types.shapes import without_nothing
from integration.sandbox.types.tags import as_tags, retag, tags_from

_ACCESS: Final = ("description", "name", "originAccessControlOriginType", "signingBehavior", "signingProtocol")


def edge_tags(subject: Subject, arn: str) -> dict[str, str]:
    """Return the tags of a resource of CloudFront."""
    return tags_from(subject.aws.of("cloudfront").list_tags_for_resource(Resource=arn)["Tags"].get("Items", ()))


def tag_edge(subject: Subject, arn: str) -> None:
    """Give a resource of CloudFront the wanted tags, and no others."""
    cloudfront = subject.aws.of("cloudfront")
    retag(
        subject,
        lambda tags: cloudfront.tag_resource(Resource=arn, Tags={"Items": as_tags(tags)}),
        lambda keys: cloudfront.untag_resource(Resource=arn, TagKeys={"Items": keys}),
    )


def as_it_is(subject: Subject, get: Callable[..., Any]) -> dict[str, str]:
    """Return what names a resource as it is now: CloudFront changes and deletes no other version."""
    return {"Id": subject.id, "IfMatch": get(Id=subject.id)["ETag"]}


def _access(subject: Subject) -> dict[str, Any]:
    return {"Description": "", **subject.given(*_ACCESS)}


def _create_access(subject: Subject) -> str:
    made = subject.aws.of("cloudfront").create_origin_access_control(OriginAccessControlConfig=_access(subject))
    return str(made["OriginAccessControl"]["Id"])


def _change_access(subject: Subject) -> None:
    cloudfront = subject.aws.of("cloudfront")
    current = as_it_is(subject, cloudfront.get_origin_access_control)
    cloudfront.update_origin_access_control(**current, OriginAccessControlConfig=_access(subject))


def _read_access(subject: Subject) -> Properties:
    answer: Any = subject.aws.of("cloudfront").get_origin_access_control(Id=subject.id)
    found = answer["OriginAccessControl"]["OriginAccessControlConfig"]
    held = {name: found.get(name[0].upper() + name[1:], "") for name in _ACCESS}
    return {
        **held,
        "arn": subject.arn("cloudfront", f"origin-access-control/{subject.id}", regional=False),
        "etag": answer["ETag"],
    }


def _delete_access(subject: Subject) -> None:
    cloudfront = subject.aws.of("cloudfront")
    cloudfront.delete_origin_access_control(**as_it_is(subject, cloudfront.get_origin_access_control))


_HEADERS: Final = ("corsConfig", "customHeadersConfig", "removeHeadersConfig", "securityHeadersConfig")


def _headers(subject: Subject) -> dict[str, Any]:
    wanted = subject.inputs
    made = {name: without_nothing(wanted[name]) for name in _HEADERS if wanted.get(name)}
    return {"Name": wanted["name"], "Comment": wanted.get("comment") or "", **in_calls(made)}


def _create_headers(subject: Subject) -> str:
    made = subject.aws.of("cloudfront").create_response_headers_policy(ResponseHeadersPolicyConfig=_headers(subject))
    return str(made["ResponseHeadersPolicy"]["Id"])


def _change_headers(subject: Subject) -> None:
    cloudfront = subject.aws.of("cloudfront")
    current = as_it_is(subject, cloudfront.get_response_headers_policy)
    cloudfront.update_response_headers_policy(**current, ResponseHeadersPolicyConfig=_headers(subject))


def _read_headers(subject: Subject) -> Properties:
    answer: Any = subject.aws.of("cloudfront").get_response_headers_policy(Id=subject.id)
    found = with_items(answer["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"], "quantity")
    return {
        **{name: found[name] for name in ("comment", "name", *_HEADERS) if name in found},
        "arn": subject.arn("cloudfront", f"response-headers-policy/{subject.id}", regional=False),
        "etag": answer["ETag"],
    }


def _delete_headers(subject: Subject) -> None:
    cloudfront = subject.aws.of("cloudfront")
    cloudfront.delete_response_headers_policy(**as_it_is(subject, cloudfront.get_response_headers_policy))


def _endpoint(subject: Subject) -> dict[str, Any]:
    return dict(in_calls(subject.inputs["vpcOriginEndpointConfig"]))


def _create_origin(subject: Subject) -> str:
    made = subject.aws.of("cloudfront").create_vpc_origin(VpcOriginEndpointConfig=_endpoint(subject))
    return str(made["VpcOrigin"]["Id"])


def _change_origin(subject: Subject) -> None:
    cloudfront = subject.aws.of("cloudfront")
    current = as_it_is(subject, cloudfront.get_vpc_origin)
    cloudfront.update_vpc_origin(**current, VpcOriginEndpointConfig=_endpoint(subject))


def _read_origin(subject: Subject) -> Properties:
    answer: Any = subject.aws.of("cloudfront").get_vpc_origin(Id=subject.id)
    found = answer["VpcOrigin"]
    return {
        "arn": found["Arn"],
        "etag": answer["ETag"],
        "tagsAll": edge_tags(subject, found["Arn"]),
        "vpcOriginEndpointConfig": with_items(found["VpcOriginEndpointConfig"]),
    }


def _tag_origin(subject: Subject) -> None:
    tag_edge(subject, subject.arn("cloudfront", f"vpcorigin/{subject.id}", regional=False))


def _delete_origin(subject: Subject) -> None:
    cloudfront = subject.aws.of("cloudfront")
    cloudfront.delete_vpc_origin(**as_it_is(subject, cloudfront.get_vpc_origin))


HANDLERS: Final = (
    Handler(
        type="aws:cloudfront/originAccessControl:OriginAccessControl",
        create=_create_access,
        read=_read_access,
        delete=_delete_access,
        updates=put(_change_access, *_ACCESS),
    ),
    Handler(
        type="aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        create=_create_headers,
        read=_read_headers,
        delete=_delete_headers,
        updates=put(_change_headers, "comment", "name", *_HEADERS),
    ),
    Handler(
        type="aws:cloudfront/vpcOrigin:VpcOrigin",
        create=_create_origin,
        read=_read_origin,
        delete=_delete_origin,
        updates=put(_change_origin, "vpcOriginEndpointConfig"),
        settings={"tagsAll": _tag_origin},
    ),
)
