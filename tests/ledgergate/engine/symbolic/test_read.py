"""`read` says what an id tells, and nothing else."""

import pytest

from ledgergate.engine.symbolic import Level, SymbolicProvider
from tests.ledgergate.engine.symbolic.requests import request

ACCOUNT = "444455556666"


@pytest.mark.parametrize(
    ("type_", "id_", "outputs"),
    [
        (
            "aws:kms/key:Key",
            "0b1c",
            {"arn": "arn:aws:kms:eu-west-1:123456789012:key/0b1c", "keyId": "0b1c"},
        ),
        (
            "aws:sns/topic:Topic",
            f"arn:aws:sns:us-west-2:{ACCOUNT}:alerts",
            {"arn": f"arn:aws:sns:us-west-2:{ACCOUNT}:alerts", "name": "alerts", "owner": ACCOUNT},
        ),
        (
            "aws:sqs/queue:Queue",
            f"https://sqs.us-west-2.amazonaws.com/{ACCOUNT}/jobs",
            {
                "arn": f"arn:aws:sqs:us-west-2:{ACCOUNT}:jobs",
                "name": "jobs",
                "url": f"https://sqs.us-west-2.amazonaws.com/{ACCOUNT}/jobs",
            },
        ),
        ("aws:iam/role:Role", "admin", {"name": "admin", "arn": "arn:aws:iam::123456789012:role/admin"}),
        (
            "aws:lb/loadBalancer:LoadBalancer",
            f"arn:aws:elasticloadbalancing:us-west-2:{ACCOUNT}:loadbalancer/app/front/0123",
            {"arn": f"arn:aws:elasticloadbalancing:us-west-2:{ACCOUNT}:loadbalancer/app/front/0123", "name": "front"},
        ),
        (
            "aws:ec2/vpc:Vpc",
            "vpc-1",
            {"arn": "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1", "ownerId": "123456789012"},
        ),
        ("aws:s3/bucketVersioning:BucketVersioning", "logs", {"bucket": "logs"}),
        (
            "aws:rds/clusterSnapshot:ClusterSnapshot",
            "s",
            {
                "dbClusterSnapshotIdentifier": "s",
                "dbClusterSnapshotArn": "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:s",
            },
        ),
        ("aws:iam/rolePolicy:RolePolicy", "app:read", {"role": "app", "name": "read"}),
        ("aws:cloudwatch/eventTarget:EventTarget", "my-rule-my-target", {}),
        ("aws:ec2/route:Route", "r-rtb-11080289494", {}),
        (
            "aws:sns/topicSubscription:TopicSubscription",
            f"arn:aws:sns:us-west-2:{ACCOUNT}:alerts:0b1c",
            {"arn": f"arn:aws:sns:us-west-2:{ACCOUNT}:alerts:0b1c", "ownerId": ACCOUNT},
        ),
        ("aws:amp/workspace:Workspace", "ws-1", {}),
    ],
)
def test_outputs_are_what_the_id_tells(
    provider: SymbolicProvider, type_: str, id_: str, outputs: dict[str, str]
) -> None:
    """Name, account and Region are taken from the id; nothing is minted for a resource that exists."""
    found = provider.read(request(type_), id_)
    assert (found.id, found.outputs) == (id_, outputs)


def test_lowest_level_knows_the_id_alone() -> None:
    """In a preview-like run a read resource has its id."""
    found = SymbolicProvider(level=Level.UNKNOWNS).read(request("aws:s3/bucket:Bucket"), "logs")
    assert (found.id, found.outputs) == ("logs", {})
