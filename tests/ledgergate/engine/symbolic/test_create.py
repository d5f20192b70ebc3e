"""`create` makes up what identifies a resource, and never an input."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine.symbolic import Level, SymbolicProvider
from ledgergate.engine.symbolic.documents import with_document_texts
from ledgergate.engine.symbolic.identities import identity_of
from ledgergate.engine.symbolic.introspect import resource_shape
from ledgergate.engine.wire import has_unknown
from ledgergate.values import is_symbolic
from tests.ledgergate.engine.symbolic.requests import ACCOUNT, UNKNOWN, config, request, with_inputs

TYPES = (
    "aws:ec2/instance:Instance",
    "aws:ec2/vpc:Vpc",
    "aws:iam/role:Role",
    "aws:kinesis/stream:Stream",
    "aws:kms/key:Key",
    "aws:lambda/function:Function",
    "aws:rds/cluster:Cluster",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
    "aws:sqs/queue:Queue",
    "aws:kms/customKeyStore:CustomKeyStore",
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


def inputs_of(type_: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return inputs that the type takes: unknown ones, which always fit, or any value at all."""
    shape = resource_shape(type_)
    assert shape is not None
    names = st.sampled_from(sorted(shape.inputs))
    anything = VALUES.filter(lambda value: value is not None)
    return st.dictionaries(names, st.just(UNKNOWN)) | st.dictionaries(names, anything)


def created(type_: str, inputs: dict[str, Any], level: Level = Level.SYMBOLIC, name: str = "main") -> Any:
    """Return what the provider makes of a resource after `check`."""
    provider = SymbolicProvider(level=level)
    asked = request(type_, inputs, name=name)
    return provider.create(with_inputs(asked, provider.check(asked).inputs))


@given(st.data())
def test_inputs_are_never_made_up(data: st.DataObject) -> None:
    """Whatever the program leaves out stays absent: no control can take a made-up setting for a real one."""
    type_ = data.draw(st.sampled_from(TYPES))
    inputs = data.draw(inputs_of(type_))
    level = data.draw(st.sampled_from(list(Level)))
    provider = SymbolicProvider(level=level)
    asked = request(type_, inputs)
    checked = provider.check(asked)
    found = provider.create(with_inputs(asked, checked.inputs)).outputs
    shape, identity = resource_shape(type_), identity_of(type_)
    assert shape is not None
    allowed = {"region", *checked.auto_named}
    allowed |= {output.path[0] for output in identity.outputs if output.own} if identity is not None else set()
    assert shape.inputs & (set(found) - set(inputs)) <= allowed
    kept = with_document_texts(type_, inputs)
    assert {key: found[key] for key in inputs} == kept


@given(st.data())
def test_same_request_gives_the_same_answer(data: st.DataObject) -> None:
    """A second run makes up the same values, so that reports can be compared."""
    type_ = data.draw(st.sampled_from(TYPES))
    inputs = data.draw(inputs_of(type_))
    assert created(type_, inputs) == created(type_, inputs)


@given(st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=5, unique=True))
def test_resources_have_ids_of_their_own(names: list[str]) -> None:
    """Resources of one type are never taken for each other."""
    for type_ in ("aws:kms/key:Key", "aws:ec2/vpc:Vpc", "aws:kms/customKeyStore:CustomKeyStore"):
        ids = [created(type_, {}, name=name).id for name in names]
        assert len(set(ids)) == len(names)


def test_numbers_and_flags_stay_unknown() -> None:
    """A port that nobody has chosen is not invented."""
    assert "port" not in created("aws:rds/clusterInstance:ClusterInstance", {"clusterIdentifier": "pay"}).outputs


