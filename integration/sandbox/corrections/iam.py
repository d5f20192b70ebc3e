"""IAM: the policies that AWS manages, each when somebody names it, and tags that moto keeps to itself.

Moto can load all 1,500 at once, for every account and after every reset, which takes longer than a deployment.
"""

import json
from functools import cache
from typing import Any, Final

from moto.core.responses import ActionResult
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend
from moto.iam.responses import IamResponse

from integration.sandbox.corrections.registry import corrects, provides

_FACT: Final = "The policies that AWS manages are there"
_SOURCE: Final = "AWS managed policy reference guide"


@cache
def _documents() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    return loaded


def _provide(backend: IAMBackend, arn: str) -> None:
    if ":iam::aws:policy/" not in arn or arn in backend.managed_policies:
        return
    name = arn.rpartition("/")[2]
    if name in _documents():
        policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, _documents()[name])
        if policy.arn == arn:
            backend.managed_policies[arn] = policy


def _first_provided(original: Any, backend: IAMBackend, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
    _provide(backend, policy_arn)
    return original(backend, policy_arn, *args, **kwargs)


for _name in ("attach_group_policy", "attach_role_policy", "attach_user_policy", "get_policy"):
    corrects(IAMBackend, _name, fact=_FACT, source=_SOURCE)(_first_provided)


@provides(
    IamResponse,
    "list_instance_profile_tags",
    fact="The tags of an instance profile are listed",
    source="IAM API reference, ListInstanceProfileTags",
)
def _profile_tags(response: IamResponse) -> ActionResult:
    profile = response.backend.get_instance_profile(response._get_param("InstanceProfileName"))  # noqa: SLF001 - moto's own way to a parameter
    return ActionResult({"Tags": profile.tags, "IsTruncated": False})


def _no_tags(_response: IamResponse) -> ActionResult:
    return ActionResult({"Tags": [], "IsTruncated": False})


for _name in ("list_mfa_device_tags", "list_saml_provider_tags", "list_server_certificate_tags"):
    provides(
        IamResponse,
        _name,
        fact="Devices, providers and certificates that nobody tagged have no tags; moto keeps none for them",
        source="IAM API reference, ListMFADeviceTags, ListSAMLProviderTags, ListServerCertificateTags",
    )(_no_tags)
