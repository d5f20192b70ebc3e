"""Tags that a stack gives to all its resources."""

from pathlib import Path

import pytest

from tests.infra.recording import Record, Recording

PROGRAM = """
import sys

sys.path.append({infra!r})

import pulumi
import pulumi_aws as aws
from components.tags import tag_every_resource

aws.ec2.Vpc("before", cidr_block="10.0.0.0/16")
tag_every_resource({{"Owner": "platform", "Project": "shop"}})
vpc = aws.ec2.Vpc("plain", cidr_block="10.0.0.0/16")
aws.ec2.Vpc("own", cidr_block="10.0.0.0/16", tags={{"Owner": "somebody", "Tier": "data"}})
aws.ec2.Vpc("late", cidr_block="10.0.0.0/16", tags=vpc.id.apply(lambda id: {{"Owner": id, "Vpc": id}}))
aws.ec2.Route("untaggable", route_table_id="rtb-1", destination_cidr_block="10.0.0.0/8", gateway_id="igw-1")
aws.autoscaling.Group("list", min_size=0, max_size=0, vpc_zone_identifiers=["subnet-1"])
pulumi.ComponentResource("shop:index:Part", "part")
"""


@pytest.fixture(scope="module")
def tagged(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Return what a program with every kind of tags registers."""
    folder = tmp_path_factory.mktemp("shop")
    infra = Path(__file__).parents[2] / "infra"
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    (folder / "__main__.py").write_text(PROGRAM.format(infra=str(infra)))
    return record(folder, "dev")


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("before", None),
        ("plain", {"Owner": "platform", "Project": "shop"}),
        ("own", {"Owner": "platform", "Project": "shop", "Tier": "data"}),
        ("late", {"Owner": "platform", "Project": "shop", "Vpc": "Vpc/plain"}),
        ("untaggable", None),
        ("list", None),
        ("part", None),
    ],
)
def test_resource_has_the_tags_of_its_stack(tagged: Recording, name: str, tags: dict[str, str] | None) -> None:
    """Every taggable resource registered later gets the tags, may add its own, and cannot change these."""
    assert tagged.error == ""
    (resource,) = (found for found in tagged.graph if found.name == name)

    assert resource.inputs.get("tags") == tags