@pytest.mark.parametrize(
    ("type_", "property_"),
    [
        ("aws:apigateway/stage:Stage", "webAclArn"),
        ("aws:rds/clusterInstance:ClusterInstance", "kmsKeyId"),
        ("aws:rds/clusterSnapshot:ClusterSnapshot", "kmsKeyId"),
        ("aws:lb/loadBalancer:LoadBalancer", "vpcId"),
        ("aws:cloudtrail/trail:Trail", "snsTopicArn"),
        ("aws:rds/cluster:Cluster", "masterUserSecrets"),
        ("aws:dynamodb/table:Table", "streamArn"),
        ("aws:ec2/eip:Eip", "publicIp"),
        ("aws:lb/listener:Listener", "arn"),
        ("aws:acm/certificate:Certificate", "status"),
    ],
)
def test_what_says_something_of_others_stays_unknown(type_: str, property_: str) -> None:
    """A made-up key, web ACL or status would pass a control that has to fail."""
    assert property_ not in created(type_, {}).outputs


@pytest.mark.parametrize(
    ("type_", "inputs", "property_", "form"),
    [
        (
            "aws:rds/cluster:Cluster",
            {"clusterIdentifier": "pay"},
            "endpoint",
            r"pay\.cluster-1ed6e7a7[0-9a-f]{8}\.eu-west-1\.rds\.amazonaws\.com",
        ),
        (
            "aws:ecr/repository:Repository",
            {"name": "app"},
            "repositoryUrl",
            rf"{ACCOUNT}\.dkr\.ecr\.eu-west-1\.amazonaws\.com/app",
        ),
        ("aws:s3/bucket:Bucket", {"bucket": "b"}, "bucketRegionalDomainName", r"b\.s3\.eu-west-1\.amazonaws\.com"),
        ("aws:lambda/function:Function", {"name": "f"}, "qualifiedArn", r".*:function:f:\$LATEST"),
        (
            "aws:dynamodb/table:Table",
            {"name": "t", "streamEnabled": True},
            "streamArn",
            r".*:table/t/stream/1ed6e7a7[0-9a-f]{8}",
        ),
        (
            "aws:lb/loadBalancer:LoadBalancer",
            {"name": "n", "loadBalancerType": "network"},
            "arnSuffix",
            r"net/n/1ed6e7a7[0-9a-f]{8}",
        ),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcId": "vpc-1"}, "prefixListId", r"pl-01ed6e7a7[0-9a-f]{8}"),
        ("aws:sns/topic:Topic", {}, "owner", ACCOUNT),
    ],
)
def test_outputs_follow_from_inputs(type_: str, inputs: dict[str, Any], property_: str, form: str) -> None:
    """Host names, URLs and ARNs are built as AWS builds them."""
    assert re.fullmatch(form, created(type_, inputs).outputs[property_])


def test_interface_endpoint_has_no_prefix_list() -> None:
    """Only a gateway endpoint is reached over routes to a prefix list."""
    assert "prefixListId" not in created("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Interface"}).outputs


def test_published_function_has_a_version_that_nobody_knows() -> None:
    """A version number is not invented."""
    assert "version" not in created("aws:lambda/function:Function", {"publish": True}).outputs


