"""Shows what a reader is told of resources that no control looks into."""

from typing import Final

from ledgergate.finding import Stage
from ledgergate.graph import Graph, Kind, Resource
from policies.catalogue import load_catalogue
from policies.gating.unread import elsewhere_note, unread_note
from policies.runner import judge
from policies.settings import Settings

CONTROLS: Final = load_catalogue().select()


def noted(*types: str, kind: Kind = Kind.CUSTOM) -> list[str]:
    """Return what is said of a stack with one resource of each type, after it was judged."""
    there = [Resource(f"urn:pulumi:dev::shop::{each}::it", each, "it", kind) for each in types]
    graph = Graph("shop", "dev", there)
    judge(graph, CONTROLS, Settings(), stage=Stage.DESIGN, observed_at="")
    return list(unread_note(graph, CONTROLS))


def test_what_nobody_looks_into_is_named() -> None:
    """A type of which only name, tags and Region are judged is named, though some controls speak about it."""
    assert noted("aws:opensearch/domain:Domain", "aws:kinesis/stream:Stream", "aws:s3/bucket:Bucket") == [
        "no control looks into kinesis.Stream, opensearch.Domain: of these only names, tags and Regions were judged"
    ]


def test_a_companion_is_looked_into() -> None:
    """What is read beside a resource is not named; without the resource it stands beside, nobody reads it."""
    block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    assert noted("aws:s3/bucket:Bucket", block) == []
    assert noted(block) == [
        "no control looks into s3.BucketPublicAccessBlock: of these only names, tags and Regions were judged"
    ]


def test_what_is_no_resource_of_aws_is_not_named() -> None:
    """Components, and resources of other providers, are none of a catalogue for AWS."""
    assert noted("random:index/randomPassword:RandomPassword") == []
    assert noted("aws:kinesis/stream:Stream", kind=Kind.READ) == []


def test_what_reaches_aws_by_another_provider_is_named() -> None:
    """Both do what resources of AWS do, and no control reads what."""
    types = ("command:local:Command", "aws-native:s3:Bucket", "random:index/randomPassword:RandomPassword")
    there = [Resource(f"urn:pulumi:dev::shop::{each}::it", each, "it", Kind.CUSTOM) for each in types]
    (said,) = elsewhere_note(Graph("shop", "dev", there))
    assert said.startswith("no control looks into aws-native:s3:Bucket, command:local:Command, which")
    assert not list(elsewhere_note(Graph("shop", "dev", there[2:])))
