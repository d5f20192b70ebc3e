"""How calls are asked: once, page by page, and with an eye on what they depend on."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.session
import pytest

from integration.readers import (
    apigateway,
    autoscaling,
    cloudfront_buckets,
    cloudfront_logs,
    distributions,
    ec2_tags,
    ecr,
    ecs_lists,
    elb,
    elbv2,
    elbv2_listeners,
    iam,
    iam_tags,
    ingress,
    kms,
    logs,
    rds,
    rds_globals,
    rds_tags,
    s3,
    tags,
    vpc_origins,
    web_acls,
)
from integration.scanning.asker import Asker, LiveLine, Paging
from integration.scanning.calls import Call, CallFailedError, Cause, Trouble
from integration.scanning.limits import Limits
from integration.scanning.outcome import Outcome
from tests.integration.scanning.lines import Answer, CannedLine, desk, nobody

CLUSTERS = Paging("Marker", ("DBClusters",))
DENIED = Trouble(Cause.DENIED, "AccessDenied")


def test_a_call_is_made_once_however_many_ask() -> None:
    """Sixteen threads that ask the same at the same time share one call, and all get its answer."""
    sent: list[Call] = []
    together = threading.Barrier(16)

    class SlowLine:
        def outcome(self, call: Call, _operation: Callable[..., Any], _parameters: Mapping[str, Any]) -> Outcome:
            sent.append(call)
            return Outcome(call, answer={"KeyMetadata": {}})

    kept: list[Outcome] = []
    asker, kms = Asker(SlowLine(), kept.append), nobody().clients("eu-west-1").kms

    def ask(_: int) -> Outcome:
        together.wait()
        return asker.outcome(kms.describe_key, {"KeyId": "alias/mine"})

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(16)))
    assert (len(sent), len(kept), len(answers)) == (1, 1, 16)
    assert all(answer is answers[0] for answer in answers)


def test_other_parameters_are_another_call() -> None:
    """Parameters and Region belong to a call, their order does not."""
    line = CannedLine({"DescribeKey": {"KeyMetadata": {}}})
    asker, kms = Asker(line, lambda _: None), nobody().clients("eu-west-1").kms
    asker.outcome(kms.describe_key, {"KeyId": "a", "GrantTokens": []})
    asker.outcome(kms.describe_key, {"GrantTokens": [], "KeyId": "a"})
    asker.outcome(kms.describe_key, {"KeyId": "b"})
    asker.outcome(nobody().clients("eu-west-2").kms.describe_key, {"KeyId": "b"})
    assert len(line.asked) == 3


def test_a_defect_reaches_everybody_who_asked() -> None:
    """What is no answer of AWS but a defect is raised, again to whoever asks again."""

    class BrokenLine:
        def outcome(self, call: Call, _operation: Callable[..., Any], _parameters: Mapping[str, Any]) -> Outcome:
            raise ZeroDivisionError(str(call))

    asker, kms = Asker(BrokenLine(), lambda _: None), nobody().clients("eu-west-1").kms
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            asker.outcome(kms.describe_key, {"KeyId": "a"})


def test_pages_follow_one_another() -> None:
    """Each page is asked for by the token of the one before; what is read counts its own page only."""
    pages: list[Answer] = [
        {"DBClusters": [{}], "Marker": "two"},
        {"DBClusters": [{}], "Marker": "three"},
        {"DBClusters": []},
    ]
    line = CannedLine({"DescribeDBClusters": list(pages)})
    at = desk(line)
    seen = [(page, list(at.calls)) for page in at.pages(CLUSTERS, at.aws.rds.describe_db_clusters)]
    assert [page for page, _ in seen] == pages
    assert [calls for _, calls in seen] == [[call] for call in line.asked]
    assert [call.parameters for call in line.asked] == ["{}", '{"Marker":"two"}', '{"Marker":"three"}']


def test_a_list_that_is_needed_whole_depends_on_every_page() -> None:
    """For a look-up every page counts as asked."""
    line = CannedLine({"DescribeDBClusters": [{"DBClusters": [{}], "Marker": "two"}, {"DBClusters": [{}]}]})
    at = desk(line)
    assert len(at.every(CLUSTERS, at.aws.rds.describe_db_clusters)) == 2
    assert at.calls == line.asked


def test_what_is_cut_off_is_unparsable() -> None:
    """An answer that says that there is more, and not where, is no whole list."""
    for said in ("IsTruncated", "Truncated"):
        at = desk(CannedLine({"DescribeDBClusters": {"DBClusters": [], said: True}}))
        with pytest.raises(CallFailedError, match="there is more, and no way to it"):
            list(at.pages(CLUSTERS, at.aws.rds.describe_db_clusters))


def test_a_page_holds_every_list() -> None:
    """Of an operation that lists several kinds, an answer without one of them is none."""
    at = desk(CannedLine({"DescribeDBClusters": {"DBClusters": []}}))
    with pytest.raises(CallFailedError):
        list(at.pages(Paging("Marker", ("DBClusters", "Others")), at.aws.rds.describe_db_clusters))


@pytest.mark.parametrize("page", [{}, {"DBClusters": None}, {"DBClusters": "many"}, {"Marker": "two"}])
def test_what_is_no_page_is_unparsable(page: dict[str, Any]) -> None:
    """An answer without its list is a failure, not an empty list."""
    at = desk(CannedLine({"DescribeDBClusters": page}))
    with pytest.raises(CallFailedError) as failed:
        list(at.pages(CLUSTERS, at.aws.rds.describe_db_clusters))
    assert failed.value.failure.cause is Cause.UNPARSABLE


INNER = Paging("Marker", ("Items",), answered="NextMarker", within="DistributionList", counted="Quantity")


def test_a_page_within_an_answer() -> None:
    """Of a service that counts its items, an empty list may be left out; what is not counted may not."""
    first = {"DistributionList": {"Items": [{}], "Quantity": 1, "IsTruncated": True, "NextMarker": "two"}}
    line = CannedLine({"ListDistributions": [first, {"DistributionList": {"Quantity": 0}}]})
    at = desk(line)
    assert len(at.every(INNER, at.aws.cloudfront.list_distributions)) == 2
    assert [each.parameters for each in line.asked] == ["{}", '{"Marker":"two"}']


@pytest.mark.parametrize("page", [None, [], {}, {"Quantity": 1}, {"Items": None, "Quantity": 0}])
def test_what_is_no_page_within_an_answer(page: Any) -> None:
    """A list that is left out although something is in it, or nobody says how much, is no page."""
    at = desk(CannedLine({"ListDistributions": {"DistributionList": page}}))
    with pytest.raises(CallFailedError):
        at.every(INNER, at.aws.cloudfront.list_distributions)


def test_a_page_that_names_itself_ends() -> None:
    """A service that gives the same token again does not keep a scan for ever."""
    at = desk(CannedLine({"DescribeDBClusters": {"DBClusters": [], "Marker": "again"}}))
    with pytest.raises(CallFailedError, match="the same page again"):
        list(at.pages(CLUSTERS, at.aws.rds.describe_db_clusters))


def test_only_the_stated_error_means_absent() -> None:
    """An error is an answer only where the reader says which one; every other one is a failure."""
    absent = Trouble(Cause.REFUSED, "NoSuchTagSet")
    for trouble, expected in ((absent, None), (DENIED, "denied")):
        at = desk(CannedLine({"GetBucketTagging": trouble}))
        try:
            found: Any = at.one_or_none("NoSuchTagSet", at.aws.s3.get_bucket_tagging, Bucket="b")
        except CallFailedError as failed:
            found = failed.failure.cause.value
        assert found == expected


def test_an_answer_is_kept_as_readers_see_it() -> None:
    """A live answer is redacted before anybody reads it, so that a replay cannot judge anything else."""
    clients = nobody().clients("eu-west-1")
    hook: Any = _answered
    clients.rds.meta.events.register("before-call", hook)
    found = Asker(LiveLine(Limits(None)), lambda _: None).outcome(clients.rds.describe_db_instances, {})
    assert found.answer == {"DBInstances": [{"PendingModifiedValues": {"MasterUserPassword": "[redacted]"}}]}


@pytest.mark.parametrize(
    ("rotation", "cause"),
    [({"KeyRotationEnabled": True}, None), ({"KeyRotationEnabled": "false"}, Cause.UNPARSABLE)],
)
def test_an_answer_of_other_types_is_unparsable_live_and_again(rotation: dict[str, Any], cause: Cause | None) -> None:
    """A text in place of a flag is what nobody can read, and is kept as that, whoever gave the answer."""
    clients = nobody().clients("eu-west-1")
    hook: Any = lambda **_: (_Response(), dict(rotation))  # noqa: E731 - botocore keeps hooks by their identity
    clients.kms.meta.events.register("before-call", hook)
    kept: list[Outcome] = []
    for line in (LiveLine(Limits(None)), CannedLine({"GetKeyRotationStatus": rotation})):
        found = Asker(line, kept.append).outcome(clients.kms.get_key_rotation_status, {"KeyId": "a"})
        assert found == kept[-1]
        expected = Trouble(cause, "KeyRotationEnabled is no boolean") if cause else None
        assert (found.trouble, found.answer) == (expected, None if cause else rotation)


class _Response:
    status_code = 200


def _answered(**_: Any) -> tuple[_Response, dict[str, Any]]:
    return _Response(), {"DBInstances": [{"PendingModifiedValues": {"MasterUserPassword": "hunter2"}}]}


NOT_PAGED = {"DescribeAddresses", "ListOpenIDConnectProviders", "ListSAMLProviders"}
"""Lists that a service gives in one piece."""


@pytest.mark.parametrize(
    ("service", "operation", "paging"),
    [
        ("s3", "ListBuckets", s3._BUCKETS),
        ("ec2", "DescribeSecurityGroups", ingress._GROUPS),
        ("iam", "GetAccountAuthorizationDetails", iam._ACCOUNT),
        ("ec2", "DescribeManagedPrefixLists", ingress._LISTS),
        ("ec2", "GetManagedPrefixListEntries", ingress._ENTRIES),
        *(
            ("ec2", kind.operation, Paging("NextToken", (kind.items,)))
            for kind in ec2_tags.RESOURCES
            if kind.operation not in NOT_PAGED
        ),
        ("iam", "ListRoleTags", iam_tags.TAGS),
        ("iam", "ListUserTags", iam_tags.TAGS),
        ("iam", "ListPolicyTags", iam_tags.TAGS),
        *(
            ("iam", name, paging)
            for kind in iam_tags.RESOURCES
            for name, paging in zip(kind.operations, (Paging("Marker", (kind.items,)), iam_tags.TAGS), strict=True)
            if name not in NOT_PAGED
        ),
        ("kms", "ListKeys", kms._KEYS),
        ("kms", "ListResourceTags", kms._TAGS),
        ("logs", "DescribeLogGroups", logs._GROUPS),
        ("resourcegroupstaggingapi", "GetResources", tags.MAPPINGS),
        ("rds", "DescribeDBClusters", rds._CLUSTERS),
        ("rds", "DescribeDBInstances", rds._INSTANCES),
        ("rds", "DescribeGlobalClusters", rds_globals._GLOBALS),
        ("apigateway", "GetRestApis", apigateway._APIS),
        ("cloudfront", "ListDistributions", distributions.DISTRIBUTIONS),
        ("cloudfront", "ListVpcOrigins", vpc_origins._ORIGINS),
        ("elb", "DescribeLoadBalancers", elb._BALANCERS),
        ("elbv2", "DescribeLoadBalancers", elbv2._BALANCERS),
        ("elbv2", "DescribeListeners", elbv2_listeners._LISTENERS),
        ("elbv2", "DescribeRules", elbv2_listeners._RULES),
        ("elbv2", "DescribeTargetGroups", elbv2_listeners._GROUPS),
        ("logs", "DescribeDeliveries", cloudfront_logs._DELIVERIES),
        ("logs", "DescribeDeliverySources", cloudfront_logs._SOURCES),
        ("s3", "ListBuckets", cloudfront_buckets._BUCKETS),
        ("wafv2", "ListRuleGroups", web_acls._GROUPS),
        ("wafv2", "ListWebACLs", web_acls._ACLS),
        ("autoscaling", "DescribeAutoScalingGroups", autoscaling._GROUPS),
        ("ecr", "DescribeRepositories", ecr._REPOSITORIES),
        ("ecs", "ListClusters", ecs_lists.CLUSTERS),
        ("ecs", "ListServices", ecs_lists.SERVICES),
        ("ecs", "ListTaskDefinitionFamilies", ecs_lists.FAMILIES),
        *(("rds", kind.operation, Paging("Marker", (kind.items,))) for kind in rds_tags.RESOURCES),
    ],
)
def test_lists_are_paged_as_botocore_pages_them(service: str, operation: str, paging: Paging) -> None:
    """Token and items are those of botocore's own model of the operation, or of its shapes where it has no model."""
    loader = botocore.session.Session()
    pagers = loader.get_component("data_loader").load_service_model(service, "paginators-1")["pagination"]
    model: Any = loader.get_service_model(service).operation_model(operation)
    assert paging.token in model.input_shape.members
    answered = paging.answered or paging.token
    page = model.output_shape.members[paging.within] if paging.within else model.output_shape
    assert {answered, *paging.result} <= page.members.keys()
    assert not paging.counted or paging.counted in page.members
    if operation in pagers:
        found, path = pagers[operation], f"{paging.within}." if paging.within else ""
        result = found["result_key"]
        assert (found["input_token"], found["output_token"]) == (paging.token, path + answered)
        assert {f"{path}{each}" for each in paging.result} == {*([result] if isinstance(result, str) else result)}