def test_nested_values_are_filled() -> None:
    """A list of objects has one element, whose unknown parts read as unknown and not as absent."""
    inputs = {"clusterIdentifier": "pay", "manageMasterUserPassword": True}
    (secret,) = created("aws:rds/cluster:Cluster", inputs).outputs["masterUserSecrets"]
    assert secret["secretArn"].startswith(f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:rds!cluster-1ed6e7a7-")
    assert secret["kmsKeyId"] == UNKNOWN


def test_nested_path_reaches_the_leaf() -> None:
    """The issuer of an EKS cluster is known three levels down."""
    outputs = created("aws:eks/cluster:Cluster", {}).outputs
    assert outputs["identities"][0]["oidcs"][0]["issuer"].startswith(
        "https://oidc.eks.eu-west-1.amazonaws.com/id/1ED6E7A7"
    )


def test_map_outputs_are_built_by_key() -> None:
    """The URIs of an API are known by their names."""
    assert set(created("aws:appsync/graphQLApi:GraphQLApi", {}).outputs["uris"]) == {"GRAPHQL", "REALTIME"}


def test_type_outside_the_table_joins_nothing() -> None:
    """An opaque id carries the mark and is well-formed inside an ARN."""
    found = created("aws:kms/customKeyStore:CustomKeyStore", {})
    assert is_symbolic(found.id)
    workspace = created("aws:amp/workspace:Workspace", {})
    assert re.fullmatch(rf"arn:aws:amp:eu-west-1:{ACCOUNT}:workspace/1ed6e7a7[0-9a-f]{{24}}", workspace.outputs["arn"])


def test_class_that_is_not_installed_still_has_an_identity() -> None:
    """The table serves without an SDK; what it does not decide is unknown."""
    found = SymbolicProvider().create(request("nowhere:index/thing:Thing", {"size": 1}))
    assert is_symbolic(found.id)
    assert found.outputs == {"size": 1}


def test_identities_level_makes_up_nothing_else() -> None:
    """Free text is left unknown where a program could not stand it."""
    client = "aws:cognito/userPoolClient:UserPoolClient"
    assert "clientSecret" in created(client, {}).outputs
    assert "clientSecret" not in created(client, {}, Level.IDENTITIES).outputs
    assert created(client, {}, Level.IDENTITIES).id == created(client, {}).id


def test_unknowns_level_is_a_real_preview() -> None:
    """At the lowest level the id is unknown and the outputs are the inputs."""
    found = created("aws:s3/bucket:Bucket", {"tags": {"a": "b"}}, Level.UNKNOWNS)
    assert (found.id, set(found.outputs)) == ("", {"bucket", "region", "tags", "tagsAll"})


def test_unknown_region_leaves_arns_unknown() -> None:
    """An ARN without its Region would be wrong."""
    found = SymbolicProvider().create(request("aws:kms/key:Key", {}, provider=config(region=UNKNOWN)))
    assert "arn" not in found.outputs
    assert not has_unknown(found.outputs)


@pytest.mark.parametrize(
    ("inputs", "account"),
    [
        ({}, "111122223333"),
        ({"allowedAccountIds": '["444455556666"]'}, "444455556666"),
        ({"allowedAccountIds": '["444455556666", "777788889999"]'}, "111122223333"),
        ({"assumeRoles": '[{"roleArn": "arn:aws:iam::777788889999:role/deploy"}]'}, "777788889999"),
        ({"assumeRoles": f'[{{"roleArn": "{UNKNOWN}"}}]'}, "111122223333"),
    ],
)
def test_account_is_where_the_provider_works(inputs: dict[str, Any], account: str) -> None:
    """ARNs of resources in another account name that account."""
    provider = SymbolicProvider(account="111122223333")
    found = provider.create(request("aws:kms/key:Key", {}, provider=config(**inputs)))
    assert found.outputs["arn"].split(":")[4] == account


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com")],
)
def test_partition_follows_the_region(region: str, partition: str, suffix: str) -> None:
    """Regions of China and GovCloud have ARNs and host names of their own."""
    found = SymbolicProvider().create(request("aws:s3/bucket:Bucket", {"bucket": "b"}, provider=config(region=region)))
    assert found.outputs["arn"] == f"arn:{partition}:s3:::b"
    assert found.outputs["bucketRegionalDomainName"] == f"b.s3.{region}.{suffix}"


def test_own_arn_of_the_program_stays() -> None:
    """A program that names an ARN which AWS would choose is believed."""
    found = created("aws:kinesis/stream:Stream", {"name": "s", "arn": "arn:aws:kinesis:eu-west-1:1:stream/other"})
    assert found.outputs["arn"] == "arn:aws:kinesis:eu-west-1:1:stream/other"
    assert created("aws:kinesis/stream:Stream", {"name": "s"}).outputs["arn"].endswith(":stream/s")


def test_delete_does_nothing(provider: SymbolicProvider) -> None:
    """There is nothing to remove."""
    provider.delete(request("aws:kms/key:Key"), "1")
