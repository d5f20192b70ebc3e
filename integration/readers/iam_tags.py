"""Tags of what IAM holds besides identities: a row for each kind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.tagging import Tagged

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient

TAGS: Final = Paging("Marker", ("Tags",))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of resource.

    Args:
        type: Type token.
        operations: API operations that list it and its tags.
        calls: Client → those operations.
        items: Member of the answer that lists them.
        arn: Member of an item that holds its ARN.
        path: How its ARN goes on after the account.
        named_by: Parameter of the second operation, and the member of an item that it is.
    """

    type: str
    operations: tuple[str, str]
    calls: "Callable[[IAMClient], tuple[Callable[..., Any], Callable[..., Any]]]"
    items: str
    arn: str
    path: str
    named_by: tuple[str, str]


RESOURCES: Final = (
    Kind(
        "aws:iam/instanceProfile:InstanceProfile", ("ListInstanceProfiles", "ListInstanceProfileTags"),
        lambda iam: (iam.list_instance_profiles, iam.list_instance_profile_tags), "InstanceProfiles", "Arn",
        "instance-profile", ("InstanceProfileName", "InstanceProfileName"),
    ),
    Kind(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        ("ListOpenIDConnectProviders", "ListOpenIDConnectProviderTags"),
        lambda iam: (iam.list_open_id_connect_providers, iam.list_open_id_connect_provider_tags),
        "OpenIDConnectProviderList", "Arn", "oidc-provider", ("OpenIDConnectProviderArn", "Arn"),
    ),
    Kind(
        "aws:iam/samlProvider:SamlProvider", ("ListSAMLProviders", "ListSAMLProviderTags"),
        lambda iam: (iam.list_saml_providers, iam.list_saml_provider_tags), "SAMLProviderList", "Arn",
        "saml-provider", ("SAMLProviderArn", "Arn"),
    ),
    Kind(
        "aws:iam/serverCertificate:ServerCertificate", ("ListServerCertificates", "ListServerCertificateTags"),
        lambda iam: (iam.list_server_certificates, iam.list_server_certificate_tags),
        "ServerCertificateMetadataList", "Arn", "server-certificate",
        ("ServerCertificateName", "ServerCertificateName"),
    ),
    Kind(
        "aws:iam/virtualMfaDevice:VirtualMfaDevice", ("ListVirtualMFADevices", "ListMFADeviceTags"),
        lambda iam: (iam.list_virtual_mfa_devices, iam.list_mfa_device_tags), "VirtualMFADevices", "SerialNumber",
        "mfa", ("SerialNumber", "SerialNumber"),
    ),
)  # fmt: skip

TAG_OPERATIONS: Final = tuple(f"iam:{name}" for kind in RESOURCES for name in kind.operations)
"""Every call that `begin_tagged` leads to."""


def begin_tagged(place: Place) -> Iterator[Task]:
    """Yield a task for each list."""
    for kind in RESOURCES:
        subject = Subject(place.arn("iam", f"{kind.path}/*"), kind.type, place)
        yield Task(subject, (Tagged,), partial(_list_tagged, kind, place))


def _list_tagged(kind: Kind, place: Place, desk: Desk) -> Iterator[Task]:
    operation, _ = kind.calls(desk.aws.iam)
    for page in desk.pages(Paging("Marker", (kind.items,)), operation):
        for item in page[kind.items]:
            parameter, member = kind.named_by
            subject = Subject(item[kind.arn], kind.type, place)
            yield Task(subject, (Tagged,), partial(_read, kind, subject, {parameter: item[member]}))


def _read(kind: Kind, subject: Subject, named: dict[str, str], desk: Desk) -> Iterator[Observed]:
    _, operation = kind.calls(desk.aws.iam)
    pages = desk.every(TAGS, operation, **named)
    yield tagged(subject, [tag for page in pages for tag in page["Tags"]])
