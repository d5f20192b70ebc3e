"""Every type that a control speaks about is read from an account, or it is said why not."""

from collections.abc import Mapping
from typing import Final

from integration.readers import READINGS
from integration.sandbox import Sandbox
from integration.scanning.judging import OF_PROGRAMS
from integration.scanning.observed import Observed
from ledgergate.graph import Kind
from policies.catalogue import load_catalogue
from policies.facts.registry import adapters_of
from tests.integration.estate import ACCOUNT, connections_to, furnish, scanned

TOLD_AS: Final[Mapping[str, str]] = {
    "aws:alb/listener:Listener": "aws:lb/listener:Listener",
    "aws:alb/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/targetGroup:TargetGroup": "aws:lb/targetGroup:TargetGroup",
    "aws:dynamodb/tableReplica:TableReplica": "aws:dynamodb/table:Table",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSubnet:DefaultSubnet": "aws:ec2/subnet:Subnet",
    "aws:ec2/defaultVpc:DefaultVpc": "aws:ec2/vpc:Vpc",
    "aws:kms/externalKey:ExternalKey": "aws:kms/key:Key",
    "aws:kms/replicaExternalKey:ReplicaExternalKey": "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey": "aws:kms/key:Key",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": "aws:rds/clusterSnapshot:ClusterSnapshot",
    "aws:rds/snapshotCopy:SnapshotCopy": "aws:rds/snapshot:Snapshot",
    "aws:s3/bucketV2:BucketV2": "aws:s3/bucket:Bucket",
}
"""Type token → the one under which the same reader tells of the same kind of thing: in an account they are alike."""

WHOLE: Final = {"aws:*", "pulumi:pulumi:Stack"}
"""What stands for everything, and for the account."""


def test_no_type_is_passed_over() -> None:
    """On the estate, which has one of everything, each fact is read of each type that builds it."""
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        furnish(sandbox.session())
        found = scanned(connections_to(sandbox.session())).found
    seen = {(type(each.fact), each.subject.type) for each in found if isinstance(each, Observed)}
    parts = {key for reading in READINGS for key in reading.parts}
    left_out = {key for reading in READINGS for key in reading.leaves_out}
    given = {fact for reading in READINGS for fact in reading.gives} - OF_PROGRAMS
    wanted = {
        (fact, token)
        for fact in {control.fact for control in load_catalogue().controls.values()} & given
        for adapter in adapters_of(fact)
        for token in adapter.types
        if token not in WHOLE
    }
    missing = {key for key in wanted - seen - parts - left_out if (key[0], TOLD_AS.get(key[1], "")) not in seen}
    assert {(fact.__name__, token) for fact, token in missing} == set()
    spoken_of = {(fact, token) for fact, token in left_out - wanted if _serves(fact, token)}
    assert left_out == left_out & wanted | spoken_of, "what is left out is what a control speaks about"


def _serves(fact: type, token: str) -> bool:
    return any(each.serves(Kind.CUSTOM, token) for each in adapters_of(fact))
