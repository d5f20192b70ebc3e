"""The networks that every Region of a new account has, taken out of a sandbox."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3


def remove_default_networks(session: "boto3.Session", regions: tuple[str, ...], used: Collection[str]) -> None:
    """Take the default network out of every Region, as whoever hands out the accounts of a bank does.

    Every control would else speak about a network that no program made.

    Args:
        session: Of the sandbox.
        regions: AWS Regions.
        used: Texts of the program's resources; a network whose id is among them stays.
    """
    for region in regions:
        ec2: Any = session.client("ec2", region_name=region)
        for vpc in ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]:
            if vpc["VpcId"] not in used:
                within = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
                for subnet in ec2.describe_subnets(Filters=within)["Subnets"]:
                    ec2.delete_subnet(SubnetId=subnet["SubnetId"])
                ec2.delete_vpc(VpcId=vpc["VpcId"])
