"""Networks and who may enter them."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import TAGS

PASSES: Final = frozenset({"LG-NET-02"})
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Tag what every Region has, and let the offices in."""
    ec2: Any = session.client("ec2")
    ids = [each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]]
    ids += [each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]]
    ids += [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
    offices = ec2.create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": "10.0.0.0/8"}]
    )["PrefixList"]["PrefixListId"]
    ec2.create_tags(Resources=[*ids, offices], Tags=TAGS)
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": offices}]}
    ec2.authorize_security_group_ingress(GroupId=ids[0], IpPermissions=[rule])
