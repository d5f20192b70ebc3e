"""Security groups from one table of permitted traffic: what is not in the table cannot flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pulumi
import pulumi_aws as aws

from components.errors import ComponentError
from components.names import Names


@dataclass(frozen=True, slots=True)
class PrefixList:
    """Addresses that AWS keeps in a list.

    Args:
        name: Short name, part of the rule's logical name.
        id: Prefix list id.
    """

    name: str
    id: pulumi.Input[str]


@dataclass(frozen=True, slots=True)
class ForeignGroup:
    """A security group that keeps its own rules.

    Args:
        name: Short name, part of the rule's logical name.
        id: Security group id.
    """

    name: str
    id: pulumi.Input[str]


@dataclass(frozen=True, slots=True)
class Addresses:
    """A block of addresses outside the VPC; only a target, never a source.

    Args:
        name: Short name, part of the rule's logical name.
        cidr: IPv4 block.
    """

    name: str
    cidr: str


Peer: TypeAlias = str | PrefixList | ForeignGroup | Addresses
"""A group of the table by its name, or somebody outside it."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Traffic that may pass.

    Args:
        source: Who opens the connection.
        target: Who listens.
        port: TCP port.
        purpose: Why; the description of the rules.
    """

    source: Peer
    target: Peer
    port: int
    purpose: str

    @property
    def label(self) -> str:
        """Name of the flow, unique within a table."""
        return f"{_label(self.source)}-to-{_label(self.target)}-{self.port}"


def _label(peer: Peer) -> str:
    return peer if isinstance(peer, str) else peer.name


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroupsArgs:
    """The table of permitted traffic.

    Args:
        names: Names of the deployment.
        region: Region of the VPC.
        vpc_id: VPC.
        groups: Group name → what its members do.
        flows: What may pass; between two groups of the table it opens both ends.
    """

    names: Names
    region: str
    vpc_id: pulumi.Input[str]
    groups: Mapping[str, str]
    flows: Sequence[Flow]


class SecurityGroups(pulumi.ComponentResource):
    """Groups that admit and emit what their table lists, nothing else.

    Args:
        name: Logical name.
        args: The table.
        opts: Resource options.
    """

    ids: Mapping[str, pulumi.Output[str]]
    """Group name → id."""

    def __init__(self, name: str, args: SecurityGroupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:SecurityGroups", name, None, opts)
        self._region = args.region
        self.ids = {group: self._make_group(name, args, group).id for group in args.groups}
        for flow in args.flows:
            if isinstance(flow.source, Addresses):
                raise ComponentError(f"{flow.label}: no block of addresses may open connections: name a group.")
            if isinstance(flow.source, str):
                self._make_egress(f"{name}-{flow.label}", flow, self.ids[flow.source])
            if isinstance(flow.target, str):
                self._make_ingress(f"{name}-{flow.label}", flow, self.ids[flow.target])
        self.register_outputs({"ids": self.ids})

    def _make_group(self, name: str, args: SecurityGroupsArgs, group: str) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{name}-{group}",
            region=args.region,
            vpc_id=args.vpc_id,
            name=args.names.of(group),
            description=args.groups[group],
            tags=args.names.tag(group),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_egress(self, name: str, flow: Flow, group_id: pulumi.Input[str]) -> None:
        aws.vpc.SecurityGroupEgressRule(
            name,
            region=self._region,
            security_group_id=group_id,
            description=flow.purpose,
            ip_protocol="tcp",
            from_port=flow.port,
            to_port=flow.port,
            referenced_security_group_id=self._group_id(flow.target),
            prefix_list_id=_prefix_list_id(flow.target),
            cidr_ipv4=flow.target.cidr if isinstance(flow.target, Addresses) else None,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_ingress(self, name: str, flow: Flow, group_id: pulumi.Input[str]) -> None:
        aws.vpc.SecurityGroupIngressRule(
            name,
            region=self._region,
            security_group_id=group_id,
            description=flow.purpose,
            ip_protocol="tcp",
            from_port=flow.port,
            to_port=flow.port,
            referenced_security_group_id=self._group_id(flow.source),
            prefix_list_id=_prefix_list_id(flow.source),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _group_id(self, peer: Peer) -> pulumi.Input[str] | None:
        if isinstance(peer, PrefixList | Addresses):
            return None
        return self.ids[peer] if isinstance(peer, str) else peer.id


def _prefix_list_id(peer: Peer) -> pulumi.Input[str] | None:
    return peer.id if isinstance(peer, PrefixList) else None
