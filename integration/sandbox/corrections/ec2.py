"""EC2: what a new VPC lets in and what goes with an old one, endpoints, and the sharing of snapshots of a Region."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from moto.core.resource_tagging import TaggedResource
from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response
from moto.ec2.responses.vpcs import VPCs
from moto.logs.models import logs_backends

from integration.sandbox.corrections.registry import corrects, provides
from integration.sandbox.corrections.shelves import shelf


@corrects(
    EC2Backend,
    "create_vpc",
    fact="The default security group of a new VPC lets its own members in",
    source="Amazon VPC user guide, default security groups",
)
def _default_group_admits_itself(original: Any, backend: EC2Backend, *args: Any, **kwargs: Any) -> Any:
    vpc = original(backend, *args, **kwargs)
    group = backend.get_default_security_group(vpc.id)
    if group is not None and not group.ingress_rules:
        any_port: Any = None
        itself = [{"GroupId": group.id}]
        backend.authorize_security_group_ingress(
            group.id, "-1", any_port, any_port, ip_ranges=[], source_groups=itself, vpc_id=vpc.id
        )
    return vpc


@corrects(
    EC2Backend,
    "delete_vpc",
    fact="The default network ACL of a VPC goes with it",
    source="Amazon EC2 API reference, DeleteVpc, read 2026-12-01",
)
def _list_gone(original: Any, backend: EC2Backend, vpc_id: str) -> Any:
    vpc = original(backend, vpc_id)
    backend.network_acls = {id_: each for id_, each in backend.network_acls.items() if each.vpc_id != vpc_id}
    return vpc


@corrects(
    EC2Backend,
    "delete_nat_gateway",
    fact="The network interface of a NAT gateway goes with it, and its address is free again",
    source="Amazon EC2 API reference, DeleteNatGateway, and NetworkInterface, RequesterManaged, read 2026-12-01",
)
def _gateway_gone(original: Any, backend: EC2Backend, nat_gateway_id: str) -> Any:
    gateway = original(backend, nat_gateway_id)
    for address in gateway.address_set:
        if backend.enis.pop(address["networkInterfaceId"], None) and address.get("associationId"):
            backend.disassociate_address(association_id=address["associationId"])
    return gateway


@corrects(
    VPCEndPoint,
    "__init__",
    fact="An endpoint is a gateway where nobody says what it is, and a gateway has no private names",
    source="Amazon EC2 API reference, CreateVpcEndpoint, PrivateDnsEnabled and VpcEndpointType",
)
def _gateway_without_names(original: Any, endpoint: VPCEndPoint, *args: Any, **kwargs: Any) -> None:
    original(endpoint, *args, **kwargs)
    endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
    if endpoint.vpc_endpoint_type == "Gateway":
        endpoint.private_dns_enabled = False


@corrects(
    VPCs,
    "modify_vpc_endpoint",
    fact="Private names of an endpoint can be turned on and off",
    source="Amazon EC2 API reference, ModifyVpcEndpoint",
)
def _names_changed(original: Any, response: VPCs) -> Any:
    answer = original(response)
    wanted = response._get_bool_param("PrivateDnsEnabled")  # noqa: SLF001 - moto's own way to a parameter
    if wanted is not None:
        response.ec2_backend.vpc_end_points[response._get_param("VpcEndpointId")].private_dns_enabled = wanted  # noqa: SLF001 - as above
    return answer


@corrects(
    EC2Backend,
    "delete_vpc_endpoints",
    fact="An endpoint that was deleted is not listed any more",
    source="Amazon EC2 API reference, DeleteVpcEndpoints",
)
def _endpoint_gone(original: Any, backend: EC2Backend, vpce_ids: list[str] | None = None) -> None:
    original(backend, vpce_ids)
    for id_ in vpce_ids or []:
        backend.vpc_end_points.pop(id_, None)


@corrects(
    EC2Backend,
    "create_flow_logs",
    fact="What is recorded arrives in a log group that is named by its ARN, not by its name alone",
    source="Amazon EC2 API reference, CreateFlowLogs, LogDestination, and FlowLog, DeliverLogsStatus, read 2026-11-30",
)
def _arrives(original: Any, backend: EC2Backend, *args: Any, **kwargs: Any) -> Any:
    made, refused = original(backend, *args, **kwargs)
    groups = logs_backends[backend.account_id][backend.region_name].groups
    for log in made:
        name = (log.log_destination or "").partition(":log-group:")[2].removesuffix(":*")
        if name in groups:
            log.deliver_logs_status, log.deliver_logs_error_message = "SUCCESS", None
    return made, refused


_PATHS: Final = {"flow-logs": "vpc-flow-log", "managed-prefix-lists": "prefix-list"}
"""How moto writes an ARN → how EC2 does."""


@corrects(
    EC2Backend,
    "iter_tagged_resources",
    fact="Flow logs and prefix lists have ARNs of their own form; rules of security groups have tags of their own",
    source="AWS service authorization reference, Amazon EC2, resource types",
)
def _tagged(original: Any, backend: EC2Backend) -> Iterator[TaggedResource]:
    for each in original(backend):
        before, slash, name = each.arn.rpartition("/")
        head, colon, path = before.rpartition(":")
        yield replace(each, arn=f"{head}{colon}{_PATHS.get(path, path)}{slash}{name}")
    start = f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:security-group-rule"
    groups: Any = (group for of_vpc in backend.groups.values() for group in of_vpc.values())
    for rule in (each for group in groups for each in (*group.ingress_rules, *group.egress_rules)):
        yield TaggedResource(f"{start}/{rule.id}", dict(backend.tags.get(rule.id, {})), "ec2:security-group-rule")


_BLOCK: Final = "block of public snapshots"
_BLOCK_SOURCE: Final = "Amazon EC2 API reference, {}SnapshotBlockPublicAccess, read 2026-11-30"


def _block_of(response: EC2Response, wanted: str = "") -> ActionResult:
    """Answer with the state of the Region, changed where another is wanted."""
    kept = shelf(response.ec2_backend, _BLOCK)
    if wanted:
        kept["state"] = wanted
    return ActionResult({"State": kept.get("state", "unblocked"), "ManagedBy": "account"})


@provides(
    EC2Response,
    "get_snapshot_block_public_access_state",
    fact="A Region says whether snapshots of volumes may be shared with everybody; as long as nobody sets it, they may",
    source=_BLOCK_SOURCE.format("Get"),
)
def _block_told(response: EC2Response) -> ActionResult:
    return _block_of(response)


@provides(
    EC2Response,
    "enable_snapshot_block_public_access",
    fact="A Region can block the public sharing of snapshots",
    source=_BLOCK_SOURCE.format("Enable"),
)
def _block_enabled(response: EC2Response) -> ActionResult:
    return _block_of(response, response._get_param("State"))  # noqa: SLF001 - moto's own way to a parameter


@provides(
    EC2Response,
    "disable_snapshot_block_public_access",
    fact="A Region can allow the public sharing of snapshots again",
    source=_BLOCK_SOURCE.format("Disable"),
)
def _block_disabled(response: EC2Response) -> ActionResult:
    return _block_of(response, "unblocked")
