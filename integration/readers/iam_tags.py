"""Tags of what IAM holds besides identities: a row for each kind."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from integration.readers.kinds import Item, Kind, TagList
from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.tagging import Tagged

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient

TAGS: Final = Paging("Marker", ("Tags",))

RESOURCES: Final[tuple["Kind[IAMClient]", ...]] = (
    Kind(
        "aws:iam/instanceProfile:InstanceProfile", "ListInstanceProfiles",
        lambda iam: iam.list_instance_profiles, "InstanceProfiles", "Arn", "instance-profile",
        tags=TagList(
            "ListInstanceProfileTags", lambda iam: iam.list_instance_profile_tags,
            "InstanceProfileName", "InstanceProfileName",
        ),
    ),
    Kind(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "ListOpenIDConnectProviders",
        lambda iam: iam.list_open_id_connect_providers, "OpenIDConnectProviderList", "Arn", "oidc-provider",
        tags=TagList(
            "ListOpenIDConnectProviderTags", lambda iam: iam.list_open_id_connect_provider_tags,
            "OpenIDConnectProviderArn", "Arn",
        ),
    ),
    Kind(
        "aws:iam/samlProvider:SamlProvider", "ListSAMLProviders",
        lambda iam: iam.list_saml_providers, "SAMLProviderList", "Arn", "saml-provider",
        tags=TagList("ListSAMLProviderTags", lambda iam: iam.list_saml_provider_tags, "SAMLProviderArn", "Arn"),
    ),
    Kind(
        "aws:iam/serverCertificate:ServerCertificate", "ListServerCertificates",
        lambda iam: iam.list_server_certificates, "ServerCertificateMetadataList", "Arn", "server-certificate",
        tags=TagList(
            "ListServerCertificateTags", lambda iam: iam.list_server_certificate_tags,
            "ServerCertificateName", "ServerCertificateName",
        ),
    ),
    Kind(
        "aws:iam/virtualMfaDevice:VirtualMfaDevice", "ListVirtualMFADevices",
        lambda iam: iam.list_virtual_mfa_devices, "VirtualMFADevices", "SerialNumber", "mfa",
        tags=TagList("ListMFADeviceTags", lambda iam: iam.list_mfa_device_tags, "SerialNumber", "SerialNumber"),
    ),
)  # fmt: skip

TAG_OPERATIONS: Final = tuple(f"iam:{name}" for kind in RESOURCES for name in kind.operations)
"""Every call that `begin_tagged` leads to."""


def begin_tagged(place: Place) -> Iterator[Task]:
    """Yield a task for each list."""
    for kind in RESOURCES:
        subject = Subject(place.arn("iam", f"{kind.path}/*"), kind.type, place)
        yield Task(subject, (Tagged,), partial(_list_tagged, kind, place))


def _list_tagged(kind: "Kind[IAMClient]", place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(kind.paged_by("Marker"), kind.list(desk.aws.iam), **kind.asked):
        for item in page[kind.items]:
            subject = Subject(item[kind.named], kind.type, place)
            yield Task(subject, (Tagged,), partial(_read, kind, subject, item))


def _read(kind: "Kind[IAMClient]", subject: Subject, item: Item, desk: Desk) -> Iterator[Observed]:
    if kind.tags is not None:
        named = {kind.tags.parameter: item[kind.tags.member]}
        pages = desk.every(TAGS, kind.tags.list(desk.aws.iam), **named)
        yield tagged(subject, [tag for page in pages for tag in page["Tags"]])
