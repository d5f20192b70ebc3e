"""WAF: what a web ACL stands before."""

import json
from typing import Final

from moto.wafv2.responses import WAFV2Response

from integration.sandbox.corrections.registry import provides

_KINDS: Final = {"APPLICATION_LOAD_BALANCER": ":loadbalancer/app/", "API_GATEWAY": "/stages/"}
"""Type of a resource as WAF calls it → what stands in its ARN, for those that the sandbox holds."""


@provides(
    WAFV2Response,
    "list_resources_for_web_acl",
    fact="A web ACL tells what it stands before, load balancers unless it is asked for something else",
    source="AWS WAF API reference, ListResourcesForWebACL, read 2026-11-30",
)
def _list_resources(response: WAFV2Response) -> tuple[int, dict[str, str], str]:
    wanted = _KINDS[response._get_param("ResourceType", "APPLICATION_LOAD_BALANCER")]  # noqa: SLF001 - moto's own way to a parameter
    acl = response.wafv2_backend.get_web_acl(response._get_param("WebACLArn"), None, None)  # noqa: SLF001 - as above
    return 200, {}, json.dumps({"ResourceArns": [each for each in acl.associated_resources if wanted in each]})
